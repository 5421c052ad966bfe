"""Indices of heat and cold. Temperatures in degC, (time, ...).

Thresholds of 폭염일, 열대야 and 한파일 are KMA's (climate.go.kr); the others are ETCCDI's
(Zhang et al. 2011, doi:10.1002/wcc.147).
"""

import numpy as np

from forecast.climate.years import Years, counts, maxima, minima, sums

HOT = 33.0
TROPICAL = 25.0
COLD = -12.0
GROWING = 5.0
SPELL = 6  # days
_FROM_JULY = {360: 180}  # days from 1 July to the end of the year; 184 in all other calendars


def hottest(tasmax: np.ndarray, years: Years) -> np.ndarray:
    """TXx: the year's highest maximum [degC]."""
    return maxima(tasmax, years)


def coldest(tasmin: np.ndarray, years: Years) -> np.ndarray:
    """TNn: the year's lowest minimum [degC]."""
    return minima(tasmin, years)


def hot_days(tasmax: np.ndarray, years: Years) -> np.ndarray:
    """폭염일: days with a maximum of at least 33 degC."""
    return counts(tasmax, years, lambda x: x >= HOT)


def tropical_nights(tasmin: np.ndarray, years: Years) -> np.ndarray:
    """열대야: days with a minimum of at least 25 degC (KMA counts the night's, so a few more)."""
    return counts(tasmin, years, lambda x: x >= TROPICAL)


def cold_days(tasmin: np.ndarray, years: Years) -> np.ndarray:
    """한파일: days with a minimum of at most -12 degC."""
    return counts(tasmin, years, lambda x: x <= COLD)


def frost_days(tasmin: np.ndarray, years: Years) -> np.ndarray:
    """FD: days with a minimum below 0 degC."""
    return counts(tasmin, years, lambda x: x < 0)


def ice_days(tasmax: np.ndarray, years: Years) -> np.ndarray:
    """ID: days with a maximum below 0 degC."""
    return counts(tasmax, years, lambda x: x < 0)


def mean(values: np.ndarray, years: Years) -> np.ndarray:
    """Return the year's mean over the days that are there."""
    days = counts(values, years, np.isfinite)
    with np.errstate(invalid="ignore"):
        return np.asarray(sums(values, years) / np.where(days == 0, np.nan, days))


def growing_season(tas: np.ndarray, years: Years) -> np.ndarray:
    """GSL: days from the first six above 5 degC to the last day before six below it after 1 July.

    Northern hemisphere, calendar year; 0 where it never begins; to the year's end where it does
    not end. A missing day is neither warm nor cold.
    """
    ends = np.append(years.starts[1:], len(tas))
    seasons = [
        _season(tas[start:end], int(length) - _FROM_JULY.get(int(length), 184))
        for start, end, length in zip(years.starts, ends, years.lengths, strict=True)
    ]
    return np.array(seasons)


def _season(tas: np.ndarray, july: int) -> np.ndarray:
    begins = _first_spell(tas > GROWING)
    cold = tas < GROWING
    cold[:july] = False
    ends = _first_spell(cold)
    never = begins == len(tas)
    return np.where(never, 0, np.maximum(ends - begins, 0))


def _first_spell(true: np.ndarray) -> np.ndarray:
    """Return the first day of the first run of `SPELL` days; all days if there is none."""
    if len(true) < SPELL:
        return np.full(true.shape[1:], len(true))
    window = np.lib.stride_tricks.sliding_window_view(true, SPELL, axis=0).all(axis=-1)
    return np.where(window.any(axis=0), window.argmax(axis=0), len(true))
