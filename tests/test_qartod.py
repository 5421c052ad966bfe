"""The library's tests over many sites: the same answer as site by site, and cases by hand."""

import numpy as np
import pytest
from ioos_qc import qartod as library

from data import qartod
from data.schema import Flag

NAN = float("nan")
SUSPECT_OR_WORSE = (3, 4)


def every_ten_minutes(count: int) -> np.ndarray:
    return np.datetime64("2020-08-06T00:00", "ns") + np.arange(count) * np.timedelta64(10, "m")


def messy() -> np.ndarray:
    """Return 30 made-up sites: walks with holes, spikes, steps, standstills and wrong values."""
    rng = np.random.default_rng(7)
    levels = (2 + np.cumsum(rng.normal(0, 0.05, (30, 120)), axis=1)).round(2)
    levels[rng.random(levels.shape) < 0.02] = NAN
    levels[np.arange(30), rng.integers(1, 119, 30)] += 1.5
    levels[::3, 60:] += 0.8
    levels[5:9, 70:] = 2.5
    levels[4, 10] = -9.9
    return levels


LEVELS, TIME = messy(), every_ten_minutes(120)
SITES = range(30)
JUMPS = np.where(np.arange(30) % 2, 0.5, 0.9)  # two different limits


def told(codes: np.ma.MaskedArray) -> np.ndarray:
    return np.isin(np.ma.getdata(codes), SUSPECT_OR_WORSE)


def test_many_sites_at_once_are_judged_as_the_library_judges_each() -> None:
    spikes = [
        told(library.spike_test(LEVELS[n], JUMPS[n], JUMPS[n], method="differential"))
        for n in SITES
    ]
    changes = [
        told(library.rate_of_change_test(LEVELS[n], TIME, threshold=JUMPS[n] / 600)) for n in SITES
    ]
    outside = [told(library.gross_range_test(LEVELS[n], (-JUMPS[n], 3))) for n in SITES]
    assert np.array(spikes).any()
    assert np.array(changes).any()
    assert np.array(outside).any()
    assert (qartod.spikes(LEVELS, TIME, JUMPS) == spikes).all()
    assert (qartod.changes(LEVELS, TIME, JUMPS) == changes).all()
    assert (qartod.outside(LEVELS, -JUMPS, np.full(30, 3.0)) == outside).all()


def test_flat_lines_of_many_sites_are_the_library_s() -> None:
    hours = np.where(np.arange(30) % 2, 2.0, 3.0)
    expected = [
        told(
            library.flat_line_test(
                LEVELS[n], TIME, int(hours[n] * 3600), int(hours[n] * 3600), 0.005
            )
        )
        for n in SITES
    ]
    assert np.array(expected).any()
    assert (qartod.flat(LEVELS, TIME, hours, np.full(30, 0.005)) == expected).all()


def one(values: list[float]) -> np.ndarray:
    return np.array([values], dtype=float)


def test_a_stuck_sensor_is_flat_once_the_hour_is_over() -> None:
    values = one(
        [1.0, *[2.0] * 8]
    )  # 10-minute readings: an hour after the first 2.0 is the seventh
    found = qartod.flat(values, every_ten_minutes(9), np.array([1.0]), np.array([0.005]))
    assert list(np.flatnonzero(found[0])) == [7, 8]


def test_the_first_reading_after_an_outage_is_not_flat() -> None:
    values = one([1.0, 2.0, *[NAN] * 10, 3.0])
    found = qartod.flat(values, every_ten_minutes(13), np.array([1.0]), np.array([0.005]))
    assert not found.any()
    alone = library.flat_line_test(values[0], every_ten_minutes(13), 3600, 3600, 0.005)
    assert alone[-1] == 4  # why we look: the library calls it flat


def test_a_stuck_sensor_is_flat_though_a_reading_is_missing() -> None:
    values = one([1.0, 2.0, 2.0, 2.0, NAN, 2.0, 2.0, 2.0, 2.0])
    found = qartod.flat(values, every_ten_minutes(9), np.array([1.0]), np.array([0.005]))
    assert list(np.flatnonzero(found[0])) == [7, 8]


def test_a_season_s_gap_is_no_standstill() -> None:
    time = every_ten_minutes(9)
    time[4:] += np.timedelta64(180, "D")
    values = one([2.0] * 9)
    assert not qartod.flat(values, time, np.array([1.0]), np.array([0.005])).any()


def test_a_reading_on_the_other_side_of_a_gap_makes_no_spike() -> None:
    time = every_ten_minutes(4)
    time[1:] += np.timedelta64(180, "D")
    assert not qartod.spikes(one([3.0, 4.0, 3.0, 3.0]), time, np.array([0.5])).any()


def test_after_a_missing_reading_no_rate_is_known() -> None:
    found = qartod.changes(one([3.0, NAN, 9.0, 9.0]), every_ten_minutes(4), np.array([0.5]))
    assert not found.any()


@pytest.mark.parametrize(
    ("flag", "code"),
    [
        (Flag.GOOD, 1),
        (Flag.NOT_REPORTED, 9),
        (Flag.SENTINEL, 9),
        (Flag.UNREADABLE, 9),
        (Flag.OUT_OF_RANGE, 4),
        (Flag.SPIKE, 4),
        (Flag.RATE_OF_CHANGE, 3),
        (Flag.FLAT_LINE, 3),
        (Flag.NEIGHBOURS, 3),
    ],
)
def test_each_flag_has_its_qartod_code(flag: Flag, code: int) -> None:
    assert qartod.codes(np.array([flag]))[0] == code


def test_what_no_test_looked_at_is_not_evaluated() -> None:
    assert list(qartod.codes(np.array([0, 1]), evaluated=False)) == [2, 9]
