"""A risk index by region, R = (H E V)^(1/3): hazard of a layer, exposure and vulnerability given.

Each factor is scaled to 0 .. 1 between bounds that are fixed once, on the map of the baseline; with
bounds taken anew from every map a rise of all regions would not show. What lies outside is clipped,
and `Risk` says where. 0 of the hazard is the mildest region of the baseline, not "no hazard"; 0 of
the other two is nobody and nothing. Show H, E and V beside R, and its rank correlation with damage
(Kim et al. 2020, J. Korea Water Resour. Assoc. 53(5), 323).
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import spearmanr

from data.errors import InvalidData
from forecast.climate.risk_table import Table

FEWEST = 10  # regions for a rank correlation


@dataclass(frozen=True)
class Bounds:
    """The values that become 0 and 1."""

    low: float
    high: float


@dataclass(frozen=True)
class Yardstick:
    """The bounds of all three factors, the same for every map that is compared."""

    hazard: Bounds
    exposure: Bounds
    vulnerability: Bounds


@dataclass(frozen=True)
class Risk:
    """The index and its factors, each 0 .. 1, (..., region); NaN where a factor is not known.

    Attributes:
        above, below: bool, a factor lies beyond its bounds and was clipped to 1 or to 0.
    """

    index: np.ndarray
    hazard: np.ndarray
    exposure: np.ndarray
    vulnerability: np.ndarray
    above: np.ndarray
    below: np.ndarray


@dataclass(frozen=True)
class Agreement:
    """Spearman's rank correlation with its p over `n` regions; NaN with fewer than `FEWEST`."""

    rho: float
    p: float
    n: int


def bounds(baseline: np.ndarray, low: float | None = None) -> Bounds:
    """Return the lowest and highest value of the baseline's map.

    Args:
        baseline: Regions of one level only: a country's people would dwarf every district's.
        low: What becomes 0 instead of the lowest value.

    Raises:
        InvalidData: No two different values: nothing to scale by.
    """
    known = baseline[np.isfinite(baseline)]
    floor = float(known.min()) if low is None and known.size else low or 0.0
    highest = float(known.max(initial=floor))
    if highest == floor:
        raise InvalidData(
            f"None of the {known.size} known values of the baseline is above {floor:g}.",
            "Give at least two regions with different values.",
        )
    return Bounds(floor, highest)


def yardstick(hazard: np.ndarray, table: Table) -> Yardstick:
    """Return the bounds by the baseline; exposure and vulnerability begin at 0.

    Args:
        hazard: (region,) the layer in the baseline.

    Raises:
        InvalidData: A factor has no two different values.
    """
    return Yardstick(
        bounds(hazard), bounds(table.exposure, low=0.0), bounds(table.vulnerability, low=0.0)
    )


def scale(values: np.ndarray, within: Bounds) -> np.ndarray:
    """Return values as 0 .. 1, clipped; NaN stays NaN."""
    return np.clip((values - within.low) / (within.high - within.low), 0.0, 1.0)


def assess(hazard: np.ndarray, table: Table, by: Yardstick) -> Risk:
    """Return the risk index.

    Args:
        hazard: (..., region) the layer, of any time; higher is worse.
        by: From `yardstick`, of the baseline.
    """
    given = (
        (hazard, by.hazard),
        (table.exposure, by.exposure),
        (table.vulnerability, by.vulnerability),
    )
    h, e, v = (scale(np.broadcast_to(x, hazard.shape), within) for x, within in given)
    above, below = np.zeros((2, *hazard.shape), dtype=bool)
    for x, within in given:
        above |= x > within.high
        below |= x < within.low
    return Risk(np.cbrt(h * e * v), h, e, v, above, below)


def agreement(index: np.ndarray, damage: np.ndarray) -> Agreement:
    """Return how well the index ranks the regions, (region,), by the damage that they had."""
    both = np.isfinite(index) & np.isfinite(damage)
    n = int(both.sum())
    if n < FEWEST or np.ptp(index[both]) == 0 or np.ptp(damage[both]) == 0:
        return Agreement(np.nan, np.nan, n)
    found = spearmanr(index[both], damage[both])
    return Agreement(float(found.statistic), float(found.pvalue), n)
