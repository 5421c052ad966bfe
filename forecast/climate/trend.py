"""Trends per decade: Theil-Sen slope with its 95 % interval, from a kept library (SciPy).

Sen (1968), J. Am. Stat. Assoc. 63, 1379. The median of the slopes between all pairs of years: a
single wild year does not turn it.
"""

from dataclasses import dataclass

import numpy as np
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
