"""Thresholds from the record, for stations where no authority has set any.

They are percentiles of the training years and nothing else. The mildest is the 99th: the one
official attention level at hand (Hangang Bridge, 3.9 m) is the 99.4th percentile of its own
2012-2018 flood seasons. The others are passed in about 44, 18 and 4 hours of a full year.
"""

import numpy as np
import xarray as xr

from data.network import Network
from data.stations import Thresholds

PERCENTILES = (99.0, 99.5, 99.8, 99.95)  # attention, watch, warning, severe
ENOUGH = 20_000  # hours: 10 of them lie above the highest percentile
HOUR = np.timedelta64(1, "h")


def derive(network: Network, observations: xr.Dataset) -> Network:
    """Return `network` with derived thresholds at the stations that have none.

    Only the values of the training years are looked at. A station whose record is too short, or
    too flat for four different levels, stays without: see `reasons`.

    Args:
        observations: `data.schema.observations`; all of it, not only what was known at some time.
    """
    found = _judge(network, observations)
    return network.with_thresholds({k: v for k, v in found.items() if isinstance(v, Thresholds)})


def reasons(network: Network, observations: xr.Dataset) -> dict[str, str]:
    """Return, for each station that gets no thresholds, why not."""
    found = _judge(network, observations)
    return {station: why for station, why in found.items() if isinstance(why, str)}


def _judge(network: Network, observations: xr.Dataset) -> dict[str, Thresholds | str]:
    first, last = network.split.train
    year = observations.time.dt.year.values
    values = observations[network.quantity.value].sel(time=(year >= first) & (year <= last))
    missing = [station.id for station in network.stations if station.thresholds is None]
    return {station: _of_record(values.sel(station=station).values, network) for station in missing}


def _of_record(values: np.ndarray, network: Network) -> Thresholds | str:
    """Return thresholds, or why there are none."""
    values = values[np.isfinite(values)].astype("float64")
    hours = values.size * (network.step / HOUR)
    years = "{}–{}".format(*network.split.train)
    if hours < ENOUGH:
        return f"only {hours:,.0f} h of readings in {years}, {ENOUGH:,} h are needed"
    levels = [float(f"{level:.3g}") for level in np.percentile(values, PERCENTILES)]
    if not (np.diff(levels) > 0).all():
        return f"the percentiles {_written()} of {years} are not four ascending levels: {levels}"
    method = f"percentiles {_written()} of the readings of {years}, n = {values.size:,}"
    attention, watch, warning, severe = levels
    return Thresholds(attention, watch, warning, severe, "derived", method)


def _written() -> str:
    return " / ".join(f"{percentile:g}" for percentile in PERCENTILES)
