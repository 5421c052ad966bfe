from dataclasses import replace

import numpy as np
import pytest
import torch
import xarray as xr

from data.errors import CheckpointMismatch
from data.network import Network, Split
from data.sources.simulated import network, observe
from forecast import scaling_of_all as by_parts
from forecast.checkpoint import Checkpoint, require_fit
from forecast.inputs import channels
from forecast.many_gauges import for_all, of_some, train_on_some
from forecast.model import ModelConfig
from forecast.predict import predict
from forecast.sampling import choose, cut
from forecast.scaling import fit, of_rows
from forecast.scaling_of_all import Record, corrected, scaling_of_all
from forecast.train import TrainConfig, train

SPLIT = Split(train=(2018, 2018), validate=(2019, 2019), test=(2020, 2020))
RIVER = replace(network(gauges=8, horizon=3), split=SPLIT)
SIZES = ModelConfig(hidden=4, near=2, window=24, last=12)
TINY = TrainConfig(updates=4, batch=8, check_every=2, gauges=4, model=SIZES)
BY_GAUGE = ("bend", "centre", "spread", "change", "floor", "high", "rise")


@pytest.fixture(scope="module")
def observations() -> xr.Dataset:
    return observe(RIVER, hours=24 * 70, start="2018-11-20")


def opened(observations: xr.Dataset) -> Record:
    """Return what opens the record of some gauges."""
    return lambda part: observations.sel(station=part.ids)


@pytest.fixture(scope="module")
def model(observations: xr.Dataset) -> Checkpoint:
    return train_on_some(RIVER, (opened(observations),) * 2, TINY)


def test_every_gauge_is_forecast_by_a_model_that_learnt_from_half_of_them(
    observations: xr.Dataset, model: Checkpoint
) -> None:
    require_fit(model, RIVER)
    made = predict(model, RIVER, observations, observations.time.values[-1:])
    assert np.isfinite(made.water_level.values).all()
    assert (model.about["learnt_from"], model.about["average"]) == (4, 4)


def test_a_gauge_that_was_not_learnt_from_is_the_mean_of_the_others(model: Checkpoint) -> None:
    learnt = choose(RIVER, 4, TINY.seed)
    rows = [RIVER.ids.index(station) for station in learnt]
    others = [row for row in range(8) if row not in rows]
    for name, values in model.weights.items():
        if name.endswith("embedding.weight"):
            for row in others:
                torch.testing.assert_close(values[row], values[rows].mean(0))
    assert np.allclose(model.widening[:, others], model.widening[:, rows].mean(1, keepdims=True))


def test_each_gauge_is_scaled_as_it_would_be_with_all_of_them(
    observations: xr.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = fit(channels(observations, RIVER), RIVER, SPLIT.train)
    monkeypatch.setattr(by_parts, "AT_ONCE", 3)
    asked: list[int] = []

    def record(part: Network) -> xr.Dataset:
        asked.append(len(part.ids))
        return observations.sel(station=part.ids)

    found = scaling_of_all(RIVER, expected.channels, record)
    assert asked == [3, 3, 2]
    for name in BY_GAUGE:
        np.testing.assert_allclose(getattr(found, name), getattr(expected, name), err_msg=name)


def test_a_gauge_without_a_record_is_not_forecast_also_if_all_of_its_part_have_none(
    observations: xr.Dataset, model: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = ["S1", "S2", "S3", "S7"]
    level = observations.water_level.where(~observations.station.isin(silent))
    holed = observations.assign(water_level=level)
    monkeypatch.setattr(by_parts, "AT_ONCE", 3)
    scaling = scaling_of_all(RIVER, model.scaling.channels, opened(holed))
    known = np.isfinite(scaling.change).all(axis=1)
    assert [s for s, here in zip(RIVER.ids, known, strict=True) if not here] == silent
    made = predict(
        replace(model, scaling=scaling), RIVER, observations, observations.time.values[-1:]
    )
    assert np.isfinite(made.water_level.values).all(axis=(0, 2, 3)).tolist() == known.tolist()


def test_the_model_of_some_gauges_forecasts_what_that_of_all_does(
    observations: xr.Dataset, model: Checkpoint
) -> None:
    top = cut(RIVER, ["S1", "S2", "S3", "S4", "S5"])  # S1 to S3 with all their neighbours
    issues = observations.time.values[-5:]
    whole = predict(model, RIVER, observations, issues).water_level.sel(station=top.ids[:3])
    part = predict(of_some(model, top), top, observations.sel(station=top.ids), issues)
    np.testing.assert_allclose(part.water_level.sel(station=top.ids[:3]), whole, rtol=1e-5)


def test_a_companion_goes_with_its_gauges(observations: xr.Dataset) -> None:
    river = cut(RIVER, ["S1", "S2", "S3"])
    record = observations.sel(station=river.ids)
    model = train(river, record, replace(TINY, companion=3))
    part = cut(river, ["S3"])
    beside = of_some(model, part).companion
    assert beside is not None
    assert model.companion is not None
    (helper,) = beside.helpers
    assert helper is not None
    assert helper.place.row == 0
    third = model.companion.helpers[2]
    assert third is not None
    assert np.array_equal(helper.ridge.weights, third.ridge.weights)
    with pytest.raises(CheckpointMismatch, match="companion, which knows its own gauges only"):
        for_all(model, RIVER, model.scaling)


def test_the_same_seed_gives_the_same_model(observations: xr.Dataset, model: Checkpoint) -> None:
    again = train_on_some(RIVER, (opened(observations),) * 2, TINY)
    assert again.model_id == model.model_id


def test_a_short_record_is_corrected_by_gauges_with_a_longer_one(model: Checkpoint) -> None:
    long = model.scaling
    short = replace(
        long,
        centre=long.centre - 0.5 * long.spread,
        spread=long.spread / 2,
        change=long.change * 3,
        high=long.high + 2 * long.spread[:, 0],
        rise=long.rise / 4,
    )
    found = corrected(short, of_rows(short, slice(0, 3)), of_rows(long, slice(0, 3)))
    for name in BY_GAUGE:
        np.testing.assert_allclose(getattr(found, name), getattr(long, name), err_msg=name)


def test_a_record_that_is_not_shorter_is_left_as_it_is(
    observations: xr.Dataset, model: Checkpoint
) -> None:
    plain = scaling_of_all(RIVER, model.scaling.channels, opened(observations))
    for name in BY_GAUGE:
        assert np.array_equal(getattr(model.scaling, name), getattr(plain, name)), name
