from dataclasses import replace

import numpy as np
import pytest
import torch
import xarray as xr

from data.errors import CheckpointMismatch, OutsideRecord
from data.schema import check
from data.schema import forecast as forecast_schema
from data.sources.simulated import network, observe
from forecast import predict as predict_module
from forecast.checkpoint import Checkpoint
from forecast.inputs import channels
from forecast.intervals import widened
from forecast.lessons import prepare
from forecast.model import LevelLSTM, ModelConfig
from forecast.predict import predict
from forecast.scaling import fit

HOUR = np.timedelta64(1, "h")
RIVER = network(gauges=2, horizon=8)
SIZES = ModelConfig(hidden=4, near=3, window=12, last=8, age_limit=3)


def untrained(record: xr.Dataset) -> Checkpoint:
    """Return a network that has learnt nothing: its median is the last reading."""
    table = channels(record, RIVER)
    scaling = fit(table, RIVER, RIVER.split.train)
    inputs = prepare([table], scaling, SIZES, RIVER.split.train, 8).seen.shape[-1]
    sizes = replace(SIZES, inputs=inputs, stations=2, horizon=8)
    return Checkpoint(
        weights=LevelLSTM(sizes).state_dict(),
        model=sizes,
        scaling=scaling,
        widening=np.ones((2, 2, 8, 9)),
        network=RIVER.name,
        stations=tuple(RIVER.ids),
        quantity=RIVER.quantity,
        step=RIVER.step,
        period=("2018-06-01T00:00", "2018-07-01T00:00"),
        scores={},
        seed=0,
    )


def shaken(checkpoint: Checkpoint) -> Checkpoint:
    """Return a network whose every weight is random, so that every input matters."""
    noise = torch.Generator().manual_seed(1)
    weights = {
        name: weight + 0.3 * torch.randn(weight.shape, generator=noise)
        for name, weight in checkpoint.weights.items()
    }
    return replace(checkpoint, weights=weights)


@pytest.fixture(scope="module")
def record() -> xr.Dataset:
    return observe(RIVER, hours=600)


@pytest.fixture(scope="module")
def checkpoint(record: xr.Dataset) -> Checkpoint:
    return untrained(record)


def test_an_untrained_network_forecasts_the_last_reading(
    record: xr.Dataset, checkpoint: Checkpoint
) -> None:
    issue = record.time.values[500]
    made = predict(checkpoint, RIVER, record, np.array([issue]))
    median = made.water_level.sel(quantile=0.5).isel(issue_time=0)
    last = record.water_level.isel(time=500)
    assert np.allclose(median, last.values[:, None], atol=1e-5)
    assert np.allclose(made.last_observed.isel(issue_time=0), last)
    assert (made.last_observed_time == issue).all()
    assert made.valid_time.values[0, 7] == issue + 8 * HOUR
    check(made, forecast_schema(RIVER.quantity))


def test_nothing_that_is_measured_later_changes_a_forecast(
    record: xr.Dataset, checkpoint: Checkpoint
) -> None:
    random = shaken(checkpoint)
    issues = record.time.values[400:420]
    before = predict(random, RIVER, record, issues)
    later = record.time > issues[-1]
    rewritten = record.assign(
        water_level=record.water_level.where(~later, 99.0),
        rainfall=record.rainfall.where(~later, 99.0),
    )
    xr.testing.assert_identical(before, predict(random, RIVER, rewritten, issues))


def test_one_issue_alone_gets_the_forecast_that_it_gets_among_many(
    record: xr.Dataset, checkpoint: Checkpoint
) -> None:
    random = shaken(checkpoint)
    together = predict(random, RIVER, record, record.time.values[100:500])
    for number in (100, 207, 499):
        alone = predict(random, RIVER, record, record.time.values[[number]])
        among = together.water_level.sel(issue_time=alone.issue_time)
        assert np.allclose(alone.water_level, among, atol=1e-5)


