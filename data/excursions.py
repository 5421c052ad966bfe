"""What QARTOD's tests leave open: is a jump the river's, and spikes of two or three readings. Ours.

A spike leaves and comes back; a flood that rises as fast stays. At the newest reading the two look
the same, so a jump is doubted (`Flag.RATE_OF_CHANGE`) until the next reading: if that stays with
it, by at least half of the jump, the doubt is lifted; if it comes back, it was a spike. A true
flood is so held back by one reading. Two or three faulty readings in a row pass for true between
the second of them and the return, which then makes spikes of them all.
"""

import numpy as np

from data.cadence import cadence

LONGEST = 3  # readings: what stays away longer is taken for true


def excursions(values: np.ndarray, time: np.ndarray, jump: np.ndarray) -> np.ndarray:
    """Return where two or three readings jump away and back, dims (site, time).

    The larger of the two jumps is above the limit and the smaller at least half of it.

    Args:
        values: Dims (site, time); NaN = missing, which is never part of a spike.
        jump: Dims (site,), between two readings.
    """
    found = np.zeros(values.shape, dtype=bool)
    for length in range(2, LONGEST + 1):
        begins = _begins(values, time, jump, length)
        size = begins.shape[1]
        for place in range(1, length + 1):
            found[:, place : place + size] |= begins
    return found


def _begins(values: np.ndarray, time: np.ndarray, jump: np.ndarray, length: int) -> np.ndarray:
    """Return, for each reading, whether an excursion of `length` readings follows it."""
    if values.shape[1] < length + 2:
        return np.zeros((values.shape[0], 0), dtype=bool)
    away = values[:, 1:-length] - values[:, : -length - 1]
    back = values[:, length + 1 :] - values[:, length:-1]
    larger = np.maximum(abs(away), abs(back))
    smaller = np.minimum(abs(away), abs(back))
    unbroken = time[length + 1 :] - time[: -length - 1] <= (length + 1) * cadence(time)
    hits: np.ndarray = (away * back < 0) & (larger > jump[:, None]) & unbroken
    hits &= smaller >= larger / 2
    return hits


def confirmed(values: np.ndarray, jumps: np.ndarray) -> np.ndarray:
    """Return which jumps the next reading confirms, dims (site, time).

    Args:
        values: Dims (site, time).
        jumps: bool, at the first reading after each jump. The next reading is the first one that
            is there, of the `LONGEST` that follow.
    """
    rows, columns = np.nonzero(jumps)
    old, new = values[rows, columns - 1], values[rows, columns]
    following = np.full(rows.size, np.nan)
    for ahead in range(LONGEST, 0, -1):
        inside = columns + ahead < values.shape[1]
        nearer = np.where(inside, values[rows, (columns + ahead) * inside], np.nan)
        following = np.where(np.isfinite(nearer), nearer, following)
    stays = np.zeros(jumps.shape, dtype=bool)
    stays[rows, columns] = (following - old) / (new - old) >= 1 / 2
    return stays
