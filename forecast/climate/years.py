"""Cut daily series into years, whatever the calendar, without a loop over cells.

Kernels take arrays with time first, (time, ...), and `starts`, the first day of each year:
one year after the other is worked on, all cells at once, so that a year's days stay in the
processor's cache and nothing as large as the input is made; of a large array several years at
once (`at_once`). A year is the calendar year of the series (standard, noleap or 360_day).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import xarray as xr

from forecast.climate.at_once import at_once

Condition = Callable[[np.ndarray], np.ndarray]
ENOUGH = 0.95  # share of a year's days that must be there
MONTHLY = 0.80  # and of each month's: no index of a year without its August
_BYTE = 255  # days that a byte can count
_BLOCK = 32  # days added up in the values' own precision, before float64


@dataclass(frozen=True)
class Years:
    """The years of one daily time axis.

    Attributes:
        labels: (year,) calendar years.
        starts: (year,) index of the first day of each.
        lengths: (year,) days that the calendar gives each year.
        months: Index of the first day of each month, and `month_lengths` what it should hold.
        month_year: Row of the year that each month belongs to.
        expected: Months of a whole year: 12, or those of a season.
    """

    labels: np.ndarray
    starts: np.ndarray
    lengths: np.ndarray
    months: np.ndarray
    month_lengths: np.ndarray
    month_year: np.ndarray
    expected: int = 12


def years_of(time: xr.DataArray) -> Years:
    """Read the years of a daily time axis (ascending, each day at most once).

    Args:
        time: A `time` coordinate, datetime64 or cftime.
    """
    year, month = time.dt.year.values, time.dt.month.values
    labels, starts = np.unique(year, return_index=True)
    months = np.flatnonzero(np.diff(year * 12 + month, prepend=-1))
    month_lengths = time.isel(time=months).dt.days_in_month.values
    lengths = time.isel(time=starts).dt.days_in_year.values
    return Years(
        labels, starts, lengths, months, month_lengths, np.searchsorted(labels, year[months])
    )


def complete(values: np.ndarray, years: Years) -> np.ndarray:
    """Say which years have enough days: `ENOUGH` of all, and `MONTHLY` of every month.

    Args:
        values: (time, ...), NaN = missing.

    Returns:
        bool (year, ...).
    """
    there = np.isfinite(values)
    extra = (1,) * (values.ndim - 1)
    days = counts(there, years)
    enough = days >= ENOUGH * years.lengths.reshape(-1, *extra)
    by_month = by_span(count, years.months, there)
    short = by_month < MONTHLY * years.month_lengths.reshape(-1, *extra)
    poor = np.logical_or.reduceat(short, _first_of(years.month_year), axis=0)
    whole = np.bincount(years.month_year, minlength=len(years.labels)) == years.expected
    return np.asarray(enough & ~poor & whole.reshape(-1, *extra))


def _first_of(groups: np.ndarray) -> np.ndarray:
    return np.flatnonzero(np.diff(groups, prepend=-1))


def by_span(
    work: Callable[..., np.ndarray], starts: np.ndarray, *arrays: np.ndarray, before: int = 0
) -> np.ndarray:
    """Return (span, ...): `work` on the days of each span, from one start to the next.

    Args:
        work: Takes as many arrays (day, ...) as are given, returns (...).
        arrays: (time, ...) each.
        before: Days before each span that `work` is given, too, where there are any.
    """
    ends = np.append(starts[1:], len(arrays[0])).tolist()
    parts = [
        [array[max(start - before, 0) : end] for array in arrays]
        for start, end in zip(starts.tolist(), ends, strict=True)
    ]
    return at_once(lambda part: work(*part), parts, arrays[0].nbytes)


def sums(values: np.ndarray, years: Years) -> np.ndarray:
    """Return (year, ...) float64 sums; missing days add nothing (judge with `complete`)."""
    return by_span(add, years.starts, values)


def counts(values: np.ndarray, years: Years, when: Condition | None = None) -> np.ndarray:
    """Return (year, ...) numbers of days on which something is true.

    Args:
        values: bool (time, ...), or anything that `when` makes bool, a year at a time.
    """
    return by_span(lambda days: count(when(days) if when else days), years.starts, values)


def maxima(values: np.ndarray, years: Years) -> np.ndarray:
    """Return (year, ...) maxima, missing days left out; NaN for a year without any day."""
    return by_span(np.fmax.reduce, years.starts, values)


def minima(values: np.ndarray, years: Years) -> np.ndarray:
    """Return (year, ...) minima, missing days left out; NaN for a year without any day."""
    return by_span(np.fmin.reduce, years.starts, values)


def add(days: np.ndarray, keep: Condition | None = None) -> np.ndarray:
    """Return the float64 sum over the first axis; missing days add nothing.

    Args:
        keep: Which values count, e.g. `lambda x: x >= 1`; None for all.
    """
    total = _add(days, keep, gaps=False)
    return total if np.isfinite(total).all() else _add(days, keep, gaps=True)


def _add(days: np.ndarray, keep: Condition | None, gaps: bool) -> np.ndarray:
    total = np.zeros(days.shape[1:])
    with np.errstate(invalid="ignore"):
        for start in range(0, len(days), _BLOCK):
            block = days[start : start + _BLOCK]
            if keep is not None:
                block = block * keep(block)
            if gaps:
                block = np.where(np.isfinite(block), block, 0)
            total += np.add.reduce(block, axis=0)
    return total


def count(true: np.ndarray) -> np.ndarray:
    """Return how often something is true along the first axis; bytes add up the fastest."""
    total = np.zeros(true.shape[1:], dtype="int32")
    as_bytes = true.view("uint8")
    for start in range(0, len(true), _BYTE):
        total += np.add.reduce(as_bytes[start : start + _BYTE], axis=0, dtype="uint8")
    return total


def longest_run(true: np.ndarray, years: Years) -> np.ndarray:
    """Return (year, ...) the longest run of days; a run is cut at New Year.

    One step per day, all cells at once.
    """
    longest = np.zeros((len(years.starts), *true.shape[1:]), dtype="int16")
    run = np.zeros(true.shape[1:], dtype="int16")
    row = -1
    new_year = set(years.starts.tolist())
    for day, now in enumerate(true):
        if day in new_year:
            row += 1
            run[...] = 0
        run += 1
        run *= now
        np.maximum(longest[row, ...], run, out=longest[row, ...])
    return longest.astype("int32")
