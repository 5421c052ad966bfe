"""What is counted of issued forecasts day by day: errors, stages, the tops of floods, onsets.

Every function returns arrays (day, station) or (day, station, stage). A day is that of the valid
time, UTC. Nothing to count is 0.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from data.network import Network
from forecast import events
from forecast.events import HOUR
from forecast.onsets import Issued, gained, onsets
from forecast.scorecard import weights

Counts = dict[str, np.ndarray]


@dataclass(frozen=True)
class Truth:
    """What was observed, and what is high.

    Attributes:
        observations: `data.schema.observations`, as known at `until`.
        floods: (station,) the level above which a maximum is a flood peak.
        until: Nothing that was received later is in it.
    """

    network: Network
    observations: xr.Dataset
    floods: xr.DataArray
    until: np.datetime64

    @property
    def own(self) -> xr.DataArray:
        """The observed values (station, time)."""
        own = self.observations[self.network.quantity.value].sel(station=self.network.ids)
        return own.transpose("station", "time").astype("float64")


@dataclass(frozen=True)
class Pairs:
    """Forecasts at one lead beside what was observed.

    Attributes:
        valid: (issue,).
        made: (issue, station, quantile).
        levels: (quantile,).
        own: (issue, station) what the model itself said.
        start: (issue, station) persistence.
        observed: (issue, station).
    """

    valid: np.ndarray
    made: np.ndarray
    levels: np.ndarray
    own: np.ndarray
    start: np.ndarray
    observed: np.ndarray

    @property
    def known(self) -> np.ndarray:
        """Where there is a pair (issue, station)."""
        return np.asarray(self.read & np.isfinite(self.made).all(axis=-1))

    @property
    def read(self) -> np.ndarray:
        """Where persistence can be judged."""
        return np.asarray(np.isfinite(self.observed) & np.isfinite(self.start))

    @property
    def median(self) -> np.ndarray:
        """The medians (issue, station), NaN where there is no pair."""
        middle = int(np.argmin(np.abs(self.levels - 0.5)))
        return np.where(self.known, self.made[..., middle], np.nan)


def errors(pairs: Pairs, days: np.ndarray) -> Counts:
    """Return the sums of the errors of forecast, model and persistence."""
    error, slip = pairs.median - pairs.observed, pairs.start - pairs.observed
    low, high = pairs.made[..., 0], pairs.made[..., -1]
    told = {
        "n": np.ones_like(error),
        "squared_error": error**2,
        "absolute_error": np.abs(error),
        "error": error,
        "persistence_squared_error": slip**2,
        "crps": _crps(pairs),
        "covered": ((pairs.observed >= low) & (pairs.observed <= high)).astype("float64"),
        "width": high - low,
    }
    of_day = _of_day(pairs.valid, days)
    own = pairs.read & np.isfinite(pairs.own)
    alone = {
        "model_n": np.ones_like(error),
        "model_squared_error": (pairs.own - pairs.observed) ** 2,
        "model_persistence_squared_error": slip**2,
    }
    return {name: _summed(of_day, pairs.known, each) for name, each in told.items()} | {
        name: _summed(of_day, own, each) for name, each in alone.items()
    }


def stages(pairs: Pairs, days: np.ndarray, limits: np.ndarray) -> Counts:
    """Return hits, misses and false alarms (day, station, stage); see `forecast.events`.

    Args:
        limits: (station, stage).
    """
    forecast = pairs.median[..., None] >= limits  # NaN is never above
    observed = np.where(pairs.known, pairs.observed, np.nan)[..., None] >= limits
    told = {
        "hits": forecast & observed,
        "misses": observed & ~forecast,
        "false_alarms": forecast & ~observed,
    }
    of_day = _of_day(pairs.valid, days)
    return {n: np.einsum("di,isk->dsk", of_day, x.astype("float64")) for n, x in told.items()}


def peaks(pairs: Pairs, days: np.ndarray, tops: list[events.Peaks]) -> Counts:
    """Return the sums over the tops of floods; see `forecast.events`.

    Args:
        tops: In the order of the stations.
    """
    names = ("n_peaks", "peak_error", "peak_error_size", "peak_timing_error")
    found = {name: np.zeros((days.size, len(tops))) for name in names}
    for place, (median, each) in enumerate(zip(pairs.median.T, tops, strict=True)):
        for time, value in zip(each.time, each.value, strict=True):
            day = np.flatnonzero(days == time.astype("datetime64[D]"))
            missed = events.miss(median, pairs.valid, time, value) if day.size else None
            if missed is not None:
                height, hours = missed
                for name, add in zip(names, (1.0, height, abs(height), hours), strict=True):
                    found[name][day, place] += add
    return found


def tops(truth: Truth) -> list[events.Peaks]:
    """Return the tops of floods that no higher one can follow any more, by station."""
    last = truth.until - events.APART
    found = events.find(truth.own, truth.floods)
    return [events.Peaks(p.time[p.time <= last], p.value[p.time <= last]) for p in found]


def starts(issued: list[Issued], days: np.ndarray, truth: Truth) -> Counts:
    """Return the sums over the onsets of stages (day, station, stage); see `forecast.onsets`.

    Args:
        issued: In the order of the stations.
    """
    own, limits = truth.own, events.thresholds(truth.network).values
    names = ("n_onsets", "n_forewarned", "lead_time_gained")
    found = {name: np.zeros((days.size, *limits.shape)) for name in names}
    for here in np.ndindex(*limits.shape):
        values, limit = own.values[here[0]], float(limits[here])
        for onset in onsets(own.time.values, values, limit):
            day = np.flatnonzero(days == onset.astype("datetime64[D]"))
            won = gained(issued[here[0]], onset, limit) if day.size else None
            if won is not None:
                hours = float(won / HOUR)
                for name, add in zip(names, (1.0, float(hours > 0), hours), strict=True):
                    found[name][(day, *here)] += add
    return found


def _crps(pairs: Pairs) -> np.ndarray:
    """Return `forecast.scorecard.crps` of each pair (issue, station)."""
    off = pairs.observed[..., None] - pairs.made
    loss = np.maximum(pairs.levels * off, (pairs.levels - 1) * off)
    return np.asarray(2 * (loss * weights(pairs.levels)).sum(axis=-1))


def _of_day(valid: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Return 1 where a valid time lies in a day, dims (day, issue)."""
    return np.asarray(valid.astype("datetime64[D]") == days[:, None]).astype("float64")


def _summed(of_day: np.ndarray, known: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.asarray(of_day @ np.where(known, values, 0.0))
