"""Storms that are made up: cells of rain that grow, move over the map and fade.

Which storms a week has depends on the seed and the week alone, so that the rain of an hour is the
same whenever, and for whichever gauges, it is asked for. Fronts come all year and most in the
monsoon, typhoons from August on, showers in summer.
"""

from dataclasses import dataclass

import numpy as np

WEEK = 168  # hours
LONGEST = 72  # hours from the beginning of a storm to the end of its last cell
_STREAM = 1  # of the seed: storms draw from other numbers than noise and faults do
_OFFSET = 1_000_000  # weeks: seeds are not negative, and weeks before 1970 are
_PER_WEEK = (0.5, 0.6, 0.8, 1.0, 1.0, 1.4, 2.6, 2.4, 1.5, 0.7, 0.7, 0.5)  # storms, by month
_STRENGTH = (0.4, 0.4, 0.5, 0.6, 0.7, 0.9, 1.2, 1.2, 1.0, 0.6, 0.5, 0.4)
_FAR = 3.5  # radii: rain beyond is left out, it is less than 0.3 % of the cell's


@dataclass(frozen=True)
class Cells:
    """Cells of rain as columns.

    Attributes:
        start, length: Hours since 1970, and hours.
        east, north: Where the middle is when it begins [km].
        moves_east, moves_north: km per hour.
        radius: Distance at which rain is 61 % of that in the middle [km].
        peak: Rain in the middle at its strongest [mm/h].
    """

    start: np.ndarray
    length: np.ndarray
    east: np.ndarray
    north: np.ndarray
    moves_east: np.ndarray
    moves_north: np.ndarray
    radius: np.ndarray
    peak: np.ndarray


def rain(east: np.ndarray, north: np.ndarray, first: int, hours: int, seed: int = 0) -> np.ndarray:
    """Return the rain at some places [mm in the hour], float32, dims (time, place).

    Args:
        east, north: Places [km].
        first: The hour since 1970 in which rain of the first row fell, ending at `first`.
    """
    return fallen(cells(first, first + hours, seed), (east, north), first, hours)


def fallen(some: Cells, place: tuple[np.ndarray, np.ndarray], first: int, hours: int) -> np.ndarray:
    """Return what cells of rain bring, as `rain` does."""
    east, north = (each.astype("float32") for each in place)
    total = np.zeros((hours, len(east)), "float32")
    middles = np.arange(first, first + hours) - 0.5  # of the hours
    for number in range(len(some.start)):
        age = middles - some.start[number]
        on = np.flatnonzero((age > 0) & (age < some.length[number]))
        if on.size:
            when = slice(on[0], on[-1] + 1)
            total[when] += _of_cell(some, number, age[when, None], (east, north))
    return total


def _of_cell(
    some: Cells, number: int, age: np.ndarray, place: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """Return the rain of one cell at some ages, dims (age, place)."""
    middle_east = (some.east[number] + some.moves_east[number] * age).astype("float32")
    middle_north = (some.north[number] + some.moves_north[number] * age).astype("float32")
    strength = some.peak[number] * np.sin(np.pi * age / some.length[number]) ** 2
    away = (place[0] - middle_east) ** 2 + (place[1] - middle_north) ** 2
    away *= np.float32(some.radius[number] ** -2)
    near = away < np.float32(_FAR**2)
    return np.where(near, strength.astype("float32") * np.exp(np.float32(-0.5) * away), 0)


def cells(first: int, last: int, seed: int = 0) -> Cells:
    """Return all cells that may bring rain between two hours since 1970."""
    weeks = range((first - LONGEST) // WEEK, last // WEEK + 1)
    parts = [part for week in weeks for part in _week(week, seed)]
    rows = np.concatenate(parts) if parts else np.zeros((0, 8))
    return Cells(*rows.T)


def _week(week: int, seed: int) -> list[np.ndarray]:
    """Return the storms that begin in a week, each a table of cells, columns as in `Cells`."""
    rng = np.random.default_rng([seed, _STREAM, week + _OFFSET])
    middle = np.datetime64(week * WEEK + WEEK // 2, "h")
    month = int(middle.astype("datetime64[M]").astype(int)) % 12
    found = []
    for _ in range(rng.poisson(_PER_WEEK[month])):
        start = week * WEEK + rng.uniform(0, WEEK)
        if month in (7, 8) and rng.random() < 0.12:
            found.append(_typhoon(rng, start))
        elif month in (5, 6, 7, 8) and rng.random() < 0.35:
            found.append(_showers(rng, start, _STRENGTH[month]))
        else:
            found.append(_front(rng, start, _STRENGTH[month]))
    return found


def _front(rng: np.random.Generator, start: float, strength: float) -> np.ndarray:
    """Return a band of cells that follow each other from west to east."""
    count, lasts = int(rng.integers(8, 20)), rng.uniform(12, 48)
    slope, middle = rng.uniform(-0.5, 0.7), rng.uniform(-230, 200)
    along = rng.normal(-60, 130, count)
    begins = start + rng.uniform(0, lasts, count)
    force = strength * rng.gamma(3.0, 1 / 3)
    columns = (
        begins,
        rng.uniform(5, 16, count),
        along - 80,
        middle + slope * along + rng.normal(0, 25, count),
        rng.uniform(8, 30, count),
        rng.uniform(-3, 8, count),
        rng.uniform(18, 70, count),
        force * rng.gamma(2.0, 3.4, count),
    )
    return np.column_stack(columns)


def _showers(rng: np.random.Generator, start: float, strength: float) -> np.ndarray:
    """Return small and short cells of an afternoon, here and there."""
    count = int(rng.integers(4, 16))
    columns = (
        start + rng.uniform(0, 8, count),
        rng.uniform(1.5, 4, count),
        rng.uniform(-130, 160, count),
        rng.uniform(-230, 220, count),
        rng.uniform(-5, 15, count),
        rng.uniform(-5, 10, count),
        rng.uniform(6, 18, count),
        strength * rng.gamma(2.0, 11.0, count),
    )
    return np.column_stack(columns)


def _typhoon(rng: np.random.Generator, start: float) -> np.ndarray:
    """Return a large core that moves north over the land, and bands around it."""
    count = 12
    path, ahead = rng.uniform(-60, 170), rng.uniform(18, 32)
    begins = start + np.sort(rng.uniform(0, 20, count))
    columns = (
        begins,
        np.r_[24.0, rng.uniform(6, 14, count - 1)],
        path + np.r_[0.0, rng.normal(-20, 70, count - 1)],
        -320 + ahead * 0.5 * (begins - start) + np.r_[0.0, rng.normal(0, 60, count - 1)],
        rng.uniform(0, 8, count),
        np.full(count, ahead),
        np.r_[130.0, rng.uniform(25, 60, count - 1)],
        np.r_[rng.uniform(4, 9), rng.gamma(3.0, 3.5, count - 1)],
    )
    return np.column_stack(columns)
