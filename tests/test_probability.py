import numpy as np
import pytest

from data.stations import Quantity, Stage, Station, Thresholds
from forecast.probability import at_leads, exceedance, limits_of, of_stages, of_values, worst

LEVELS = np.array([0.05, 0.5, 0.95])
TWO_STAGES = Thresholds(2.0, 4.0, np.nan, np.nan, "derived", "a test")


def gauge(limits: Thresholds | None) -> Station:
    names = ("S", "S", "S", "강", "River")
    return Station(*names, 37.0, 127.0, 0.0, Quantity.WATER_LEVEL, (), limits)


LIMITS = limits_of([gauge(TWO_STAGES), gauge(None)])


def two_stages(mildest: list[float], second: list[float]) -> np.ndarray:
    """Return chances of one station that has two stages, dims (stage, station, lead)."""
    unset = [np.nan] * len(mildest)
    return np.array([mildest, second, unset, unset])[:, None]


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


def test_each_station_has_the_probabilities_of_its_own_thresholds() -> None:
    values = np.array([[[1.0, 2.0, 3.0]], [[1.0, 2.0, 3.0]]])  # two stations, one lead
    likely = of_stages(values, LEVELS, LIMITS)
    np.testing.assert_allclose(likely[:, 0, 0], [0.5, 0.05, np.nan, np.nan])
    assert np.isnan(likely[:, 1]).all()  # a station without thresholds


def test_thresholds_stand_by_stage_and_station() -> None:
    np.testing.assert_array_equal(LIMITS, [[2.0, np.nan], [4.0, np.nan], *[[np.nan] * 2] * 2])


def test_a_lead_has_the_worst_stage_that_is_likely_enough() -> None:
    likely = two_stages([0.6, 0.9, 0.9], [0.1, 0.4, 0.5])
    assert at_leads(likely, 0.5).tolist() == [[1, 1, 2]]
    assert at_leads(likely, 0.95).tolist() == [[0, 0, 0]]
    holes = two_stages([0.1, np.nan, 0.9], [0.1, np.nan, 0.4])
    assert at_leads(holes, 0.5).tolist() == [[0, -1, 1]]


def test_the_worst_stage_counts_from_its_first_lead() -> None:
    stages, first = worst(np.array([[1, 1, 2], [1, 2, 2], [0, 1, 0], [0, 0, 0]]))
    assert stages.tolist() == [Stage.WATCH, Stage.WATCH, Stage.ATTENTION, Stage.NORMAL]
    assert first.tolist() == [2, 1, 1, 0]


def test_no_stage_in_a_forecast_with_holes_is_unknown_never_normal() -> None:
    stages, _ = worst(np.array([[0, -1], [-1, -1], [-1, 2]]))
    assert stages.tolist() == [Stage.UNKNOWN, Stage.UNKNOWN, Stage.WATCH]


def test_readings_of_many_stations_have_the_stages_that_each_alone_has() -> None:
    readings = [1.9, 2.0, 4.0, np.nan]
    limits = limits_of([gauge(TWO_STAGES)] * 4)
    found = of_values(np.array(readings), limits)
    assert found.tolist() == [TWO_STAGES.stage(reading) for reading in readings]
    assert of_values(np.array([9.0]), limits_of([gauge(None)])).tolist() == [Stage.UNKNOWN]
