"""A gauge beside its neighbours: absurd rain that only one has, a river that stands still at one.

`ioos-qc` has no such test (QARTOD's rain and water level manuals ask for one); this one is ours and
only doubts what no weather explains. Rain comes in cells of a few kilometres: a gauge alone in a
cloudburst is believed up to `Limits.alone`. A wave reaches one gauge after the other: for water
levels hand in neighbours that it reaches within an hour, on the same open reach, for across a weir
one side may rest while the other moves.
"""

import numpy as np

from data.cadence import cadence

NONE = -1  # in a table of neighbours
FEWEST = 2  # neighbours that report; one alone may be the faulty one
TENTH = 0.1
STILL = np.timedelta64(3, "h")
WHOLE = 3 / 4  # of the readings of a window must be there
HOUR = np.timedelta64(1, "h")


def all_others(sites: int) -> np.ndarray:
    """Return a table where each site is the neighbour of all others, dims (site, neighbour)."""
    return np.array([[n for n in range(sites) if n != site] for site in range(sites)], dtype=int)


def alone(
    rain: np.ndarray, time: np.ndarray, limit: np.ndarray, neighbours: np.ndarray
) -> np.ndarray:
    """Return where a gauge has absurd rain and no neighbour a tenth of it within an hour.

    Args:
        rain: Dims (site, time) [mm in the step]; NaN = missing.
        limit: Dims (site,) [mm in the step]; inf = no test.
        neighbours: Rows of `rain`, `NONE` where there is none, dims (site, neighbour).
    """
    much = rain > limit[:, None]
    found = np.zeros(rain.shape, dtype=bool)
    rows = np.flatnonzero(much.any(axis=1))
    if not rows.size:
        return found
    beside = max(1, int(HOUR / cadence(time)))
    later = np.pad(rain, ((0, 1), (0, beside)), constant_values=np.nan)  # the last row is NONE
    near = rolling(later, 2 * beside + 1, np.fmax)[:, beside:]
    near = np.where(np.isfinite(later[:, : rain.shape[1]]), near, np.nan)[neighbours[rows]]
    reporting = np.isfinite(near).sum(axis=1) >= FEWEST
    found[rows] = much[rows] & reporting & (np.fmax.reduce(near, axis=1) < TENTH * rain[rows])
    return found


def still(
    levels: np.ndarray,
    time: np.ndarray,
    limits: tuple[np.ndarray, np.ndarray],
    neighbours: np.ndarray,
) -> np.ndarray:
    """Return where a gauge has stood still for 3 hours, and every neighbour has moved for one.

    Args:
        levels: Dims (site, time); NaN = missing.
        limits: Dims (site,) each: a movement of all neighbours that must be felt here, inf = no
            test; and a movement below which this gauge stands still.
        neighbours: Rows of `levels`, as for `alone`.
    """
    felt, tolerance = limits
    width = int(STILL / cadence(time)) + 1
    found = np.zeros(levels.shape, dtype=bool)
    if levels.shape[1] < width:
        return found
    moved = _moved(levels, time, width)
    rows = np.flatnonzero((moved < tolerance[:, None]).any(axis=1) & (felt < np.inf))
    lasting = rolling(moved, int(HOUR / cadence(time)) + 1, np.minimum)
    others = np.pad(lasting, ((0, 1), (0, 0)), constant_values=np.nan)[neighbours[rows]]
    reporting = np.isfinite(others).sum(axis=1) >= FEWEST
    least = np.fmin.reduce(others, axis=1)
    quiet = (moved[rows] < tolerance[rows, None]) & np.isfinite(levels[rows])
    found[rows] = quiet & reporting & (least >= felt[rows, None])
    return found


def _moved(levels: np.ndarray, time: np.ndarray, width: int) -> np.ndarray:
    """Return how far each gauge moved in the window that ends at each time; NaN where unknown."""
    present = np.isfinite(levels).astype("float64")
    whole = rolling(present, width, np.add) >= WHOLE * width
    whole[:, : width - 1] = False
    whole[:, width - 1 :] &= time[width - 1 :] - time[: time.size - width + 1] <= STILL / WHOLE
    extent = rolling(levels, width, np.fmax) - rolling(levels, width, np.fmin)
    return np.where(whole, extent, np.nan)


def rolling(values: np.ndarray, width: int, combine: np.ufunc) -> np.ndarray:
    """Combine each value with the `width` - 1 before it (fewer at the start), dims (site, time)."""
    whole, done, left = values, 1, width - 1
    if combine is np.add:  # which may not count a value twice
        total = np.pad(np.cumsum(values, axis=1), ((0, 0), (width, 0)))
        return np.asarray(total[:, width:] - total[:, :-width])
    while left:
        shift = min(done, left)
        joined = whole.copy()
        joined[:, shift:] = combine(whole[:, shift:], whole[:, :-shift])
        whole, done, left = joined, done + shift, left - shift
    return whole
