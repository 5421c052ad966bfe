"""Trends of lines, and of lines with one wild year."""

import numpy as np
import pytest
from scipy.stats import kendalltau

from forecast.climate.trend import mann_kendall, per_decade

NAN = np.nan
YEARS = np.arange(1973, 2023)


def test_a_tenth_of_a_degree_a_year_is_one_in_a_decade() -> None:
    found = per_decade(0.1 * (YEARS - 1973)[:, None], YEARS)
    assert (found.slope[0], found.low[0], found.high[0]) == pytest.approx((1.0, 1.0, 1.0))


def test_one_wild_year_does_not_turn_a_trend() -> None:
    line = 0.1 * (YEARS - 1973.0)
    line[-1] = 1000.0
    assert per_decade(line[:, None], YEARS).slope[0] == pytest.approx(1.0)


def test_a_missing_year_keeps_its_place_in_time() -> None:
    line = 0.1 * (YEARS - 1973.0)
    line[10:20] = NAN
    assert per_decade(line[:, None], YEARS).slope[0] == pytest.approx(1.0)


def test_twenty_nine_years_have_no_trend() -> None:
    two = np.repeat((YEARS - 1973.0)[:, None], 2, axis=1)
    two[29:, 0] = NAN
    two[30:, 1] = NAN
    assert np.isnan(per_decade(two, YEARS).slope).tolist() == [True, False]
    assert np.isnan(mann_kendall(two)).tolist() == [True, False]


def test_a_valley_has_no_trend() -> None:
    valley = np.abs(YEARS - 1997.5)[:, None]
    found = per_decade(valley, YEARS)
    assert found.low[0] < 0 < found.high[0]
    assert mann_kendall(valley)[0] == 1.0  # as many pairs fall as rise


def test_a_steady_rise_has_a_small_p_and_no_change_a_p_of_one() -> None:
    series = np.stack([YEARS - 1973.0, np.full(50, 3.0)], axis=1)
    rise, flat = mann_kendall(series)
    assert rise < 1e-10
    assert flat == 1.0


def test_p_is_kendall_s_with_ties_and_gaps() -> None:
    counts = np.random.default_rng(1).poisson(2.0 + 0.02 * (YEARS - 1973)[:, None], (50, 20))
    values = counts.astype("float64")
    values[np.random.default_rng(2).random(values.shape) < 0.1] = NAN
    theirs = [
        kendalltau(YEARS, series, nan_policy="omit", method="asymptotic").pvalue
        for series in values.T
    ]
    np.testing.assert_allclose(mann_kendall(values), theirs, rtol=1e-10)
