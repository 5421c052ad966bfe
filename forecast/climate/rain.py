"""Indices of rain. Wet day: at least 1 mm (ETCCDI). Rain in mm per day, (time, ...).

Source: Zhang et al. (2011), WIREs Climate Change 2, doi:10.1002/wcc.147 (ETCCDI), unless said.
"""

import numpy as np

from forecast.climate.years import Years, add, by_span, counts, longest_run, maxima

WET = 1.0  # mm
HEAVY = 80.0  # mm a day: KMA's 호우일수 (climate.go.kr); other texts mean 30 mm an hour
TORRENT = 30.0  # mm an hour
_LEAD = 4  # days before a year that its first five-day sums need
_BLOCK = 64  # days whose five-day sums stay in the cache
_CELLS = 64  # sorted at once


def total(rain: np.ndarray, years: Years) -> np.ndarray:
    """PRCPTOT: sum of rain on wet days [mm]."""
    return by_span(lambda days: add(days, lambda x: x >= WET), years.starts, rain)


def intensity(rain: np.ndarray, years: Years) -> np.ndarray:
    """SDII: PRCPTOT / number of wet days [mm]; NaN in a year without any."""
    wet = counts(rain, years, lambda x: x >= WET)
    with np.errstate(invalid="ignore"):
        return np.asarray(total(rain, years) / np.where(wet == 0, np.nan, wet))


def most_in_a_day(rain: np.ndarray, years: Years) -> np.ndarray:
    """Rx1day: the wettest day [mm]."""
    return maxima(rain, years)


def most_in_five_days(rain: np.ndarray, years: Years) -> np.ndarray:
    """Rx5day: the wettest five days in a row [mm]; they belong to the year in which they end."""
    return by_span(_wettest_five, years.starts, rain, before=_LEAD)


def _wettest_five(days: np.ndarray) -> np.ndarray:
    """Return the largest sum of five days in a row; NaN if there are not five."""
    most = np.full(days.shape[1:], np.nan, dtype=days.dtype)
    for last in range(_LEAD, len(days), _BLOCK):
        part = days[last - _LEAD : last + _BLOCK]
        two = part[1:] + part[:-1]
        five = two[3:] + two[1:-2]
        five += part[:-_LEAD]
        np.fmax(most, np.fmax.reduce(five, axis=0), out=most)
    return most


def heavy_days(rain: np.ndarray, years: Years) -> np.ndarray:
    """R80mm: days of at least 80 mm (호우일수)."""
    return counts(rain, years, lambda x: x >= HEAVY)


def torrent_days(most_in_an_hour: np.ndarray, years: Years) -> np.ndarray:
    """R30mm/h: days whose wettest hour had at least 30 mm.

    Args:
        most_in_an_hour: (time, ...) the day's wettest hour [mm]; blank where it did not rain.
    """
    return counts(most_in_an_hour, years, lambda x: x >= TORRENT)


def wet_spell(rain: np.ndarray, years: Years) -> np.ndarray:
    """CWD: the longest run of wet days; cut at New Year and by a missing day."""
    return longest_run(rain >= WET, years)


def dry_spell(rain: np.ndarray, years: Years) -> np.ndarray:
    """CDD: the longest run of days below 1 mm; cut at New Year and by a missing day."""
    return longest_run(rain < WET, years)


def wet_day_percentile(rain: np.ndarray, base: np.ndarray, percent: float) -> np.ndarray:
    """Return the percentile of the base period's wet days [mm], (...).

    Args:
        base: bool (time,), the days of the base period.
    """
    flat = rain.reshape(len(rain), -1)
    out = np.empty(flat.shape[1], dtype=rain.dtype)
    for first in range(0, flat.shape[1], _CELLS):
        block = slice(first, first + _CELLS)
        out[block] = _wet_percentile(np.ascontiguousarray(flat[:, block][base].T), percent / 100)
    return out.reshape(rain.shape[1:])


def _wet_percentile(days: np.ndarray, share: float) -> np.ndarray:
    """Return the percentile of each row's wet days (linear, Hyndman & Fan 1996, type 7)."""
    wet = days >= WET
    known = np.count_nonzero(wet, axis=1)
    ordered = np.sort(np.where(wet, days, 0), axis=1)  # dry and missing days first
    last = days.shape[1] - 1
    place = np.minimum(last - (1 - share) * (known - 1), last)
    low = place.astype(int)
    rows = np.arange(len(days))
    below, above = ordered[rows, low], ordered[rows, np.minimum(low + 1, last)]
    limit = below + (place - low).astype(days.dtype) * (above - below)
    return np.where(known == 0, np.nan, limit).astype(days.dtype)


def rain_above(rain: np.ndarray, years: Years, limit: np.ndarray) -> np.ndarray:
    """R95pTOT, R99pTOT: sum of rain on days above a percentile of the base's wet days [mm].

    The base years keep their own days in the percentile (no bootstrap): ETCCDI bootstraps only
    the temperature indices, and a sum of rain above a percentile has no jump at the base's end
    to speak of with 30 base years.
    """
    level = limit.astype(rain.dtype, copy=False)
    return by_span(lambda days: add(days, lambda x: x > level), years.starts, rain)
