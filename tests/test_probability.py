import numpy as np
import pytest

from data.stations import Stage, Thresholds
from forecast.probability import exceedance, of_stages, worst

LEVELS = np.array([0.05, 0.5, 0.95])
TWO_STAGES = Thresholds(2.0, 4.0, np.nan, np.nan, "derived", "a test")


@pytest.mark.parametrize(
    ("threshold", "probability"),
    [
        (2.0, 0.5),  # the median
        (1.5, 0.725),  # half way from the 0.05 quantile to the median
        (2.9, 0.095),  # nine tenths of the way from the median to the 0.95 quantile
        (1.0, 0.95),
        (3.0, 0.05),
    ],
)
def test_probabilities_between_the_quantiles_are_interpolated(
    threshold: float, probability: float
) -> None:
    found = exceedance(np.array([1.0, 2.0, 3.0]), LEVELS, threshold)
    assert found == pytest.approx(probability)


@pytest.mark.parametrize(("threshold", "bound"), [(-100.0, 0.95), (100.0, 0.05)])
def test_beyond_the_quantiles_a_probability_is_never_0_or_1(threshold: float, bound: float) -> None:
    assert exceedance(np.array([1.0, 2.0, 3.0]), LEVELS, threshold) == pytest.approx(bound)


def test_a_forecast_without_spread_jumps_from_one_bound_to_the_other() -> None:
    dry = np.zeros(3)
    assert exceedance(dry, LEVELS, 0.0) == pytest.approx(0.95)
    assert exceedance(dry, LEVELS, 0.001) == pytest.approx(0.05)


def test_quantiles_that_coincide_below_the_threshold_count_up_to_the_highest_of_them() -> None:
    assert exceedance(np.array([1.0, 1.0, 3.0]), LEVELS, 2.0) == pytest.approx(0.275)


def test_a_missing_quantile_makes_the_probability_unknown() -> None:
    found = exceedance(np.array([[1.0, np.nan, 3.0], [1.0, 2.0, 3.0]]), LEVELS, 2.0)
    np.testing.assert_allclose(found, [np.nan, 0.5])


def test_only_stages_with_a_threshold_have_a_probability() -> None:
    likely = of_stages(np.array([[1.0, 2.0, 3.0]]), LEVELS, TWO_STAGES)
    np.testing.assert_allclose(likely, [[0.5], [0.05]])


def test_without_thresholds_or_forecast_there_are_no_probabilities() -> None:
    assert of_stages(np.ones((2, 3)), LEVELS, None).size == 0
    assert of_stages(np.full((2, 3), np.nan), LEVELS, TWO_STAGES).size == 0


def test_the_worst_stage_that_is_likely_enough_counts_from_its_first_lead() -> None:
    likely = np.array([[0.6, 0.9, 0.9], [0.1, 0.4, 0.5]])
    assert worst(likely, TWO_STAGES, 0.5) == (Stage.WATCH, 2)
    assert worst(likely, TWO_STAGES, 0.55) == (Stage.ATTENTION, 0)
    assert worst(likely, TWO_STAGES, 0.95) == (Stage.NORMAL, 0)


def test_no_stage_in_a_forecast_with_holes_is_unknown_never_normal() -> None:
    assert worst(np.array([[0.1, np.nan], [0.1, np.nan]]), TWO_STAGES, 0.5)[0] is Stage.UNKNOWN
    assert worst(np.empty((0, 2)), TWO_STAGES, 0.5)[0] is Stage.UNKNOWN
    assert worst(np.empty((0, 2)), None, 0.5)[0] is Stage.UNKNOWN
