"""The gauges of any network as columns: who drains to whom, how far, and how long it takes.

The order puts everything upstream of a gauge right behind it, so that a sum over all that drains
there is the difference of two running sums.
"""

from dataclasses import dataclass

import numpy as np

from data.errors import InvalidData
from data.network import Network
from data.sources.simulated_km import to_km

WINDING = 1.3  # km of river for each km as the crow flies
CELERITY = 7.2  # km per hour, of a flood wave: 2 m/s
SEA = -1


@dataclass(frozen=True)
class Tree:
    """Columns by gauge, in the order of the network.

    Attributes:
        east, north: Place [km], see `simulated_km`.
        down: Row of the next gauge downstream; `SEA` where there is none.
        travel: How long water takes from here to the last gauge of its river [h].
        order: Rows so that what is upstream of a gauge comes right behind it.
        first, last: The gauge and all that is upstream of it are `order[first:last]`.
    """

    east: np.ndarray
    north: np.ndarray
    down: np.ndarray
    travel: np.ndarray
    order: np.ndarray
    first: np.ndarray
    last: np.ndarray

    @property
    def size(self) -> int:
        """Number of gauges."""
        return len(self.down)

    @property
    def drained(self) -> np.ndarray:
        """How many gauges lie at or above each."""
        return np.asarray(self.last - self.first)


def tree(network: Network) -> Tree:
    """Return the gauges of a network as columns.

    Raises:
        InvalidData: A gauge drains to two others, or back to itself.
    """
    row = {station.id: number for number, station in enumerate(network.stations)}
    place = np.array([(s.latitude, s.longitude) for s in network.stations], float).T
    east, north = to_km(*place)
    down = np.full(len(row), SEA)
    for below, station in enumerate(network.stations):
        for above in station.upstream:
            if above in row and down[row[above]] != SEA:
                raise InvalidData(
                    f"'{above}' of '{network.name}' drains to two gauges.", "Let it drain to one."
                )
            if above in row:
                down[row[above]] = below
    return columns(east, north, down)


def columns(east: np.ndarray, north: np.ndarray, down: np.ndarray) -> Tree:
    """Return a tree of gauges at some places [km].

    Raises:
        InvalidData: A gauge drains back to itself.
    """
    away = np.where(down == SEA, 0.0, np.hypot(east - east[down], north - north[down]))
    hours = WINDING * away / CELERITY
    order = _order(down)
    if len(order) < len(down):
        raise InvalidData("Some gauges drain back to themselves.", "Correct the column 'upstream'.")
    travel, size = np.zeros(len(down)), np.ones(len(down), int)
    for row in order:
        if down[row] != SEA:
            travel[row] = travel[down[row]] + hours[row]
    for row in reversed(order):
        if down[row] != SEA:
            size[down[row]] += size[row]
    first = np.empty(len(down), int)
    first[order] = np.arange(len(down))
    return Tree(east, north, down, travel, np.array(order), first, first + size)


def _order(down: np.ndarray) -> list[int]:
    """Return rows, each right before all that is upstream of it."""
    above: list[list[int]] = [[] for _ in down]
    for row, below in enumerate(down.tolist()):
        if below != SEA:
            above[below].append(row)
    order: list[int] = []
    open_ = np.flatnonzero(down == SEA).tolist()[::-1]
    while open_:
        row = open_.pop()
        order.append(row)
        open_.extend(reversed(above[row]))
    return order
