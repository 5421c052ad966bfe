"""Cut a daily time axis into seasons, as `years` cuts it into years; winter takes its December."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from forecast.climate.years import Years


@dataclass(frozen=True)
class Season:
    """The days of one season.

    Attributes:
        rows: (day,) positions on the whole axis.
        years: The same days cut by year; winter belongs to the year of its January.
    """

    rows: np.ndarray
    years: Years


def season_of(time: xr.DataArray, months: tuple[int, ...]) -> Season:
    """Return the days of some calendar months.

    Args:
        time: A daily `time` coordinate, ascending.
        months: e.g. (12, 1, 2); where December comes before January it opens the next year.
    """
    month = time.dt.month.values
    rows = np.flatnonzero(np.isin(month, months))
    shown = time.isel(time=rows)
    over = (month[rows] == 12) & (1 in months)
    year = shown.dt.year.values + over
    labels, starts = np.unique(year, return_index=True)
    first = np.flatnonzero(np.diff(year * 12 + month[rows], prepend=-1))
    lengths = shown.isel(time=first).dt.days_in_month.values
    row = np.searchsorted(labels, year[first])
    whole = np.bincount(row, weights=lengths, minlength=len(labels))
    return Season(rows, Years(labels, starts, whole, first, lengths, row, len(months)))
