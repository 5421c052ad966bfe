"""Train one network's model and put it in service."""

from collections.abc import Callable
from pathlib import Path

from flows import model_card, models
from flows.folders import Folders
from flows.pulling import open_network
from forecast import contest, validation
from forecast.train import TrainConfig, before_the_test
from forecast.train import train as fit
from forecast.unfinished import Unfinished

Progress = Callable[[int, int, str], None]
ACCOMPANIED = 30  # gauges: a larger network is forecast by the LSTM alone
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
    network, observations = open_network(name, folders)
    state = folders.network(name) / "training"
    model = fit(network, observations, config or operational(), report, state=state)
    past = before_the_test(observations, network)
    report(1, 1, "judging it on the validation years")
    result = contest.hold(model, models.serves(folders, network), network, past)
    judged = validation.judge(model, network, past)
    models.keep(folders, model, model_card.told(model, network, judged, result))
    Unfinished(state).forget()
    if not force:
        models.require_no_worse(model, result)
    why = force or "validation found it no worse"
    return models.promote(folders, network, model.model_id, why, forced=not result.won)


def operational(seed: int = 0, gauges: int = 0) -> TrainConfig:
    """Return how a model for service is trained: an LSTM and its companion.

    Args:
        gauges: See `TrainConfig`.
    """
    return TrainConfig(seed=seed, gauges=gauges, companion=ACCOMPANIED, folds=FOLDS)
