"""What the page of one gauge tells."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from data.network import Network
from data.sources import simulated
from data.stations import Thresholds
from forecast.outlook import Language
from maps import gauge_page
from maps.curves import gather
from maps.gauge_page import origin
from maps.view import View

RIVER = simulated.network(gauges=5)
Maker = Callable[[Network], View]


def gauge(view: View, station: str, language: Language) -> dict[str, Any]:
    return gauge_page.gauge(gather(view), view.network.ids.index(station), language)


def test_chances_are_told_at_a_few_lead_times(make_view: Maker) -> None:
    told = gauge(make_view(RIVER), "S1", "en")["chances"]
    assert told["leads"] == ["1 hour", "3 hours", "6 hours", "12 hours", "24 hours"]
    # median 1 + 4.5 * 12 / 24 = 3.25 m at 12 h, its spread half of +-0.8 m: 3.25 - 0.4 >= 2 m
    stage, name, chances = told["rows"][0]
    assert (stage, name, chances[3]) == (1, "attention", "95 % or more")
    assert told["rows"][3][2][3] == "5 % or less"  # 5 m is above 3.25 + 0.4


def test_a_chance_that_is_not_known_is_a_dash(make_view: Maker) -> None:
    view = make_view(RIVER)
    likely = view.outlooks[0].probability.copy()
    likely[:, 0] = np.nan
    view = replace(view, outlooks=(replace(view.outlooks[0], probability=likely),))
    assert gauge(view, "S1", "en")["chances"]["rows"][0][2][0] == "–"


def test_the_values_are_those_of_the_forecast(make_view: Maker) -> None:
    last = gauge(make_view(RIVER), "S2", "ko")["values"][-1]
    # 3.5 m at 24 h; quantiles 5, 10, 25, 50, 75, 90, 95 %
    levels = ["2.70", "2.90", "3.20", "3.50", "3.80", "4.10", "4.30"]
    assert last == ["24시간", "2020-07-02 09:00 KST", *levels]


def test_a_value_that_is_missing_is_a_dash(make_view: Maker) -> None:
    view = make_view(RIVER)
    first = view.forecast.lead_time[0]
    holed = view.forecast.assign(
        water_level=view.forecast.water_level.where(view.forecast.lead_time != first)
    )
    values = gauge(replace(view, forecast=holed), "S2", "en")["values"]
    assert values[0][2:] == ["–"] * 7
    assert values[1][2] != "–"


def test_a_gauge_without_forecast_has_neither_chances_nor_values(make_view: Maker) -> None:
    told = gauge(make_view(RIVER), "S5", "en")
    assert told["chances"] == {}
    assert told["values"] == []
    assert [entry for entry, _ in told["key"]] == ["observed", "threshold"]


def test_the_key_names_what_is_drawn_and_where_thresholds_come_from(make_full_view: Maker) -> None:
    key = dict(gauge(make_full_view(RIVER), "S1", "en")["key"])
    assert list(key) == ["observed", "median", "bands", "earlier", "outcome", "threshold"]
    assert key["outcome"] == "what happened afterwards"
    assert key["threshold"] == "thresholds (derived from the record)"


def test_inputs_are_told_with_their_last_time_or_as_missing(make_full_view: Maker) -> None:
    inputs = gauge(make_full_view(RIVER), "S1", "en")["inputs"]
    at = "2020-07-01 09:00 KST"
    assert inputs == [("water level", at), ("rain", at), ("tide", "")]


def test_an_input_without_a_word_is_told_by_its_name(make_view: Maker) -> None:
    manifest = {"inputs": {"last_value": {"S1": {"snow_depth": "2020-07-01T00:00Z"}}}}
    view = replace(make_view(RIVER), manifest=manifest)
    assert gauge(view, "S1", "ko")["inputs"][0][0] == "snow_depth"


def test_thresholds_say_who_set_them() -> None:
    station = RIVER.stations[0]
    official = Thresholds(2.0, 3.0, 4.0, 5.0, "official", "HRFCO, 2023")
    assert origin(replace(station, thresholds=official), "en") == "official: HRFCO, 2023"
    assert origin(replace(station, thresholds=None), "ko") == "없음"


def test_a_gauge_without_thresholds_lists_none(make_view: Maker) -> None:
    bare = tuple(replace(station, thresholds=None) for station in RIVER.stations)
    told = gauge(make_view(replace(RIVER, stations=bare)), "S1", "en")
    assert told["thresholds"] == []
    assert told["chances"] == {}
    assert "threshold" not in dict(told["key"])
