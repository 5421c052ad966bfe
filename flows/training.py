"""Train one network's model and put it in service."""

from collections.abc import Callable
from pathlib import Path

from flows.folders import Folders
from flows.pulling import open_network
from forecast import checkpoint
from forecast.train import TrainConfig
from forecast.train import train as fit

Progress = Callable[[int, int, str], None]


def train(
    name: str,
    folders: Folders,
    config: TrainConfig | None = None,
    report: Progress = lambda *_: None,
) -> Path:
    """Train on the training years, stop on the validation years; return the checkpoint."""
    network, observations = open_network(name, folders)
    model = fit(network, observations, config or TrainConfig(), report)
    path = folders.checkpoint(name)
    checkpoint.save(path, model)
    return path
