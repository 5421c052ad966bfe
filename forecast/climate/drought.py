"""SPI: the standardised precipitation index of 3, 6 or 12 months.

Source: McKee, Doesken & Kleist (1993); gamma distribution by Thom's (1958) approximation, a
probability of its own for months without rain, fitted for each calendar month on the base period.
"""

import numpy as np
from scipy.special import gammainc, ndtri

from forecast.climate.years import Years, add, by_span, count

LIMIT = 8.21  # beyond it the normal distribution has no double-precision tail left


def monthly_mean(rain: np.ndarray, years: Years) -> np.ndarray:
    """Return (month, ...) the mean rain of the days that are there [mm per day]; NaN if none is.

    A mean, not a sum: months have unequal lengths, and one missing day must not make a drought.
    """
    days = by_span(lambda x: count(np.isfinite(x)), years.months, rain)
    rained = by_span(add, years.months, rain)
    short = days < 0.8 * years.month_lengths.reshape(-1, *(1,) * (rain.ndim - 1))
    return np.where(short, np.nan, rained / np.maximum(days, 1))


def spi(monthly: np.ndarray, month: np.ndarray, base: np.ndarray, window: int) -> np.ndarray:
    """Return (month, ...) SPI; NaN in the first `window` - 1 months and where a month is missing.

    Args:
        monthly: (month, ...) mean rain.
        month: (month,) calendar month 1 .. 12.
        base: bool (month,), the months that the distribution is fitted on.
        window: Months that are averaged, the last one included.
    """
    out = np.full(monthly.shape, np.nan)
    averaged = out.copy()
    whole = len(monthly) - window + 1  # months that have enough before them
    averaged[window - 1 :] = sum(monthly[k : k + whole] for k in range(window)) / window
    for number in range(1, 13):
        rows = month == number
        out[rows] = _standardise(averaged[rows], averaged[rows & base])
    return out


def _standardise(values: np.ndarray, base: np.ndarray) -> np.ndarray:
    shape, scale = _fit(base)
    known = np.isfinite(base).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        dry = (base == 0).sum(axis=0) / known
        chance = dry + (1 - dry) * gammainc(shape, values / scale)
        return np.asarray(np.clip(ndtri(chance), -LIMIT, LIMIT))


def _fit(base: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return shape and scale of the gamma distribution of the months with rain (Thom 1958)."""
    wet = np.where(base > 0, base, np.nan)
    count = np.isfinite(wet).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.nansum(wet, axis=0) / count
        spread = np.log(mean) - np.nansum(np.log(wet), axis=0) / count
        shape = (1 + np.sqrt(1 + 4 * spread / 3)) / (4 * spread)
        return shape, mean / shape
