"""Ask the library `ioos-qc` about the few readings of many sites that could fail a test.

It takes one series and one limit at a time, and its spike test loops over every value in Python.
So only the surroundings of the candidates go to it, those of all sites with the same limit in one
call, with a NaN between any two stretches. What it says there is what it says of the whole series.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from data.cadence import TEN_MINUTES

SUSPECT, FAIL = 3, 4
Test = Callable[[np.ndarray, np.ndarray, np.ndarray], Any]  # values, times, limits -> codes


@dataclass(frozen=True)
class Case:
    """Readings that could fail, and what the library must see to decide.

    Attributes:
        candidates: bool, dims (site, time).
        before: How many readings before a candidate the test looks at.
        after: The same after it.
        limits: Dims (site, number of limits); sites with equal ones are asked about together.
    """

    candidates: np.ndarray
    before: int
    after: int
    limits: np.ndarray


def ask(test: Test, values: np.ndarray, time: np.ndarray, case: Case) -> np.ndarray:
    """Return where the library finds a candidate suspect or worse; bool, dims (site, time)."""
    found = np.zeros(values.shape, dtype=bool)
    rows = np.flatnonzero(case.candidates.any(axis=1))
    if not rows.size:
        return found
    groups, member = np.unique(case.limits[rows], axis=0, return_inverse=True)
    for number, limit in enumerate(groups):
        mine = rows[member.ravel() == number]
        covered = _around(case.candidates[mine], case.before, case.after)
        series, times, chosen = _in_line(values[mine], time, covered)
        told = np.ma.getdata(test(series, times, limit))
        marks = np.zeros(chosen.shape, dtype=bool)
        marks[chosen] = (told == SUSPECT) | (told == FAIL)
        found[mine] = marks[:, :-1] & case.candidates[mine]
    return found


def _around(candidates: np.ndarray, before: int, after: int) -> np.ndarray:
    """Return candidates and the readings that the test looks at to judge them."""
    size = candidates.shape[1]
    total = np.pad(np.cumsum(candidates, axis=1, dtype="int64"), ((0, 0), (1, 0)))
    here = np.arange(size)
    first, last = np.maximum(here - after, 0), np.minimum(here + before + 1, size)
    covered: np.ndarray = total[:, last] > total[:, first]
    return covered


def _in_line(
    values: np.ndarray, time: np.ndarray, covered: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Put all covered stretches in one line, with a NaN after each.

    Returns:
        The line's values and times; and where they stand, dims (site, time + 1).
    """
    gap = ((0, 0), (0, 1))
    padded = np.pad(np.where(covered, values, np.nan), gap, constant_values=np.nan)
    chosen = np.pad(covered, gap)
    chosen[:, 1:] |= covered
    step = time[-1] - time[-2] if time.size > 1 else TEN_MINUTES
    times = np.broadcast_to(np.append(time, time[-1] + step), padded.shape)
    return padded[chosen], times[chosen], chosen


def library() -> Any:
    """Return `ioos_qc.qartod`, imported when a reading must be judged: it loads numba."""
    from ioos_qc import qartod

    return qartod
