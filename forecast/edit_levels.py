"""Move the quantiles of a forecast as edits ask; a copy, in which what is missing stays missing."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from data.network import Network
from data.stations import Quantity

if TYPE_CHECKING:
    from forecast.edits import Edit


def edited(
    forecast: xr.Dataset, edits: Sequence["Edit"], network: Network
) -> tuple[xr.Dataset, set[str]]:
    """Return the forecast with changed levels, and the ids of edits that change none.

    Args:
        forecast: With one issue time. Where no edit changes anything, it is returned itself.
        edits: Of the kinds offset, level and peak, in the order they were made.
    """
    name, dims = network.quantity.value, ("station", "lead_time", "quantile")
    own = forecast[name].isel(issue_time=0).transpose(*dims)
    values = own.values.astype("float64")
    stations = own.station.values.tolist()
    valid = forecast.issue_time.values[0] + forecast.lead_time.values
    median = int(np.flatnonzero(np.isclose(own["quantile"].values, 0.5))[0])
    idle = set()
    for edit in edits:
        row = values[stations.index(edit.station)] if edit.station in stations else None
        shift = None if row is None else _shift(edit, row[:, median], valid)
        if row is None or shift is None:
            idle.add(edit.id)
        else:
            row[:] = _moved(row, shift, network.quantity)
    if len(idle) == len(edits):
        return forecast, idle
    return forecast.assign({name: _like(forecast[name], values)}), idle


def _like(own: xr.DataArray, values: np.ndarray) -> xr.DataArray:
    """Return new values in the type and the order of dims that a variable has."""
    dims = ("issue_time", "station", "lead_time", "quantile")
    whole = own.transpose(*dims)
    return whole.copy(data=values[None].astype(own.dtype)).transpose(*own.dims)


def _shift(edit: "Edit", median: np.ndarray, valid: np.ndarray) -> np.ndarray | None:
    """Return by how much each lead moves; None where no lead moves."""
    inside, weight = _weights(edit, valid)
    known = inside & ~np.isnan(median)
    if not known.any():
        return None
    if edit.kind == "level":
        own = np.where(known, edit.value - median, np.nan)
        last = own[np.flatnonzero(known)[-1]]
        shift = np.where(known, own, last * weight)
    elif edit.kind == "peak":
        shift = (edit.value - median[known].max()) * weight
    else:
        shift = edit.value * weight
    return shift if np.any(shift) else None


def _weights(edit: "Edit", valid: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return which leads lie within the edit's valid times, and how much each is moved, 0 .. 1."""
    first = valid[0] if np.isnat(edit.first) else edit.first
    last = valid[-1] if np.isnat(edit.last) else edit.last
    inside = (valid >= first) & (valid <= last)
    fade = max(edit.fade / np.timedelta64(1, "s"), 1e-9)
    after = (valid - last) / np.timedelta64(1, "s")
    fading = np.clip(1 - after / fade, 0, 1)
    return inside, np.where(inside, 1.0, np.where(valid > last, fading, 0.0))


def _moved(row: np.ndarray, shift: np.ndarray, quantity: Quantity) -> np.ndarray:
    """Return moved quantiles (lead, quantile); no edit makes a flow negative that was not."""
    moved = row + shift[:, None]
    if quantity is not Quantity.DISCHARGE:
        return np.asarray(moved)
    return np.asarray(np.maximum(moved, np.minimum(row, 0.0)))
