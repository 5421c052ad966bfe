"""Keep datasets in NetCDF files: whole or not at all, and open them as of any time."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import numpy as np
import xarray as xr

from data import cf, schema, station_table, whole
from data.errors import InvalidData, NothingThere
from data.network import Network
from data.schema import Flag

ENGINE: Final = "h5netcdf"  # netCDF4 is not thread-safe
_TIME = {
    "units": "seconds since 1970-01-01",
    "calendar": "proleptic_gregorian",
    "dtype": "int64",
    "_FillValue": np.iinfo("int64").min,
}


def save(path: Path, observations: xr.Dataset) -> None:
    """Keep observations, described as CF-1.11 asks; an older file is replaced whole."""
    write(path, cf.describe(observations))


def write(path: Path, ds: xr.Dataset) -> None:
    """Write any dataset, compressed; readers see the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{uuid4().hex}.part")
    encoding = {str(name): _encoding(ds[name]) for name in ds.variables}
    try:
        ds.drop_encoding().to_netcdf(part, engine=ENGINE, encoding=encoding)
        whole.to_disk(part)
        part.replace(path)
        whole.to_disk(path.parent)
    finally:
        part.unlink(missing_ok=True)


def read(path: Path) -> xr.Dataset:
    """Read a dataset whole into memory.

    Raises:
        NothingThere: There is no such file.
        InvalidData: The file is no NetCDF, or broken.
    """
    if not path.exists():
        raise NothingThere(f"'{path}' is not there.", "Run the step that makes it.")
    try:
        with xr.open_dataset(path, engine=ENGINE, decode_timedelta=True) as ds:
            return ds.load()
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise InvalidData(f"'{path}' cannot be read: {error}.", "Make it again.") from error


def load(path: Path, network: Network) -> xr.Dataset:
    """Read the observations of a network.

    Raises:
        NothingThere: Nothing was pulled yet.
        InvalidData: The file is broken, or of another network, or of other stations.
    """
    again = f"Run: mulgil pull --network {network.name}"
    if not path.exists():
        raise NothingThere(f"No observations of '{network.name}' at '{path}'.", again)
    ds = read(path)
    if ds.attrs.get("network") != network.name:
        found = ds.attrs.get("network", "")
        raise InvalidData(f"'{path}' is of network '{found}', not '{network.name}'.", again)
    schema.check(ds, schema.observations(network.quantity))
    found_ids, expected = ds.station.values.tolist(), as_pulled(network, ds).ids
    if found_ids != expected:
        raise InvalidData(f"'{path}' has stations {found_ids}, expected {expected}.", again)
    return ds


def as_pulled(network: Network, ds: xr.Dataset) -> Network:
    """Return `network` with the stations of the table that came with the record, if one did."""
    if "station_table" not in ds.attrs:
        return network
    stations = station_table.parse(ds.attrs["station_table"], "stations.csv")
    return replace(network, stations=stations)


def known_at(ds: xr.Dataset, issue_time: np.datetime64) -> xr.Dataset:
    """Return what had been received at or before `issue_time`, and nothing else.

    Later times are cut off. A value that arrived later, or nobody knows when, is NaN, flagged
    NOT_REPORTED, without a `received_time`.
    """
    past = ds.isel(time=ds.time.values <= issue_time)
    known = past["received_time"] <= issue_time  # NaT is never known
    if bool(known.all()):
        return past
    return past.assign({name: _hide(past[name], known) for name in past.data_vars})


def _hide(values: xr.DataArray, known: xr.DataArray) -> xr.DataArray:
    if str(values.name).endswith("_flag"):
        return values.where(known, int(Flag.NOT_REPORTED))
    if values.name == "received_time":
        return values.where(known, np.datetime64("NaT", "ns"))
    return values.where(known) if "time" in values.dims else values


def _encoding(variable: xr.DataArray) -> dict[str, Any]:
    if variable.dtype.kind == "M":
        return _TIME | _squeeze(variable)
    return _squeeze(variable)


def _squeeze(variable: xr.DataArray) -> dict[str, Any]:
    numeric = variable.dtype.kind in "fiuMm" and variable.ndim > 0
    return {"zlib": True, "complevel": 4, "shuffle": True} if numeric else {}
