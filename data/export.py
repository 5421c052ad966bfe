"""Export observations as CF-1.11 NetCDF (featureType timeSeries), for anybody's tools."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import xarray as xr

from data import cf, netcdf
from data.cf_places import PLACES, SECONDS, places, seconds
from data.network import Network

_NEVER: Final = np.int64(np.iinfo("int64").min)
_SAID: Final = ("source", "provenance", "caveat_en", "replayed", "simulated", "network")


def export(path: Path, ds: xr.Dataset, network: Network) -> None:
    """Write observations as `to_cf` describes them; readers see the old file or the new one.

    Args:
        path: Where to; an older file is replaced.
        ds: `data.schema.observations`, dims (station, time).
        network: Whose stations they are.
    """
    netcdf.write(path, to_cf(ds, network))


def to_cf(ds: xr.Dataset, network: Network) -> xr.Dataset:
    """Return observations as CF-1.11 asks: station ids with their role, places, flags, bounds.

    Values and flags stay as they are; times become the seconds that are written, and `decode_cf`
    turns back. Variables that are no observation, and stations that the network does not have,
    are left out.
    """
    known = [name for name in ds.station.values.tolist() if name in network.ids]
    described = cf.describe(ds.sel(station=known).transpose("station", "time", ...))
    names = [name for name in cf.UNITS if name in described]
    flags = [f"{name}_flag" for name in names if f"{name}_flag" in described]
    variables = {name: _at_stations(described[name]) for name in (*names, *flags, "received_time")}
    variables["received_time"] = _received(variables["received_time"])
    found = xr.Dataset(variables).drop_vars("station").assign(places(network, known))
    times = _times(ds.time.values, network.step)
    return found.assign(times).assign_attrs(_signed(ds, network))


def _at_stations(variable: xr.DataArray) -> xr.DataArray:
    """Return a variable that names the coordinates of its stations, and has no others."""
    alone = variable.reset_coords(drop=True)
    return alone.assign_attrs({**alone.attrs, "coordinates": PLACES})


def _received(times: xr.DataArray) -> xr.DataArray:
    """Return when values were received, never a moment too early; what never was is filled."""
    begun = seconds(times.values - np.timedelta64(1, "ns")) + 1
    told = np.where(np.isnat(times.values), _NEVER, begun)
    return times.copy(data=told).assign_attrs(SECONDS | {"_FillValue": _NEVER})


def _times(ends: np.ndarray, step: np.timedelta64) -> dict[str, Any]:
    """Return the time, and the step that ends at it: rain is the sum over that."""
    told = {
        "standard_name": "time",
        "long_name": "end of the step, UTC",
        "axis": "T",
        "bounds": "time_bounds",
    }
    bounds = np.stack([seconds(ends - step), seconds(ends)], axis=1)
    return {
        "time": ("time", seconds(ends), told | SECONDS),
        "time_bounds": (("time", "bound"), bounds),
    }


def _signed(ds: xr.Dataset, network: Network) -> dict[str, str]:
    """Return who measured, and what to know before trusting a number here."""
    said = {name: str(ds.attrs[name]) for name in _SAID if ds.attrs.get(name)}
    simulated = "SIMULATED: no river was measured." if network.simulated else ""
    replayed = f"REPLAY of the past: {said['replayed']}." if "replayed" in said else ""
    notes = [simulated, replayed, network.caveat_en, "Not an official flood warning."]
    return said | {
        "Conventions": cf.CONVENTIONS,
        "featureType": "timeSeries",
        "title": f"Observations of {network.title_en}",
        "institution": network.provenance,
        "source": said.get("source", network.source),
        "history": "exported by Mulgil from its archive",
        "references": "https://cfconventions.org",
        "comment": " ".join(note for note in notes if note),
    }
