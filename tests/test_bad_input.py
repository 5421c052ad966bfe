"""What a training does with records that nobody would wish for."""

from dataclasses import replace

import numpy as np
import pytest
import torch
import xarray as xr
from torch import Tensor

from data.errors import InvalidData, TooLittleHistory
from data.network import Split
from data.sources.simulated import network, observe
from forecast import teaching
from forecast.checkpoint import Checkpoint
from forecast.course import Course
from forecast.model import ModelConfig
from forecast.predict import predict
from forecast.teachable import FEWEST
from forecast.teaching import NotANumber
from forecast.train import TrainConfig, train

SPLIT = Split(train=(2018, 2018), validate=(2019, 2019), test=(2020, 2020))
RIVER = replace(network(gauges=3, horizon=4), split=SPLIT)
SIZES = ModelConfig(hidden=4, near=2, window=48, last=24)
QUICK = TrainConfig(updates=4, batch=8, check_every=2, model=SIZES)


def record(start: str = "2018-11-20", days: int = 80) -> xr.Dataset:
    """Return six weeks before, and as much after the beginning of 2019."""
    return observe(RIVER, hours=24 * days, start=start)


def without(observations: xr.Dataset, station: str, value: float = np.nan) -> xr.Dataset:
    """Return the record with one value for all that a station has ever told."""
    elsewhere = observations.station != station
    level = observations.water_level.where(elsewhere, value)
    return observations.assign(water_level=level)


def latest(model: Checkpoint, observations: xr.Dataset) -> xr.Dataset:
    """Return the forecast of the last hour of a record."""
    return predict(model, RIVER, observations, observations.time.values[-1:]).isel(issue_time=0)


def forecast_of(model: Checkpoint, observations: xr.Dataset) -> list[bool]:
    """Say of each gauge whether it has a forecast at all leads and quantiles."""
    made = latest(model, observations).water_level
    some = np.isfinite(made.values).any(axis=(1, 2))
    assert (some == np.isfinite(made.values).all(axis=(1, 2))).all()
    return [bool(each) for each in some]


@pytest.mark.parametrize("companion", [0, 3])
def test_a_gauge_that_never_told_anything_costs_the_others_nothing(companion: int) -> None:
    observations = without(record(), "S2")
    model = train(RIVER, observations, replace(QUICK, companion=companion))
    assert forecast_of(model, observations) == [True, False, True]
    assert np.isfinite(list(model.scores.values())).all()


@pytest.mark.parametrize("companion", [0, 3])
def test_a_gauge_that_never_moved_is_not_forecast(companion: int) -> None:
    observations = without(record(), "S2", value=1.25)
    model = train(RIVER, observations, replace(QUICK, companion=companion))
    assert forecast_of(model, observations) == [True, False, True]
    assert np.isfinite(list(model.scores.values())).all()


def test_a_gauge_that_is_new_since_the_training_is_not_forecast() -> None:
    observations = record()
    level = observations.water_level.copy()
    began = np.searchsorted(observations.time.values, np.datetime64("2019-01-01")) - FEWEST + 1
    level[1, :began] = np.nan
    young = observations.assign(water_level=level)
    assert forecast_of(train(RIVER, young, QUICK), young) == [True, False, True]
    level[1, began - 1] = observations.water_level[1, began - 1]
    enough = observations.assign(water_level=level)
    assert forecast_of(train(RIVER, enough, QUICK), enough) == [True, True, True]


def test_no_gauge_with_anything_to_tell_is_too_little() -> None:
    observations = record()
    silent = observations.assign(water_level=observations.water_level * np.nan)
    with pytest.raises(TooLittleHistory, match="'simulated' has no water_level in 2018-2018"):
        train(RIVER, silent.assign(water_level=silent.water_level.assign_attrs(units="m")), QUICK)


def test_gauges_that_all_never_moved_are_too_little() -> None:
    observations = record()
    for station in RIVER.ids:
        observations = without(observations, station, value=0.8)
    with pytest.raises(TooLittleHistory, match="move the years of training and validation"):
        train(RIVER, observations, QUICK)


def test_a_single_season_must_be_split_by_whoever_asks() -> None:
    with pytest.raises(TooLittleHistory, match=r"2019-2019.*Pull a longer record"):
        train(RIVER, record(start="2018-06-01", days=120), QUICK)


def test_time_that_runs_backwards_is_refused() -> None:
    turned = record().isel(time=slice(None, None, -1))
    with pytest.raises(InvalidData, match="'time' is not strictly ascending"):
        train(RIVER, turned, QUICK)


def test_a_step_that_is_left_out_is_refused_with_its_place() -> None:
    torn = record().drop_isel(time=[5])
    with pytest.raises(InvalidData, match="2018-11-20T04:00 is followed by 2018-11-20T06:00"):
        train(RIVER, torn, QUICK)


def test_an_infinite_value_is_refused_with_its_place() -> None:
    observations = record()
    level = observations.water_level.copy()
    level[2, 4] = -np.inf
    with pytest.raises(InvalidData, match="water_level of 'S3' at 2018-11-20T04:00 is infinite"):
        train(RIVER, observations.assign(water_level=level), QUICK)


def spoilt(monkeypatch: pytest.MonkeyPatch, update: int) -> None:
    """Make the loss of one update no number."""
    calls = 0
    whole = teaching._update

    def step(course: Course, batch: tuple[Tensor, Tensor, Tensor], square: float) -> str:
        nonlocal calls
        calls += 1
        x, station, y = batch
        x = x * torch.nan if calls == update else x
        return whole(course, (x, station, y), square)

    monkeypatch.setattr(teaching, "_update", step)


def test_a_loss_that_is_no_number_before_any_look_is_an_error_that_names_the_update(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spoilt(monkeypatch, update=2)
    with pytest.raises(NotANumber, match=r"loss of update 2 of 4 is nan.*lower rate"):
        train(RIVER, record(), QUICK)


def test_a_loss_that_is_no_number_later_leaves_the_best_weights_before_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spoilt(monkeypatch, update=3)
    model = train(RIVER, record(), QUICK)
    assert model.about["updates"] == 2
    assert model.about["stopped"].startswith("The loss of update 3 of 4 is nan")
    assert all(bool(torch.isfinite(weight).all()) for weight in model.weights.values())
    assert forecast_of(model, record()) == [True, True, True]


def test_a_rate_that_is_far_too_high_never_gives_a_model_of_no_numbers() -> None:
    wild = replace(QUICK, rate=1e30, updates=20)
    with pytest.raises(NotANumber, match=r"loss of update \d+ of 20"):
        train(RIVER, record(), wild)
