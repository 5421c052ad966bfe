"""From stations to a grid: inverse distance weighting of the nearest stations, and its error.

The value of a cell is the mean of its `NEAREST` stations, each weighted by 1 / distance^1.5
(Shepard 1968). It knows no mountains: a valley between two summit stations looks like them. Its
error is told by leaving out one station after the other (`leave_one_out`).
"""

from dataclasses import dataclass

import numpy as np

NEAREST = 6
POWER = 1.5  # of 1, 1.5, 2, 3 and 4, 6, 8, 12 stations the least error left out, over seven indices
_EARTH = 6371.0  # km
_TOUCH = 0.5  # km: nearer than this a station speaks for the cell alone, nearly


@dataclass(frozen=True)
class LeftOut:
    """How far the interpolation is off at a station that it does not see, in the value's unit."""

    mean_absolute: float
    bias: float
    stations: int


def weights(
    stations: tuple[np.ndarray, np.ndarray], cells: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """Return (cell, station) weights; each row sums to 1.

    Args:
        stations: Latitudes and longitudes of stations [degrees].
        cells: The same of the cells.
    """
    return _share(distances(cells, stations))


def leave_one_out(stations: tuple[np.ndarray, np.ndarray], values: np.ndarray) -> LeftOut:
    """Return the error of the interpolation at each station from the others.

    Args:
        values: (station,) finite values.
    """
    apart = distances(stations, stations)
    np.fill_diagonal(apart, np.inf)
    error = _share(apart) @ values - values
    return LeftOut(float(np.abs(error).mean()), float(error.mean()), len(values))


def distances(
    here: tuple[np.ndarray, np.ndarray], there: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """Return great-circle distances [km], (here, there); haversine."""
    lat, lon = (np.radians(axis)[:, None] for axis in here)
    other_lat, other_lon = (np.radians(axis)[None, :] for axis in there)
    north = np.sin((lat - other_lat) / 2) ** 2
    across = np.cos(lat) * np.cos(other_lat) * np.sin((lon - other_lon) / 2) ** 2
    return np.asarray(2 * _EARTH * np.arcsin(np.sqrt(north + across)))


def _share(apart: np.ndarray) -> np.ndarray:
    """Return weights from distances, those beyond the nearest few 0."""
    near = np.partition(apart, min(NEAREST, apart.shape[1]) - 1, axis=1)
    limit = near[:, min(NEAREST, apart.shape[1]) - 1, None]
    pull = np.where(apart <= limit, 1 / np.maximum(apart, _TOUCH) ** POWER, 0)
    return np.asarray(pull / pull.sum(axis=1, keepdims=True))
