from dataclasses import replace

import numpy as np
import pytest

from data import networks, schema
from data.errors import SourceError
from data.pull import pull


def test_the_simulated_network_is_pulled_for_all_its_years_and_says_what_it_is() -> None:
    river = networks.find("simulated")
    said: list[str] = []
    ds = pull(river, report=said.append)
    assert schema.check(ds, schema.observations(river.quantity)) is ds
    assert ds.time.values[0] == np.datetime64("2018-01-01T00:00", "ns")
    assert ds.time.values[-1] == np.datetime64("2020-12-31T23:00", "ns")
    assert ds.attrs["simulated"] == "true"
    assert ds.attrs["network"] == "simulated"
    assert ds.attrs["received_time_assumption"] == "each value is known at the end of its own hour"
    assert ds.latitude.values.tolist() == [station.latitude for station in river.stations]
    assert said == ["SIMULATED rivers, 2018 to 2020; nothing was measured"]


def test_a_network_of_a_folder_asks_for_the_folder() -> None:
    with pytest.raises(SourceError, match=r"'han-river' is read from a folder\. Pass --folder"):
        pull(networks.find("han-river"))


def test_an_unknown_source_is_told_which_are_known() -> None:
    odd = replace(networks.find("simulated"), source="crystal ball")
    with pytest.raises(SourceError, match="Known: recorded, csv_folder, simulated"):
        pull(odd)
