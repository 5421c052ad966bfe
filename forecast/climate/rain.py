"""Indices of rain. Wet day: at least 1 mm (ETCCDI). Rain in mm per day, (time, ...).

Source: Zhang et al. (2011), WIREs Climate Change 2, doi:10.1002/wcc.147 (ETCCDI), unless said.
"""

import numpy as np

from forecast.climate.years import Years, counts, longest_run, maxima, sums

WET = 1.0  # mm
HEAVY = 80.0  # mm a day: KMA's 호우일수 (climate.go.kr); other texts mean 30 mm an hour
TORRENT = 30.0  # mm an hour


def total(rain: np.ndarray, years: Years) -> np.ndarray:
    """PRCPTOT: sum of rain on wet days [mm]."""
    return sums(np.where(rain < WET, rain.dtype.type(0), rain), years)


def intensity(rain: np.ndarray, years: Years) -> np.ndarray:
    """SDII: PRCPTOT / number of wet days [mm]; NaN in a year without any."""
    wet = counts(rain >= WET, years)
    with np.errstate(invalid="ignore"):
        return np.asarray(total(rain, years) / np.where(wet == 0, np.nan, wet))


def most_in_a_day(rain: np.ndarray, years: Years) -> np.ndarray:
    """Rx1day: the wettest day [mm]."""
    return maxima(rain, years)


def most_in_five_days(rain: np.ndarray, years: Years) -> np.ndarray:
    """Rx5day: the wettest five days in a row [mm]; they belong to the year in which they end."""
    five = np.full_like(rain, np.nan)
    five[4:] = rain[4:] + rain[3:-1] + rain[2:-2] + rain[1:-3] + rain[:-4]
    return maxima(five, years)


def heavy_days(rain: np.ndarray, years: Years) -> np.ndarray:
    """R80mm: days of at least 80 mm (호우일수)."""
    return counts(rain >= HEAVY, years)


def torrent_days(most_in_an_hour: np.ndarray, years: Years) -> np.ndarray:
    """R30mm/h: days whose wettest hour had at least 30 mm.

    Args:
        most_in_an_hour: (time, ...) the day's wettest hour [mm]; blank where it did not rain.
    """
    return counts(most_in_an_hour >= TORRENT, years)


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
    wet = np.where(rain[base] >= WET, rain[base], np.nan)
    dry = np.isnan(wet).all(axis=0)
    wet[0] = np.where(dry, 0.0, wet[0])  # a cell that never saw rain; undone below
    return np.where(dry, np.nan, np.nanpercentile(wet, percent, axis=0))


def rain_above(rain: np.ndarray, years: Years, limit: np.ndarray) -> np.ndarray:
    """R95pTOT, R99pTOT: sum of rain on days above a percentile of the base's wet days [mm].

    The base years keep their own days in the percentile (no bootstrap): ETCCDI bootstraps only
    the temperature indices, and a sum of rain above a percentile has no jump at the base's end
    to speak of with 30 base years.
    """
    return sums(np.where(rain > limit, rain, rain.dtype.type(0)), years)
