"""What the LSTM sees at each hour, and what it must learn to say; each looks back only."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from forecast.inputs import NEIGHBOURS
from forecast.scaling import Scaling, bent_by

LAGS = (1, 3, 6, 12)  # steps back, for the changes of every channel
RAIN_SUMS = (3, 12, 48)  # steps, rain that fell in them; each a multiple of the one before
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


def features(table: xr.DataArray, scaling: Scaling, limit: int, since: int = 0) -> np.ndarray:
    """Lay out what the model sees, scaled; a missing input is 0 beside a mask of 0.

    Args:
        table: `forecast.inputs.channels`.
        limit: Oldest reading that a forecast may start from [steps].
        since: First step that is asked for; those before are only looked back to.

    Returns:
        float32 (station, time, feature); in memory time comes first, as in the LSTM.
    """
    bent = _bent(of_channels(table, scaling.channels), scaling)
    here, spread = bent[since:], scaling.spread.astype("float32")
    parts = [(here - scaling.centre.astype("float32")) / spread, np.isfinite(here)]
    parts += [(here - _lagged(bent, lag, since)) / (spread / 2) for lag in LAGS]
    parts += [_slopes(here, scaling), _from_anchor(bent[..., 0], scaling, limit)[since:]]
    parts.append(_rain(table, scaling)[since:])
    if "tide" in scaling.channels:
        parts.append(_tides(table.time.values[since:], bent.shape[1]))
    made = np.concatenate(parts, axis=-1, dtype="float32")
    np.copyto(made, 0.0, where=~np.isfinite(made))
    return np.arcsinh(made, out=made).swapaxes(0, 1)


def of_channels(table: xr.DataArray, names: Sequence[str]) -> np.ndarray:
    """Return the values of some channels, dims (station, time, channel); a view if all of them."""
    if list(table.channel.values) == list(names):
        return np.asarray(table.values)
    return np.asarray(table.sel(channel=list(names)).values)


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


def _bent(values: np.ndarray, scaling: Scaling) -> np.ndarray:
    """Return `bent_by` of (station, time, channel), (time, station, channel) in single precision.

    Most channels are not bent at all.
    """
    bent = np.array(values.swapaxes(0, 1), dtype="float32", order="C")
    for column in np.flatnonzero(np.isfinite(scaling.bend).any(axis=0)):
        bent[..., column] = bent_by(bent[..., column], scaling.bend[:, column])
    return bent


def _lagged(values: np.ndarray, lag: int, since: int) -> np.ndarray:
    """Return what was `lag` steps before each step from `since` on, NaN before the first."""
    if since >= lag:
        return values[since - lag : len(values) - lag]
    moved = np.full_like(values[since:], np.nan)
    moved[lag - since :] = values[: max(len(values) - lag, 0)]
    return moved


def _slopes(bent: np.ndarray, scaling: Scaling) -> np.ndarray:
    there = [i for i, name in enumerate(scaling.channels) if name in NEIGHBOURS]
    middle = scaling.centre[:, there] - scaling.centre[:, :1]
    slope = bent[..., there] - bent[..., :1] - middle.astype("float32")
    return np.asarray(slope / (0.5 * scaling.spread[:, :1]).astype("float32"))


def _from_anchor(own: np.ndarray, scaling: Scaling, limit: int) -> np.ndarray:
    start = anchors(own.T, limit)
    scaled = (start.value.T - scaling.centre[:, 0]) / scaling.spread[:, 0]
    return np.stack([scaled, start.age.T / (limit + 1)], axis=-1)


def _rain(table: xr.DataArray, scaling: Scaling) -> np.ndarray:
    """Return rain sums, bent; hours without a reading count as none (their mask says so)."""
    if "rainfall" not in scaling.channels:
        return np.empty((table.sizes["time"], table.sizes["station"], 0))
    column = scaling.channels.index("rainfall")
    rain = np.nan_to_num(table.sel(channel="rainfall").values.T.astype("float64"))
    sums, before = [rain], 1
    for steps in RAIN_SUMS:  # each is made of some of the one before
        sums.append(_summed(sums[-1], before, steps // before))
        before = steps
    return np.stack([np.arcsinh(each / scaling.bend[:, column]) for each in sums[1:]], axis=-1)


def _summed(sums: np.ndarray, apart: int, number: int) -> np.ndarray:
    """Return each value plus those `apart`, 2 `apart` .. steps before it, so many in all."""
    made = sums.copy()
    for lag in range(apart, min(apart * number, len(sums)), apart):
        made[lag:] += sums[:-lag]
    return made


def _tides(time: np.ndarray, stations: int) -> np.ndarray:
    hours = (time - np.datetime64("2000-01-01")) / np.timedelta64(1, "h")
    phase = 2 * np.pi * hours[:, None] / np.array(TIDES)
    waves = np.concatenate([np.cos(phase), np.sin(phase)], axis=-1)
    return np.broadcast_to(waves[:, None], (len(time), stations, 2 * len(TIDES)))
