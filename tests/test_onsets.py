import numpy as np

from forecast.onsets import Issued, gained, onsets

HOUR = np.timedelta64(1, "h")
START = np.datetime64("2020-06-01", "ns")
TIME = START + np.arange(100) * HOUR


def levels(*above: int) -> np.ndarray:
    """Return 1 m, but 3 m at some hours."""
    values = np.ones(100)
    values[list(above)] = 3.0
    return values


def begun(values: np.ndarray) -> list[int]:
    return [int((t - START) / HOUR) for t in onsets(TIME, values, 2.0)]


def issued(said: dict[int, list[int]]) -> Issued:
    """Return hourly forecasts of 1 m over six hours, with 3 m at some leads, by hour of issue."""
    hours = np.array(sorted(said))
    median = np.ones((hours.size, 6))
    for row, hour in enumerate(hours):
        median[row, [lead - 1 for lead in said[hour]]] = 3.0
    lead_time = np.arange(1, 7) * HOUR.astype("timedelta64[ns]")
    return Issued(START + hours * HOUR, lead_time, median)


def test_a_stage_begins_where_it_is_reached_after_twelve_hours_below() -> None:
    assert begun(levels(20, 21, 22)) == [20]
    assert begun(levels(20, 32)) == [20]  # 12 h later: the hour 20 is still among the 12 before
    assert begun(levels(20, 33)) == [20, 33]


def test_a_rise_in_a_gap_has_no_onset() -> None:
    values = levels(20, 21)
    values[19] = np.nan
    assert begun(values) == []
    assert begun(np.full(100, np.nan)) == []


def test_without_a_threshold_nothing_begins() -> None:
    assert onsets(TIME, levels(20), np.nan).size == 0


def test_the_lead_time_gained_is_that_of_the_first_of_an_unbroken_row() -> None:
    made = issued({14: [6], 15: [5], 16: [], 17: [3], 18: [2], 19: [1]})  # 16 took it back
    assert gained(made, START + 20 * HOUR, 2.0) == 3 * HOUR


def test_a_forecast_that_was_not_issued_breaks_no_row() -> None:
    assert gained(issued({15: [5], 18: [2], 19: [1]}), START + 20 * HOUR, 2.0) == 5 * HOUR


def test_what_the_newest_forecast_did_not_say_was_not_gained() -> None:
    assert gained(issued({17: [3], 18: [2], 19: []}), START + 20 * HOUR, 2.0) == 0 * HOUR


def test_where_no_forecast_looked_nothing_is_told() -> None:
    assert gained(issued({2: [1], 13: [6]}), START + 20 * HOUR, 2.0) is None
    silent = issued({18: [2]})
    nothing = Issued(silent.issue_time, silent.lead_time, silent.median * np.nan)
    assert gained(nothing, START + 20 * HOUR, 2.0) is None
