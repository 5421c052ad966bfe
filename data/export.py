"""Export observations as CF-1.11 NetCDF (featureType timeSeries), for anybody's tools."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import xarray as xr

from data import cf, netcdf
from data.network import Network

_SECONDS: Final = {
    "units": "seconds since 1970-01-01",
    "calendar": "proleptic_gregorian",
    "units_metadata": "leap_seconds: none",  # as datetime64 counts; CF-1.11, 4.4
}
_NEVER: Final = np.int64(np.iinfo("int64").min)
_PLACES: Final = "station_id station_name lat lon"
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
    found = xr.Dataset(variables).drop_vars("station").assign(_places(network, known))
    times = _times(ds.time.values, network.step)
    return found.assign(times).assign_attrs(_signed(ds, network))


def _at_stations(variable: xr.DataArray) -> xr.DataArray:
    """Return a variable that names the coordinates of its stations, and has no others."""
    alone = variable.reset_coords(drop=True)
    return alone.assign_attrs({**alone.attrs, "coordinates": _PLACES})


def _places(network: Network, ids: list[str]) -> dict[str, Any]:
    stations = [network.station(name) for name in ids]
    degrees = {"lat": ("latitude", "degrees_north"), "lon": ("longitude", "degrees_east")}
    places: dict[str, Any] = {
        short: (
            "station",
            [getattr(station, name) for station in stations],
            {"standard_name": name, "long_name": f"{name} of the station", "units": unit},
        )
        for short, (name, unit) in degrees.items()
    }
    role = {"cf_role": "timeseries_id", "long_name": "id of the station at its provider"}
    title = {"standard_name": "platform_name", "long_name": "name of the station"}
    zero = {
        "standard_name": "water_surface_reference_datum_altitude",
        "long_name": "altitude of the gauge's zero",
        "units": "m",
    }
    return places | {
        "station_id": ("station", _characters(ids), role),
        "station_name": ("station", _characters([s.name_en for s in stations]), title),
        "gauge_zero": ("station", [s.gauge_zero for s in stations], zero),
    }


def _characters(words: list[str]) -> np.ndarray:
    """Return words as UTF-8 of one length, which every NetCDF tool reads."""
    return np.array([word.encode() for word in words], dtype=np.bytes_)


def _received(times: xr.DataArray) -> xr.DataArray:
    """Return when values were received, never a moment too early; what never was is filled."""
    begun = _seconds(times.values - np.timedelta64(1, "ns")) + 1
    seconds = np.where(np.isnat(times.values), _NEVER, begun)
    return times.copy(data=seconds).assign_attrs(_SECONDS | {"_FillValue": _NEVER})


def _times(ends: np.ndarray, step: np.timedelta64) -> dict[str, Any]:
    """Return the time, and the step that ends at it: rain is the sum over that."""
    told = {
        "standard_name": "time",
        "long_name": "end of the step, UTC",
        "axis": "T",
        "bounds": "time_bounds",
    }
    bounds = np.stack([_seconds(ends - step), _seconds(ends)], axis=1)
    return {
        "time": ("time", _seconds(ends), told | _SECONDS),
        "time_bounds": (("time", "bound"), bounds),
    }


def _seconds(times: np.ndarray) -> np.ndarray:
    return times.astype("datetime64[s]").astype("int64")


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
