"""A model that is shared: a gauge of another network is treated like the one most like it."""

from dataclasses import replace

import numpy as np
import pytest

from data.errors import CheckpointMismatch, NothingThere
from data.sources.simulated import network, observe
from flows import sharing
from flows.folders import Folders
from forecast.model import ModelConfig
from forecast.predict import predict
from forecast.sharing import _scaling as sharing_of
from forecast.sharing import most_like, share
from forecast.train import TrainConfig, train

RIVER = replace(network(3), name="taught")
OTHER = network(5)
TINY = TrainConfig(updates=2, batch=4, model=ModelConfig(hidden=4, window=48, last=24))


def test_a_gauge_is_like_the_one_whose_changes_grow_alike() -> None:
    """By shares: 1, 2, 4 is like 10, 20, 40 and not like 1, 1, 4."""
    known = np.array([[1.0, 1.0, 4.0], [10.0, 20.0, 40.0]])
    change = np.array([[1.0, 2.0, 4.0], [0.5, 0.5, 2.0]])
    assert most_like(change, known).tolist() == [1, 0]


def test_a_shared_model_forecasts_every_gauge_of_the_other_network() -> None:
    taught = train(RIVER, observe(RIVER, 2 * 8766), TINY)
    record = observe(OTHER, 1000)
    shared = share(taught, OTHER, record)
    assert shared.network == "simulated"
    assert shared.stations == tuple(OTHER.ids)
    assert shared.scores == {}
    forecast = predict(shared, OTHER, record, record.time.values[[500]])
    assert bool(forecast.water_level.notnull().all())
    with pytest.raises(CheckpointMismatch, match=r"horizon of the model that is shared: 24; .* 12"):
        share(taught, network(5, horizon=12), record)


def test_a_gauge_gets_the_same_scaling_in_whatever_company(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty gauges in a row, all at once or some at a time: the neighbours come along."""
    long = network(20)
    record = observe(long, 300)
    channels = ("own", "up1", "up2", "down1", "down2", "rainfall")
    whole = sharing_of(long, record, channels)
    monkeypatch.setattr("forecast.sharing._AT_ONCE", 5)
    parts = sharing_of(long, record, channels)
    np.testing.assert_array_equal(parts.centre, whole.centre)
    np.testing.assert_array_equal(parts.change, whole.change)
    assert np.isinf(whole.rise).all()


def test_a_large_simulated_network_asks_for_the_model_of_the_known_points(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    assert sharing.teacher("simulated-korea-20000-now") == "simulated-korea"
    assert sharing.teacher("simulated-korea-20000-kma") == "simulated-korea-kma"
    with pytest.raises(NothingThere, match="mulgil train --network simulated-korea"):
        sharing.take_over("simulated-korea-101", Folders(tmp_path_factory.mktemp("home")))
