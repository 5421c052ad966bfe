"""What was known at each issue time of a past period, for many of them from one reading.

Nearly always all readings of the look-back had come by then, and none was revised later: such
issue times share one record. At the others something was known otherwise (a reading came late, or
was corrected afterwards): `otherwise` names them, and each is read from the store for itself.
"""

from collections.abc import Iterator

import numpy as np
import xarray as xr

from data import feeds, steps, store
from data.archive import Window
from data.feeds import Feed
from data.network import Network
from data.schema import FORCINGS
from data.sources.asking import Spot
from flows import pulling
from flows.folders import Folders


def shared(
    name: str, folders: Folders, issues: np.ndarray, reach: np.timedelta64
) -> tuple[Network, xr.Dataset]:
    """Return the record that the issue times share, all of it as if it was there in time.

    Args:
        issues: Ascending; those of `otherwise` must not use it.
        reach: How far back the first of them looks.
    """
    delay = pulling.find(name, folders).delay
    window = Window(steps.ns(issues[0] - reach), issues[-1], steps.ns(issues[-1] + delay))
    network, ds = pulling.open_network(name, folders, window)
    received = ds["received_time"]
    there = np.broadcast_to(ds.time.values[:, None], (ds.sizes["time"], ds.sizes["station"]))
    in_time = xr.DataArray(there, dims=("time", "station")).transpose(*received.dims)
    return network, ds.assign(received_time=received.copy(data=in_time.values))


def otherwise(
    network: Network, folders: Folders, issues: np.ndarray, reach: np.timedelta64
) -> np.ndarray:
    """Say for each issue time whether the look-back was known otherwise then than at the last.

    Anything that came after an issue time and the network's delay, of a time before it, tells so.

    Args:
        network: As `flows.pulling.find` returns it.
        issues: Ascending.
        reach: How far back each of them looks.
    """
    path, delay = folders.observations(network.name), network.delay
    since, until = steps.ns(issues[0] - reach), issues[-1]
    under_way = np.zeros(issues.size + 1, dtype=int)
    for feed in _all_feeds(network):
        sites = [spot.id for spot in feed.spots(network.ids)]
        wanted = store.Wanted(
            feed.source, feed.variable, sites, since, until, steps.ns(until + delay)
        )
        series = store.read(path, wanted)
        time = np.broadcast_to(series.time.values, series["received_time"].shape)
        received = series["received_time"].values
        late = received > time + delay
        first = np.searchsorted(issues, time[late])
        last = np.searchsorted(issues, received[late] - delay)
        np.add.at(under_way, first, 1)
        np.add.at(under_way, np.maximum(first, last), -1)
    return np.asarray(np.cumsum(under_way)[:-1] > 0)


def _all_feeds(network: Network) -> Iterator[Feed]:
    everywhere = {station: (Spot(station),) for station in network.ids}
    for name in (network.quantity.value, *FORCINGS):
        yield from feeds.of(network.feeds, name)
        yield Feed(network.source, name, everywhere)
