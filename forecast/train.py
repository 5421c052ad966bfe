"""Train a model on the training years; choose its weights on the validation years."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import numpy as np
import xarray as xr

from data.network import Network
from data.schema import QUANTILES
from forecast import companion, companion_file, left_out
from forecast.about import about
from forecast.accompanying import Unseen, fitted
from forecast.checkpoint import Checkpoint
from forecast.companion import Companion
from forecast.gaps import punch
from forecast.inputs import channels
from forecast.lessons import Lessons, prepare, within
from forecast.model import ModelConfig
from forecast.scaling import Scaling, fit
from forecast.teachable import hushed, on_grid, silenced
from forecast.teaching import Taught, teach
from forecast.train_config import Report, TrainConfig, silent
from forecast.unfinished import Unfinished, digest, key_of

__all__ = ["Report", "TrainConfig", "before_the_test", "silent", "train"]

USUAL = TrainConfig()


def train(
    network: Network,
    observations: xr.Dataset,
    config: TrainConfig = USUAL,
    report: Report = silent,
    beside: Sequence[Companion | None] | None = None,
    state: Path | None = None,
) -> Checkpoint:
    """Train on `network.split.train`, choose on `.validate`; the test years are never looked at.

    A gauge that cannot be learnt (`forecast.teachable`) gets no forecast.

    Args:
        observations: `data.schema.observations`.
        report: Called with updates done, updates in all, and a message.
        beside: `companions` of the same record and folds, fitted before; None fits them. They have
            no seed, so several models can share them.
        state: A folder in which a training that is killed leaves its state, and from which the
            same training goes on to the same model; who calls removes it. None: it starts anew.

    Raises:
        InvalidData: The time is not ascending, or not on the network's grid.
        TooLittleHistory: The training or the validation years hold no usable window.
        NotANumber: The loss is no number, and no weights were found good before.
    """
    begun = perf_counter()
    observations = before_the_test(on_grid(observations, network), network)
    if beside is None:
        beside = companions(network, observations, config, report, state)
    whole = _taught(network, observations, config, report, beside[0], state)
    first, last = network.split.validate
    later = left_out.issue_times(network, observations, tuple(range(first, last + 1)))
    unseen = [Unseen(whole, later)]
    for years, other in zip(_groups(network, config), beside[1:], strict=True):
        record, told = left_out.without(observations, years), _named(report, years)
        part = _taught(network, record, config, told, other, _folder(state, years))
        unseen.append(Unseen(part, left_out.issue_times(network, observations, years)))
    ready = fitted(whole, unseen, network, observations)
    seconds = whole.about["seconds"] | {"all": round(perf_counter() - begun, 1)}
    return replace(ready, about=whole.about | {"seconds": seconds})


def companions(
    network: Network,
    observations: xr.Dataset,
    config: TrainConfig,
    report: Report = silent,
    state: Path | None = None,
) -> list[Companion | None]:
    """Fit the companion on the training years, then without each group that is left out.

    Args:
        observations: As for `train`; the test years are not looked at.
    """
    past = hushed(before_the_test(observations, network), network)
    if len(network.ids) > config.companion:
        return [None] * (1 + len(_groups(network, config)))
    fitted = [_companion(network, past, report, state)]
    for years in _groups(network, config):
        record = left_out.without(past, years)
        fitted.append(_companion(network, record, _named(report, years), _folder(state, years)))
    return fitted


def _groups(network: Network, config: TrainConfig) -> list[tuple[int, ...]]:
    return left_out.groups(network, config.folds)


def _folder(state: Path | None, years: tuple[int, ...]) -> Path | None:
    return None if state is None else state / "without-{}".format("-".join(map(str, years)))


def _named(report: Report, years: tuple[int, ...]) -> Report:
    """Return a report that says what was left out."""
    without = "without " + ", ".join(map(str, years))
    return lambda done, total, text: report(done, total, f"{without}: {text}")


def _taught(
    network: Network,
    observations: xr.Dataset,
    config: TrainConfig,
    report: Report,
    beside: Companion | None,
    state: Path | None,
) -> Checkpoint:
    """Teach one LSTM, upon the ridge of its companion if it has one."""
    record = digest(observations, network)
    table = channels(observations, network)
    scaling = silenced(fit(table, network, network.split.train), table, network)
    rng = np.random.default_rng(config.seed)
    sizes, split = config.model, network.split
    learn = prepare([table, punch(table, rng)], scaling, sizes, split.train, 1, beside)
    check = prepare([table], scaling, sizes, split.validate, sizes.last, beside)
    sized = replace(config, model=_sized(sizes, network, learn))
    taught = teach(sized, (learn, check), rng, report, Unfinished(state, key_of(record, config)))
    model = _checkpoint(taught, network, scaling, sized, table)
    told = about(network, record, sized, taught) | {"seconds": {"lstm": round(taught.seconds, 1)}}
    return replace(model, companion=beside, about=told)


def before_the_test(observations: xr.Dataset, network: Network) -> xr.Dataset:
    """Return the record up to the end of the training and validation years."""
    last = max(network.split.train[1], network.split.validate[1])
    return observations.sel(time=slice(None, f"{last}-12-31T23:59:59"))


def _companion(
    network: Network, observations: xr.Dataset, report: Report, state: Path | None
) -> Companion | None:
    """Return the companion that was fitted before the training was killed, or fit it."""
    unfinished = Unfinished(state, key_of(digest(observations, network)))
    kept = unfinished.take("companion")
    if kept is None:
        kept = {"plain": companion_file.plain(companion.fit(network, observations, report))}
        unfinished.keep("companion", kept)
    return companion_file.rich(kept["plain"])


def _sized(sizes: ModelConfig, network: Network, learn: Lessons) -> ModelConfig:
    inputs, stations = learn.seen.shape[-1], learn.stations
    return replace(sizes, inputs=inputs, stations=stations, horizon=network.horizon)


def _checkpoint(
    taught: Taught,
    network: Network,
    scaling: Scaling,
    config: TrainConfig,
    table: xr.DataArray,
) -> Checkpoint:
    trained = table.time.values[within(table.time.values, network.split.train)]
    return Checkpoint(
        weights=taught.weights,
        model=config.model,
        scaling=scaling,
        widening=np.ones((2, len(network.ids), network.horizon, len(QUANTILES))),
        network=network.name,
        stations=tuple(network.ids),
        quantity=network.quantity,
        step=network.step,
        period=(str(trained[0])[:16], str(trained[-1])[:16]),
        scores={},
        seed=config.seed,
    )
