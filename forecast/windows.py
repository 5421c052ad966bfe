"""What the LSTM sees at each hour, and what it must learn to say; each looks back only."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from forecast.inputs import NEIGHBOURS
from forecast.scaling import Scaling, bent_by

LAGS = (1, 3, 6, 12)  # steps back, for the changes of every channel
RAIN_SUMS = (3, 12, 48)  # steps, rain that fell in them
REACH = 48  # steps that a feature looks back, the longest of the above
TIDES = (12.4206012, 12.0, 12.65834751, 23.93447213, 25.81933871, 11.96723606, 26.868350)
# hours; M2 S2 N2 K1 O1 K2 Q1, Doodson & Warburg (1941): known for all time, so no look ahead


@dataclass(frozen=True)
class Anchors:
    """The reading that a forecast starts from, at each station and time.

    Attributes:
        value: Last observed own value, bent (`scaling.bent_by`); NaN where it is too old.
        age: Steps since it was read; `limit + 1` where it is too old.
    """

    value: np.ndarray
    age: np.ndarray


def anchors(own: np.ndarray, limit: int) -> Anchors:
    """Find the last observed value at each step, not older than `limit` steps.

    Args:
        own: (station, time), NaN where nothing was observed.
    """
    steps = np.arange(own.shape[1])
    last = np.maximum.accumulate(np.where(np.isfinite(own), steps, -limit - 1), axis=1)
    age = np.minimum(steps - last, limit + 1)
    value = np.take_along_axis(own, np.maximum(last, 0), axis=1)
    return Anchors(np.where(age <= limit, value, np.nan), age)


def features(table: xr.DataArray, scaling: Scaling, limit: int) -> np.ndarray:
    """Lay out what the model sees, scaled; a missing input is 0 beside a mask of 0.

    Args:
        table: `forecast.inputs.channels`.
        limit: Oldest reading that a forecast may start from [steps].

    Returns:
        float32 (station, time, feature).
    """
    values = table.sel(channel=list(scaling.channels)).values
    bent = bent_by(values, scaling.bend[:, None])
    scaled = (bent - scaling.centre[:, None]) / scaling.spread[:, None]
    parts = [scaled, np.isfinite(bent), _differences(bent, scaling), _slopes(bent, scaling)]
    parts += [_from_anchor(bent[:, :, 0], scaling, limit), _rain(values, scaling)]
    if "tide" in scaling.channels:
        parts.append(_tides(table.time.values, len(values)))
    laid_out = np.concatenate(parts, axis=-1, dtype="float32")
    return np.asarray(np.arcsinh(np.nan_to_num(laid_out)))


def targets(own: np.ndarray, start: np.ndarray, change: np.ndarray) -> np.ndarray:
    """Return the scaled change from the anchor for every lead; NaN where unknown.

    Args:
        own: (station, time) bent own values.
        start: (station, time) anchors.
        change: (station, lead).
    """
    stations, steps = own.shape
    target = np.full((stations, steps, change.shape[1]), np.nan, dtype="float32")
    for lead in range(1, change.shape[1] + 1):
        rise = own[:, lead:] - start[:, :-lead]
        target[:, :-lead, lead - 1] = rise / change[:, lead - 1 : lead]
    return target


def _lagged(values: np.ndarray, lag: int) -> np.ndarray:
    moved = np.full_like(values, np.nan)
    moved[:, lag:] = values[:, :-lag]
    return moved


def _differences(bent: np.ndarray, scaling: Scaling) -> np.ndarray:
    scale = 0.5 * scaling.spread[:, None]
    return np.concatenate([(bent - _lagged(bent, lag)) / scale for lag in LAGS], axis=-1)


def _slopes(bent: np.ndarray, scaling: Scaling) -> np.ndarray:
    there = [i for i, name in enumerate(scaling.channels) if name in NEIGHBOURS]
    slope = bent[:, :, there] - bent[:, :, :1]
    middle = scaling.centre[:, None, there] - scaling.centre[:, None, :1]
    return np.asarray((slope - middle) / (0.5 * scaling.spread[:, None, :1]))


def _from_anchor(own: np.ndarray, scaling: Scaling, limit: int) -> np.ndarray:
    start = anchors(own, limit)
    scaled = (start.value - scaling.centre[:, :1]) / scaling.spread[:, :1]
    return np.stack([scaled, start.age / (limit + 1)], axis=-1)


def _rain(values: np.ndarray, scaling: Scaling) -> np.ndarray:
    """Return rain sums, bent; hours without a reading count as none (their mask says so)."""
    if "rainfall" not in scaling.channels:
        return np.empty((*values.shape[:2], 0))
    column = scaling.channels.index("rainfall")
    rain, bend = np.nan_to_num(values[:, :, column]), scaling.bend[:, column, None]
    return np.stack([np.arcsinh(_summed(rain, steps) / bend) for steps in RAIN_SUMS], axis=-1)


def _summed(rain: np.ndarray, steps: int) -> np.ndarray:
    padded = np.pad(rain.astype("float64"), ((0, 0), (steps, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded[:, 1:], steps, axis=1)
    return np.asarray(windows.sum(axis=-1))


def _tides(time: np.ndarray, stations: int) -> np.ndarray:
    hours = (time - np.datetime64("2000-01-01")) / np.timedelta64(1, "h")
    phase = 2 * np.pi * hours[:, None] / np.array(TIDES)
    waves = np.concatenate([np.cos(phase), np.sin(phase)], axis=-1)
    return np.broadcast_to(waves, (stations, *waves.shape))
