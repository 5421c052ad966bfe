"""Where times and values lie in a hydrograph."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from data.network import Network
from data.sources import simulated
from maps.curves import Course, gather
from maps.frame import BOTTOM, LEFT, RIGHT, TOP, Frame, fit, path, time_ticks, value_ticks
from maps.view import View

RIVER = simulated.network(gauges=5)
START = np.datetime64("2020-07-01T00:00", "ns")
HOUR = np.timedelta64(1, "h")
SIZE = (LEFT + 100 + RIGHT, TOP + 200 + BOTTOM)  # a plot of 100 by 200 px
FRAME = Frame(START, START + 10 * HOUR, 0.0, 2.0, *SIZE)
SEOUL = ZoneInfo("Asia/Seoul")
Maker = Callable[[Network], View]


def course(view: View, station: str) -> Course:
    return gather(view).of(view.network.ids.index(station))


def test_time_runs_to_the_right_and_value_upwards() -> None:
    assert FRAME.x(np.array([START + 5 * HOUR])) == [LEFT + 50]
    assert FRAME.y(np.array([0.0, 1.0, 2.0])).tolist() == [TOP + 200, TOP + 100, TOP]


def test_a_line_breaks_at_a_gap_and_at_an_unknown_time() -> None:
    time = START + np.arange(5) * HOUR
    time[4] = np.datetime64("NaT")
    drawn = path(FRAME, time, np.array([0.0, 1.0, np.nan, 2.0, 2.0]))
    assert drawn == f"M{LEFT}.0 {TOP + 200}.0L{LEFT + 10}.0 {TOP + 100}.0M{LEFT + 30}.0 {TOP}.0"


def test_two_horizons_of_the_past_are_shown_at_most(make_view: Maker) -> None:
    view = make_view(RIVER)
    long_ago = simulated.observe(RIVER, hours=240, start="2020-06-21T01:00")
    frame = fit(course(replace(view, observations=long_ago), "S1"), SIZE)
    assert frame.start == np.datetime64("2020-06-29T00:00")
    assert frame.end == np.datetime64("2020-07-02T00:00")


def test_all_quantiles_fit_into_the_frame(make_view: Maker) -> None:
    frame = fit(course(make_view(RIVER), "S1"), SIZE)
    assert frame.high == pytest.approx(6.3 + 0.06 * (6.3 - frame.low) / 1.06, abs=0.02)


def test_the_mildest_threshold_is_shown_if_it_is_near(make_view: Maker) -> None:
    view = make_view(RIVER)
    # the forecast of S4 reaches 1.8 m; attention is at 2 m
    assert fit(course(view, "S4"), SIZE).high > 2.0
    dry = view.forecast.assign(water_level=view.forecast.water_level * 0 + 0.5)
    flat = view.observations.assign(water_level=view.observations.water_level * 0 + 0.5)
    below = replace(view, forecast=dry, observations=flat)
    assert fit(course(below, "S4"), SIZE).high < 1.0


def test_a_gauge_that_never_reported_still_has_a_frame(make_view: Maker) -> None:
    view = make_view(RIVER)
    silent = view.observations.assign(water_level=view.observations.water_level * np.nan)
    frame = fit(course(replace(view, observations=silent), "S5"), SIZE)
    # from attention at 2 m to severe at 5 m for want of values, and 6 % of that on either side
    assert (frame.low, frame.high) == pytest.approx((1.82, 5.18))


def test_a_gauge_of_which_nothing_at_all_is_known_has_one_too(make_view: Maker) -> None:
    bare = tuple(replace(station, thresholds=None) for station in RIVER.stations)
    view = make_view(replace(RIVER, stations=bare))
    silent = view.observations.isel(time=slice(0, 0))
    frame = fit(course(replace(view, observations=silent), "S5"), SIZE)
    assert (frame.low, frame.high) == pytest.approx((-0.06, 1.06))
    assert frame.start == START - 48 * HOUR  # two horizons, empty


def test_what_was_forecast_before_the_frame_begins_does_not_stretch_it(
    make_full_view: Maker,
) -> None:
    view = make_full_view(RIVER)
    assert view.earlier is not None
    long_ago = view.earlier.issue_time.values - np.timedelta64(100, "h")
    old = view.earlier.assign(water_level=view.earlier.water_level + 50).assign_coords(
        issue_time=long_ago
    )
    high = fit(course(replace(view, earlier=old), "S1"), SIZE).high
    assert high < 10


@pytest.mark.parametrize(
    ("hours", "first", "step"), [(6, "01:00", 1), (12, "03:00", 3), (72, "12:00", 12)]
)
def test_times_are_labelled_at_whole_local_hours(hours: int, first: str, step: int) -> None:
    start = np.datetime64("2020-06-30T15:30", "ns")  # 00:30 in Korea
    ticks = time_ticks(SEOUL, start, start + hours * HOUR)
    assert f"{ticks[0]:%H:%M}" == first
    assert {b - a for a, b in pairwise(ticks)} == {pd.Timedelta(hours=step)}


def test_a_month_is_labelled_every_few_days() -> None:
    ticks = time_ticks(SEOUL, START, START + 30 * 24 * HOUR)
    assert len(ticks) <= 7
    assert {tick.hour for tick in ticks} == {0}


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0.0, 5.5, [0.0, 2.0, 4.0]),
        (-0.02, 0.03, [-0.02, -0.01, 0.0, 0.01, 0.02]),
        (90.0, 1990.0, [500.0, 1000.0, 1500.0]),
    ],
)
def test_levels_are_labelled_at_round_values(low: float, high: float, ticks: list[float]) -> None:
    assert value_ticks(low, high) == ticks
