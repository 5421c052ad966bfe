"""Places in Korea on a flat sheet in kilometres: enough for storms and rivers that are made up."""

import numpy as np

_ORIGIN = (36.3, 127.6)  # latitude, longitude of (0, 0) km
_KM = (111.0, 89.5)  # a degree of latitude, and of longitude at the origin


def to_km(latitude: np.ndarray, longitude: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how far east and north of the origin places are [km]."""
    return (longitude - _ORIGIN[1]) * _KM[1], (latitude - _ORIGIN[0]) * _KM[0]


def to_degrees(east: np.ndarray, north: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return latitude and longitude of places [km]."""
    return north / _KM[0] + _ORIGIN[0], east / _KM[1] + _ORIGIN[1]
