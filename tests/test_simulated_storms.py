"""Storms that are made up, and recorded ones that are spread over the hours."""

import numpy as np
import pytest

from data.sources import simulated_kma, simulated_storms
from data.sources.simulated_kma import Days, hours_of, row_of, spread
from data.sources.simulated_storms import Cells, fallen
from data.sources.simulated_tree import columns

PLACE = np.array([0.0, 50.0]), np.array([0.0, 0.0])


def cell(**changed: float) -> Cells:
    """Return one cell of 4 h that stands still over the first place: 10 mm/h, radius 50 km."""
    facts = {
        "start": 100.0, "length": 4.0, "east": 0.0, "north": 0.0, "moves_east": 0.0,
        "moves_north": 0.0, "radius": 50.0, "peak": 10.0,
    } | changed  # fmt: skip
    return Cells(**{name: np.array([value]) for name, value in facts.items()})


def test_rain_grows_and_fades_and_is_less_a_radius_away() -> None:
    """sin² of 1/8, 3/8 .. of half a turn is 0.146 and 0.854; e^(-1/2) is 0.607."""
    rain = fallen(cell(), PLACE, first=100, hours=6)
    np.testing.assert_allclose(rain[:, 0], [0, 1.464, 8.536, 8.536, 1.464, 0], atol=1e-3)
    np.testing.assert_allclose(rain[:, 1], 0.6065 * rain[:, 0], rtol=1e-3)


def test_a_cell_that_moves_reaches_the_next_place_later() -> None:
    moving = cell(length=10.0, moves_east=10.0, radius=10.0)
    rain = fallen(moving, PLACE, first=100, hours=12)
    assert rain[:, 0].argmax() < rain[:, 1].argmax()


def test_the_rain_of_an_hour_does_not_depend_on_what_else_is_asked_for() -> None:
    first = int(np.datetime64("2022-07-11", "h").astype(int))
    whole = simulated_storms.rain(*PLACE, first, 48)
    assert whole.max() > 1
    np.testing.assert_array_equal(simulated_storms.rain(*PLACE, first + 20, 10), whole[20:30])


def test_summer_is_wetter_than_winter() -> None:
    winter, summer = (
        simulated_storms.rain(*PLACE, int(np.datetime64(day, "h").astype(int)), 24 * 60).sum()
        for day in ("2021-12-15", "2022-06-20")
    )
    assert summer > 3 * winter


def record(total: list[float], largest: list[float]) -> Days:
    """Return one day of some stations that stand 10 km apart, from west to east."""
    east = 10.0 * np.arange(len(total))
    return Days(
        np.datetime64("1974-01-01", "D"),
        np.array([total], "float32"),
        np.array([largest], "float32"),
        east,
        np.zeros(len(total)),
    )


def test_a_day_keeps_its_sum_and_its_largest_hour() -> None:
    days = record([100.0, 30.0, 0.0, 24.0], [40.0, 30.0, 0.0, np.nan])
    hourly = hours_of(days, int(days.start.astype(int)), seed=0)
    np.testing.assert_allclose(hourly.sum(axis=0), [100, 30, 0, 24], rtol=1e-5)
    np.testing.assert_allclose(hourly.max(axis=0), [40, 30, 0, 0.3 * 24], rtol=1e-5)
    assert (hourly >= 0).all()


def test_a_gauge_takes_what_near_stations_report_and_leaves_out_who_did_not() -> None:
    days = record([24.0, np.nan, 24.0], [1.0, np.nan, 1.0])  # all day 1 mm/h, or silent
    shape = columns(np.array([10.0]), np.zeros(1), np.array([-1]))
    hour = int(days.start.astype("datetime64[h]").astype(int)) - simulated_kma.AHEAD + 6
    rain = spread(days, shape, (hour, 4), seed=0)
    np.testing.assert_allclose(rain[:, 0], 1.0, rtol=1e-4)


@pytest.mark.parametrize(
    ("date", "stands_for"),
    [("1980-03-01", "1980-03-01"), ("2024-03-01", "1974-03-02"), ("2026-07-01", "1976-06-30")],
)
def test_beyond_the_record_its_years_come_again(date: str, stands_for: str) -> None:
    """By the day of the year: 1 March 2024 is the 61st, in 1974 that is 2 March."""
    start = np.datetime64("1974-01-01", "D")
    days = Days(start, np.zeros((18262, 1)), np.zeros((18262, 1)), np.zeros(1), np.zeros(1))
    row = row_of(days, int(np.datetime64(date, "D").astype(int)))
    assert str(start + row) == stands_for
