from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import xarray as xr

from data.errors import TooLittleHistory
from data.network import Split
from data.sources.simulated import network, observe
from forecast.best_weights import BestWeights
from forecast.checkpoint import Checkpoint, load, save
from forecast.lessons import within
from forecast.loss import huber, pinball
from forecast.model import LevelLSTM, ModelConfig
from forecast.predict import predict
from forecast.train import TrainConfig, train

SPLIT = Split(train=(2018, 2018), validate=(2019, 2019), test=(2020, 2020))
RIVER = replace(network(gauges=2, horizon=4), split=SPLIT)
SIZES = ModelConfig(hidden=8, near=2, window=48, last=24)
QUICK = TrainConfig(updates=6, batch=8, check_every=3, model=SIZES)


@pytest.fixture(scope="module")
def record() -> xr.Dataset:
    """Return ten weeks before, and a year and a month after the beginning of 2019."""
    return observe(RIVER, hours=24 * (70 + 365 + 30), start="2018-10-23")


@pytest.fixture(scope="module")
def trained(record: xr.Dataset) -> Checkpoint:
    return train(RIVER, record, QUICK)


def test_the_same_seed_gives_the_same_weights(record: xr.Dataset, trained: Checkpoint) -> None:
    assert train(RIVER, record, QUICK).model_id == trained.model_id
    assert train(RIVER, record, replace(QUICK, seed=1)).model_id != trained.model_id


def test_the_test_years_are_never_looked_at(record: xr.Dataset, trained: Checkpoint) -> None:
    flooded = record.time >= np.datetime64("2020-01-01")
    other = record.assign(water_level=record.water_level.where(~flooded, 50.0))
    again = train(RIVER, other, QUICK)
    assert again.model_id == trained.model_id
    assert (again.widening == trained.widening).all()
    assert again.scores == trained.scores


def test_training_tells_how_far_it_is(record: xr.Dataset) -> None:
    heard: list[tuple[int, int]] = []
    train(RIVER, record, QUICK, lambda done, total, _: heard.append((done, total)))
    assert heard == [(3, 6), (6, 6)]


def test_a_checkpoint_says_what_it_was_trained_on(trained: Checkpoint) -> None:
    assert trained.network == "simulated"
    assert trained.stations == ("S1", "S2")
    assert trained.period == ("2018-10-23T00:00", "2018-12-31T23:00")
    assert set(trained.scores) == {f"validation_skill_{lead}" for lead in (1, 2, 3, 4)}


def test_a_saved_model_forecasts_what_the_trained_one_did(
    tmp_path: Path, record: xr.Dataset, trained: Checkpoint
) -> None:
    save(tmp_path / "it.pt", trained)
    issues = record.time.values[-3:]
    made, again = (
        predict(model, RIVER, record, issues)
        for model in (trained, load(tmp_path / "it.pt", RIVER))
    )
    xr.testing.assert_identical(made, again)


def test_training_leaves_the_random_numbers_of_others_alone(record: xr.Dataset) -> None:
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    train(RIVER, record, replace(QUICK, updates=1))
    assert torch.equal(torch.rand(1), expected)


def test_a_record_without_validation_years_is_too_short(record: xr.Dataset) -> None:
    with pytest.raises(TooLittleHistory, match="2019-2019"):
        train(RIVER, record.sel(time=slice(None, "2018-12-31")), QUICK)


@pytest.mark.slow
def test_what_was_learnt_beats_the_last_reading(record: xr.Dataset) -> None:
    config = TrainConfig(updates=150, batch=16, model=SIZES)
    checkpoint = train(RIVER, record, config)
    issues = record.time.values[within(record.time.values, (2020, 2020))][:-4]
    median = predict(checkpoint, RIVER, record, issues).water_level.sel(quantile=0.5).values
    level = record.water_level.values
    here = np.searchsorted(record.time.values, issues)
    error = (median[:, :, 3] - level[:, here + 4].T) ** 2
    persistence = (level[:, here].T - level[:, here + 4].T) ** 2
    assert error.mean() < 0.7 * persistence.mean()


def test_the_quantile_loss_of_a_low_forecast_weighs_the_high_quantiles() -> None:
    forecast = torch.zeros(1, 1, 1, 9)
    loss, cases = pinball(forecast, torch.tensor([[[2.0]]]))
    assert loss.item() == pytest.approx(2.0 * 0.5)  # the mean of the levels is 0.5
    assert cases.item() == 1


def test_what_is_not_known_costs_nothing() -> None:
    loss, cases = pinball(torch.zeros(1, 2, 1, 9), torch.tensor([[[float("nan")], [-4.0]]]))
    assert loss.item() == pytest.approx(2.0)
    assert cases.item() == 1


def test_near_and_far_leads_are_kept_at_their_own_best() -> None:
    lstm = LevelLSTM(ModelConfig(inputs=1, stations=1, horizon=2, hidden=1, near=1, blind=(0.0,)))
    kept = BestWeights(lstm, 0.0)
    for level, loss in ((1.0, [1.0, 9.0]), (2.0, [5.0, 3.0]), (3.0, [5.0, 4.0])):
        for weight in lstm.parameters():
            torch.nn.init.constant_(weight, level)
        kept.follow(lstm)
        kept.judge(loss)
    best = kept.weights()
    assert (best["_branches.0.head.bias"] == 1.0).all()
    assert (best["_branches.1.head.bias"] == 2.0).all()


def test_the_mean_of_the_weights_follows_slowly() -> None:
    lstm = LevelLSTM(ModelConfig(inputs=1, stations=1, horizon=1, hidden=1))
    for weight in lstm.parameters():
        torch.nn.init.constant_(weight, 0.0)
    kept = BestWeights(lstm, 0.5)
    kept._seen = 1000  # the first steps are faster
    for weight in lstm.parameters():
        torch.nn.init.constant_(weight, 8.0)
    for expected in (4.0, 6.0):
        kept.follow(lstm)
        assert kept.mean.branches[0].head.bias[0].item() == expected


def test_a_large_error_counts_squared_up_to_a_limit() -> None:
    truth = torch.tensor([[[2.0, 10.0, float("nan")]]])
    loss = huber(torch.zeros(1, 1, 3), truth, most=4.0)
    assert loss.tolist() == [2.0, 32.0, 0.0]  # 2 * 2 / 2; 4 * (10 - 4 / 2); unknown
