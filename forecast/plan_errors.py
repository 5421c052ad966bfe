"""Futures with the errors that plans and rain forecasts have, to learn how far to trust them.

A plan of releases drifts away by a factor. A rain forecast does, too; besides it comes too early or
too late, and now and then it is of weather that did not come at all.
"""

from collections.abc import Mapping

import numpy as np

WRONG = {"dam_release": (0.05, 0.05), "rainfall": (0.3, 0.1)}  # of ln: at once, more per hour
LATE = 1.0  # h, standard deviation: how early or late rain comes
MISTAKEN = 0.1  # share of rain forecasts that are of another time altogether


def spoilt(
    future: Mapping[str, np.ndarray], rng: np.random.Generator, hours: float = 1.0
) -> dict[str, np.ndarray]:
    """Return a future with errors.

    The ln of the factor is normal: the first number of `WRONG` is its standard deviation at once,
    the second that of what each hour ahead adds.

    Args:
        future: By variable (time, step ahead); the times follow each other step by step.
        hours: Length of a step.
    """
    made = {}
    for name, values in future.items():
        moved = _misplaced(values, rng, hours) if name == "rainfall" else values
        at_once, more = WRONG[name]
        drift = np.cumsum(rng.normal(0, more * np.sqrt(hours), values.shape), axis=1)
        made[name] = moved * np.exp(rng.normal(0, at_once, (len(values), 1)) + drift)
    return made


def _misplaced(values: np.ndarray, rng: np.random.Generator, hours: float) -> np.ndarray:
    """Return what was to come some steps earlier or later, or at a time drawn by lot."""
    rows = np.arange(len(values))
    late = np.rint(rng.normal(0, LATE / hours, rows.size)).astype(int)
    taken = np.clip(rows - late, 0, rows.size - 1)
    other = rng.integers(0, rows.size, rows.size)
    return np.asarray(values[np.where(rng.random(rows.size) < MISTAKEN, other, taken)])
