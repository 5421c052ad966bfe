"""Whether models agree on a change, and whether it is larger than weather: AR6's categories.

IPCC AR6 WGI, Cross-Chapter Box Atlas.1, the advanced approach: a change is robust where at least
66 % of the models exceed their own variability gamma and at least 80 % agree on its sign; there is
no robust change where fewer than 66 % exceed; models conflict where 66 % exceed and fewer than
80 % agree. gamma = sqrt(2 / 20) * 1.645 * sigma, sigma of detrended single years.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

EXCEED = 0.66
AGREE = 0.80
LENGTH = 20  # years of a window
_Z90 = 1.645
_FEWEST = 10  # years for a variability
_ROUND = 1e-9  # 4 / 5 must count as 80 %


class Robustness(IntEnum):
    """What may be said of a change."""

    NO_DATA = 0
    ROBUST = 1
    NO_CHANGE = 2  # not beyond variability in 66 % of the models
    CONFLICTING = 3  # beyond it, but in different directions
    SINGLE = 4  # one model only: nothing can be said of agreement
    NOT_POOLED = 5  # too few effectively independent samples (return levels only)


@dataclass(frozen=True)
class Judgement:
    """Robustness of a change.

    Attributes:
        category: (...) int8, see `Robustness`.
        agree: (...) int8, models that share the sign of most.
        members: (...) int8, models with a value.
    """

    category: np.ndarray
    agree: np.ndarray
    members: np.ndarray


def variability(yearly: np.ndarray) -> np.ndarray:
    """Return gamma of (year, ...) values, the trend taken out; NaN with fewer than 10 years."""
    year = np.arange(len(yearly), dtype="float64").reshape(-1, *(1,) * (yearly.ndim - 1))
    there = np.isfinite(yearly)
    count = there.sum(axis=0)
    safe = np.maximum(count, 1)
    value = np.where(there, yearly, 0)
    x = np.where(there, year - (there * year).sum(axis=0) / safe, 0)
    y = np.where(there, value - value.sum(axis=0) / safe, 0)
    spread = (x * x).sum(axis=0)
    slope = (x * y).sum(axis=0) / np.where(spread == 0, 1, spread)
    left = y - slope * x
    sigma = np.sqrt((left * left).sum(axis=0) / np.maximum(count - 2, 1))
    return np.asarray(np.where(count >= _FEWEST, np.sqrt(2 / LENGTH) * _Z90 * sigma, np.nan))


def judge(changes: np.ndarray, gamma: np.ndarray) -> Judgement:
    """Return the category of each change.

    Args:
        changes: (member, ...); NaN where a member has no value, it then does not count.
        gamma: The same shape, each member's own variability.
    """
    there = np.isfinite(changes) & np.isfinite(gamma)
    members = there.sum(axis=0)
    safe = np.maximum(members, 1)
    beyond = (there & (np.abs(changes) > gamma)).sum(axis=0) / safe
    up, down = (there & (changes > 0)).sum(axis=0), (there & (changes < 0)).sum(axis=0)
    agree = np.maximum(up, down)
    category = np.select(
        [members == 0, members == 1, beyond < EXCEED - _ROUND, agree / safe < AGREE - _ROUND],
        [Robustness.NO_DATA, Robustness.SINGLE, Robustness.NO_CHANGE, Robustness.CONFLICTING],
        Robustness.ROBUST,
    )
    return Judgement(category.astype("int8"), agree.astype("int8"), members.astype("int8"))
