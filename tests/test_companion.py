from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from data.network import Split
from data.sources.simulated import network, observe
from forecast import companion, lags
from forecast.accompanying import alone
from forecast.checkpoint import Checkpoint, load, save
from forecast.companion import Companion
from forecast.inputs import channels
from forecast.model import ModelConfig
from forecast.predict import look_back, predict
from forecast.train import TrainConfig, train

HOUR = np.timedelta64(1, "h")
RIVER = replace(network(gauges=2, horizon=3), split=Split((2018, 2018), (2019, 2019), (2020, 2020)))
RECORD = observe(RIVER, hours=24 * 60, start="2018-12-01")
QUICK = TrainConfig(
    updates=2, batch=4, check_every=2, model=ModelConfig(hidden=4, near=2, window=24, last=12)
)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def beside() -> Companion:
    made = companion.fit(RIVER, RECORD, lambda *_: None)
    assert made is not None
    return made


@pytest.fixture(scope="module")
def trained(beside: Companion) -> Checkpoint:
    return train(RIVER, RECORD, QUICK, beside=[beside])


def test_every_member_tells_the_next_hours_better_than_no_change(beside: Companion) -> None:
    table = channels(RECORD, RIVER)
    steps = np.arange(800, 1400)
    told = beside.predict(table, steps)
    level = RECORD.water_level.values.astype("float64")
    change = level[:, steps + 3] - level[:, steps]
    assert np.isnan(told[..., 0]).all()  # the LSTM's place
    for member in (1, 2, 3, 4):
        assert np.mean((told[:, :, 2, member] - change) ** 2) < 0.7 * np.mean(change**2)


def test_between_the_anchors_what_trees_add_is_interpolated(beside: Companion) -> None:
    (helper, _) = beside.helpers
    assert helper is not None
    few = replace(helper, trees={1: helper.trees[1], 3: helper.trees[3]})
    x = np.zeros((1, helper.ridge.centre.size))
    (told,) = few.predict(x)
    added = told[:, 1] - told[:, 0]
    assert added[1] == pytest.approx((added[0] + added[2]) / 2)


def test_the_forecast_is_the_weighted_mean_and_keeps_the_intervals_around_it(
    trained: Checkpoint,
) -> None:
    assert trained.companion is not None
    issue = RECORD.time.values[[1200]]
    weights = np.tile([0.0, 1.0, 0.0, 0.0, 0.0], (3, 1))
    ridge = replace(trained, companion=replace(trained.companion, weights=weights))
    made = predict(ridge, RIVER, RECORD, issue).isel(issue_time=0)
    told = trained.companion.predict(channels(RECORD, RIVER), np.array([1200]))[:, 0, :, 1]
    expected = RECORD.water_level.values[:, [1200]] + told
    np.testing.assert_allclose(made.water_level.sel(quantile=0.5), expected, atol=1e-4)
    assert (made.water_level.diff("quantile") >= 0).all()


def test_one_issue_alone_gets_the_forecast_that_it_gets_among_many(trained: Checkpoint) -> None:
    many = predict(trained, RIVER, RECORD, RECORD.time.values[900:1300])
    one = predict(trained, RIVER, RECORD, RECORD.time.values[[1250]])
    np.testing.assert_allclose(
        one.water_level, many.water_level.sel(issue_time=one.issue_time), atol=1e-4
    )
    assert look_back(trained) == 87


def test_nothing_that_comes_later_changes_a_forecast(trained: Checkpoint) -> None:
    issue = RECORD.time.values[[1200]]
    after = RECORD.time > issue[0]
    other = RECORD.assign(
        water_level=RECORD.water_level.where(~after, 99.0),
        rainfall=RECORD.rainfall.where(~after, 99.0),
    )
    xr.testing.assert_identical(
        predict(trained, RIVER, RECORD, issue), predict(trained, RIVER, other, issue)
    )


def test_a_saved_companion_forecasts_what_the_fitted_one_did(
    tmp_path: Path, trained: Checkpoint
) -> None:
    save(tmp_path / "it.pt", trained)
    back = load(tmp_path / "it.pt", RIVER)
    assert back.model_id == trained.model_id
    assert back.model_id != replace(trained, companion=None).model_id
    issues = RECORD.time.values[-5:]
    made, again = (predict(model, RIVER, RECORD, issues) for model in (trained, back))
    np.testing.assert_allclose(made.water_level, again.water_level, atol=1e-5)


