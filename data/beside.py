"""Which sites of a feed are near enough to tell something about each other."""

import numpy as np
from pyproj import Geod
from scipy.spatial import cKDTree

from data.feeds import Feed
from data.network import Network
from data.sources.asking import Spot

RAIN = 30.0  # km: a storm that drowns one gauge wets those within it
REACH = 20.0  # km along one river: a wave passes in about an hour
MOST = 8  # neighbours of one site
_EARTH, _RADIUS = Geod(ellps="WGS84"), 6371.0  # km
_CANDIDATES = 3 * MOST  # nearest on a sphere, among which are the nearest on the ellipsoid
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
    near = _near(tuple(alone.values()), REACH)
    return _of_one_river(network, {s: spot.id for s, spot in alone.items()}, near)


def _of_one_river(network: Network, sites: dict[str, str], near: Beside) -> Beside:
    """Leave out neighbours that are neither up- nor downstream.

    Args:
        sites: By station.
    """
    close = {(one, other) for one, others in near.items() for other in others}
    joined: set[tuple[str, str]] = set()
    for station, here in sites.items():
        for below in network.below(station):
            there = sites.get(below, "")
            joined |= {(here, there), (there, here)} & close
    return {s: tuple(n for n in others if (s, n) in joined) for s, others in near.items()}


def _near(spots: tuple[Spot, ...], within: float) -> Beside:
    """Return up to `MOST` spots within so many km of each, nearest first."""
    found: Beside = {spot.id: () for spot in spots}
    known = [s for s in spots if np.isfinite((s.latitude, s.longitude)).all()]
    if len(known) < 2:
        return found
    here, there, km = _pairs(known, within)
    near: dict[str, list[tuple[float, str]]] = {}
    for one, other, far in zip(here.tolist(), there.tolist(), km.tolist(), strict=True):
        near.setdefault(known[one].id, []).append((far, known[other].id))
    return found | {s: tuple(name for _, name in sorted(row)[:MOST]) for s, row in near.items()}


def _pairs(spots: list[Spot], within: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return which spots are near to which, and how far [km].

    Of those that are nearest on a sphere, those within reach on the ellipsoid.
    """
    longitude, latitude = np.array([(s.longitude, s.latitude) for s in spots]).T
    east, north = np.radians(longitude), np.radians(latitude)
    around = np.cos(north)
    places = np.stack([around * np.cos(east), around * np.sin(east), np.sin(north)], axis=1)
    count = min(len(spots), _CANDIDATES)
    reach = 1.01 * within / _RADIUS
    _, other = cKDTree(places).query(places, k=count, distance_upper_bound=reach)
    here = np.repeat(np.arange(len(spots)), count)
    there = np.asarray(other).ravel()
    keep = (there < len(spots)) & (there != here)
    here, there = here[keep], there[keep]
    km = _EARTH.inv(longitude[here], latitude[here], longitude[there], latitude[there])[2] / 1000
    close = km <= within
    return here[close], there[close], km[close]
