"""What the tabular baselines look at: values and changes at one station, looking back only."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from data.network import Network
from forecast import scaling
from forecast.inputs import NEIGHBOURS
from forecast.scaling import bent_by
from forecast.windows import TIDES

HOUR = np.timedelta64(1, "h")
CHANGES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 24, 25)  # h back
SHORTEST = (1, 2, 3)  # steps back, for grids finer than an hour
RAIN_SUMS = (3, 6, 12, 24, 48, 72)  # h
ANALOGUES = (12, 25)  # h: half a tidal day and a whole one, 12.42 and 24.84 h
REACH = 72 * HOUR  # the longest look back


@dataclass(frozen=True)
class Bends:
    """What the training years say about the channels (`forecast.scaling`).

    Attributes:
        channels: Names of the channels that have any training value, `own` first.
        bend: (station, channel); x becomes asinh(x / bend); inf leaves x as it is.
        floor: (station,) what no forecast lies below.
    """

    channels: tuple[str, ...]
    bend: np.ndarray
    floor: np.ndarray


def learn_bends(table: xr.DataArray, network: Network) -> Bends:
    """Learn from the training years how to bend each channel.

    Args:
        table: `forecast.inputs.channels`.

    Raises:
        TooLittleHistory: No station has a value in the training years.
    """
    learnt = scaling.fit(table, network, network.split.train)
    return Bends(learnt.channels, learnt.bend, learnt.floor)


def lay_out(table: xr.DataArray, bends: Bends, row: int) -> np.ndarray:
    """Return what is known at one station, whatever the lead.

    For every channel, bent by `bends`: value, and changes since the times in `CHANGES`. For
    neighbours the distance from the own value; for rain its sums; where a tide is given, the
    phases of the main tidal constituents at the issue time, which are known for all time.

    Args:
        table: `forecast.inputs.channels`.
        row: Number of the station.

    Returns:
        float32 (time, feature); NaN where something is not known.
    """
    step = _step(table)
    raw = table.sel(channel=list(bends.channels)).values[row].astype("float64")
    bent = bent_by(raw, bends.bend[row])
    changes = [bent - _back(bent, lag) for lag in changes_back(step)]
    parts = [bent, *changes, _slopes(bent, bends), _rain(raw, bends, row, step)]
    if "tide" in bends.channels:
        parts.append(_phases(table.time.values))
    return np.concatenate(parts, axis=1, dtype="float32")


def width(table: xr.DataArray, bends: Bends) -> int:
    """Return the number of features that `lay_out` lays out."""
    return int(lay_out(table.isel(time=slice(0, 2)), bends, 0).shape[1])


def analogues(table: xr.DataArray, bends: Bends, row: int, lead: int) -> np.ndarray:
    """Return what followed half a tidal day and a tidal day ago, over the same lead.

    Args:
        lead: Steps ahead; an analogue that has not come to its end yet is left out.

    Returns:
        float32 (time, feature): changes of the own value and of the tide, bent by `bends`.
    """
    names = [name for name in ("own", "tide") if name in bends.channels]
    columns = [bends.channels.index(name) for name in names]
    bent = bent_by(table.sel(channel=names).values[row], bends.bend[row, columns])
    backs = [round(hours * HOUR / _step(table)) for hours in ANALOGUES]
    parts = [_back(bent, back - lead) - _back(bent, back) for back in backs if lead <= back]
    return np.concatenate([np.empty((len(bent), 0)), *parts], axis=1, dtype="float32")


def changes_back(step: np.timedelta64) -> list[int]:
    """Return the steps back over which changes are taken, ascending."""
    return sorted({*SHORTEST, *(max(1, round(h * HOUR / step)) for h in CHANGES)})


def _step(table: xr.DataArray) -> np.timedelta64:
    time = table.time.values
    return np.timedelta64(time[1] - time[0])


def _back(values: np.ndarray, lag: int) -> np.ndarray:
    """Return what was there `lag` steps before, NaN before the record."""
    moved = np.full_like(values, np.nan)
    moved[lag:] = values[: max(0, len(values) - lag)]  # lag 0: all of them
    return moved


def _slopes(bent: np.ndarray, bends: Bends) -> np.ndarray:
    there = [i for i, name in enumerate(bends.channels) if name in NEIGHBOURS]
    return np.asarray(bent[:, there] - bent[:, :1])


def _rain(raw: np.ndarray, bends: Bends, row: int, step: np.timedelta64) -> np.ndarray:
    """Return bent sums; an hour without a reading makes the sum unknown."""
    if "rainfall" not in bends.channels:
        return np.empty((len(raw), 0))
    column = bends.channels.index("rainfall")
    total = np.cumsum(np.nan_to_num(raw[:, column]).astype("float64"))
    gaps = np.cumsum(np.isnan(raw[:, column]))
    sums = []
    for hours in RAIN_SUMS:
        lag = max(1, round(hours * HOUR / step))
        fallen = total - _back(total, lag)
        sums.append(np.where(gaps - _back(gaps.astype("float64"), lag) > 0, np.nan, fallen))
    return np.asarray(np.arcsinh(np.stack(sums, axis=1) / bends.bend[row, column]))


def _phases(time: np.ndarray) -> np.ndarray:
    hours = (time - np.datetime64("2000-01-01")) / HOUR
    phase = 2 * np.pi * hours[:, None] / np.array(TIDES[:5])
    return np.concatenate([np.cos(phase), np.sin(phase)], axis=1)
