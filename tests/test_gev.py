"""The GEV by L-moments, against closed forms, Hosking's own example and other code."""

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad

from forecast.climate import gev
from forecast.climate.gev import Gev

NAN = np.nan
# the eleven numbers that ports of Hosking's Fortran package check themselves with
HOSKING = np.array([2.0, 3.0, 4.0, 2.4, 5.5, 1.2, 5.4, 2.2, 7.1, 1.3, 1.5])


def of(location: float, scale: float, k: float) -> Gev:
    return Gev(np.array(location), np.array(scale), np.array(k))


def fitted(l1: float, l2: float, t3: float) -> tuple[float, float, float]:
    found = gev.fit(np.array(l1), np.array(l2), np.array(t3))
    return float(found.location), float(found.scale), float(found.k)


def test_the_published_example_of_pelgev_comes_out() -> None:
    l1, l2, l3 = stats.lmoment(HOSKING, order=[1, 2, 3], standardize=False)
    assert fitted(l1, l2, l3 / l2) == pytest.approx((2.1792884, 1.3956404, -0.1555609), abs=5e-7)


def test_the_published_example_of_quagev_comes_out() -> None:
    curve = of(2.1792884, 1.3956404, -0.1555609)
    levels = [float(gev.level(curve, period)) for period in (1.25, 2.0, 5.0)]
    assert levels == pytest.approx([1.539112, 2.705672, 4.537048], abs=1e-6)


def test_a_skewness_of_ln_9_8_by_ln_2_is_gumbel_s() -> None:
    gumbel = np.log(9 / 8) / np.log(2)  # 0.1699
    location, scale, k = fitted(10 + 0.5772156649 * 2, 2 * np.log(2), gumbel)
    assert (location, scale, k) == pytest.approx((10.0, 2.0, 0.0), abs=1e-9)


def test_a_skewness_of_minus_a_third_is_an_exponential_turned_round() -> None:
    # k = 1: location + scale (1 - E), of an exponential E with L-moments 1, 1/2, 1/6
    assert fitted(5.0, 0.5, -1 / 3) == pytest.approx((5.0, 1.0, 1.0))


@pytest.mark.parametrize("k", [-0.4, -0.2, -0.05, -1e-5, 1e-5, 0.1, 0.3])
def test_the_moments_integrated_from_scipy_s_quantiles_give_the_shape_back(k: float) -> None:
    def moment(weight: np.ndarray) -> float:
        def inside(u: float) -> float:
            return float(stats.genextreme.ppf(u, k, 50, 10) * np.polyval(weight, u))

        return float(quad(inside, 0, 1, limit=200)[0])

    l1, l2, l3 = (moment(np.array(p)) for p in ([1.0], [2.0, -1.0], [6.0, -6.0, 1.0]))
    assert fitted(l1, l2, l3 / l2) == pytest.approx((50.0, 10.0, k), abs=1e-4)


@pytest.mark.parametrize("k", [-0.3, 0.0, 0.2])
def test_levels_and_chances_are_scipy_s(k: float) -> None:
    for period in (2.0, 20.0, 100.0, 1000.0):
        level = gev.level(of(100.0, 30.0, k), period)
        assert float(level) == pytest.approx(stats.genextreme.isf(1 / period, k, 100, 30))
        assert float(gev.chance(of(100.0, 30.0, k), level)) == pytest.approx(1 / period)
        assert float(gev.period(of(100.0, 30.0, k), level)) == pytest.approx(period)


def test_nothing_exceeds_the_upper_end_and_everything_the_lower() -> None:
    bounded_above, bounded_below = of(0.0, 1.0, 0.5), of(0.0, 1.0, -0.5)  # ends at 2 and -2
    assert float(gev.period(bounded_above, np.array(2.1))) == np.inf
    assert float(gev.chance(bounded_above, np.array(2.1))) == 0.0
    assert float(gev.period(bounded_below, np.array(-2.1))) == 1.0


def test_sample_moments_are_scipy_s() -> None:
    x = np.random.default_rng(1).gumbel(size=(30, 2, 3))
    theirs = stats.lmoment(x, axis=0, order=[1, 2, 3], standardize=False)
    np.testing.assert_allclose(gev.l_moments(x), theirs, rtol=1e-12)


def test_one_to_twenty_have_a_mean_of_ten_and_a_half() -> None:
    # half the mean distance of two numbers of 1 .. n is (n + 1) / 6; no skew
    found = gev.l_moments(np.arange(20.0, 0.0, -1.0))
    assert found.tolist() == pytest.approx([10.5, 3.5, 0.0])


def test_missing_years_are_left_out_and_fifteen_are_too_few() -> None:
    x = np.random.default_rng(2).gumbel(size=30)
    gappy = np.stack([x, x], axis=1)
    gappy[[0, 7, 20], 0] = NAN
    gappy[:15, 1] = NAN
    found = gev.l_moments(gappy)
    kept = np.delete(x, [0, 7, 20])
    assert found[:, 0] == pytest.approx(stats.lmoment(kept, order=[1, 2, 3], standardize=False))
    assert np.isnan(found[:, 1]).all()


def test_unknown_moments_stay_unknown() -> None:
    unknown = np.array([NAN])
    fit = gev.fit(unknown, unknown, unknown)
    assert np.isnan(gev.level(fit, 100.0)).all()
    assert np.isnan(gev.chance(fit, np.array([1.0]))).all()
    assert np.isnan(gev.period(fit, np.array([1.0]))).all()


@pytest.mark.parametrize("xi", [-0.1, 0.0, 0.1, 0.2])
def test_of_ten_thousand_short_records_none_is_five_times_off(xi: float) -> None:
    rng = np.random.default_rng(3)
    x = stats.genextreme.rvs(-xi, 100, 30, size=(30, 10_000), random_state=rng)
    l1, l2, l3 = gev.l_moments(x)
    level = gev.level(gev.fit(l1, l2, l3 / l2), 100.0)
    true = stats.genextreme.isf(0.01, -xi, 100, 30)
    assert np.isfinite(level).all()
    assert level.max() < 5 * true
    assert level.min() > true / 5
    assert np.median(level) == pytest.approx(true, rel=0.1)
