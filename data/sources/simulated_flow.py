"""From rain to discharge: wetness, two reservoirs, translation down the river, one more reservoir.

At each gauge rain falls on its own piece of land. How much of it runs off depends on how wet the
land is; what runs off passes a quick or a slow linear reservoir. It then takes its time down the
river: at a gauge arrives the sum of all that drains there, each part as late as its way is long,
and one more linear reservoir spreads the wave, the wider the more land there is. Water is neither
made nor lost on the way.

Source: Clark (1945), Storage and the unit hydrograph, Trans. ASCE 110: translation by time and
area, then a linear reservoir.
"""

from dataclasses import dataclass

import numpy as np

from data.sources.simulated_tree import Tree


@dataclass(frozen=True)
class Land:
    """How the land of a gauge answers to rain.

    Attributes:
        area: Of each gauge's own piece [km2].
        dry, wet: Share of rain that runs off dry land, and off land that is soaked.
        soak: Rain of the last days at which half of the way to `wet` is gone [mm].
        dries: Share of that rain which is left after a day.
        quick: Share of runoff that passes the quick reservoir.
        hold: Time constants of the quick and of the slow reservoir [h].
        base: Flow that is always there [mm/h].
    """

    area: float
    dry: float = 0.1
    wet: float = 0.85
    soak: float = 120.0
    dries: float = 0.85
    quick: float = 0.75
    hold: tuple[float, float] = (4.0, 72.0)
    base: float = 0.01


def runoff(rain: np.ndarray, land: Land) -> np.ndarray:
    """Return what of the rain runs off [mm/h], dims (time, gauge); all else stays in the ground.

    Args:
        rain: mm in the hour, float32; before its first hour it was dry.
    """
    left = np.float32(land.dries ** (1 / 24))
    wetness, runs = np.zeros_like(rain[0]), np.empty_like(rain)
    span = np.float32(land.wet - land.dry)
    for step, falls in enumerate(rain):
        share = np.float32(land.dry) + span * wetness / (wetness + np.float32(land.soak))
        runs[step] = share * falls
        wetness = wetness * left + falls
    return runs


def reservoir(inflow: np.ndarray, hold: float | np.ndarray) -> np.ndarray:
    """Route through a linear reservoir that is empty at first: outflow = storage / hold.

    Within an hour inflow is even and the solution exact, so that what is not yet out is in store.

    Args:
        inflow: Dims (time, gauge), float32, per hour.
        hold: Time constant [h].
    """
    keeps = np.exp(-1.0 / np.asarray(hold, "float64"))
    passes = np.asarray(hold * (1 - keeps), "float32")
    keeps = keeps.astype("float32")
    store, out = np.zeros_like(inflow[0]), np.empty_like(inflow)
    for step, enters in enumerate(inflow):
        before = store
        store = store * keeps + enters * passes
        out[step] = before + enters - store
    return out


def local(rain: np.ndarray, land: Land) -> np.ndarray:
    """Return what leaves each gauge's own piece of land [mm/h], dims (time, gauge)."""
    runs = runoff(rain, land)
    quick = np.float32(land.quick)
    out = reservoir(runs * quick, land.hold[0])
    out += reservoir(runs * (1 - quick), land.hold[1])
    out += np.float32(land.base)
    return out


def arrived(leaving: np.ndarray, tree: Tree) -> np.ndarray:
    """Return the sum of what leaves all land above each gauge, each as late as its way is long.

    Args:
        leaving: Dims (time, gauge) [mm/h]; before its first hour there was nothing.

    Returns:
        The same dims, float32: mm/h times the number of pieces of land.
    """
    hours, count = leaving.shape
    late = np.rint(tree.travel).astype(int)
    out = np.zeros_like(leaving)
    source, delay = tree.order, late[tree.order]
    so_far = np.zeros(count + 1)
    gauge = np.arange(count)
    for clock in range(hours + int(late.max(initial=0))):  # at the last gauge of each river
        left = clock - delay
        there = (left >= 0) & (left < hours)
        passing = np.where(there, leaving[np.where(there, left, 0), source], 0)
        np.cumsum(passing, dtype="float64", out=so_far[1:])
        here = clock - late
        inside = (here >= 0) & (here < hours)
        sums = so_far[tree.last] - so_far[tree.first]
        out[here[inside], gauge[inside]] = sums[inside]
    return out


def spread(tree: Tree, land: Land) -> np.ndarray:
    """Return the time constant of the reservoir at each gauge [h]: longer with more land."""
    return np.asarray(1.0 + 0.03 * np.sqrt(tree.drained * land.area))


def discharge(rain: np.ndarray, tree: Tree, land: Land) -> np.ndarray:
    """Return the discharge at each gauge [m3 s-1], float32, dims (time, gauge)."""
    return through(local(rain, land), tree, land)


def through(leaving: np.ndarray, tree: Tree, land: Land) -> np.ndarray:
    """Return the discharge [m3 s-1] at each gauge of what leaves the land [mm/h]."""
    flow = reservoir(arrived(leaving, tree), spread(tree, land))
    flow *= np.float32(land.area / 3.6)  # mm/h over a km2
    return flow
