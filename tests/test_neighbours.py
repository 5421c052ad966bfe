import numpy as np

from data.neighbours import NONE, all_others, alone, rolling, still

NAN = float("nan")
OFF = np.inf


def every_ten_minutes(count: int) -> np.ndarray:
    return np.datetime64("2020-08-06T00:00", "ns") + np.arange(count) * np.timedelta64(10, "m")


def rain(*peaks: float, of: float = 50, beside: np.ndarray | None = None) -> list[bool]:
    """Return which gauges are absurd when each has its peak, all in one reading of nine."""
    table = np.zeros((len(peaks), 9))
    table[:, 4] = peaks
    limit = np.full(len(peaks), of)
    beside = all_others(len(peaks)) if beside is None else beside
    found = alone(table, every_ten_minutes(9), limit, beside)
    assert not found[:, [0, 1, 2, 3, 5, 6, 7, 8]].any()
    return [bool(each) for each in found[:, 4]]


def test_a_gauge_alone_with_80_mm_in_ten_minutes_is_absurd() -> None:
    assert rain(80, 0, 1) == [True, False, False]


def test_a_cloudburst_that_a_neighbour_feels_is_believed() -> None:
    assert rain(80, 0, 8) == [False, False, False]


def test_a_small_cell_over_one_gauge_is_believed() -> None:
    assert rain(24, 0, 0) == [False, False, False]


def test_one_neighbour_alone_proves_nothing() -> None:
    assert rain(80, 0) == [False, False]
    assert rain(80, NAN, 0) == [False, False, False]
    assert rain(80, 0, 0, beside=np.array([[1, NONE], [0, 2], [0, 1]])) == [False] * 3


def test_rain_that_reaches_the_neighbour_within_the_hour_clears_the_gauge() -> None:
    table = np.zeros((3, 9))
    table[0, 1] = 80
    table[1, 7] = 20  # an hour later
    assert not alone(table, every_ten_minutes(9), np.full(3, 50.0), all_others(3)).any()
    early = alone(table[:, :7], every_ten_minutes(7), np.full(3, 50.0), all_others(3))
    assert early[0, 1]  # before the neighbour's rain is known


def stands(*levels: np.ndarray, felt: float = 0.2) -> list[int]:
    """Return when the first gauge is called still beside the others."""
    sites, count = len(levels), len(levels[0])
    limits = np.full(sites, felt), np.full(sites, 0.005)
    found = still(np.array(levels), every_ten_minutes(count), limits, all_others(sites))
    assert not found[1:].any()
    return list(np.flatnonzero(found[0]))


FLAT, RISE = np.full(30, 2.0), np.arange(30) * 0.05


def test_a_gauge_that_stands_while_all_others_rise_is_stuck() -> None:
    # 3 h = 18 readings on: the whole window is seen from 18, the neighbours moved for an hour at 24
    assert stands(FLAT, RISE, RISE) == [24, 25, 26, 27, 28, 29]


def test_a_river_in_drought_stands_still_everywhere() -> None:
    assert stands(FLAT, FLAT + 1, FLAT + 2) == []


def test_a_wave_that_has_just_reached_the_others_proves_nothing() -> None:
    wave = np.where(np.arange(30) < 24, 1.0, 1.5)  # for six readings now
    assert stands(FLAT, wave, wave) == []


def test_two_neighbours_must_report() -> None:
    assert stands(FLAT, RISE) == []
    assert stands(FLAT, RISE, np.full(30, NAN)) == []


def test_one_neighbour_that_rests_too_clears_the_gauge() -> None:
    assert stands(FLAT, RISE, FLAT) == []


def test_no_test_without_a_limit() -> None:
    assert stands(FLAT, RISE, RISE, felt=OFF) == []


def test_a_rolling_maximum_looks_back_only() -> None:
    values = np.array([[1.0, 5, 2, 0, 0, 0]])
    assert rolling(values, 3, np.fmax).tolist() == [[1, 5, 5, 5, 2, 0]]
    assert rolling(values, 3, np.add).tolist() == [[1, 6, 8, 7, 2, 0]]
    assert rolling(values, 1, np.fmax).tolist() == values.tolist()
