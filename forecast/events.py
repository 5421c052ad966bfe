"""Events: was a stage forecast when it came, and how well the tops of floods were met.

Stage events are single hours: the event happens when the observed value at the valid time is at or
above the threshold; it is forecast when the median is.

A peak is an observed value above the flood level that is the highest within 48 h on either side
(the first of several equal ones), with a reading just before and just after. At lead L it is
compared with the highest median, issued L before its valid time, within 24 h of the peak; a peak
counts at L if there is a pair at its own time.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy.ndimage import maximum_filter1d

from data.network import Network
from data.stations import ALERTS

APART = np.timedelta64(48, "h")
AROUND = np.timedelta64(24, "h")
HOUR = np.timedelta64(1, "h")
STAGES = [stage.name.lower() for stage in ALERTS]


@dataclass(frozen=True)
class Peaks:
    """The tops of the floods at one station.

    Attributes:
        time: When, ascending.
        value: How high, in the unit of the network.
    """

    time: np.ndarray
    value: np.ndarray


def thresholds(network: Network) -> xr.DataArray:
    """Return the thresholds, dims (station, stage); NaN where none is set."""
    rows = [
        [s.thresholds.of(stage) if s.thresholds else np.nan for stage in ALERTS]
        for s in network.stations
    ]
    return xr.DataArray(
        rows, dims=("station", "stage"), coords={"station": network.ids, "stage": STAGES}
    )


def stage_hits(pairs: xr.Dataset, limits: xr.DataArray) -> xr.Dataset:
    """Count hits, misses and false alarms, dims (station, stage); NaN without a threshold.

    Args:
        pairs: See `forecast.scorecard`.
        limits: `thresholds`.
    """
    forecast = pairs.forecast.sel(quantile=0.5, drop=True) >= limits  # NaN is never above
    observed = pairs.observed >= limits
    counts = {
        "hits": forecast & observed,
        "misses": observed & ~forecast,
        "false_alarms": forecast & ~observed,
    }
    set_here = limits.notnull()
    return xr.Dataset({n: c.sum("issue_time").where(set_here) for n, c in counts.items()})


def find(observed: xr.DataArray, floods: xr.DataArray) -> list[Peaks]:
    """Return the peaks at each station.

    Args:
        observed: (station, time) on a regular grid.
        floods: (station,) the level above which a maximum is a flood peak.
    """
    time = observed.time.values
    found = []
    for values, flood in zip(observed.values, floods.values, strict=True):
        top = np.flatnonzero(_tops(values, time) & (values > flood))
        again = np.diff(time[top], prepend=time[:1] - 2 * APART) <= APART  # equal to the one before
        found.append(Peaks(time[top[~again]], values[top[~again]]))
    return found


def _tops(values: np.ndarray, time: np.ndarray) -> np.ndarray:
    """Say where a value is the highest within `APART` on either side, between two readings."""
    if time.size < 3:
        return np.zeros(time.size, dtype=bool)
    reach = int(APART / (time[1] - time[0]))
    known = np.where(np.isnan(values), -np.inf, values)
    highest = maximum_filter1d(known, 2 * reach + 1, mode="constant", cval=-np.inf)
    read = np.isfinite(values)
    between = np.zeros(time.size, dtype=bool)
    between[1:-1] = read[:-2] & read[1:-1] & read[2:]
    return np.asarray(between & (known == highest))


def peaks_met(pairs: xr.Dataset, lead: np.timedelta64, peaks: list[Peaks]) -> xr.Dataset:
    """Score the peaks, dims (model, station).

    peak_error: mean of highest median - observed peak, in the unit of the network.
    peak_error_size: mean of its absolute value.
    peak_timing_error [h]: mean of the time of that median - time of the peak; > 0 is too late.
    n_peaks: number of peaks that count.

    Args:
        pairs: See `forecast.scorecard`, with a dim `model`.
        peaks: In the order of the stations of `pairs`.
    """
    dims = ("model", "station")
    median = pairs.forecast.sel(quantile=0.5, drop=True).transpose(*dims, "issue_time")
    valid = pairs.issue_time.values + lead
    rows = [
        [_station(*pair, valid) for pair in zip(of_model, peaks, strict=True)]
        for of_model in median.values
    ]
    names = ("peak_error", "peak_error_size", "peak_timing_error", "n_peaks")
    columns = zip(names, np.moveaxis(np.array(rows, dtype="float64"), -1, 0), strict=True)
    coords = {"model": pairs.model, "station": pairs.station}
    return xr.Dataset({name: (dims, column) for name, column in columns}, coords)


def _station(
    median: np.ndarray, peaks: Peaks, valid: np.ndarray
) -> tuple[float, float, float, float]:
    errors = [miss(median, valid, *top) for top in zip(peaks.time, peaks.value, strict=True)]
    met = np.array([error for error in errors if error is not None]).reshape(-1, 2)
    if not met.size:
        return np.nan, np.nan, np.nan, 0.0
    height, hours = met.T
    return height.mean(), np.abs(height).mean(), hours.mean(), float(len(met))


def miss(
    median: np.ndarray, valid: np.ndarray, time: np.datetime64, value: float
) -> tuple[float, float] | None:
    """Return the error in height and in time [h] at one peak; None without a pair there.

    Args:
        median: What was forecast for `valid`, ascending; NaN where there is no pair.
        time: When the peak was, and how high.
    """
    first, here = np.searchsorted(valid, [time - AROUND, time])
    last = np.searchsorted(valid, time + AROUND, side="right")
    if here == valid.size or valid[here] != time or np.isnan(median[here]):
        return None
    top = first + int(np.nanargmax(median[first:last]))
    return float(median[top] - value), float((valid[top] - time) / HOUR)
