"""Train one network's model and put it in service."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import xarray as xr

from data.network import Network
from flows import model_card, models, pulling, some_gauges
from flows.folders import Folders
from forecast import contest, validation
from forecast.checkpoint import Checkpoint
from forecast.many_gauges import of_some
from forecast.train import TrainConfig, before_the_test
from forecast.train import train as fit
from forecast.unfinished import Unfinished

Progress = Callable[[int, int, str], None]
ACCOMPANIED = 30  # gauges: a larger network is forecast by the LSTM alone
SOME = 100  # gauges: of a larger network so many are learnt from
FOLDS = 3  # groups of years left out in turn: the whole is taught four times


def train(
    name: str,
    folders: Folders,
    config: TrainConfig | None = None,
    report: Progress = lambda *_: None,
    force: str = "",
) -> Path:
    """Train on the training years, stop on the validation years, put the model in service.

    A training that was killed goes on where it was.

    Args:
        config: None is `operational`.
        force: Why the model shall serve even if validation finds it worse; it goes on its card.

    Returns:
        The checkpoint that serves.

    Raises:
        MulgilError: Validation finds it worse than the one in service, or they cannot be compared;
            it is kept beside it.
    """
    config, network = config or operational(), pulling.find(name, folders)
    state = folders.network(name) / "training"
    model, result = candidate(name, folders, config, report, state)
    if not force:
        models.require_no_worse(model, result)
    why = force or "validation found it no worse"
    return models.promote(folders, network, model.model_id, why, forced=not result.won)


def candidate(
    name: str,
    folders: Folders,
    config: TrainConfig,
    report: Progress,
    state: Path,
) -> tuple[Checkpoint, contest.Contest]:
    """Train a model, judge it on the validation years, and keep it with its card; none serves yet.

    Args:
        state: The folder from which a killed training goes on; removed when it is done.

    Returns:
        The model, and how it does against the one in service.
    """
    network = pulling.find(name, folders)
    if 0 < config.gauges < len(network.ids):
        made = some_gauges.train(network, folders, config, report, state)
        model, part, record = made.model, made.judges, made.record
    else:
        network, record = pulling.open_network(name, folders)
        part, model = network, fit(network, record, config, report, state=state)
    report(1, 1, "judging it on the validation years")
    result, told = _judged(model, models.serves(folders, network), part, record)
    models.keep(folders, model, told)
    Unfinished(state).forget()
    return model, result


def _judged(
    model: Checkpoint, serving: Checkpoint | None, network: Network, observations: xr.Dataset
) -> tuple[contest.Contest, dict[str, Any]]:
    """Return how a model does against the one in service, and its card.

    Args:
        network: All gauges of the model, or some.
    """
    past = before_the_test(observations, network)
    ours, theirs = of_some(model, network), serving and of_some(serving, network)
    found = contest.hold(ours, theirs, network, past)
    result = replace(found, model=serving.model_id if serving else "")
    return result, model_card.told(model, network, validation.judge(ours, network, past), result)


def sampled(network: Network) -> int:
    """Return how many gauges to learn from if nobody says: 0 is all, of a large network some."""
    return SOME if len(network.ids) > SOME else 0


def operational(seed: int = 0, gauges: int = 0) -> TrainConfig:
    """Return how a model for service is trained: an LSTM and its companion.

    Args:
        gauges: See `TrainConfig`.
    """
    return TrainConfig(seed=seed, gauges=gauges, companion=ACCOMPANIED, folds=FOLDS)
