"""The GEV distribution of yearly maxima, fitted by L-moments; thousands of cells at once.

Hosking & Wallis (1997), Regional Frequency Analysis, doi:10.1017/CBO9780511529443, appendix A.
Sign of the shape k as there and in SciPy: k < 0 has a heavy upper tail (k = -xi). Maximum
likelihood without a start fails on short records (levels of 1e17 mm were seen); L-moments do not.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gamma

FEWEST = 16  # years of a series: 80 % of 20; levels are only told of pools, which hold more
_STEPS = 8  # of Newton at most: the start is good to 9e-4 (Hosking et al. 1985), two suffice there
_CLOSE = 1e-12  # a smaller step of k is none
_GUMBEL = 1e-6  # |k| below it is taken as 0
_EULER = 0.5772156649015329


@dataclass(frozen=True)
class Gev:
    """Location and scale [unit of the values] and shape k, all of one shape (...)."""

    location: np.ndarray
    scale: np.ndarray
    k: np.ndarray


def l_moments(values: np.ndarray) -> np.ndarray:
    """Return the first three sample L-moments, (3, ...); NaN with fewer than `FEWEST` values.

    Args:
        values: (year, ...), NaN = missing.

    By probability-weighted moments over the ranks of what is there; equal to
    `scipy.stats.lmoment` where nothing is missing.
    """
    ordered = np.sort(values, axis=0)  # NaN last
    count = np.isfinite(ordered).sum(axis=0)
    rank = np.arange(len(values), dtype="float64").reshape(-1, *(1,) * (values.ndim - 1))
    x = np.where(rank < count, ordered, 0)
    n = np.maximum(count, 3).astype("float64")
    b0 = x.sum(axis=0) / n
    b1 = (x * rank).sum(axis=0) / (n * (n - 1))
    b2 = (x * rank * (rank - 1)).sum(axis=0) / (n * (n - 1) * (n - 2))
    found = np.stack([b0, 2 * b1 - b0, 6 * b2 - 6 * b1 + b0])
    return np.asarray(np.where(count >= FEWEST, found, np.nan))


def fit(l1: np.ndarray, l2: np.ndarray, t3: np.ndarray) -> Gev:
    """Return the GEV with these L-moments (mean, L-scale, L-skewness).

    k starts from Hosking's approximation and is brought to t3 = 2 (1 - 3^-k) / (1 - 2^-k) - 3 by
    Newton steps.
    """
    c = 2 / (3 + t3) - np.log(2) / np.log(3)
    k = np.asarray(7.8590 * c + 2.9554 * c**2, dtype="float64")
    for _ in range(_STEPS):
        skewness, slope = _skewness(k)
        step = (skewness - t3) / slope
        k = k - step
        if not (np.abs(step) > _CLOSE).any():
            break
    flat = np.abs(k) < _GUMBEL
    safe = np.where(flat, 1.0, k)
    rise = gamma(1 + safe)
    scale = np.where(flat, l2 / np.log(2), l2 * safe / ((1 - 2.0**-safe) * rise))
    location = np.where(flat, l1 - _EULER * scale, l1 - scale * (1 - rise) / safe)
    return Gev(location, scale, np.where(flat, 0.0, k))


def level(distribution: Gev, period: float) -> np.ndarray:
    """Return the value exceeded with chance 1 / `period` a year."""
    reduced = -np.log1p(-1 / period)
    safe = np.where(distribution.k == 0, 1.0, distribution.k)
    growth = np.where(distribution.k == 0, -np.log(reduced), (1 - reduced**safe) / safe)
    return np.asarray(distribution.location + distribution.scale * growth)


def chance(distribution: Gev, value: np.ndarray) -> np.ndarray:
    """Return the chance that a year exceeds a value; 0 above the upper end, 1 below the lower."""
    y = (value - distribution.location) / distribution.scale
    safe = np.where(distribution.k == 0, 1.0, distribution.k)
    inner = np.maximum(1 - safe * y, 0.0)
    with np.errstate(divide="ignore", over="ignore"):
        reduced = np.where(distribution.k == 0, np.exp(-y), inner ** (1 / safe))
    return np.asarray(-np.expm1(-reduced))


def period(distribution: Gev, value: np.ndarray) -> np.ndarray:
    """Return the return period of a value [years]; inf above the upper end, 1 below the lower."""
    with np.errstate(divide="ignore"):
        return np.asarray(1 / chance(distribution, value))


def _skewness(k: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the L-skewness of a shape, 0.1699 at k = 0 (Gumbel), and its derivative."""
    two, three = np.log(2), np.log(3)
    flat = np.abs(k) < _GUMBEL
    safe = np.where(flat, 1.0, k)
    upper, lower = -np.expm1(-three * safe), -np.expm1(-two * safe)  # 1 - 3^-k, 1 - 2^-k
    ratio = np.where(flat, three / two, upper / lower)
    slope = (three * (1 - upper) - ratio * two * (1 - lower)) / lower
    return 2 * ratio - 3, 2 * np.where(flat, three / two * (two - three) / 2, slope)