def test_a_gauge_alone_on_a_core_gets_the_forecast_that_it_gets_beside_others(
    record: xr.Dataset, checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = shaken(checkpoint)
    issues = record.time.values[100:300]
    together = predict(random, RIVER, record, issues)
    monkeypatch.setattr(predict_module, "CASES", 1)
    apart = predict(random, RIVER, record, issues)
    assert np.allclose(together.water_level, apart.water_level, atol=1e-5)
    assert (together.last_observed == apart.last_observed).all()


def without(record: xr.Dataset, station: str, hours: slice) -> xr.Dataset:
    """Return the record without some readings of the level."""
    gone = (record.station == station) & record.time.isin(record.time[hours])
    return record.assign(water_level=record.water_level.where(~gone))


def test_a_stale_gauge_gets_no_forecast_and_says_why(
    record: xr.Dataset, checkpoint: Checkpoint
) -> None:
    holed = without(record, "S1", slice(496, 501))  # the last reading is 5 h old, the limit 3 h
    made = predict(checkpoint, RIVER, holed, record.time.values[[500]]).isel(issue_time=0)
    assert np.isnan(made.water_level.sel(station="S1")).all()
    assert "The last reading is 5 h old, the limit is 3 h." in str(made.reason.values[0])
    assert made.last_observed_time.values[0] == record.time.values[495]
    assert made.last_observed.values[0] == record.water_level.values[0, 495]
    assert np.isfinite(made.water_level.sel(station="S2")).all()
    assert made.reason.values[1] == ""


def test_a_reading_within_the_limit_is_still_a_start(
    record: xr.Dataset, checkpoint: Checkpoint
) -> None:
    holed = without(record, "S1", slice(498, 501))
    made = predict(checkpoint, RIVER, holed, record.time.values[[500]]).isel(issue_time=0)
    median = made.water_level.sel(station="S1", quantile=0.5)
    assert np.allclose(median, record.water_level.values[0, 497], atol=1e-5)
    assert made.reason.values[0] == ""


def test_a_reading_of_two_hours_ago_leaves_as_much_open_as_two_hours_more(
    record: xr.Dataset, checkpoint: Checkpoint
) -> None:
    holed = without(record, "S1", slice(499, 501))
    new, old = (
        predict(checkpoint, RIVER, each, record.time.values[[500]]).water_level.isel(issue_time=0)
        for each in (record, holed)
    )
    width = [w.sel(quantile=0.95) - w.sel(quantile=0.05) for w in (new, old)]
    fresh, stale = (each.sel(station="S1").values for each in width)
    np.testing.assert_allclose(stale[:6], fresh[2:], rtol=1e-4)
    np.testing.assert_allclose(stale[6:], fresh[7], rtol=1e-4)
    np.testing.assert_allclose(width[1].sel(station="S2"), width[0].sel(station="S2"), rtol=1e-4)


def test_a_gauge_that_never_reported_says_so(record: xr.Dataset, checkpoint: Checkpoint) -> None:
    holed = without(record, "S2", slice(None))
    made = predict(checkpoint, RIVER, holed, record.time.values[[500]]).isel(issue_time=0)
    assert np.isnan(made.water_level.sel(station="S2")).all()
    assert "No reading in the last" in str(made.reason.values[1])
    assert np.isnan(made.last_observed.values[1])
    assert np.isnat(made.last_observed_time.values[1])


def test_a_missing_neighbour_and_missing_rain_stop_no_forecast(
    record: xr.Dataset, checkpoint: Checkpoint
) -> None:
    bare = without(record, "S1", slice(None)).drop_vars("rainfall")
    made = predict(shaken(checkpoint), RIVER, bare, record.time.values[[500]])
    assert np.isfinite(made.water_level.sel(station="S2")).all()


def test_a_value_that_had_not_arrived_is_not_used(
    record: xr.Dataset, checkpoint: Checkpoint
) -> None:
    random = shaken(checkpoint)
    late = record.received_time.values.copy()
    late[0, 499] = record.time.values[502]  # S1 reported 499 three hours late
    delayed = record.assign(received_time=(("station", "time"), late))
    issues = record.time.values[498:504]
    holed = without(record, "S1", slice(499, 500)).assign(
        rainfall=record.rainfall.where((record.station != "S1") | (record.time != record.time[499]))
    )
    made = predict(random, RIVER, delayed, issues).water_level
    unseen = predict(random, RIVER, holed, issues).water_level
    seen = predict(random, RIVER, record, issues).water_level
    assert np.allclose(made[1:4], unseen[1:4], atol=1e-5)  # 499 .. 501: under way
    assert np.allclose(made[[0, 4, 5]], seen[[0, 4, 5]], atol=1e-5)
    assert not np.allclose(made[1:4], seen[1:4], atol=1e-5)


def test_issue_times_far_apart_are_forecast_like_any_other(
    record: xr.Dataset, checkpoint: Checkpoint
) -> None:
    random = shaken(checkpoint)
    every = predict(random, RIVER, record, record.time.values)
    some = predict(random, RIVER, record, record.time.values[[590, 3, 3, 200]])
    assert (some.issue_time.values == record.time.values[[3, 200, 590]]).all()
    same = every.water_level.sel(issue_time=some.issue_time)
    assert np.allclose(some.water_level, same, atol=1e-5)


def test_the_first_hour_of_a_record_is_forecast_from_what_little_there_is(
    record: xr.Dataset, checkpoint: Checkpoint
) -> None:
    made = predict(checkpoint, RIVER, record, record.time.values[[0]])
    assert np.isfinite(made.water_level).all()


def test_a_record_is_run_in_pieces_that_fit_into_memory(
    record: xr.Dataset, checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    random, issues = shaken(checkpoint), record.time.values[50:]
    whole = predict(random, RIVER, record, issues)
    monkeypatch.setattr("forecast.predict._MOST", 3)
    pieces = predict(random, RIVER, record, issues)
    assert np.allclose(whole.water_level, pieces.water_level, atol=1e-5)


@pytest.mark.parametrize("moved", [HOUR * 600, -HOUR, np.timedelta64(30, "m")])
def test_a_time_that_the_record_does_not_have_is_refused(
    record: xr.Dataset, checkpoint: Checkpoint, moved: np.timedelta64
) -> None:
    issue = record.time.values[0] + moved
    with pytest.raises(OutsideRecord, match="from 2018-06-01T00:00 to 2018-06-25T23:00 UTC"):
        predict(checkpoint, RIVER, record, np.array([issue]))


def test_a_model_of_another_network_is_refused(record: xr.Dataset, checkpoint: Checkpoint) -> None:
    with pytest.raises(CheckpointMismatch, match="Run: mulgil train --network other"):
        predict(checkpoint, replace(RIVER, name="other"), record, record.time.values[[100]])


def test_a_rise_beyond_belief_is_bounded_and_the_level_is_not(
    checkpoint: Checkpoint, record: xr.Dataset
) -> None:
    """The bound is on the change: the river may still rise above every level on record."""
    wild = replace(checkpoint, widening=np.full((2, 2, 8, 9), 1e6))
    made = predict(wild, RIVER, record, record.time.values[-1:]).isel(issue_time=0)
    highest = made.water_level.sel(station="S1").values[:, -1]
    last = float(made.last_observed.sel(station="S1"))
    np.testing.assert_allclose(highest, last + checkpoint.scaling.rise[0], rtol=1e-5)


def test_widening_moves_the_quantiles_and_not_the_median(
    record: xr.Dataset, checkpoint: Checkpoint
) -> None:
    double = replace(checkpoint, widening=np.full((2, 2, 8, 9), 2.0))
    issue = record.time.values[[300]]
    narrow, wide = (predict(c, RIVER, record, issue).water_level[0] for c in (checkpoint, double))
    start = record.water_level.values[:, 300, None]
    assert np.allclose(wide[..., 4], narrow[..., 4])
    assert np.allclose(wide[..., 0] - start, 2 * (narrow[..., 0] - start), atol=1e-4)


def test_quantiles_never_cross_even_where_each_is_widened_differently() -> None:
    factors = np.array([1.0, 1.0, 5.0, 1.0, 1.0, 1.0, 5.0, 1.0, 1.0])
    made = widened(np.arange(9.0), factors)
    assert (np.diff(made) >= 0).all()
    assert made[4] == 4.0


def test_high_water_has_intervals_of_its_own(record: xr.Dataset, checkpoint: Checkpoint) -> None:
    widening = np.ones((2, 2, 8, 9))
    widening[1] = 3.0
    level = record.water_level.values[:, 300]
    scaling = replace(checkpoint.scaling, high=np.array([level[0] - 0.1, level[1] + 0.1]))
    apart = replace(checkpoint, widening=widening, scaling=scaling)
    issue = record.time.values[[300]]
    plain, made = (predict(c, RIVER, record, issue).water_level[0] for c in (checkpoint, apart))
    low = (made - made.sel(quantile=0.5)).sel(quantile=0.05)
    usual = (plain - plain.sel(quantile=0.5)).sel(quantile=0.05)
    assert np.allclose(low[0], 3 * usual[0], atol=1e-4)  # S1 stands above its high water
    assert np.allclose(low[1], usual[1], atol=1e-4)
