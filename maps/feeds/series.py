"""The numbers of a view as arrays, taken out once for all gauges and all files."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from data.schema import FORCINGS, Flag
from maps.view import View

MINUTE = np.timedelta64(1, "m")


@dataclass(frozen=True)
class Series:
    """Arrays in the order of the network's stations.

    Attributes:
        time: Of the observations, (time,); `moments` is the same as RFC 3339.
        observed: By variable, (station, time); the network's quantity first. NaN is missing.
        flags: By variable, `data.schema.Flag`, (station, time).
        valid: Valid times of the forecast, (lead,), as RFC 3339.
        leads: Lead times [min], (lead,).
        levels: The forecast's quantiles, (quantile,).
        forecast: (station, lead, quantile).
    """

    time: np.ndarray
    moments: list[str]
    observed: dict[str, np.ndarray]
    flags: dict[str, np.ndarray]
    valid: list[str]
    leads: np.ndarray
    levels: np.ndarray
    forecast: np.ndarray


def gather(view: View) -> Series:
    """Return the arrays of a view."""
    ids, quantity = view.network.ids, view.network.quantity.value
    known = view.observations.reindex(station=ids)
    names = [quantity, *(name for name in FORCINGS if name in known)]
    observed = {n: known[n].transpose("station", "time").values.astype("float64") for n in names}
    issued = view.forecast.isel(issue_time=0).sel(station=ids)
    return Series(
        time=known.time.values,
        moments=_told(known.time.values),
        observed=observed,
        flags={n: _flags(known, n, observed[n]) for n in names},
        valid=_told(issued.valid_time.values),
        leads=(issued.lead_time.values / MINUTE).astype(int),
        levels=issued["quantile"].values,
        forecast=issued[quantity]
        .transpose("station", "lead_time", "quantile")
        .values.astype("float64"),
    )


def _told(times: np.ndarray) -> list[str]:
    return [f"{time}Z" for time in times.astype("datetime64[s]").astype(str)]


def _flags(known: xr.Dataset, name: str, values: np.ndarray) -> np.ndarray:
    """Return why values are missing or doubted; what is missing is never GOOD."""
    given = known.get(f"{name}_flag")
    told = np.zeros(values.shape) if given is None else given.transpose("station", "time").values
    told = np.where(np.isfinite(told), told, 0).astype("int8")
    return np.where(np.isnan(values) & (told == Flag.GOOD), np.int8(Flag.NOT_REPORTED), told)
