"""Return levels of yearly maxima: pooled over neighbours and models, and how they change.

Twenty years of one station say next to nothing of the 1-in-100-year day: with a true change of
+20 % the estimate runs from -36 to +125 %. So L-moment ratios are pooled over neighbouring
stations and over models (index flood, Hosking & Wallis 1997), a station's own mean sets the scale,
and the 1-in-100 is only trusted where the pool holds 20 effectively independent samples.

A model's maxima are divided by its own reference mean, so that its bias falls out; the change
factor level_future / level_reference - 1 is then applied to the observed level.
"""

from dataclasses import dataclass

import numpy as np

from forecast.climate import gev

POOL = 8  # stations of a pool, the station itself included
ENOUGH = 20.0  # effectively independent samples for the 1-in-100
RESAMPLES = 200
CLAUSIUS_CLAPEYRON = 7.0  # % of moisture per degC


@dataclass(frozen=True)
class Scheme:
    """How a spread is found: by drawing years anew.

    Attributes:
        low, high: Which quantiles of the draws are told.
        members: Models are drawn anew, too, the same before and after.
    """

    low: float = 0.1
    high: float = 0.9
    members: bool = False


YEARS = Scheme()
YEARS_AND_MODELS = Scheme(0.05, 0.95, members=True)


@dataclass(frozen=True)
class Change:
    """How the levels of some return periods change, at each place.

    Attributes:
        factor: (3, period, place) low, estimate, high of the change of the level; 0.2 is +20 %.
        chance: (3, period, place) the same of the yearly chance of the reference's level; its
            inverse is the return period that the level will have.
    """

    factor: np.ndarray
    chance: np.ndarray


def neighbours(apart: np.ndarray) -> np.ndarray:
    """Return the `POOL` nearest places of each place, itself first, (place, pool) positions.

    Args:
        apart: (place, place) distances.
    """
    return np.argsort(apart, axis=1, kind="stable")[:, : min(POOL, len(apart))]


def observed(maxima: np.ndarray, pool: np.ndarray, period: float) -> np.ndarray:
    """Return (place,) the pooled return level of the observed maxima; NaN with < 16 years.

    Args:
        maxima: (year, place), NaN = missing.
        pool: (place, pool) from `neighbours`.
    """
    growth, mean = _pooled(gev.l_moments(maxima)[:, None], pool)
    return np.asarray(gev.level(growth, period) * mean)


def change(
    reference: np.ndarray,
    later: np.ndarray,
    pool: np.ndarray,
    periods: tuple[float, ...] = (20.0, 100.0),
    seed: int = 0,
    scheme: Scheme = YEARS,
) -> Change:
    """Return how the levels of some periods change, with the spread of resampled years.

    Args:
        reference: (member, year, place) maxima of the reference years.
        later: (member, year, place) maxima of the window.
        pool: (place, pool) from `neighbours`.
        seed: Of the resampling; the same years are drawn for all places.
        scheme: 10 % and 90 % over years, unless another is given.
    """
    mean = _mean(reference, 1)[:, None]
    before, after = reference / mean, later / mean
    rng = np.random.default_rng(seed)
    factors, chances = [], []
    for draw in range(RESAMPLES + 1):
        old, new = _drawn(before, after, rng, scheme) if draw else (before, after)
        level, chance = _compare(old, new, pool, periods)
        factors.append(level)
        chances.append(chance)
    return Change(around(np.array(factors), scheme), around(np.array(chances), scheme))


def effective(maxima: np.ndarray, pool: np.ndarray, members: int) -> np.ndarray:
    """Return (place,) how many independent samples a pool is worth.

    n series of mean correlation r are worth n / (1 + (n - 1) r); independent models multiply.

    Args:
        maxima: (year, place) as observed.
        members: Models whose weather is independent of each other's.
    """
    filled = np.where(np.isfinite(maxima), maxima, np.nanmean(maxima, axis=0))
    alike = np.corrcoef(filled.T)
    n = pool.shape[1]
    among = alike[pool[:, :, None], pool[:, None, :]]  # (place, pool, pool)
    r = np.clip((among.sum(axis=(1, 2)) - n) / max(n * (n - 1), 1), 0, 1)
    return np.asarray(members * n / (1 + (n - 1) * r))


def per_degree(factor: np.ndarray, warming: float) -> np.ndarray:
    """Return a change of level in % per degC of global warming; compare `CLAUSIUS_CLAPEYRON`."""
    return np.asarray(100 * factor / warming)


def _compare(
    before: np.ndarray, after: np.ndarray, pool: np.ndarray, periods: tuple[float, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Return (period, place) changes of the levels, and the later chances of the earlier levels."""
    old, old_mean = _pooled(gev.l_moments(np.moveaxis(before, 0, 1)), pool)
    new, new_mean = _pooled(gev.l_moments(np.moveaxis(after, 0, 1)), pool)
    earlier = np.stack([gev.level(old, period) * old_mean for period in periods])
    coming = np.stack([gev.level(new, period) * new_mean for period in periods])
    return coming / earlier - 1, gev.chance(new, earlier / new_mean)


def _pooled(moments: np.ndarray, pool: np.ndarray) -> tuple[gev.Gev, np.ndarray]:
    """Return the growth curve (mean 1) and the mean of each place.

    Args:
        moments: (3, member, place).
    """
    spread = _mean((moments[1] / moments[0])[:, pool], (0, 2))
    skew = _mean((moments[2] / moments[1])[:, pool], (0, 2))
    return gev.fit(np.ones_like(spread), spread, skew), _mean(moments[0], 0)


def _mean(values: np.ndarray, axis: int | tuple[int, ...]) -> np.ndarray:
    """Return the mean of what is there; NaN where nothing is."""
    there = np.isfinite(values)
    count = there.sum(axis=axis)
    total = np.where(there, values, 0).sum(axis=axis)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan))


def _drawn(
    before: np.ndarray, after: np.ndarray, rng: np.random.Generator, scheme: Scheme
) -> tuple[np.ndarray, np.ndarray]:
    """Return both with years drawn anew, and models if the scheme says so."""
    if scheme.members:
        who = rng.integers(0, len(before), len(before))
        before, after = before[who], after[who]
    return draw_years(before, rng), draw_years(after, rng)


def draw_years(maxima: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the (member, year, place) maxima of years drawn with replacement.

    Each member has its own, the same at all places: they stay alike as they are.
    """
    members, years, _ = maxima.shape
    chosen = rng.integers(0, years, (members, years))
    return np.take_along_axis(maxima, chosen[:, :, None], axis=1)


def around(draws: np.ndarray, scheme: Scheme = YEARS) -> np.ndarray:
    """Return low, the estimate itself, high; the estimate is the first draw.

    Without an estimate there is no interval: 15 years drawn with replacement may pass for 16.
    """
    nothing = np.isnan(draws[0]) | np.isnan(draws[1:]).all(axis=0)
    told = np.where(nothing, 0, draws[1:])
    low, high = np.where(nothing, np.nan, np.nanquantile(told, (scheme.low, scheme.high), axis=0))
    return np.stack([low, draws[0], high])
