"""From the store's series to the observations of a network: fall-back order, mean of sites, grid.

Per variable and station the first feed that has a value at a grid time gives it; the record of
the network itself (`network.source`) comes last. `<variable>_source` says which it was.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from data import feeds, regular, steps, store
from data.errors import InvalidData
from data.feeds import Feed
from data.network import Network
from data.reading import UNITS
from data.schema import FORCINGS, Flag
from data.sources.asking import Spot


@dataclass(frozen=True)
class Window:
    """Which part of the store is looked at.

    Attributes:
        since: First time wanted; None: all.
        until: The grid goes on to here, with NaN where nothing was read; None: to the last reading.
        known_at: Nothing received later is seen; None: all.
    """

    since: np.datetime64 | None = None
    until: np.datetime64 | None = None
    known_at: np.datetime64 | None = None

    @property
    def bounded(self) -> bool:
        """Whether both its ends are given."""
        return self.since is not None and self.until is not None


WHOLE = Window()
NOBODY = -1  # of `<variable>_source`: no feed has a value


def assemble(
    network: Network,
    path: Path,
    window: Window = WHOLE,
) -> xr.Dataset:
    """Return the observations of a network as they were known at a time.

    Args:
        path: The store.

    Returns:
        `data.schema.observations`, without attributes of the network; `<variable>_source`
        (station, time) int8 points into `attrs["sources"]`; `received_time` is the latest arrival
        among the variables of that station and time.

    Raises:
        InvalidData: The store is damaged, or holds nothing of the network's quantity. In a window
            with both ends nothing is an answer: no reading anywhere, and all gauges UNKNOWN.
    """
    order = sources(network)
    names = [network.quantity.value, *FORCINGS]
    found = {name: _variable(network, name, path, window) for name in names}
    parts = {name: part for name, part in found.items() if part is not None}
    if network.quantity.value not in parts and window.bounded:
        parts = {network.quantity.value: _nothing_known(network, window), **parts}
    if network.quantity.value not in parts:
        raise InvalidData(
            f"'{path.name}' has no {network.quantity.value} of '{network.name}'.",
            f"Run: mulgil pull --network {network.name}",
        )
    joined = regular.join(
        [_to(part, window.until, network) for part in parts.values()], network.step
    )
    merged = xr.merge([each.drop_vars("received_time") for each in joined], join="exact")
    received = np.fmax.reduce([each["received_time"].values for each in joined])  # not NaT
    merged["received_time"] = (("station", "time"), received)
    return merged.assign_attrs(sources=" ".join(order))


def sources(network: Network) -> list[str]:
    """Return the sources that `<variable>_source` points into."""
    return list(dict.fromkeys([*(feed.source for feed in network.feeds), network.source]))


def _variable(network: Network, name: str, path: Path, window: Window) -> xr.Dataset | None:
    """Return one variable on the grid, from the first feed that has it; None if none has."""
    own = Feed(network.source, name, {station: (Spot(station),) for station in network.ids})
    order, merged = sources(network), None
    for feed in (*feeds.of(network.feeds, name), own):
        part = _gridded(network, feed, path, window)
        if part is not None:
            part = part.assign({f"{name}_source": _told(part[name], order.index(feed.source))})
            merged = part if merged is None else _filled(merged, part, name, network)
    return merged


def _gridded(network: Network, feed: Feed, path: Path, window: Window) -> xr.Dataset | None:
    sites = [spot.id for spot in feed.spots(network.ids)]
    series = store.read(
        path,
        store.Wanted(
            feed.source, feed.variable, sites, window.since, window.until, window.known_at
        ),
    )
    if not series.sizes["time"]:
        return None
    try:
        return regular.to_grid(_by_station(network, feed, series), network.step)
    except InvalidData:  # too few readings for a grid time, or too seldom for this grid
        return None


def _by_station(network: Network, feed: Feed, series: xr.Dataset) -> xr.Dataset:
    """Return the mean of the reporting sites of each station, dims (station, time)."""
    rows = {site: number for number, site in enumerate(series.site.values.astype(str).tolist())}
    sites = [
        [rows[spot.id] for spot in feed.sites.get(station, ()) if spot.id in rows]
        for station in network.ids
    ]
    if all(len(of_station) < 2 for of_station in sites):
        values, flags, received = _alone(series, [(*one, -1)[0] for one in sites])
    else:
        means = [_mean(series, of_station) for of_station in sites]
        values, flags, received = (np.array(column) for column in zip(*means, strict=True))
    dims = ("station", "time")
    return xr.Dataset(
        {
            feed.variable: (dims, values, {"units": UNITS[feed.variable]}),
            f"{feed.variable}_flag": (dims, flags),
            "received_time": (dims, received),
        },
        coords={"station": network.ids, "time": series.time.values},
    )


def _mean(series: xr.Dataset, rows: list[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return values, flags and arrivals of some sites' mean; of none, nothing was reported."""
    size = series.sizes["time"]
    if not rows:
        never = np.full(size, np.datetime64("NaT"), "datetime64[ns]")
        return np.full(size, np.nan), np.full(size, Flag.NOT_REPORTED, "int8"), never
    values, flags = series["value"].values[rows], series["flag"].values[rows]
    good = (flags == Flag.GOOD) & np.isfinite(values)
    count = good.sum(axis=0)
    total = np.where(good, values, 0.0).sum(axis=0)
    mean = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    received = np.fmax.reduce(series["received_time"].values[rows], axis=0)  # NaT gives way
    return mean, np.where(count > 0, np.int8(Flag.GOOD), flags[0]).astype("int8"), received


