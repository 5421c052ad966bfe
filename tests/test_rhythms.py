import numpy as np
import pytest
import xarray as xr

from forecast.harmonics import PERIODS, Tide
from forecast.lags import Bends
from forecast.rhythms import AHEAD, DAYS, MEANS, Place, lay_out

HOUR = np.timedelta64(1, "h")
FLAT = Tide(np.eye(1 + 2 * len(PERIODS))[0] * 3.0)  # 3 m, always
SIZE = 200


def table(**channels: np.ndarray) -> xr.DataArray:
    time = np.datetime64("2020-01-03T00:00", "ns") + np.arange(SIZE) * HOUR  # a Friday
    return xr.DataArray(
        np.stack(list(channels.values()), axis=-1)[None],
        {"station": ["A"], "time": time, "channel": list(channels)},
        ("station", "time", "channel"),
    )


def bends(*names: str) -> Bends:
    return Bends(names, np.full((1, len(names)), np.inf), np.array([-np.inf]))


def place(clock: int = 0) -> Place:
    return Place(0, clock, FLAT, 24 * HOUR)


def test_hours_and_weekdays_are_those_of_the_sun_over_the_station() -> None:
    seen = lay_out(table(own=np.zeros(SIZE)), bends("own"), place(clock=9))
    np.testing.assert_allclose(seen[0, :2], [np.cos(2.25 * np.pi / 3), np.sin(2.25 * np.pi / 3)])
    assert seen[14, 4:7].tolist() == [0, 0, 0]  # 23:00 of Friday
    assert seen[15, 4:7].tolist() == [1, 0, 0]  # midnight: Saturday
    assert seen[15 + 24, 4:7].tolist() == [0, 1, 0]
    assert seen[15 + 72, 4:7].tolist() == [0, 0, 0]  # Tuesday


def test_yesterdays_course_is_told_by_how_far_it_was_ahead() -> None:
    seen = lay_out(table(own=np.arange(SIZE, dtype=float)), bends("own"), place())
    course = seen[100, 7 : 7 + len(DAYS) * len(AHEAD)].reshape(len(DAYS), len(AHEAD))
    assert course[0].tolist() == [hours - 24 for hours in AHEAD]
    assert course[1].tolist() == [hours - 25 for hours in AHEAD]


def test_a_steady_rise_is_above_its_means_and_has_its_trend() -> None:
    seen = lay_out(table(own=np.arange(SIZE, dtype=float)), bends("own"), place())
    *above, trend = seen[150, -len(MEANS) - 1 :]
    assert above == [(hours - 1) / 2 for hours in MEANS]
    assert trend == 12


def test_a_mean_leaves_gaps_out() -> None:
    own = np.where(np.arange(SIZE) % 2 == 0, 5.0, np.nan)
    seen = lay_out(table(own=own), bends("own"), place())
    assert seen[150, -len(MEANS) - 1 :].tolist() == [0.0] * (len(MEANS) + 1)


def test_the_tide_is_told_ahead_and_the_surge_is_what_lies_on_it() -> None:
    both = table(own=np.zeros(SIZE), tide=np.full(SIZE, 3.4))
    seen = lay_out(both, bends("own", "tide"), place())
    np.testing.assert_allclose(seen[10, 7 : 7 + 31], 3.0)  # from 3 h before to 27 h ahead
    assert seen[10, 7 + 31] == pytest.approx(0.4)


def test_nothing_later_than_the_issue_time_is_looked_at() -> None:
    own = np.arange(SIZE, dtype=float)
    before = lay_out(table(own=own), bends("own"), place())[100]
    own[101:] = 99.0
    np.testing.assert_array_equal(before, lay_out(table(own=own), bends("own"), place())[100])
