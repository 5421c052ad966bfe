"""The rain that was forecast for the hours ahead, as it was known at a time.

Of each station and step the first feed of `rainfall_forecast` that has a value gives it, as the
mean of the sites that stand for the station. A forecast that came longer than `OLDEST` before the
issue time is no forecast any more. All sources tell mm in the hour that ends at the time given
(`data.sources.kma_forecast`, `data.sources.open_meteo`); shorter steps get their share of it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from data import feeds, store
from data.feeds import Feed
from data.network import Network
from data.reading import FORECAST_RAIN
from data.schema import FORCINGS, Flag

HOUR = np.timedelta64(1, "h")
OLDEST = np.timedelta64(24, "h")


@dataclass(frozen=True)
class Ahead:
    """A moment, and the store that is asked about it.

    Attributes:
        known_at: Nothing received later is seen.
    """

    path: Path
    issue_time: np.datetime64
    known_at: np.datetime64


def read(network: Network, ahead: Ahead) -> xr.Dataset | None:
    """Return the forecast rain [mm in the step], dims (station, time), NaN where none is known.

    Returns:
        `rainfall` at the steps after the issue time; attrs `sources`: who gave it, and when the
        newest of it was received. None where no feed has told anything.
    """
    times = ahead.issue_time + network.lead_times
    rain = np.full((len(network.ids), times.size), np.nan)
    said = []
    for feed in feeds.of(network.feeds, FORECAST_RAIN):
        found, received = _of_feed(network, feed, ahead)
        taken = np.isnan(rain) & np.isfinite(found)
        rain = np.where(taken, found, rain)
        if taken.any():
            said.append(f"{feed.source}, received {str(received)[:16]}Z")
    if not said:
        return None
    coords = {"station": network.ids, "time": times}
    attrs = {"units": FORCINGS["rainfall"]}
    told = xr.DataArray(rain, coords, ("station", "time"), attrs=attrs)
    return xr.Dataset({"rainfall": told}, attrs={"sources": "; ".join(said)})


def total(rain: xr.Dataset, step: np.timedelta64) -> dict[str, Any]:
    """Return the sums of rain to come over the hours that it is told of without a gap.

    Args:
        rain: From `read`.
        step: Length of one time step.

    Returns:
        `hours`, as many as any gauge knows from the issue time on; `gauges` that know them all;
        of these the `mean` sum, the `most` [mm], and the `station` that has it. {} if none.
    """
    fell = rain.rainfall.transpose("station", "time").values
    known = np.isfinite(fell).cumprod(axis=1).sum(axis=1)
    steps = int(known.max(initial=0))
    if not steps:
        return {}
    whole = np.flatnonzero(known == steps)
    sums = fell[whole, :steps].sum(axis=1)
    return {
        "hours": round(float(steps * step / HOUR), 2),
        "gauges": int(whole.size),
        "mean": round(float(sums.mean()), 1),
        "most": round(float(sums.max()), 1),
        "station": str(rain.station.values[whole[sums.argmax()]]),
    }


def _of_feed(network: Network, feed: Feed, ahead: Ahead) -> tuple[np.ndarray, np.datetime64]:
    """Return (station, step) rain of one feed, and when the newest of it was received."""
    spots = [spot.id for spot in feed.spots(network.ids)]
    last = ahead.issue_time + network.horizon * network.step + HOUR
    wanted = store.Wanted(feed.source, FORECAST_RAIN, spots, ahead.issue_time, last, ahead.known_at)
    series = store.read(ahead.path, wanted)
    fresh = series["received_time"].values > ahead.issue_time - OLDEST  # NaT is not
    good = fresh & (series["flag"].values == Flag.GOOD) & np.isfinite(series["value"].values)
    values = np.where(good, series["value"].values, np.nan)
    row = {str(site): number for number, site in enumerate(series.site.values)}
    rain = np.full((len(network.ids), network.horizon), np.nan)
    for number, station in enumerate(network.ids):
        here = values[[row[spot.id] for spot in feed.sites.get(station, ())]]
        rain[number] = _in_steps(_mean(here), series.time.values, network, ahead.issue_time)
    received = series["received_time"].values[good]
    return rain, received.max() if received.size else np.datetime64("NaT", "ns")


def _mean(values: np.ndarray) -> np.ndarray:
    """Return (time,) the mean of the sites (site, time) that tell; NaN where none does."""
    there = np.isfinite(values)
    total = np.where(there, values, 0.0).sum(axis=0)
    return np.where(there.any(axis=0), total / np.maximum(there.sum(axis=0), 1), np.nan)


def _in_steps(
    hourly: np.ndarray, times: np.ndarray, network: Network, issue: np.datetime64
) -> np.ndarray:
    """Return (step,) rain: each step its share of its hour, or the sum of its hours."""
    ends = issue + network.lead_times
    if network.step <= HOUR:
        hours = ends.astype("datetime64[h]")
        hours = np.where(hours < ends, hours + HOUR, hours).astype("datetime64[ns]")
        return _at(hourly, times, hours) * float(network.step / HOUR)
    many = round(network.step / HOUR)
    parts = [_at(hourly, times, ends - back * HOUR) for back in range(many)]
    return np.asarray(np.sum(parts, axis=0))


def _at(values: np.ndarray, times: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return the values at some times, NaN where there is none."""
    if not times.size:
        return np.full(wanted.shape, np.nan)
    place = np.minimum(np.searchsorted(times, wanted), times.size - 1)
    return np.where(times[place] == wanted, values[place], np.nan)
