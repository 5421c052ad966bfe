"""A model for all gauges of a large network, of which it has learnt from some.

Every gauge is scaled by its own record. What the LSTM knows of a single gauge, a row of its
embedding, is that of the mean gauge where it has not learnt from it, and so are the widths of its
intervals. A gauge without a record of its own in the training years is not forecast.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
import xarray as xr

from data.errors import CheckpointMismatch, TooLittleHistory
from data.network import Network
from data.stations import Quantity
from forecast.checkpoint import Checkpoint
from forecast.companion import Companion
from forecast.inputs import NEIGHBOURS, channels, neighbours
from forecast.lessons import within
from forecast.sampling import choose, cut
from forecast.scaling import FLOWS, Scaling, fit, of_rows
from forecast.teachable import silenced
from forecast.train import train
from forecast.train_config import Report, TrainConfig, silent

Record = Callable[[Network], xr.Dataset]  # opens the record of some gauges
AT_ONCE = 100  # gauges that are scaled in one go
_ROWS = "embedding.weight"  # of the state of `LevelLSTM`: a row per gauge
_BY_CHANNEL, _BY_GAUGE = ("bend", "centre", "spread"), ("change", "floor", "high", "rise")


def for_all(taught: Checkpoint, network: Network, scaling: Scaling) -> Checkpoint:
    """Return a model for all gauges of a network from one of some of them.

    Args:
        taught: Without a companion.
        scaling: Of all gauges, see `scaling_of_all`.

    Raises:
        CheckpointMismatch: It has a companion, which knows its own gauges only.
    """
    if taught.companion is not None:
        raise CheckpointMismatch(
            f"The model {taught.model_id} has a companion, which knows its own gauges only.",
            "Train with companion=0.",
        )
    row = {station: number for number, station in enumerate(taught.stations)}
    at = np.array([row.get(station, -1) for station in network.ids])
    learnt = np.isfinite(taught.scaling.change).all(axis=1)
    weights = {
        name: _spread(values.numpy(), at, learnt, axis=0) if name.endswith(_ROWS) else values
        for name, values in taught.weights.items()
    }
    return replace(
        taught,
        weights={name: torch.as_tensor(values) for name, values in weights.items()},
        model=replace(taught.model, stations=len(network.ids)),
        scaling=scaling,
        widening=_spread(taught.widening, at, learnt, axis=1),
        stations=tuple(network.ids),
        about=taught.about | {"average": int((at < 0).sum()), "learnt_from": len(row)},
    )


def of_some(model: Checkpoint, part: Network) -> Checkpoint:
    """Return the same model for some of its gauges."""
    if tuple(part.ids) == model.stations:
        return model
    row = {station: number for number, station in enumerate(model.stations)}
    rows = np.array([row[station] for station in part.ids])
    return replace(
        model,
        weights={
            name: values[rows] if name.endswith(_ROWS) else values
            for name, values in model.weights.items()
        },
        model=replace(model.model, stations=len(rows)),
        scaling=of_rows(model.scaling, rows),
        widening=model.widening[:, rows],
        stations=tuple(part.ids),
        companion=_companion_of(model.companion, rows),
    )


def _companion_of(beside: Companion | None, rows: np.ndarray) -> Companion | None:
    if beside is None:
        return None
    bends = replace(beside.bends, bend=beside.bends.bend[rows], floor=beside.bends.floor[rows])
    helpers = [beside.helpers[row] for row in rows]
    moved = (h and replace(h, place=replace(h.place, row=n)) for n, h in enumerate(helpers))
    return replace(beside, bends=bends, helpers=tuple(moved))


def scaling_of_all(network: Network, names: Sequence[str], record: Record) -> Scaling:
    """Return the scaling of every gauge by its own training years, some gauges at a time.

    A neighbour is scaled as it is at its own place: it has the same readings there.

    Args:
        names: The channels that the model has learnt from.
        record: Is asked for `AT_ONCE` gauges at a time.
    """
    pieces = np.array_split(np.array(network.ids), -(-len(network.ids) // AT_ONCE))
    parts = [_scaling(cut(network, list(piece)), names, record) for piece in pieces]
    arrays = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in (*_BY_CHANNEL, *_BY_GAUGE)
    }
    beside, own = neighbours(network), names.index("own")
    for slot, name in enumerate(NEIGHBOURS):
        if name in names:
            there, column = beside[:, slot], names.index(name)
            for array in _BY_CHANNEL:
                known = arrays[array][np.maximum(there, 0), own]
                arrays[array][:, column] = np.where(there >= 0, known, arrays[array][:, column])
    return Scaling(channels=tuple(names), **arrays)


def _scaling(part: Network, names: Sequence[str], record: Record) -> Scaling:
    """Return the scaling of some gauges on the channels of the model, neighbours left as usual."""
    observations = record(part)
    train = observations.isel(time=within(observations.time.values, part.split.train))
    own = [name for name in names if name not in NEIGHBOURS]
    table = channels(train, part).sel(channel=own)
    one = np.ones((len(part.ids), len(names)))
    bend = np.array([_usual_bend(name, part) for name in names])
    arrays = {"bend": one * bend, "centre": one * 0, "spread": one}
    try:
        found = silenced(fit(table, part, part.split.train), table, part)
    except TooLittleHistory:
        return _nothing(part, names, arrays)
    columns = [names.index(name) for name in found.channels]
    for name in _BY_CHANNEL:
        arrays[name][:, columns] = getattr(found, name)
    return replace(found, channels=tuple(names), **arrays)


def _usual_bend(name: str, network: Network) -> float:
    """Return how a channel is bent of which nothing was ever read, as `scaling.fit` does."""
    flow = name in FLOWS or (name in NEIGHBOURS and network.quantity is Quantity.DISCHARGE)
    return 1.0 if flow else np.inf


def _nothing(part: Network, names: Sequence[str], arrays: dict[str, np.ndarray]) -> Scaling:
    """Return the scaling of gauges that have told nothing: they are not forecast."""
    gauges, leads = len(part.ids), (len(part.ids), part.horizon)
    return Scaling(
        channels=tuple(names),
        change=np.full(leads, np.nan),
        floor=np.full(gauges, -np.inf),
        high=np.zeros(gauges),
        rise=np.full(leads, np.inf),
        **arrays,
    )


def _spread(values: np.ndarray, at: np.ndarray, learnt: np.ndarray, axis: int) -> np.ndarray:
    """Return the rows `at`; the mean of those that were learnt where it is -1."""
    mean = np.compress(learnt, values, axis).mean(axis=axis, keepdims=True)
    own = np.take(values, np.maximum(at, 0), axis)
    shape = [1] * values.ndim
    shape[axis] = at.size
    return np.asarray(np.where((at < 0).reshape(shape), mean.astype(values.dtype), own))


def train_on_some(
    network: Network,
    record: Record,
    config: TrainConfig,
    report: Report = silent,
    state: Path | None = None,
    ruler: Record | None = None,
) -> Checkpoint:
    """Train on `config.gauges` of a network's gauges, and give the model to all of them.

    Args:
        record: Opens the record of some gauges: of those that are learnt from once, then of
            `AT_ONCE` at a time. No more than that is ever held.
        state: As for `forecast.train.train`.
        ruler: Opens what the gauges are scaled by, a shorter record; None: the same.
    """
    part = cut(network, choose(network, config.gauges, config.seed))
    alone = replace(config, companion=0)
    taught = train(part, record(part), alone, report, state=state)
    report(1, 1, f"scaling {len(network.ids):,} gauges")
    scaling = scaling_of_all(network, taught.scaling.channels, ruler or record)
    return for_all(taught, network, scaling)
