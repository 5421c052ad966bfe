import numpy as np
import pytest
import xarray as xr

from forecast.scorecard import crps, scorecard, weights

OBSERVED = [1.0, 2.0, 3.0, 6.0]


def pairs(
    median: list[float], observed: list[float], start: list[float], half_width: float = 1.0
) -> xr.Dataset:
    """Return pairs at one station, with the quantiles 0.05, 0.5 and 0.95."""
    dims = ("issue_time", "station")
    spread = np.array([-half_width, 0.0, half_width])
    values = np.array(median)[:, None, None] + spread
    return xr.Dataset(
        {
            "forecast": ((*dims, "quantile"), values),
            "observed": (dims, np.array(observed)[:, None]),
            "persistence": (dims, np.array(start)[:, None]),
        },
        coords={"quantile": [0.05, 0.5, 0.95], "station": ["A"]},
    )


def test_a_perfect_forecast_has_perfect_scores() -> None:
    scores = scorecard(pairs(OBSERVED, OBSERVED, [0.0] * 4)).isel(station=0)
    assert scores.nse == scores.kge == scores.persistence_skill == scores.coverage90 == 1
    assert scores.rmse == scores.mae == scores.bias == 0
    assert scores.n == 4


def test_the_scores_of_a_forecast_that_is_always_one_too_high() -> None:
    too_high = [value + 1 for value in OBSERVED]
    scores = scorecard(pairs(too_high, OBSERVED, [0.0, 1.0, 2.0, 3.0])).isel(station=0)
    assert scores.rmse == scores.mae == scores.bias == 1
    assert scores.nse == pytest.approx(1 - 1 / 3.5)  # the variance of 1, 2, 3, 6 is 3.5
    assert scores.persistence_skill == pytest.approx(1 - 4 / 12)  # it errs by 1, 1, 1 and 3
    assert scores.kge == pytest.approx(1 - 1 / 3)  # only the mean is off, 4 for 3


def test_persistence_has_no_skill_over_itself() -> None:
    start = [0.0, 1.0, 2.0, 3.0]
    assert scorecard(pairs(start, OBSERVED, start)).persistence_skill.item() == 0


def test_both_edges_of_the_interval_count_as_covered() -> None:
    scores = scorecard(pairs([2.0, 2.0, 2.0, 2.0], OBSERVED, [0.0] * 4))  # 1 .. 3
    assert scores.coverage90.item() == 0.75
    assert scores.width90.item() == 2


def test_hours_without_a_pair_count_for_nothing() -> None:
    gap = pairs([1.0, 2.0, 9.0], [2.0, 3.0, np.nan], [0.0] * 3)
    known = gap.where(gap.observed.notnull())
    scores = scorecard(known).isel(station=0)
    assert scores.n == 2
    assert scores.bias == -1
    assert scores.coverage90 == 1


def test_a_river_that_never_moves_has_no_relative_score() -> None:
    scores = scorecard(pairs([2.0, 3.0], [2.0, 2.0], [2.0, 2.0])).isel(station=0)
    assert scores[["nse", "kge", "persistence_skill"]].to_array().isnull().all()
    assert scores.mae == 0.5


def test_a_forecast_that_never_moves_has_no_kge() -> None:
    scores = scorecard(pairs([2.0, 2.0], [1.0, 3.0], [0.0, 0.0]))
    assert scores.kge.isnull().all()
    assert scores.nse.item() == 0  # as good as the mean


def test_without_any_pair_every_score_is_missing_and_the_count_is_zero() -> None:
    scores = scorecard(pairs([np.nan] * 2, [np.nan] * 2, [np.nan] * 2))
    assert scores.n.item() == 0
    assert scores.drop_vars("n").to_array().isnull().all()


def test_each_quantile_weighs_as_much_of_0_to_1_as_is_nearest_to_it() -> None:
    np.testing.assert_allclose(weights(np.array([0.05, 0.5, 0.95])), [0.275, 0.45, 0.275])


def test_the_crps_of_quantiles_is_twice_their_weighted_pinball_loss() -> None:
    one = pairs([2.0], [2.5], [0.0])  # quantiles 1, 2, 3
    loss = 0.275 * 0.05 * 1.5 + 0.45 * 0.5 * 0.5 + 0.275 * 0.05 * 0.5
    assert crps(one.forecast, one.observed).item() == pytest.approx(2 * loss)


def test_the_crps_of_a_forecast_without_spread_is_its_absolute_error() -> None:
    sure = pairs([2.0, 2.0], [5.0, 1.0], [0.0, 0.0], half_width=0.0)
    assert crps(sure.forecast, sure.observed).item() == pytest.approx(2.0)
