"""Trends per decade: Theil-Sen slope with its 95 % interval, from a kept library (SciPy).

Sen (1968), J. Am. Stat. Assoc. 63, 1379. The median of the slopes between all pairs of years: a
single wild year does not turn it. Whether there is a trend at all: Mann (1945), Econometrica 13,
245, and Kendall's variance with ties.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr
from scipy.stats import theilslopes

FEWEST = 30  # years


@dataclass(frozen=True)
class Trend:
    """Change per decade of (place,) series, with the ends of its 95 % interval; NaN = too short."""

    slope: np.ndarray
    low: np.ndarray
    high: np.ndarray


def per_decade(values: np.ndarray, years: np.ndarray) -> Trend:
    """Return the trend of each series.

    Args:
        values: (year, place), NaN = missing; fewer than 30 years have no trend.
        years: (year,) calendar years.
    """
    found = np.full((3, values.shape[1]), np.nan)
    for place, series in enumerate(values.T):
        there = np.isfinite(series)
        if there.sum() >= FEWEST:
            slope = theilslopes(series[there], years[there])
            found[:, place] = 10 * slope.slope, 10 * slope.low_slope, 10 * slope.high_slope
    return Trend(*found)


def mann_kendall(values: np.ndarray) -> np.ndarray:
    """Return (place,) the two-sided p of no trend; 1 for a series that never changes.

    Equal to `scipy.stats.kendalltau(year, value, method="asymptotic")`, all places at once. It
    takes the years as independent of each other; years in a row that resemble each other make p
    too small.

    Args:
        values: (year, place) in order of time, NaN = missing; fewer than 30 years are NaN.
    """
    n = np.isfinite(values).sum(axis=0)
    later, earlier = np.tril_indices(len(values), -1)
    score = np.nansum(np.sign(values[later] - values[earlier]), axis=0)
    variance = (n * (n - 1) * (2 * n + 5) - _ties(values)) / 18
    size = np.abs(score) / np.sqrt(np.where(variance > 0, variance, 1))
    return np.asarray(np.where(n >= FEWEST, 2 * ndtr(-size), np.nan))


def _ties(values: np.ndarray) -> np.ndarray:
    """Return (place,) the sum of t (t - 1) (2 t + 5) over groups of t equal values.

    Each of the t members of a group is counted, so that it gives (t - 1) (2 t + 5).
    """
    alike = np.stack([(values == one).sum(axis=0) for one in values])
    return np.asarray(np.where(alike > 0, (alike - 1) * (2 * alike + 5), 0).sum(axis=0))
