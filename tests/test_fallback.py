from dataclasses import replace

import numpy as np
import xarray as xr

from forecast.fallback import State, judge, unjudged
from forecast.wording import in_language

DAY = np.timedelta64(1, "D")
HORIZON = np.timedelta64(24, "h")
START = np.datetime64("2020-06-01", "ns")
SIZE = np.array([1.0, 4.0])  # m2, the mean square change on record at two leads
SERVING = unjudged("S1", "a")


def sums(model: list[float], persistence: list[float], pairs: int = 24) -> xr.Dataset:
    """Return daily sums of two leads from mean square errors, those of the second four times."""
    day = START + np.arange(len(model)) * DAY
    errors = {"model_squared_error": model, "model_persistence_squared_error": persistence}
    columns = {n: (("day", "lead_time"), np.outer(e, SIZE) * pairs) for n, e in errors.items()}
    columns["model_n"] = (("day", "lead_time"), np.full((len(model), 2), float(pairs)))
    return xr.Dataset(columns, {"day": day})


def after(days: int) -> np.datetime64:
    return START + days * DAY


def decided(before: State, seen: xr.Dataset, days: int) -> State:
    return judge(before, seen, SIZE, after(days), HORIZON)


def test_a_model_that_loses_day_after_day_falls_back_and_says_by_how_much() -> None:
    state = decided(SERVING, sums([4.0] * 5, [1.0] * 5), 5)
    assert state.fallen
    assert (state.since, state.skill) == (after(5), -3)
    assert "5 days" in in_language(state.words, "en")
    assert "2.0 times as large" in in_language(state.words, "en")  # errors, not their squares
    assert "2.0배" in in_language(state.words, "ko")
    assert "foresees no rise" in state.words


def test_an_error_beyond_measure_is_told_as_a_bound() -> None:
    state = decided(SERVING, sums([9.0] * 5, [1e-6] * 5), 5)
    assert "over 100 times" in in_language(state.words, "en")
    assert "100배 이상" in in_language(state.words, "ko")


def test_a_model_that_wins_stays() -> None:
    assert decided(SERVING, sums([0.5] * 5, [1.0] * 5), 5) is SERVING


def test_two_days_or_too_few_pairs_decide_nothing() -> None:
    assert decided(SERVING, sums([9.0] * 2, [1.0] * 2, pairs=100), 2) is SERVING
    assert decided(SERVING, sums([9.0] * 5, [1.0] * 5, pairs=14), 5) is SERVING  # 70 pairs
    assert decided(SERVING, sums([9.0] * 5, [1.0] * 5, pairs=15), 5).fallen


def test_one_bad_day_among_even_ones_is_chance() -> None:
    model = [1.0] * 9 + [20.0]
    assert decided(SERVING, sums(model, [1.0] * 10), 10) is SERVING


def test_small_errors_of_a_calm_river_do_not_matter() -> None:
    calm = sums([0.04] * 10, [0.01] * 10)  # twice as far off, but a fifth of the change on record
    assert decided(SERVING, calm, 10) is SERVING
    assert decided(SERVING, sums([0.07] * 10, [0.01] * 10), 10).fallen


def test_a_constant_river_with_a_moving_record_can_lose_too() -> None:
    state = decided(SERVING, sums([1.0] * 4, [0.0] * 4), 4)
    assert state.fallen
    assert np.isnan(state.skill)
    assert "times" not in state.words


def test_a_gauge_whose_record_never_changed_or_is_not_known_is_not_judged() -> None:
    seen = sums([9.0] * 5, [1.0] * 5)
    for size in (np.zeros(2), np.full(2, np.nan)):
        assert judge(SERVING, seen, size, after(5), HORIZON) is SERVING


def test_days_without_pairs_count_for_nothing() -> None:
    seen = sums([9.0] * 6, [1.0] * 6)
    gone = seen.where(seen.day < after(2), 0.0)
    assert decided(SERVING, gone, 6) is SERVING
    assert decided(SERVING, sums([], []), 6) is SERVING


FALLEN = State("S1", True, after(0), "a", after(0), "why", -3.0)


def test_a_gauge_comes_back_when_the_model_is_better_again() -> None:
    state = decided(FALLEN, sums([0.5] * 6, [1.0] * 6), 6)
    assert not state.fallen
    assert (state.since, state.words, state.skill) == (after(6), "", 0.5)


def test_a_gauge_comes_back_when_the_model_errs_too_little_to_harm() -> None:
    """A calm river: persistence is hardly to be beaten, and no reason to give up foresight."""
    state = decided(FALLEN, sums([0.01] * 6, [0.001] * 6), 6)  # a tenth of the change on record
    assert not state.fallen
    assert decided(FALLEN, sums([0.04] * 6, [0.001] * 6), 6) is FALLEN  # a fifth


def test_the_way_back_looks_at_the_last_seven_days() -> None:
    model = [9.0] * 20 + [0.5] * 8
    assert not decided(FALLEN, sums(model, [1.0] * 28), 28).fallen
    assert decided(FALLEN, sums(model, [1.0] * 28).isel(day=slice(0, 23)), 23) is FALLEN


def test_a_model_that_is_as_good_as_persistence_does_not_come_back() -> None:
    assert decided(FALLEN, sums([0.96] * 9, [1.0] * 9), 9) is FALLEN


def test_what_was_before_a_change_does_not_count_after_it() -> None:
    """No flapping: after a return the bad days that led to the fall are forgotten."""
    model = [9.0] * 5 + [0.5] * 5
    returned = State("S1", False, after(4), "a", after(4))
    assert decided(returned, sums(model, [1.0] * 10), 10) is returned
    assert decided(SERVING, sums(model, [1.0] * 10), 10).fallen


def test_a_new_model_is_judged_on_its_own_forecasts() -> None:
    new = replace(FALLEN, model="b", since=after(5))
    model = [0.1] * 6 + [9.0] * 4  # the days from 6 on are its own
    assert decided(new, sums(model, [1.0] * 10), 10) is new


def test_what_is_older_than_thirty_days_is_forgotten() -> None:
    model = [9.0] * 20 + [0.9] * 31
    assert decided(SERVING, sums(model, [1.0] * 51), 51) is SERVING
