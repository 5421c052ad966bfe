import numpy as np

from forecast.pooling import pooled

LEVELS = np.array([0.05, 0.25, 0.5, 0.75, 0.95])


def test_members_that_agree_say_together_what_each_says() -> None:
    one = np.array([1.0, 2.0, 3.0, 5.0, 9.0])
    np.testing.assert_allclose(pooled(np.stack([one, one, one]), LEVELS), one, atol=1e-9)


def test_of_two_members_far_apart_the_median_lies_between_and_the_ends_are_theirs() -> None:
    dry, wet = np.array([1.0, 1.2, 1.4, 1.6, 1.8]), np.array([11.0, 11.2, 11.4, 11.6, 11.8])
    low, quarter, median, three_quarters, high = pooled(np.stack([dry, wet]), LEVELS)
    assert quarter == 1.4  # half of the dry member is a quarter of the whole
    assert three_quarters == 11.4
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