def _alone(series: xr.Dataset, rows: list[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what `_mean` gives for many stations with one site each; -1 for one without any."""
    at, none = np.array(rows), np.array(rows) < 0
    values, flags = series["value"].values[at], series["flag"].values[at].astype("int8")
    received = series["received_time"].values[at]
    good = (flags == Flag.GOOD) & np.isfinite(values)
    values = np.where(good, values, np.nan)
    values[none], flags[none], received[none] = np.nan, Flag.NOT_REPORTED, np.datetime64("NaT")
    return values, flags, received


def _told(values: xr.DataArray, number: int) -> xr.DataArray:
    return values.copy(data=np.where(values.notnull(), number, NOBODY).astype("int8"))


def _filled(first: xr.Dataset, second: xr.Dataset, name: str, network: Network) -> xr.Dataset:
    """Return `first` with what only `second` has."""
    first, second = regular.join([first, second], network.step)
    take = (first[name].isnull() & second[name].notnull()).values
    names = map(str, first.data_vars)
    filled = {n: np.where(take, second[n].values, first[n].values) for n in names}
    return first.assign(
        {n: first[n].copy(data=values.astype(first[n].dtype)) for n, values in filled.items()}
    )


def _nothing_known(network: Network, window: Window) -> xr.Dataset:
    """Return a window in which no gauge has told anything, as `_variable` would."""
    ends = [steps.last(t, network.step) for t in (window.since, window.until) if t is not None]
    time = np.arange(ends[0], ends[1] + network.step, network.step).astype("datetime64[ns]")
    name, ids = network.quantity.value, network.ids
    empty = xr.Dataset(
        {
            name: (("station", "time"), np.zeros((len(ids), 0), "float32")),
            f"{name}_flag": (("station", "time"), np.zeros((len(ids), 0), "int8")),
            f"{name}_source": (("station", "time"), np.zeros((len(ids), 0), "int8")),
            "received_time": (("station", "time"), np.zeros((len(ids), 0), "datetime64[ns]")),
        },
        coords={"station": ids, "time": time[:0]},
    )
    units = {"units": network.quantity.unit}
    whole = empty.reindex(time=time, fill_value=regular.absent(empty))
    return whole.assign({name: whole[name].assign_attrs(units)})


def _to(part: xr.Dataset, until: np.datetime64 | None, network: Network) -> xr.Dataset:
    """Let the grid go on to the last grid time at or before `until`."""
    if until is None:
        return part
    end = steps.last(until, network.step)
    grid = np.arange(part.time.values[0], end + network.step, network.step)
    return part.reindex(time=grid.astype("datetime64[ns]"), fill_value=regular.absent(part))
