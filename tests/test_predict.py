from dataclasses import replace

import numpy as np
import pytest
import torch
import xarray as xr

from data.errors import CheckpointMismatch, OutsideRecord
from data.schema import check
from data.schema import forecast as forecast_schema
from data.sources.simulated import network, observe
from forecast.checkpoint import Checkpoint
from forecast.inputs import channels
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
        widening=np.ones((2, 8, 9)),
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
