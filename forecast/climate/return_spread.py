"""Observed return levels with their interval, of each place alone or pooled with its neighbours."""

from dataclasses import dataclass

import numpy as np

from forecast.climate import return_levels
from forecast.climate.return_levels import RESAMPLES, Scheme

_SCHEME = Scheme(0.05, 0.95)


@dataclass(frozen=True)
class Levels:
    """Return levels of observed maxima.

    Attributes:
        level: (3, period, place) 5 %, estimate, 95 % [unit of the maxima]; NaN with < 20 years.
        years: (place,) int, how many years each place has.
    """

    level: np.ndarray
    years: np.ndarray


def alone(places: int) -> np.ndarray:
    """Return the pool (place, 1) that holds nobody but the place itself."""
    return np.arange(places)[:, None]


def observed(
    maxima: np.ndarray,
    pool: np.ndarray,
    periods: tuple[float, ...] = (20.0, 100.0),
    seed: int = 0,
) -> Levels:
    """Return the return levels of observed maxima, with the spread of resampled years.

    The interval is that of sampling alone. A draw that leaves a place fewer than 20 of its years
    does not count there.

    Args:
        maxima: (year, place), NaN = missing.
        pool: (place, pool) from `return_levels.neighbours`, or `alone`.
        seed: Of the resampling; the same years are drawn for all places.
    """
    rng = np.random.default_rng(seed)
    draws = [_levels(maxima, pool, periods)]
    for _ in range(RESAMPLES):
        drawn = return_levels.draw_years(maxima[None], rng)[0]
        draws.append(_levels(drawn, pool, periods))
    level = return_levels.around(np.array(draws), _SCHEME)
    return Levels(level, np.isfinite(maxima).sum(axis=0))


def _levels(maxima: np.ndarray, pool: np.ndarray, periods: tuple[float, ...]) -> np.ndarray:
    """Return (period, place) levels."""
    return np.stack([return_levels.observed(maxima, pool, period) for period in periods])
