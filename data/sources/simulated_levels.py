"""From discharge to the level on a simulated gauge: a rating that knows its thresholds."""

from dataclasses import dataclass
from math import isnan

import numpy as np

from data.network import Network
from data.sources.simulated_flow import Land, reservoir, through
from data.sources.simulated_tree import Tree
from data.stations import Thresholds

BEND = 0.6  # level goes with discharge to this power: a wide channel (Manning: 3/5)
_HOURS, _RUNS = 12, 13.0  # of a flood: so many hours of so much runoff everywhere [mm/h]
_LARGE = 1500.0  # km2: rain never falls so hard on much more land than that at once
_LOW = 0.25  # of the attention level: where the water stands when next to nothing flows
_NONE = Thresholds(1.0, 2.0, 3.0, 4.0, "derived", "made up")  # of a gauge without any


@dataclass(frozen=True)
class Rating:
    """level = low + deep (discharge / severe) ^ BEND, columns by gauge.

    Attributes:
        low: Level without flow [m].
        deep: From there to the severe level [m].
        severe: Discharge at the severe level [m3 s-1].
    """

    low: np.ndarray
    deep: np.ndarray
    severe: np.ndarray

    def level(self, discharge: np.ndarray) -> np.ndarray:
        """Return the level [m on the gauge] of a discharge, dims (.., gauge)."""
        share = discharge / self.severe.astype("float32")
        bent = np.power(np.maximum(share, 0), np.float32(BEND))
        return np.asarray(self.low.astype("float32") + self.deep.astype("float32") * bent)


def rating(network: Network, tree: Tree, land: Land) -> Rating:
    """Return a rating that reaches the severe level in a flood such as comes in some decades."""
    levels = np.array([_levels(station.thresholds) for station in network.stations]).T
    low = _LOW * levels[0]
    return Rating(low, levels[1] - low, flood(tree, land))


def flood(tree: Tree, land: Land) -> np.ndarray:
    """Return the highest discharge [m3 s-1] after heavy rain on all land, a little less on much."""
    hours = _HOURS + int(tree.travel.max(initial=0)) + 24
    runs = np.zeros((hours, tree.size), "float32")
    runs[:_HOURS] = _RUNS
    peak = through(reservoir(runs, land.hold[0]), tree, land).max(axis=0)
    return np.asarray(peak * (1 + tree.drained * land.area / _LARGE) ** -0.12)


def _levels(thresholds: Thresholds | None) -> tuple[float, float]:
    """Return the lowest and the highest level at which a stage begins [m]."""
    told = thresholds or _NONE
    known = [each for each in _of(told) if not isnan(each)] or _of(_NONE)
    return known[0], max(known[-1], known[0] + 0.5)


def _of(told: Thresholds) -> list[float]:
    return [told.attention, told.watch, told.warning, told.severe]
