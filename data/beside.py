"""Which sites of a feed are near enough to tell something about each other."""

from itertools import combinations

import numpy as np
from pyproj import Geod

from data.feeds import Feed
from data.network import Network
from data.sources.asking import Spot

RAIN = 30.0  # km: a storm that drowns one gauge wets those within it
REACH = 20.0  # km along one river: a wave passes in about an hour
MOST = 8  # neighbours of one site
_EARTH = Geod(ellps="WGS84")
Beside = dict[str, tuple[str, ...]]


def beside(network: Network, feed: Feed) -> Beside:
    """Return each site's neighbours, nearest first; {} for what has none to compare with.

    Rain gauges within `RAIN` km; levels of one river, up- or downstream within `REACH` km.
    """
    if feed.variable == "rainfall":
        return _near(feed.spots(network.ids), RAIN)
    if feed.variable != "water_level":
        return {}
    alone = {s: feed.sites[s][0] for s in network.ids if len(feed.sites.get(s, ())) == 1}
    joined = {
        frozenset((alone[here].id, alone[there].id))
        for here in alone
        for there in network.upstream(here)
        if there in alone
    }
    near = _near(tuple(alone.values()), REACH)
    return {s: tuple(n for n in ns if frozenset((s, n)) in joined) for s, ns in near.items()}


def _near(spots: tuple[Spot, ...], within: float) -> Beside:
    found: dict[str, list[tuple[float, str]]] = {spot.id: [] for spot in spots}
    for one, other in combinations(spots, 2):
        km = _EARTH.inv(one.longitude, one.latitude, other.longitude, other.latitude)[2] / 1000
        if np.isfinite(km) and km <= within:
            found[one.id].append((km, other.id))
            found[other.id].append((km, one.id))
    return {site: tuple(name for _, name in sorted(near)[:MOST]) for site, near in found.items()}
