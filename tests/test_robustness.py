"""The categories of a change, by counting models on one hand."""

import numpy as np
import pytest

from forecast.climate.robustness import Robustness, judge, variability

NAN = np.nan


def category(*changes: float, gamma: float = 1.0) -> tuple[Robustness, int, int]:
    one = np.array(changes)
    found = judge(one, np.full(one.shape, gamma))
    return Robustness(int(found.category)), int(found.agree), int(found.members)


def test_four_of_five_agree() -> None:
    assert category(2, 2, 2, 2, -2) == (Robustness.ROBUST, 4, 5)


def test_three_of_five_are_in_conflict() -> None:
    assert category(2, 2, 2, -2, -2) == (Robustness.CONFLICTING, 3, 5)


def test_two_of_three_beyond_their_weather_are_enough() -> None:
    assert category(2, 2, 0.5) == (Robustness.ROBUST, 3, 3)


def test_three_of_five_beyond_their_weather_are_not() -> None:
    assert category(2, 2, 2, 0.5, 0.5) == (Robustness.NO_CHANGE, 5, 5)


def test_four_of_five_are_counted_by_those_that_fall_too() -> None:
    assert category(-2, -2, -2, -2, 2) == (Robustness.ROBUST, 4, 5)


def test_a_change_equal_to_the_weather_is_not_beyond_it() -> None:
    assert category(1, 1, 1, 1, 1)[0] == Robustness.NO_CHANGE


def test_a_model_that_does_not_change_agrees_with_nobody() -> None:
    assert category(0, 2, 2, 2) == (Robustness.CONFLICTING, 3, 4)


def test_a_model_without_value_does_not_count() -> None:
    assert category(NAN, 2, 2) == (Robustness.ROBUST, 2, 2)
    assert category(NAN, NAN, 2) == (Robustness.SINGLE, 1, 1)
    assert category(NAN, NAN) == (Robustness.NO_DATA, 0, 0)


def test_a_model_without_variability_does_not_count() -> None:
    found = judge(np.array([2.0, 2.0, 2.0]), np.array([1.0, 1.0, NAN]))
    assert int(found.members) == 2


def test_each_model_is_held_against_its_own_weather() -> None:
    found = judge(np.array([2.0, 2.0, 2.0]), np.array([1.0, 3.0, 3.0]))
    assert int(found.category) == Robustness.NO_CHANGE


def test_places_are_judged_apart() -> None:
    changes = np.array([[2.0, 2.0, NAN], [2.0, -2.0, NAN]])
    found = judge(changes, np.ones_like(changes))
    assert found.category.tolist() == [1, 3, 0]
    assert found.category.dtype == np.int8


def test_a_trend_is_no_weather() -> None:
    assert variability(np.arange(30.0)) == pytest.approx(0.0)


def test_gamma_is_half_a_sigma() -> None:
    # sqrt(2 / 20) * 1.645 = 0.520; up and down by 1 without a trend, 2 degrees of freedom taken
    yearly = np.array([1.0, -1.0, -1.0, 1.0] * 5)
    assert variability(yearly) == pytest.approx(0.5202 * np.sqrt(20 / 18), abs=1e-4)


def test_missing_years_are_left_out_and_nine_are_too_few() -> None:
    line = np.stack([np.arange(30.0), np.arange(30.0)], axis=1)
    line[[3, 4, 11], 0] = NAN
    line[9:, 1] = NAN
    assert variability(line)[0] == pytest.approx(0.0, abs=1e-12)
    assert np.isnan(variability(line)[1])
