"""Tell a reading from a fault: sentinels, impossible values and spikes, each with its reason.

A fast rise is no spike. A spike leaves and comes back: within `LONGEST` readings the series jumps
away and jumps back, the larger jump above the limit and the smaller at least half of it. To know
that it came back takes the readings after it, up to 30 minutes of them in a 10-minute record.
"""

from dataclasses import dataclass
from math import inf

import numpy as np

from data.schema import Flag

LONGEST = 3  # readings: what stays away longer is taken for true
TEN_MINUTES = np.timedelta64(10, "m")


@dataclass(frozen=True)
class Limits:
    """What a value can be, in the unit in which it is published.

    Attributes:
        sentinels: Values that stand for "no value".
        jump: Largest credible change in 10 minutes if it comes back at once.
    """

    sentinels: tuple[float, ...] = ()
    lowest: float = -inf
    highest: float = inf
    jump: float = inf


def judge(values: np.ndarray, flags: np.ndarray, time: np.ndarray, limits: Limits) -> np.ndarray:
    """Return `flags` with a reason at every reading that cannot be right.

    Args:
        values: Dims (time,), in the unit of `limits`; NaN where `flags` already has a reason.
        flags: `data.schema.Flag`, dims (time,).
        time: datetime64, strictly ascending.
    """
    judged = flags.copy()
    good = flags == Flag.GOOD
    outside = (values < limits.lowest) | (values > limits.highest)
    judged[good & outside] = Flag.OUT_OF_RANGE
    judged[good & np.isin(values, limits.sentinels)] = Flag.SENTINEL
    judged[spikes(only_good(values, judged), time, limits.jump)] = Flag.SPIKE
    return judged


def only_good(values: np.ndarray, flags: np.ndarray) -> np.ndarray:
    """Return `values`, NaN where a flag says why not."""
    return np.where(flags == Flag.GOOD, values, np.nan)


def spikes(values: np.ndarray, time: np.ndarray, jump: float) -> np.ndarray:
    """Find readings that jump away and come back.

    Args:
        values: Dims (time,); NaN = missing, which is never part of a spike.
        jump: Per 10 minutes; a slower record may change more between two readings.

    Returns:
        bool, dims (time,).
    """
    found = np.zeros(values.size, dtype=bool)
    every = cadence(time)
    limit = jump * max(1.0, every / TEN_MINUTES)
    for length in range(1, LONGEST + 1):
        for start in _excursions(values, time, limit, length, every):
            found[start : start + length] = True
    return found


def cadence(time: np.ndarray) -> np.timedelta64:
    """Return the most common time between two readings; 10 minutes if there is only one."""
    if time.size < 2:
        return TEN_MINUTES
    gaps, counts = np.unique(np.diff(time), return_counts=True)
    usual: np.timedelta64 = gaps[counts.argmax()]
    return usual


def _excursions(
    values: np.ndarray, time: np.ndarray, limit: float, length: int, every: np.timedelta64
) -> np.ndarray:
    """Return where excursions of `length` readings begin."""
    if values.size < length + 2:
        return np.array([], dtype=int)
    away = values[1:-length] - values[: -length - 1]
    back = values[length + 1 :] - values[length:-1]
    larger = np.maximum(abs(away), abs(back))
    smaller = np.minimum(abs(away), abs(back))
    unbroken = time[length + 1 :] - time[: -length - 1] <= (length + 1) * every
    hits = (away * back < 0) & (larger > limit) & (smaller >= larger / 2) & unbroken
    return np.flatnonzero(hits) + 1


def tally(name: str, flags: np.ndarray) -> str:
    """Say in one line how many readings are missing or doubted, and why."""
    counts = [(flag.name.lower(), int((flags == flag).sum())) for flag in Flag if flag]
    found = ", ".join(f"{count:,} {reason.replace('_', ' ')}" for reason, count in counts if count)
    return f"{name}: {found or 'all good'}, of {flags.size:,}"
