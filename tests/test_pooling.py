import numpy as np
import pytest

from forecast.pooling import pooled

LEVELS = np.array([0.05, 0.25, 0.5, 0.75, 0.95])


def test_members_that_agree_say_together_what_each_says() -> None:
    one = np.array([1.0, 2.0, 3.0, 5.0, 9.0])
    np.testing.assert_allclose(pooled(np.stack([one, one, one]), LEVELS), one, atol=1e-9)


def test_of_two_members_far_apart_the_median_lies_between_and_the_ends_are_theirs() -> None:
    dry, wet = np.array([1.0, 1.2, 1.4, 1.6, 1.8]), np.array([11.0, 11.2, 11.4, 11.6, 11.8])
    low, quarter, median, three_quarters, high = pooled(np.stack([dry, wet]), LEVELS)
    assert quarter == pytest.approx(1.4)  # half of the dry member is a quarter of the whole
    assert three_quarters == pytest.approx(11.4)
    assert median == pytest.approx((1.8 + 11.0) / 2)
    assert 1.8 < median < 11.0
    assert low > 1.0  # a tenth of the dry member
    assert high < 11.8


def test_pooled_quantiles_never_cross_and_a_gap_in_one_member_is_a_gap() -> None:
    rng = np.random.default_rng(0)
    members = np.sort(rng.normal(size=(5, 40, 5)), axis=-1)
    members[2, 7] = np.nan
    made = pooled(members, LEVELS)
    assert np.isnan(made[7]).all()
    assert (np.diff(np.delete(made, 7, axis=0), axis=-1) >= 0).all()


def test_quantiles_that_coincide_lose_no_probability() -> None:
    dry, wet = np.full(5, 1.0), np.array([1.0, 1.0, 2.0, 2.0, 3.0])
    made = pooled(np.stack([dry, wet]), LEVELS)
    np.testing.assert_allclose(made[:3], 1.0, atol=1e-6)  # half, and a quarter of the other
    assert 1.0 < made[3] <= 2.0
    assert 2.0 <= made[4] < 3.0


def test_many_cases_are_pooled_as_each_alone() -> None:
    rng = np.random.default_rng(1)
    members = np.sort(rng.normal(size=(4, 3_000, 5)), axis=-1)
    made = pooled(members, LEVELS)
    for case in (0, 1_999, 2_000, 2_999):
        np.testing.assert_array_equal(made[case], pooled(members[:, case : case + 1], LEVELS)[0])


def test_a_mixture_is_what_counting_says() -> None:
    rng = np.random.default_rng(2)
    centres, levels = np.array([0.0, 1.0, 5.0]), np.arange(1, 20) / 20
    even = centres[:, None, None] + np.broadcast_to(levels, (3, 1, 19))  # each even over 1
    drawn = rng.choice(centres, 400_000) + rng.random(400_000)
    np.testing.assert_allclose(pooled(even, levels)[0], np.quantile(drawn, levels), atol=0.02)
