"""Indices against the calendar day's own past: TX90p, TN10p, WSDI.

The threshold of a calendar day is a percentile of the base period's values within two days of it
(5-day window), as ETCCDI has it (Zhang et al. 2005, J. Climate 18, doi:10.1175/JCLI3366.1). In
years of the base, ETCCDI bootstraps; here it is not done: base years then lie a little low
(about 0.5 days in 30 years of base), and the page says so.
"""

import numpy as np
import xarray as xr

from forecast.climate.at_once import at_once
from forecast.climate.years import Years, by_span, count

WINDOW = 5  # days
SPELL = 6  # days of a warm spell


def calendar_day(time: xr.DataArray) -> np.ndarray:
    """Return the day of the year (0 ..), 29 February sharing a day with 28 February."""
    day = time.dt.dayofyear.values - 1
    if time.dt.calendar in ("standard", "gregorian", "proleptic_gregorian"):
        late = np.asarray(time.dt.is_leap_year.values) & (day > 58)
        day = day - late
    return np.asarray(day)


def daily_percentile(
    values: np.ndarray, day: np.ndarray, base: np.ndarray, percent: float
) -> np.ndarray:
    """Return (calendar day, ...) percentiles of the base period in a 5-day window.

    Args:
        values: (time, ...).
        day: (time,) from `calendar_day`.
        base: bool (time,), the days of the base period.

    The percentile is the median-unbiased one (Hyndman & Fan 1996, type 8), as in xclim.
    """
    around = np.arange(-(WINDOW // 2), WINDOW // 2 + 1)

    def of_day(number: int) -> np.ndarray:
        window = (np.flatnonzero(base & (day == number))[:, None] + around).ravel()
        window = window[(window >= 0) & (window < len(base))]
        return _quantile(values[window[base[window]]], percent / 100)

    return at_once(of_day, range(int(day.max()) + 1), values.nbytes)


def _quantile(values: np.ndarray, share: float) -> np.ndarray:
    ordered = np.sort(values, axis=0)  # NaN last
    known = len(values) - np.count_nonzero(np.isnan(ordered), axis=0)
    last = np.maximum(known - 1, 0)
    place = np.clip(share * (known + 1 / 3) - 2 / 3, 0, last)
    low = np.asarray(place).astype(int)
    below = np.take_along_axis(ordered, low[None], axis=0)[0]
    above = np.take_along_axis(ordered, np.minimum(low + 1, last)[None], axis=0)[0]
    return np.asarray(below + (place - low).astype(values.dtype) * (above - below))


def warm_days(tasmax: np.ndarray, years: Years, limit: np.ndarray, day: np.ndarray) -> np.ndarray:
    """TX90p: days above the calendar day's 90th percentile."""
    return by_span(lambda x, d: count(x > limit[d]), years.starts, tasmax, day)


def cold_nights(tasmin: np.ndarray, years: Years, limit: np.ndarray, day: np.ndarray) -> np.ndarray:
    """TN10p: days below the calendar day's 10th percentile."""
    return by_span(lambda x, d: count(x < limit[d]), years.starts, tasmin, day)


def warm_spell(tasmax: np.ndarray, years: Years, limit: np.ndarray, day: np.ndarray) -> np.ndarray:
    """WSDI: days in runs of at least six days above the 90th percentile; cut at New Year."""
    return by_span(lambda x, d: _in_spells(x > limit[d]), years.starts, tasmax, day)


def _in_spells(true: np.ndarray) -> np.ndarray:
    inside = np.zeros(true.shape, dtype=bool)
    starts = len(true) - SPELL + 1  # days that a spell may begin on
    if starts > 0:
        whole = true[:starts].copy()
        for offset in range(1, SPELL):
            whole &= true[offset : offset + starts]
        for offset in range(SPELL):
            inside[offset : offset + starts] |= whole
    return count(inside)
