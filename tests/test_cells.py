from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from data.schema import QUANTILES
from forecast.cells import Cases, Cell, Gauge, fit, spread
from forecast.lags import Bends

RNG = np.random.default_rng(0)


def cases(changes: np.ndarray, start: float = 10.0) -> Cases:
    return Cases(changes[:, None], np.full(changes.size, start), start + changes)


def test_persistence_is_the_last_value_with_the_changes_of_the_past_around_it() -> None:
    past = cases(np.linspace(-1, 1, 2001))
    cell = fit("persistence", past, past, np.inf)
    (made,) = cell.predict(np.array([5.0]), np.empty((1, 0)))
    np.testing.assert_allclose(made, 5 + 2 * (np.array(QUANTILES) - 0.5), atol=1e-9)


def test_a_discharge_persists_with_a_spread_that_grows_with_it() -> None:
    start = np.tile([10.0, 1000.0], 1000)
    past = Cases(np.empty((2000, 0)), start, start * np.repeat(np.linspace(0.9, 1.1, 1000), 2))
    cell = fit("persistence", past, past, 1.0)
    low, high = cell.predict(np.array([10.0, 100.0]), np.empty((2, 0)))
    assert high[4] == pytest.approx(100.0)
    assert (high[-1] - high[0]) / (low[-1] - low[0]) == pytest.approx(10, rel=0.02)


@pytest.mark.parametrize("name", ["ridge", "lightgbm"])
def test_a_change_that_the_features_tell_is_forecast(name: str) -> None:
    train, later = (cases(RNG.normal(size=1000)) for _ in range(2))
    cell = fit(name, train, later, np.inf)
    made = cell.predict(np.array([4.0]), np.array([[1.5]]))
    np.testing.assert_allclose(made, 5.5, atol=0.1)


def test_the_errors_are_those_of_the_later_years_alone() -> None:
    train = cases(RNG.normal(size=1000))
    noisy = cases(RNG.normal(size=1000))
    wrong = Cases(noisy.x, noisy.start, noisy.truth + np.tile([-1.0, 1.0], 500))
    cell = fit("ridge", train, wrong, np.inf)
    assert isinstance(cell, Cell)
    assert cell.errors[0] == pytest.approx(-1, abs=0.15)
    assert cell.errors[-1] == pytest.approx(1, abs=0.15)


def test_a_discharge_is_learnt_both_as_it_is_and_bent_and_the_mean_is_forecast() -> None:
    """Flows of 10 that double or not: in m3/s a change of 10, in asinh of ln 2 for large flows."""
    x = np.tile([0.0, 1.0], 500)
    doubling = Cases(x[:, None], np.full(1000, 10.0), 10.0 * (1 + x))
    cell = fit("ridge", doubling, doubling, 0.01)
    assert isinstance(cell, Cell)
    assert sorted(bend for _, bend in cell.learners) == [0.01, np.inf]
    wide = replace(cell, rise=1000.0)
    made = wide.predict(np.array([100.0]), np.array([[1.0]]))
    np.testing.assert_allclose(made, (110 + 200) / 2, rtol=0.02)


def test_the_point_itself_is_the_median_and_quantiles_never_cross_it() -> None:
    biased = spread(np.linspace(1, 2, 101))
    assert biased[:5].tolist() == [0.0] * 5
    assert biased[-1] == pytest.approx(1.95)
    assert (np.diff(spread(RNG.normal(size=999))) >= 0).all()


def test_without_a_start_there_is_no_forecast() -> None:
    made = Cell((), np.inf, np.zeros(9), 1.0).predict(np.array([np.nan]), np.empty((1, 0)))
    assert np.isnan(made).all()


def gauge(own: np.ndarray) -> Gauge:
    time = np.datetime64("2019-12-31T12:00", "ns") + np.arange(own.size) * np.timedelta64(1, "h")
    coords = {"station": ["A"], "time": time, "channel": ["own"]}
    table = xr.DataArray(own[None, :, None], coords, ("station", "time", "channel"))
    bends = Bends(("own",), np.array([[np.inf]]), np.array([-np.inf]))
    return Gauge(table, bends, 0, own[:, None])


def test_a_case_starts_and_ends_within_its_years() -> None:
    found = gauge(np.arange(24.0)).cases(lead=3, years=(2019, 2019))  # its last hour is 11
    np.testing.assert_array_equal(found.start, np.arange(9))
    np.testing.assert_array_equal(found.truth, np.arange(3, 12))
    np.testing.assert_array_equal(found.x[:, 0], found.start)
    assert gauge(np.arange(24.0)).cases(3, (2020, 2020)).start.tolist() == list(range(12, 21))


def test_a_case_starts_from_a_reading_at_most_six_steps_old() -> None:
    gap = np.arange(12.0)
    gap[2:10] = np.nan
    found = gauge(gap).cases(lead=1, years=(2019, 2019))
    assert found.start.tolist() == [0, 10]  # truths 1 and 11; 10 follows a gap of 8 hours
    assert found.truth.tolist() == [1, 11]


def test_no_forecast_rises_faster_than_the_river_ever_did() -> None:
    past = cases(np.linspace(-3, 1, 2001))
    cell = fit("ridge", past, past, np.inf)
    made = cell.predict(np.array([50.0]), np.array([[7.0]]))  # the ridge alone would say 57
    np.testing.assert_allclose(made, 51, atol=0.01)
