"""Tell a rain gauge that fell silent from a dry spell, by what its neighbours measured."""

import numpy as np
import xarray as xr

SHORTEST = 10  # days: a shorter spell is too little evidence
NEAR = 100.0  # km
NEIGHBOURS = 2  # fewer cannot outvote a gauge
WET = 40.0  # mm that the driest neighbour had in the spell
_KNOWN = 0.9  # share of the spell's days on which a neighbour must have reported
_EARTH = 6371.0  # km


def silent_days(rain: xr.DataArray, reported: xr.DataArray) -> np.ndarray:
    """Mark the blank days that were not dry, although the station reported.

    A spell of at least 10 blank days is taken for a silent gauge where at least two neighbours
    within 100 km reported on 90 % of its days, and the driest of them had more than 40 mm.

    Args:
        rain: (station, time) [mm], NaN = blank; coordinates `latitude`, `longitude`.
        reported: (station, time) bool, the station reported something that day.

    Returns:
        (station, time) bool.
    """
    blank = (reported & rain.isnull()).to_numpy()
    known = _running_total(blank | rain.notnull().to_numpy())
    total = _running_total(np.nan_to_num(rain.to_numpy().astype("float64")))
    near = _distances(rain["latitude"].to_numpy(), rain["longitude"].to_numpy()) < NEAR
    silent = np.zeros_like(blank)
    for station in range(len(blank)):
        neighbours = np.flatnonzero(near[station] & (np.arange(len(blank)) != station))
        for start, end in _wet_elsewhere(blank[station], known[neighbours], total[neighbours]):
            silent[station, start:end] = True
    return silent


def _wet_elsewhere(
    blank: np.ndarray, known: np.ndarray, total: np.ndarray
) -> list[tuple[int, int]]:
    """Return the spells [start, end) of `blank` in which all neighbours had more than `WET`."""
    edges = np.flatnonzero(np.diff(np.r_[False, blank, False].astype("int8")))
    start, end = edges[::2], edges[1::2]
    long = end - start >= SHORTEST
    start, end = start[long], end[long]
    reported = known[:, end] - known[:, start] >= _KNOWN * (end - start)  # (neighbour, spell)
    fell = np.where(reported, total[:, end] - total[:, start], np.inf)
    enough = reported.sum(axis=0) >= NEIGHBOURS
    driest = fell.min(axis=0, initial=np.inf)
    chosen = enough & (driest > WET)
    return list(zip(start[chosen].tolist(), end[chosen].tolist(), strict=True))


def _running_total(values: np.ndarray) -> np.ndarray:
    """Return sums over the days before each day: (station, time + 1), so that [0] is 0."""
    return np.pad(np.cumsum(values, axis=1, dtype="float64"), ((0, 0), (1, 0)))


def _distances(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Return great-circle distances [km] between all pairs (haversine)."""
    lat, lon = np.radians(latitude), np.radians(longitude)
    north = np.sin((lat[:, None] - lat) / 2) ** 2
    across = np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    distance: np.ndarray = 2 * _EARTH * np.arcsin(np.sqrt(north + across))
    return distance
