"""What returns by the clock at one station: tide, hours and weekdays, yesterday's course.

Beside `forecast.lags`, for the learners that take a table: every column is known at the issue time.
Power stations release by hour and weekday; the tide is known ahead (`forecast.harmonics`); what
followed a day or a tidal day ago may follow again; and a level is high or low beside its mean of
the last tides.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from forecast.harmonics import Tide
from forecast.lags import HOUR, Bends
from forecast.scaling import bent_by

AHEAD = (1, 2, 3, 4, 6, 8, 10, 12, 15, 18, 21, 24)  # h, of yesterday's course
DAYS = (24, 25)  # h: a day of the sun, a day of the moon
MEANS = (12, 25, 50, 75)  # h
TREND = 12  # h, of the mean over 25 h
RETURNING = ("own", "dam_release")
STEADY = ("own", "up1", "dam_release", "dam_inflow", "dam_level")
REACH = 87 * HOUR  # the longest look back: a mean of 75 h, and its trend


@dataclass(frozen=True)
class Place:
    """What must be known of a station.

    Attributes:
        row: Its number in the table.
        clock: Its solar time less UTC, whole hours.
        tide: Of the tide gauge that applies there.
        horizon: How far ahead the tide is told.
    """

    row: int
    clock: int
    tide: Tide
    horizon: np.timedelta64


def lay_out(table: xr.DataArray, bends: Bends, place: Place) -> np.ndarray:
    """Return what is known at one station, whatever the lead.

    Args:
        table: `forecast.inputs.channels`.

    Returns:
        float32 (time, feature); NaN where something is not known.
    """
    time = table.time.values
    step = np.timedelta64(time[1] - time[0])
    parts = [_clock(time, place.clock)]
    if "tide" in bends.channels:
        parts.append(_tide(table, place))
    for name in RETURNING:
        if name in bends.channels:
            parts.append(_returns(_bent(table, bends, place.row, name), step))
    for name in STEADY:
        if name in bends.channels:
            parts.append(_beside_means(_bent(table, bends, place.row, name), step))
    return np.concatenate(parts, axis=1, dtype="float32")


def _bent(table: xr.DataArray, bends: Bends, row: int, name: str) -> np.ndarray:
    values = table.sel(channel=name).values[row].astype("float64")
    return bent_by(values, bends.bend[row, bends.channels.index(name)])


def _clock(time: np.ndarray, ahead: int) -> np.ndarray:
    """Return waves of one and two a day, and whether it is Saturday, Sunday or Monday."""
    local = time + ahead * HOUR
    turn = 2 * np.pi * ((local - local.astype("datetime64[D]")) / HOUR) / 24
    weekday = (local.astype("datetime64[D]").astype(int) + 3) % 7  # 1970-01-01 was a Thursday
    waves = [np.cos(turn), np.sin(turn), np.cos(2 * turn), np.sin(2 * turn)]
    return np.stack([*waves, *(weekday == day for day in (5, 6, 0))], axis=1)


def _tide(table: xr.DataArray, place: Place) -> np.ndarray:
    """Return the tide from 3 h before to 3 h beyond the horizon, and what lies on it now."""
    time = table.time.values
    last = int(np.ceil(place.horizon / HOUR)) + 3
    told = [place.tide.at(time + hours * HOUR) for hours in range(-3, last + 1)]
    surge = table.sel(channel="tide").values[place.row] - place.tide.at(time)
    return np.stack([*told, surge], axis=1)


def _returns(values: np.ndarray, step: np.timedelta64) -> np.ndarray:
    """Return how yesterday went on from this hour, less the value now."""
    columns = [
        _back(values, round((day - ahead) * HOUR / step)) - values
        for day in DAYS
        for ahead in AHEAD
    ]
    return np.stack(columns, axis=1)


def _beside_means(values: np.ndarray, step: np.timedelta64) -> np.ndarray:
    """Return the value less its running means, and the trend of the mean over two tides."""
    means = [_mean(values, round(hours * HOUR / step)) for hours in MEANS]
    tides = means[MEANS.index(25)]
    trend = tides - _back(tides, round(TREND * HOUR / step))
    return np.stack([*(values - mean for mean in means), trend], axis=1)


def _mean(values: np.ndarray, steps: int) -> np.ndarray:
    """Return the mean of what is known of the last so many steps."""
    known = np.isfinite(values)
    total, count = (np.cumsum(x, dtype="float64") for x in (np.where(known, values, 0), known))
    fell, gone = (np.nan_to_num(_back(x, steps)) for x in (total, count))
    return np.where(count > gone, (total - fell) / np.maximum(count - gone, 1), np.nan)


def _back(values: np.ndarray, lag: int) -> np.ndarray:
    moved = np.full_like(values, np.nan)
    moved[lag:] = values[: max(0, values.size - lag)]  # lag 0: all of them
    return moved
