"""The weight of each place in each region: a fine grid between stations and boundaries.

Stations reach the cells of a 0.05 degree grid by distance (`interpolation`), cells reach regions by
area (`zonal`). Both are linear, so that one matrix (region, station) holds it all, computed once
for each set of stations.
"""

from functools import lru_cache

import geopandas as gpd
import numpy as np

from forecast.climate import interpolation, zonal
from forecast.climate.regional import Spread

STEP = 0.05  # degrees


def from_stations(regions: gpd.GeoDataFrame, latitude: np.ndarray, longitude: np.ndarray) -> Spread:
    """Return the function that gives the weights (region, station) of a set of stations.

    Args:
        regions: `data.climate.places.read`.
        latitude, longitude: (station,) of all stations [degrees].
    """
    lat, lon = grid(regions)
    by_area = zonal.weights(regions, lat, lon)  # (region, cell)
    used = np.unique(by_area.indices)
    cell_lat, cell_lon = (axis.ravel()[used] for axis in np.meshgrid(lat, lon, indexing="ij"))
    by_area = by_area[:, used]

    @lru_cache(maxsize=32)
    def weights(chosen: bytes) -> np.ndarray:
        there = np.frombuffer(chosen, dtype=bool)
        pull = interpolation.weights((latitude[there], longitude[there]), (cell_lat, cell_lon))
        return np.asarray(by_area @ pull)

    return lambda there: weights(np.asarray(there, dtype=bool).tobytes())


def grid(regions: gpd.GeoDataFrame, step: float = STEP) -> tuple[np.ndarray, np.ndarray]:
    """Return the centres of a grid that covers all regions: latitudes, longitudes [degrees]."""
    west, south, east, north = regions.total_bounds
    return _axis(south, north, step), _axis(west, east, step)


def _axis(low: float, high: float, step: float) -> np.ndarray:
    first = np.floor(low / step)
    count = int(np.ceil(high / step) - first)
    return np.asarray((first + 0.5 + np.arange(count)) * step)
