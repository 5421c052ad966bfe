"""What a forecast means at all stations of a network at once, in columns."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from data.network import Network
from data.stations import Stage
from forecast import probability

NOT_A_TIME = np.datetime64("NaT", "ns")


@dataclass(frozen=True)
class Judged:
    """Columns of `forecast.outlook.Outlook`, one row a station in the order of the network.

    Attributes:
        likely: P(value >= threshold), dims (alert stage, station, lead); NaN where not known.
        limits: Thresholds, dims (alert stage, station); NaN where unset.
        empty: Where a station has no forecast at all.
        peaks: Highest of the median, of the lowest and of the highest quantile: (3, station).
    """

    likely: np.ndarray
    limits: np.ndarray
    empty: np.ndarray
    stage: np.ndarray
    stage_now: np.ndarray
    stage_time: np.ndarray
    peaks: np.ndarray
    peak_time: np.ndarray


def judge(
    forecast: xr.Dataset, network: Network, asked: float, stale_after: np.timedelta64
) -> Judged:
    """Judge one forecast at every station.

    Args:
        forecast: At one issue time, its stations in the order of the network.
        asked: How likely a stage must be to count as reached.
        stale_after: Age of the last reading beyond which the stage now is UNKNOWN.
    """
    quantiles = forecast[network.quantity.value].transpose("station", "lead_time", "quantile")
    values, levels = quantiles.values.astype("float64"), quantiles["quantile"].values
    issue = forecast.issue_time.values
    valid = issue + forecast.lead_time.values
    limits = probability.limits_of(network.stations)
    likely = probability.of_stages(values, levels, limits)
    stage, first = probability.worst(probability.at_leads(likely, asked))
    fresh = issue - forecast.last_observed_time.values <= stale_after  # False for NaT
    now = probability.of_values(forecast.last_observed.values, limits)
    peaks, peak_time = _peaks(values, quantiles.sel(quantile=0.5).values, valid)
    return Judged(
        likely=likely,
        limits=limits,
        empty=np.isnan(values).all(axis=(1, 2)),
        stage=stage,
        stage_now=np.where(fresh, now, Stage.UNKNOWN),
        stage_time=np.where(stage > Stage.NORMAL, valid[first], NOT_A_TIME),
        peaks=peaks,
        peak_time=peak_time,
    )


def _peaks(
    values: np.ndarray, median: np.ndarray, valid: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the highest of the median, of the lowest and of the highest quantile, and when."""
    known = ~np.isnan(median).all(axis=1)
    top = np.argmax(np.where(np.isnan(median), -np.inf, median), axis=1)
    series = (median, values[:, :, 0], values[:, :, -1])
    highest = np.stack([np.fmax.reduce(each, axis=1) for each in series])
    return np.where(known, highest, np.nan), np.where(known, valid[top], NOT_A_TIME)
