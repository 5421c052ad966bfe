"""A model for all gauges of a large network, of which it has learnt from some.

Every gauge is scaled by its own record. What the LSTM knows of a single gauge, a row of its
embedding, is that of the mean gauge where it has not learnt from it, and so are the widths of its
intervals. A gauge without a record of its own in the training years is not forecast.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from data.errors import CheckpointMismatch
from data.network import Network
from forecast.checkpoint import Checkpoint
from forecast.companion import Companion
from forecast.sampling import choose, cut
from forecast.scaling import Scaling, of_rows
from forecast.scaling_of_all import Record, scaling_of_all
from forecast.train import train
from forecast.train_config import Report, TrainConfig, silent

_ROWS = "embedding.weight"  # of the state of `LevelLSTM`: a row per gauge


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


def _spread(values: np.ndarray, at: np.ndarray, learnt: np.ndarray, axis: int) -> np.ndarray:
    """Return the rows `at`; the mean of those that were learnt where it is -1."""
    mean = np.compress(learnt, values, axis).mean(axis=axis, keepdims=True)
    own = np.take(values, np.maximum(at, 0), axis)
    shape = [1] * values.ndim
    shape[axis] = at.size
    return np.asarray(np.where((at < 0).reshape(shape), mean.astype(values.dtype), own))


def train_on_some(
    network: Network,
    records: tuple[Record, Record],
    config: TrainConfig,
    report: Report = silent,
    state: Path | None = None,
) -> Checkpoint:
    """Train on `config.gauges` of a network's gauges, and give the model to all of them.

    Args:
        config: Without a companion, which would know its own gauges only, and taught once: no
            years are left out in turn.
        records: Open the record of some gauges: to learn from, asked once, and to scale all gauges
            by, asked for `AT_ONCE` at a time; that may be a shorter one. No more is ever held.
        state: As for `forecast.train.train`.
    """
    record, ruler = records
    part = cut(network, choose(network, config.gauges, config.seed))
    once = replace(config, companion=0, folds=0)
    taught = train(part, record(part), once, report, state=state)
    report(1, 1, f"scaling {len(network.ids):,} gauges")
    like = taught.stations, taught.scaling
    scaling = scaling_of_all(network, taught.scaling.channels, ruler, like)
    return for_all(taught, network, scaling)
