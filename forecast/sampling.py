"""Some gauges of a large network, in groups of neighbours, spread over all of it.

In groups, because a gauge learns from its neighbours, and these must be there.
"""

from collections import deque
from collections.abc import Collection
from dataclasses import replace

import numpy as np

from data.network import Network

GROUP = 12  # gauges that hang together: most of them with all of their neighbours
_BITS = 16


def choose(network: Network, count: int, seed: int = 0, besides: Collection[str] = ()) -> list[str]:
    """Return the ids of so many gauges, drawn by the seed, in the order of the network.

    Args:
        besides: Gauges that are not to be taken.
    """
    free = set(network.ids) - set(besides)
    along = [station for station in _along(network) if station in free]
    if count >= len(along):
        return [station for station in network.ids if station in free]
    rng, near = np.random.default_rng(seed), _near(network)
    taken: dict[str, None] = {}
    while len(taken) < count:
        left = [station for station in along if station not in taken]
        groups = -(-(count - len(taken)) // GROUP)
        for block in np.array_split(np.array(left), groups):
            begin = str(block[rng.integers(block.size)])
            most = min(GROUP, count - len(taken))
            taken |= dict.fromkeys(_group(begin, near, free - set(taken), most))
    return [station for station in network.ids if station in taken]


def cut(network: Network, ids: Collection[str]) -> Network:
    """Return the network of some of its gauges alone, in their order."""
    asked = set(ids)
    return replace(network, stations=tuple(s for s in network.stations if s.id in asked))


def _group(begin: str, near: dict[str, list[str]], free: set[str], most: int) -> list[str]:
    """Return a gauge and those nearest to it along the river, so many at most."""
    if begin not in free:
        return []
    found, frontier = {begin: None}, deque([begin])
    while frontier and len(found) < most:
        for there in near[frontier.popleft()]:
            if there in free and there not in found and len(found) < most:
                found[there] = None
                frontier.append(there)
    return list(found)


def _near(network: Network) -> dict[str, list[str]]:
    """Return the gauges next to each, up- and downstream."""
    near: dict[str, list[str]] = {station: [] for station in network.ids}
    for station in network.stations:
        for above in station.upstream:
            if above in near:
                near[station.id].append(above)
                near[above].append(station.id)
    return near


def _along(network: Network) -> list[str]:
    """Return the gauges along a curve on which neighbours on the map are near each other.

    Source: Morton (1966), A computer oriented geodetic data base, IBM.
    """
    places = np.array([(s.latitude, s.longitude) for s in network.stations])
    least, span = places.min(axis=0), np.ptp(places, axis=0)
    cells = ((places - least) / np.where(span > 0, span, 1) * (2**_BITS - 1)).astype(np.int64)
    code = np.zeros(len(cells), np.int64)
    for bit in range(_BITS):
        for axis in (0, 1):
            code |= ((cells[:, axis] >> bit) & 1) << (2 * bit + axis)
    ids = network.ids
    return [ids[row] for row in np.argsort(code, kind="stable")]
