"""Scale every gauge of a large network, some gauges at a time, by a short record if need be."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import xarray as xr

from data.errors import TooLittleHistory
from data.network import Network
from data.stations import Quantity
from forecast.inputs import NEIGHBOURS, channels, neighbours
from forecast.lessons import within
from forecast.sampling import cut
from forecast.scaling import FLOWS, Scaling, fit, of_rows
from forecast.teachable import silenced

Record = Callable[[Network], xr.Dataset]  # opens the record of some gauges
AT_ONCE = 100  # gauges that are scaled in one go
_BY_CHANNEL, _BY_GAUGE = ("bend", "centre", "spread"), ("change", "floor", "high", "rise")


def scaling_of_all(
    network: Network,
    names: Sequence[str],
    ruler: Record,
    like: tuple[Sequence[str], Scaling] | None = None,
) -> Scaling:
    """Return the scaling of every gauge by its own training years, some gauges at a time.

    A neighbour is scaled as it is at its own place: it has the same readings there.

    Args:
        names: The channels that the model has learnt from.
        ruler: Opens the record of some gauges, the same hours of each; it may be a short one.
        like: Ids of some of the gauges, and their scaling by a longer record. What the short
            record says of these is compared with what the long one does, and all are corrected so.
    """
    pieces = np.array_split(np.array(network.ids), -(-len(network.ids) // AT_ONCE))
    parts = [_scaling(cut(network, list(piece)), names, ruler) for piece in pieces]
    arrays = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in (*_BY_CHANNEL, *_BY_GAUGE)
    }
    found = Scaling(channels=tuple(names), **arrays)
    if like is not None:
        row = {station: number for number, station in enumerate(network.ids)}
        found = corrected(found, of_rows(found, [row[station] for station in like[0]]), like[1])
    return _with_neighbours(found, network)


def corrected(scaling: Scaling, short: Scaling, long: Scaling) -> Scaling:
    """Return a scaling by a short record as a longer one would give it.

    Args:
        short, long: The scalings of some gauges by the short and by the long record.
    """
    both = np.isfinite(short.change).all(axis=1) & np.isfinite(long.change).all(axis=1)
    ours, theirs = of_rows(short, both), of_rows(long, both)
    grown = {
        name: getattr(scaling, name) * _usual_ratio(getattr(theirs, name), getattr(ours, name))
        for name in ("bend", "spread", "change", "rise")
    }
    moved = np.median((theirs.centre - ours.centre) / ours.spread, axis=0)
    higher = np.median((theirs.high - ours.high) / ours.spread[:, 0])
    return replace(
        scaling,
        **grown,
        centre=scaling.centre + moved * scaling.spread,
        high=scaling.high + higher * scaling.spread[:, 0],
    )


def _usual_ratio(theirs: np.ndarray, ours: np.ndarray) -> np.ndarray:
    """Return the median ratio of each column; 1 where nothing is finite."""
    known = np.isfinite(theirs) & np.isfinite(ours)
    ratio = np.where(known, theirs, 1.0) / np.where(known, ours, 1.0)
    some = known.any(axis=0)
    middle = np.nanmedian(np.where(known | ~some, ratio, np.nan), axis=0)
    return np.asarray(middle)


def _with_neighbours(scaling: Scaling, network: Network) -> Scaling:
    """Return a scaling in which each neighbour is scaled as at its own place."""
    beside, own = neighbours(network), scaling.channels.index("own")
    arrays = {name: getattr(scaling, name).copy() for name in _BY_CHANNEL}
    for slot, channel in enumerate(NEIGHBOURS):
        if channel in scaling.channels:
            there, column = beside[:, slot], scaling.channels.index(channel)
            nobody = {"bend": _usual_bend(channel, network), "centre": 0.0, "spread": 1.0}
            for name, values in arrays.items():
                values[:, column] = np.where(there >= 0, values[there, own], nobody[name])
    return replace(scaling, **arrays)


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
