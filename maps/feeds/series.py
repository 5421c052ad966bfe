"""The numbers of a view as arrays, taken out once for all gauges and all files."""

from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from data.schema import FORCINGS, Flag
from maps.feeds.layout import large
from maps.view import View

MINUTE = np.timedelta64(1, "m")
FLAGS = {int(flag): flag.name.lower() for flag in Flag}


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
        automatic: `forecast` before a person edited it; None where nobody did.
        issued: Issue time as RFC 3339.
        step: Length of a time step [s].
    """

    time: np.ndarray
    moments: list[str]
    observed: dict[str, np.ndarray]
    flags: dict[str, np.ndarray]
    valid: list[str]
    leads: np.ndarray
    levels: np.ndarray
    forecast: np.ndarray
    issued: str
    step: int
    automatic: np.ndarray | None = None


def gather(view: View) -> Series:
    """Return the arrays of a view; of a large network only those of its quantity."""
    ids, quantity = view.network.ids, view.network.quantity.value
    known = _in_order(view.observations, ids)
    names = [quantity, *(n for n in FORCINGS if n in known and not large(view.network))]
    observed = {n: known[n].transpose("station", "time").values.astype("float64") for n in names}
    issued = _in_order(view.forecast.isel(issue_time=0), ids)
    edited = view.review is not None and bool(view.review.changes)
    return Series(
        time=known.time.values,
        moments=_told(known.time.values),
        observed=observed,
        flags={n: _flags(known, n, observed[n]) for n in names},
        valid=_told(issued.valid_time.values),
        leads=(issued.lead_time.values / MINUTE).astype(int),
        levels=issued["quantile"].values,
        forecast=_quantiles(issued, quantity),
        automatic=_automatic(view, quantity) if edited else None,
        issued=_told(view.forecast.issue_time.values[:1])[0],
        step=int(view.network.step / np.timedelta64(1, "s")),
    )


def _automatic(view: View, quantity: str) -> np.ndarray | None:
    if view.review is None:
        return None
    return _quantiles(
        _in_order(view.review.forecast.isel(issue_time=0), view.network.ids), quantity
    )


def _quantiles(issued: xr.Dataset, quantity: str) -> np.ndarray:
    values = issued[quantity].transpose("station", "lead_time", "quantile").values
    return np.asarray(values.astype("float64"))


def latest(series: Series, steps: int) -> Series:
    """Return the same with the last observations only."""
    return replace(
        series,
        time=series.time[-steps:],
        moments=series.moments[-steps:],
        observed={name: values[:, -steps:] for name, values in series.observed.items()},
        flags={name: flags[:, -steps:] for name, flags in series.flags.items()},
    )


def _told(times: np.ndarray) -> list[str]:
    return [f"{time}Z" for time in times.astype("datetime64[s]").astype(str)]


def _in_order(ds: xr.Dataset, ids: list[str]) -> xr.Dataset:
    """Return a dataset of the gauges in their order; a gauge that it lacks is missing."""
    return ds if ds.station.values.tolist() == ids else ds.reindex(station=ids)


def _flags(known: xr.Dataset, name: str, values: np.ndarray) -> np.ndarray:
    """Return why values are missing or doubted; what is missing is never GOOD."""
    given = known.get(f"{name}_flag")
    if given is None:
        told = np.zeros(values.shape, dtype="int8")
    else:
        told = given.transpose("station", "time").values
        if told.dtype.kind == "f":
            told = np.where(np.isfinite(told), told, 0)
        told = told.astype("int8")
    told[np.isnan(values) & (told == Flag.GOOD)] = Flag.NOT_REPORTED
    return told
