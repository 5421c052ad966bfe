import numpy as np
import pytest

from data import quality
from data.quality import Limits
from data.schema import Flag

NAN = float("nan")


def every_ten_minutes(count: int) -> np.ndarray:
    return np.datetime64("2020-08-06T00:00", "ns") + np.arange(count) * np.timedelta64(10, "m")


def spiky(*values: float, jump: float = 50) -> list[int]:
    """Return the places that are called spikes."""
    series = np.array(values, dtype=float)
    return list(np.flatnonzero(quality.spikes(series, every_ten_minutes(series.size), jump)))


def test_a_reading_that_drops_and_comes_back_is_a_spike() -> None:
    assert spiky(380, 376, 293, 369, 366) == [2]


def test_two_readings_that_jump_up_and_come_back_are_a_spike() -> None:
    assert spiky(418, 409, 452, 451, 386, 381) == [2, 3]  # up by 43, back by 65


def test_a_fast_rise_is_no_spike() -> None:
    assert spiky(310, 400, 490, 580, 670) == []


def test_a_stale_reading_followed_by_a_rise_is_no_spike() -> None:
    assert spiky(312.7, 311.7, 339.7, 339.7, 394.7, 410.7, 422.7, 440.7) == []


def test_a_rise_that_then_falls_slowly_is_no_spike() -> None:
    assert spiky(300, 360, 340, 320, 300) == []  # back by 20, less than half of 60


def test_what_stays_away_for_four_readings_is_taken_for_true() -> None:
    assert spiky(300, 400, 400, 400, 300) == [1, 2, 3]
    assert spiky(300, 400, 400, 400, 400, 300) == []


def test_a_jump_as_large_as_the_limit_is_allowed() -> None:
    assert spiky(300, 350, 300) == []
    assert spiky(300, 351, 300) == [1]


def test_a_missing_neighbour_proves_no_spike() -> None:
    assert spiky(300, NAN, 400, 300) == []


def test_readings_on_both_sides_of_a_gap_are_not_compared() -> None:
    values = np.array([300.0, 400.0, 300.0, 300.0])
    time = every_ten_minutes(4)
    time[1:] += np.timedelta64(180, "D")
    assert not quality.spikes(values, time, 50).any()


def test_an_hourly_record_may_change_six_times_as_much() -> None:
    time = np.datetime64("2020-08-06", "ns") + np.arange(4) * np.timedelta64(1, "h")
    assert not quality.spikes(np.array([0.0, 299.0, 0.0, 0.0]), time, 50).any()
    assert quality.spikes(np.array([0.0, 301.0, 0.0, 0.0]), time, 50)[1]


def test_one_reading_alone_is_no_spike() -> None:
    assert spiky(300) == []


def test_each_fault_gets_its_reason() -> None:
    values = np.array([5.0, NAN, -990.0, 101.0, 5.0, 80.0, 5.0])
    flags = np.array([0, Flag.NOT_REPORTED, 0, 0, 0, 0, 0], dtype="int8")
    limits = Limits(sentinels=(-990.0,), lowest=0, highest=100, jump=50)
    judged = quality.judge(values, flags, every_ten_minutes(7), limits)
    assert [Flag(flag).name for flag in judged] == [
        "GOOD", "NOT_REPORTED", "SENTINEL", "OUT_OF_RANGE", "GOOD", "SPIKE", "GOOD",
    ]  # fmt: skip
    assert flags[2] == Flag.GOOD  # what was given is not changed


def test_a_flagged_value_is_nan_never_zero() -> None:
    kept = quality.only_good(np.array([1.0, 2.0]), np.array([Flag.GOOD, Flag.SPIKE]))
    assert kept[0] == 1.0
    assert np.isnan(kept[1])


@pytest.mark.parametrize(
    ("flags", "line"),
    [
        ([0, 1, 1, 4], "swl: 2 not reported, 1 spike, of 4"),
        ([0, 0], "swl: all good, of 2"),
    ],
)
def test_faults_are_counted_by_reason(flags: list[int], line: str) -> None:
    assert quality.tally("swl", np.array(flags)) == line
