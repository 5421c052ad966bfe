"""The packed files of the now page: what a browser reads out of them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from data.network import Network
from data.sources import simulated
from data.stations import Stage
from forecast.outlook import assess
from maps.now_data import leads, names, now, stages, stations, values, write
from maps.packing import unpack
from maps.release import fresh
from maps.view import View

RIVER = simulated.network(gauges=5)
Maker = Callable[[Network], View]


def columns(found: dict[str, Any], *keys: str) -> list[list[int | None]]:
    return [unpack(found[key]) for key in keys]


def test_the_slider_stops_at_every_lead_but_at_72_at_most() -> None:
    assert leads(RIVER) == list(range(1, 25))
    assert leads(replace(RIVER, horizon=432)) == list(range(6, 433, 6))  # three days by 10 minutes
    assert leads(replace(RIVER, horizon=73)) == list(range(1, 74, 2))  # the last one always


def test_a_gauge_has_its_worst_stage_its_stage_now_and_one_for_each_lead(make_view: Maker) -> None:
    found = stages(make_view(RIVER))
    # S1 rises from 1 to 5.5 m in 24 h: 2 m after 6 h, 3 m after 11 h, 4 m after 16, 5 m after 22
    assert found[0].tolist() == [4, 0] + [0] * 5 + [1] * 5 + [2] * 5 + [3] * 6 + [4] * 3
    assert found[3].tolist() == [0] * 26
    assert found[4].tolist() == [-1] * 26  # fell silent: UNKNOWN at every time, never NORMAL


def test_a_gauge_in_flood_without_a_forecast_is_unknown_ahead(make_view: Maker) -> None:
    view = make_view(RIVER)
    forecast = view.forecast.assign(last_observed=view.forecast.last_observed + 2.5)
    fresh_reading = forecast.last_observed_time.where(False, forecast.issue_time)
    forecast = forecast.assign(last_observed_time=fresh_reading)
    outlooks = assess(forecast.isel(issue_time=0), RIVER)
    found = stages(replace(view, forecast=forecast, outlooks=outlooks))
    assert found[4].tolist() == [Stage.WATCH, Stage.WATCH] + [Stage.UNKNOWN] * 24


def test_a_gauge_without_thresholds_is_unknown_at_every_time(make_view: Maker) -> None:
    view = make_view(RIVER)
    bare = (replace(RIVER.stations[0], thresholds=None), *RIVER.stations[1:])
    river = replace(RIVER, stations=bare)
    outlooks = assess(view.forecast.isel(issue_time=0), river)
    found = stages(replace(view, network=river, outlooks=outlooks))
    assert set(found[0]) == {Stage.UNKNOWN}


def test_stages_are_written_as_digits_and_chances_in_percent(make_view: Maker) -> None:
    found = now(make_view(RIVER))
    assert found["stages"][:26] == "51" + "1" * 5 + "2" * 5 + "3" * 5 + "4" * 6 + "5" * 3
    assert unpack(found["chance"])[0] == 95
    assert unpack(found["chance"])[4] is None


def test_gauges_lie_where_they_lie_on_the_rivers_they_are_on() -> None:
    first = replace(RIVER.stations[0], river_ko="다른강", river_en="Other River")
    found = stations(replace(RIVER, stations=(first, *RIVER.stations[1:])))
    latitude, longitude, river = columns(found, "latitude", "longitude", "river")
    assert latitude == [374500, 374000, 373500, 373000, 372500]
    assert longitude == [1274000, 1273000, 1272000, 1271000, 1270000]
    assert river == [0, 1, 1, 1, 1]
    assert found["rivers"] == [("다른강", "Other River"), ("모의강", "Simulated River")]


def test_a_page_whose_name_is_not_the_id_is_told() -> None:
    odd = replace(RIVER.stations[1], id="a/b")
    found = names(replace(RIVER, stations=(RIVER.stations[0], odd)))
    assert found["id"] == ["S1", "a/b"]
    assert found["file"] == [[1, "a_2f_b"]]


def test_readings_and_peaks_are_told_to_the_digit_and_missing_ones_are_missing(
    make_view: Maker,
) -> None:
    view = make_view(RIVER)
    silent = replace(
        view.outlooks[4], last_observed=np.nan, last_observed_time=np.datetime64("NaT", "ns")
    )
    found = values(replace(view, outlooks=(*view.outlooks[:4], silent)))
    levels, decimals, age, peak, why = columns(found, "levels", "decimals", "age", "peak", "why")
    assert levels[:4] == [100, 550, 470, 630]  # last, peak, its range [cm]
    assert levels[16:] == [None] * 4
    assert decimals[0] == 2
    assert age == [0, 0, 0, 0, None]
    assert peak[0] == 24
    assert why == [None] * 4 + [0]
    assert found["reasons"][0] == ["마지막 관측이 9시간 전입니다.", "The last reading is 9 h old."]


def test_only_what_changed_has_a_new_name(tmp_path: Path, make_view: Maker) -> None:
    view = make_view(RIVER)
    lower = view.forecast.assign(water_level=view.forecast.water_level - 1)
    later = replace(view, forecast=lower, outlooks=assess(lower.isel(issue_time=0), RIVER))
    (first, lazy), (second, other) = (
        write(each, fresh(tmp_path / name)) for name, each in (("one", view), ("two", later))
    )
    assert first[0] == second[0]  # stations
    assert first[1] != second[1]  # now
    assert lazy["names"] == other["names"]
    assert lazy["values"] != other["values"]
