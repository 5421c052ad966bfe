"""Return levels of made-up maxima whose change is known."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from forecast.climate import gev, return_levels
from forecast.climate.return_levels import YEARS, YEARS_AND_MODELS, Scheme

NAN = np.nan


def maxima(*shape: int, seed: int = 0) -> np.ndarray:
    """Return independent Gumbel maxima of mean 117 mm."""
    return np.random.default_rng(seed).gumbel(100, 30, shape)


def alone(places: int) -> np.ndarray:
    return np.arange(places)[:, None]


def test_a_place_is_its_own_nearest_neighbour() -> None:
    apart = np.abs(np.subtract.outer(np.array([0.0, 1.0, 5.0]), np.array([0.0, 1.0, 5.0])))
    assert return_levels.neighbours(apart).tolist() == [[0, 1, 2], [1, 0, 2], [2, 1, 0]]


def test_alone_a_place_has_the_level_of_its_own_gev() -> None:
    x = maxima(40, 3)
    l1, l2, l3 = gev.l_moments(x)
    level = gev.level(gev.fit(l1, l2, l3 / l2), 100.0)
    assert return_levels.observed(x, alone(3), 100.0) == pytest.approx(level)


def test_places_that_differ_by_scale_alone_pool_to_their_own_levels() -> None:
    x = maxima(40)[:, None] * np.array([1.0, 2.0, 3.0])
    pool = return_levels.neighbours(np.zeros((3, 3)))
    level = return_levels.observed(x, pool, 20.0)
    assert (level / level[0]).tolist() == pytest.approx([1, 2, 3])


def test_twenty_percent_more_of_everything_is_twenty_percent_in_every_draw() -> None:
    x = maxima(5, 20, 4)
    found = return_levels.change(x, 1.2 * x, return_levels.neighbours(np.zeros((4, 4))))
    assert found.factor[1] == pytest.approx(0.2)
    assert (found.chance[1, 0] > 1 / 20).all()
    assert (found.chance[1, 1] > 1 / 100).all()


def test_no_change_leaves_the_one_in_twenty_what_it_was() -> None:
    x = maxima(3, 20, 2)
    found = return_levels.change(x, x, alone(2))
    assert found.factor[1] == pytest.approx(0.0)
    assert 1 / found.chance[1, 0] == pytest.approx(20.0)
    assert 1 / found.chance[1, 1] == pytest.approx(100.0)


def test_a_model_s_bias_falls_out() -> None:
    before, after = maxima(3, 20, 4), maxima(3, 20, 4, seed=1)
    bias = np.array([0.5, 1.0, 3.0])[:, None, None]
    plain = return_levels.change(before, after, alone(4))
    biased = return_levels.change(before * bias, after * bias, alone(4))
    assert biased.factor == pytest.approx(plain.factor)


def test_the_true_change_lies_within_the_interval_of_a_pool_four_times_of_five() -> None:
    rng = np.random.default_rng(5)
    before, after = stats.genextreme.rvs(-0.1, 100, 30, size=(2, 5, 20, 400), random_state=rng)
    pool = np.repeat(np.arange(400).reshape(50, 8), 8, axis=0)  # 50 groups of 8
    low, _, high = return_levels.change(before, 1.2 * after, pool, (20.0,)).factor[:, 0, ::8]
    hits = ((low < 0.2) & (high > 0.2)).sum()
    assert 33 <= hits <= 47  # 40 of 50 expected


def test_the_same_seed_gives_the_same_interval() -> None:
    before, after = maxima(2, 20, 3), maxima(2, 20, 3, seed=1)
    one, same = (return_levels.change(before, after, alone(3), seed=7) for _ in range(2))
    other = return_levels.change(before, after, alone(3), seed=8)
    assert (one.factor == same.factor).all()
    assert (one.factor[0] != other.factor[0]).all()
    assert (one.factor[1] == other.factor[1]).all()  # the estimate is not drawn


def test_models_that_disagree_widen_an_interval_that_draws_them_too() -> None:
    before = maxima(4, 20, 2)
    after = before * np.array([1.0, 1.2, 1.4, 1.6])[:, None, None]
    years = return_levels.change(before, after, alone(2), scheme=Scheme(0.05, 0.95))
    models = return_levels.change(before, after, alone(2), scheme=YEARS_AND_MODELS)
    assert (models.factor[2] - models.factor[0] > years.factor[2] - years.factor[0]).all()
    assert (models.factor[1] == years.factor[1]).all()


def test_a_wider_share_of_draws_is_a_wider_interval() -> None:
    before, after = maxima(2, 20, 3), maxima(2, 20, 3, seed=1)
    narrow = return_levels.change(before, after, alone(3))
    wide = return_levels.change(before, after, alone(3), scheme=replace(YEARS, low=0.05, high=0.95))
    assert (wide.factor[0] < narrow.factor[0]).all()
    assert (wide.factor[2] > narrow.factor[2]).all()


def test_fifteen_years_have_no_change_and_do_not_spoil_their_neighbours() -> None:
    before, after = maxima(2, 20, 2), maxima(2, 20, 2, seed=1)
    after[:, :5, 1] = NAN
    found = return_levels.change(before, after, alone(2))
    assert np.isfinite(found.factor[:, :, 0]).all()
    assert np.isnan(found.factor[:, :, 1]).all()


def test_a_pool_of_independent_places_counts_in_full_and_of_equal_ones_once() -> None:
    pool = return_levels.neighbours(np.zeros((8, 8)))
    equal = np.repeat(maxima(50)[:, None], 8, axis=1)
    assert return_levels.effective(equal, pool, 5).tolist() == pytest.approx([5.0] * 8)
    assert (return_levels.effective(maxima(5000, 8), pool, 5) > 35).all()  # 40 at r = 0


def test_places_that_go_against_each_other_count_no_more_than_independent_ones() -> None:
    one = maxima(50)
    opposite = np.stack([one, 300 - one], axis=1)
    pool = return_levels.neighbours(np.zeros((2, 2)))
    assert return_levels.effective(opposite, pool, 3).tolist() == [6.0, 6.0]


def test_seven_percent_more_at_one_degree_is_clausius_clapeyron() -> None:
    rate = return_levels.per_degree(np.array([0.07, 0.21, -0.07]), 1.0)
    assert rate.tolist() == pytest.approx([7.0, 21.0, -7.0])
    assert rate[0] == pytest.approx(return_levels.CLAUSIUS_CLAPEYRON)
    assert return_levels.per_degree(np.array([0.21]), 3.0).tolist() == pytest.approx([7.0])


def test_four_years_of_twenty_may_be_missing() -> None:
    x = maxima(20, 2)
    x[:4, 0] = NAN
    assert np.isfinite(return_levels.observed(x, alone(2), 20.0)).all()
    x[4, 0] = NAN
    assert np.isnan(return_levels.observed(x, alone(2), 20.0)).tolist() == [True, False]
