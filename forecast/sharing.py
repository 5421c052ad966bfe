"""Give the model of one network to another: no network of thousands of gauges is trained itself.

The LSTM is one for all gauges. What it knows of a single gauge is a row of its embedding, the
scaling of its channels and the width of its intervals. A new gauge gets its own scaling, from a
short record, and row and widths of the gauge that behaves most like it: whose level changes by
the same shares within 1, 2 .. hours. Nobody has verified such a model on the new gauges.
"""

from dataclasses import replace

import numpy as np
import xarray as xr

from data.errors import CheckpointMismatch
from data.network import Network
from forecast.checkpoint import Checkpoint
from forecast.inputs import channels, neighbours
from forecast.scaling import Scaling, fit

_ROWS = "embedding.weight"  # of the state of `LevelLSTM`: one row per gauge
_AT_ONCE = 1000  # gauges looked at in one go: enough to be fast, small enough for memory
_BY_GAUGE = ("bend", "centre", "spread", "change", "floor", "high", "rise")  # of `Scaling`


def share(teacher: Checkpoint, network: Network, observations: xr.Dataset) -> Checkpoint:
    """Return the teacher's model for the gauges of another network.

    Args:
        observations: `data.schema.observations` of `network`, pieces of its training years, each
            with missing values behind it for as long as a forecast looks ahead.

    Raises:
        CheckpointMismatch: Quantity, step, horizon or channels are not the teacher's, or it has a
            companion, which knows its own gauges only.
        TooLittleHistory: There is nothing in the training years.
    """
    _require_same(teacher, network)
    scaling = _scaling(network, observations, teacher.scaling.channels)
    like = most_like(scaling.change, teacher.scaling.change)
    weights = {
        name: values[like] if name.endswith(_ROWS) else values
        for name, values in teacher.weights.items()
    }
    time = observations.time.values
    return replace(
        teacher,
        weights=weights,
        model=replace(teacher.model, stations=len(network.ids)),
        scaling=scaling,
        widening=teacher.widening[:, like],
        network=network.name,
        stations=tuple(network.ids),
        period=(str(time[0])[:16], str(time[-1])[:16]),
        scores={},
    )


def _scaling(network: Network, observations: xr.Dataset, known: tuple[str, ...]) -> Scaling:
    """Return the scaling of all gauges, some at a time; a short record bounds no rise."""
    beside = neighbours(network)
    rows = np.array_split(np.arange(len(beside)), len(beside) // _AT_ONCE + 1)
    parts = [_scaling_of(some, beside[some], network, observations) for some in rows]
    for part in parts:
        _require_equal("channels", known, part.channels)
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _BY_GAUGE}
    joined["rise"] = np.full_like(joined["rise"], np.inf)
    return Scaling(channels=known, **joined)


def _scaling_of(
    rows: np.ndarray, beside: np.ndarray, network: Network, observations: xr.Dataset
) -> Scaling:
    """Return the scaling of some gauges, whose neighbours are looked at with them."""
    near = np.unique(np.concatenate([rows, beside[beside >= 0]]))
    some = replace(network, stations=tuple(network.stations[row] for row in near))
    table = channels(observations.isel(station=near), some)
    return fit(table.isel(station=np.searchsorted(near, rows)), some, network.split.train)


def most_like(change: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return for each gauge the known one whose changes grow most alike with the lead.

    Args:
        change, known: (gauge, lead), in any unit: only their shares of the last lead count.
    """
    ours, theirs = (np.log(each / each[:, -1:]) for each in (change, known))
    parts = np.array_split(ours, len(ours) // _AT_ONCE + 1)
    away = (((part[:, None] - theirs) ** 2).sum(axis=-1).argmin(axis=1) for part in parts)
    return np.concatenate(list(away))


def _require_same(teacher: Checkpoint, network: Network) -> None:
    _require_equal("quantity", teacher.quantity.value, network.quantity.value)
    _require_equal("step", teacher.step, network.step)
    _require_equal("horizon", teacher.horizon, network.horizon)
    _require_equal("companion", teacher.companion, None)


def _require_equal(name: str, theirs: object, ours: object) -> None:
    if theirs != ours:
        raise CheckpointMismatch(
            f"The {name} of the model that is shared: {theirs}; of the other network: {ours}.",
            "Share the model of a network like it.",
        )
