"""One row for each gauge, for who has no JavaScript."""

import csv
from collections.abc import Callable
from dataclasses import replace

from data.network import Network
from data.sources import simulated
from maps.gauge_table import text
from maps.view import View

RIVER = simulated.network(gauges=5)
Maker = Callable[[Network], View]


def rows(view: View) -> list[dict[str, str]]:
    return list(csv.DictReader(text(view).splitlines()))


def test_the_worst_gauge_stands_first_with_its_numbers_and_its_label(make_view: Maker) -> None:
    first, *_, last = rows(make_view(RIVER))
    assert (first["gauge"], first["stage"], first["stage_now"]) == ("S1", "severe", "normal")
    assert (first["last_observed"], first["peak"], first["peak_high"]) == (
        "1.000",
        "5.500",
        "6.300",
    )
    assert first["peak_time"] == "2020-07-02T00:00:00Z"
    assert first["chance_percent"] == "95"
    assert first["label"] == "SIMULATED FORECAST, not an official flood warning"
    assert (last["gauge"], last["stage"]) == ("S4", "normal")


def test_what_is_not_known_is_empty_and_its_reason_stands_there(make_view: Maker) -> None:
    unknown = next(row for row in rows(make_view(RIVER)) if row["stage"] == "unknown")
    assert (unknown["peak"], unknown["peak_time"], unknown["chance_percent"]) == ("", "", "")
    assert "The last reading is 9 h old." in unknown["reason"]


def test_no_name_is_taken_for_a_formula(make_view: Maker) -> None:
    stations = tuple(replace(s, name_en="=1+1", river_ko="@x") for s in RIVER.stations)
    row = rows(make_view(replace(RIVER, stations=stations)))[0]
    assert (row["name_en"], row["river_ko"]) == ("'=1+1", "'@x")