def silent(station: str, hours: int) -> xr.Dataset:
    """Return the record with the newest hours of a level missing at 1200."""
    here = RECORD.time.isin(RECORD.time[1201 - hours : 1201])
    gone = (RECORD.station == station) & here
    return RECORD.assign(water_level=RECORD.water_level.where(~gone))


@pytest.mark.parametrize("hours", [1, 3, 6])
def test_a_level_that_is_missing_for_some_hours_stays_what_it_was(
    beside: Companion, hours: int
) -> None:
    table = companion.held(channels(silent("S1", hours), RIVER)).sel(channel="own")
    np.testing.assert_array_equal(table[0, 1201 - hours : 1201], table[0, 1200 - hours])
    told = beside.predict(channels(silent("S1", hours), RIVER), np.array([1200]))
    assert np.isfinite(told[..., 1:]).all()


def test_with_a_level_gone_for_longer_the_lstm_is_alone_also_at_its_neighbour(
    trained: Checkpoint,
) -> None:
    assert trained.companion is not None
    gap = silent("S1", 7)
    told = trained.companion.predict(channels(gap, RIVER), np.array([1200]))
    assert np.isnan(told).all()
    made = predict(trained, RIVER, gap, RECORD.time.values[[1200]]).isel(issue_time=0)
    lstm = predict(alone(trained), RIVER, gap, RECORD.time.values[[1200]])
    assert made.water_level.sel(station="S1").isnull().all()
    np.testing.assert_allclose(
        made.water_level.sel(station="S2"), lstm.water_level.isel(issue_time=0).sel(station="S2")
    )


def test_trees_on_the_lags_know_no_clock_and_no_yesterday(beside: Companion) -> None:
    (helper, _) = beside.helpers
    assert helper is not None
    x = np.zeros((1, helper.ridge.centre.size))
    other = x.copy()
    columns = lags.width(channels(RECORD, RIVER), beside.bends)
    other[:, columns:] = 9.0
    few = replace(helper, ridge=replace(helper.ridge, weights=0 * helper.ridge.weights))
    lag_trees = companion.MEMBERS.index("trees_on_lags") - 1
    np.testing.assert_array_equal(
        few.predict(x)[..., lag_trees], few.predict(other)[..., lag_trees]
    )


def test_rain_and_tide_do_not_stay() -> None:
    gone = RECORD.assign(rainfall=RECORD.rainfall.where(RECORD.time != RECORD.time[1200]))
    assert np.isnan(companion.held(channels(gone, RIVER)).sel(channel="rainfall")[:, 1200]).all()


def test_a_stale_gauge_gets_no_forecast_from_a_companion_either(trained: Checkpoint) -> None:
    silent = (RECORD.station == "S2") & (RECORD.time > RECORD.time[1190])
    gap = RECORD.assign(water_level=RECORD.water_level.where(~silent))
    made = predict(trained, RIVER, gap, RECORD.time.values[[1200]]).isel(issue_time=0)
    assert made.water_level.sel(station="S2").isnull().all()
    assert made.water_level.sel(station="S1").notnull().all()


def test_a_gauge_without_history_has_the_lstm_alone() -> None:
    new = (RECORD.station == "S2") & (RECORD.time < np.datetime64("2019-01-20"))
    young = RECORD.assign(water_level=RECORD.water_level.where(~new))
    made = companion.fit(RIVER, young, lambda *_: None)
    assert made is not None
    assert made.helpers[0] is not None
    assert made.helpers[1] is None


def test_a_record_that_is_too_short_for_all_gets_no_companion() -> None:
    assert companion.fit(RIVER, RECORD.isel(time=slice(0, 900)), lambda *_: None) is None


def test_a_long_record_is_thinned_evenly() -> None:
    assert companion.thinned(np.arange(40_000)).size == 40_000
    found = companion.thinned(np.arange(100_000))
    assert found.size == 33_334
    assert set(np.diff(found)) == {3}
