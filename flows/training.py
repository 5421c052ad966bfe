"""Train one network's model and put it in service."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from flows import models
from flows.folders import Folders
from flows.pulling import open_network
from forecast.train import TrainConfig
from forecast.train import train as fit

Progress = Callable[[int, int, str], None]
ACCOMPANIED = 30  # gauges: a larger network is forecast by the LSTM alone


def train(
    name: str,
    folders: Folders,
    config: TrainConfig | None = None,
    report: Progress = lambda *_: None,
) -> Path:
    """Train on the training years, stop on the validation years, put the model in service.

    Args:
        config: None is `operational`.

    Returns:
        The checkpoint that serves.

    Raises:
        MulgilError: Validation finds it worse than the one in service; it is kept beside it.
    """
    network, observations = open_network(name, folders)
    model = fit(network, observations, config or operational(), report)
    models.keep(folders, model)
    models.require_no_worse(model, models.serves(folders, network))
    return models.promote(folders, network, model.model_id)


def operational(seed: int = 0) -> TrainConfig:
    """Return how a model for service is trained: an LSTM and its companion."""
    return replace(TrainConfig(), seed=seed, companion=ACCOMPANIED)
