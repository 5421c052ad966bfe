"""A stretch of 20 days of a simulated network: always the same, whatever part of it is asked for.

Each stretch is computed from 20 days before it on, with empty reservoirs: what fell earlier has
left all of them but for less than a hundredth. So the record can begin and end anywhere, grow by
an hour at a time, or be made in pieces, and every value stays what it was.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from data.network import Network
from data.sources import simulated_storms
from data.sources.simulated_faults import Faults, spoil
from data.sources.simulated_flow import Land, discharge
from data.sources.simulated_levels import Rating, rating
from data.sources.simulated_tree import Tree, tree

LENGTH = 480  # hours
BEFORE = 480  # hours
LAND_KM2 = 100_400.0  # South Korea, shared out evenly among the gauges
_NOISE = 0.004  # m, of a gauge that is well; it reports whole centimetres
_STREAM = 2
_OFFSET = 1_000_000
Rain = Callable[[Tree, int, int], np.ndarray]  # tree, first hour since 1970, hours


@dataclass(frozen=True)
class Weather:
    """What happens to the gauges.

    Attributes:
        seed: The same gives the same storms, noise and faults.
        rain: Where rain comes from, dims (time, gauge) [mm in the hour]; None: storms made up.
    """

    seed: int = 0
    rain: Rain | None = None
    faults: Faults = field(default_factory=Faults)


@dataclass(frozen=True)
class Stretch:
    """Arrays (time, gauge) of 20 days: level [m], its flag, rain [mm in the hour]."""

    level: np.ndarray
    flag: np.ndarray
    rain: np.ndarray


@dataclass(frozen=True)
class Basin:
    """What is computed once for a network."""

    tree: Tree
    land: Land
    rating: Rating


def basin(network: Network) -> Basin:
    """Return what is computed once for a network."""
    shape = tree(network)
    land = Land(LAND_KM2 / shape.size)
    return Basin(shape, land, rating(network, shape, land))


def stretch(of: Basin, number: int, weather: Weather) -> Stretch:
    """Simulate one stretch; its first hour is `number` times `LENGTH` since 1970."""
    first = number * LENGTH - BEFORE
    falls = _rain(of.tree, first, weather)
    flow = discharge(falls, of.tree, of.land)[BEFORE:]
    rng = np.random.default_rng([weather.seed, _STREAM, number + _OFFSET])
    level = of.rating.level(flow)
    level += np.float32(_NOISE) * rng.standard_normal(level.shape, dtype="float32")
    told, flag = spoil(np.round(level, 2), weather.faults, number, weather.seed)
    return Stretch(told, flag, np.round(falls[BEFORE:], 1))


def _rain(where: Tree, first: int, weather: Weather) -> np.ndarray:
    if weather.rain is not None:
        return weather.rain(where, first, BEFORE + LENGTH)
    place = (where.east, where.north)
    return simulated_storms.rain(*place, first, BEFORE + LENGTH, weather.seed)
