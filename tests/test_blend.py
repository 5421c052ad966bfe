import numpy as np
import pytest

from forecast.blend import blended, fit

RNG = np.random.default_rng(0)


def test_a_member_that_knows_gets_nearly_all_and_one_that_errs_little() -> None:
    truth = RNG.normal(size=(1, 500, 1))
    good, bad = truth + 0.01 * RNG.normal(size=truth.shape), RNG.normal(size=truth.shape)
    (weights,) = fit(np.stack([good, bad], axis=-1), truth)
    assert weights[0] > 0.8
    assert weights.sum() == pytest.approx(1)
    assert (weights >= 0).all()


def test_members_that_are_equally_good_share_alike() -> None:
    truth = RNG.normal(size=(2, 2000, 1))
    members = np.stack([truth + RNG.normal(size=truth.shape) for _ in range(4)], axis=-1)
    np.testing.assert_allclose(fit(members, truth)[0], 0.25, atol=0.05)


def test_without_any_case_all_count_alike() -> None:
    weights = fit(np.full((1, 9, 2, 4), np.nan), np.zeros((1, 9, 2)))
    np.testing.assert_array_equal(weights, 0.25)


def test_the_mean_is_over_those_that_are_known() -> None:
    members = np.array([[1.0, 3.0], [np.nan, 3.0], [np.nan, np.nan]])
    told = blended(members, np.array([0.75, 0.25]))
    np.testing.assert_array_equal(told, [1.5, 3.0, np.nan])


def test_a_member_of_no_weight_speaks_where_no_other_is_known() -> None:
    assert blended(np.array([[5.0, np.nan]]), np.array([0.0, 1.0])) == 5.0
