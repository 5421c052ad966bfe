"""Keep any dataset in a NetCDF file: whole or not at all."""

from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import numpy as np
import xarray as xr

from data import whole
from data.errors import InvalidData, NothingThere

ENGINE: Final = "h5netcdf"  # netCDF4 is not thread-safe
_TIME = {
    "units": "seconds since 1970-01-01",
    "calendar": "proleptic_gregorian",
    "dtype": "int64",
    "_FillValue": np.iinfo("int64").min,
}


def write(path: Path, ds: xr.Dataset, squeeze: bool = True) -> None:
    """Write any dataset; readers see the old file or the new one, never a part.

    Args:
        squeeze: Compress it; many forecasts become a fifth smaller in ten times the time.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{uuid4().hex}.part")
    encoding = {str(name): _encoding(ds[name], squeeze) for name in ds.variables}
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


def _encoding(variable: xr.DataArray, squeeze: bool) -> dict[str, Any]:
    squeezed = _squeeze(variable) if squeeze else {}
    if variable.dtype.kind == "M":
        return _TIME | squeezed
    if variable.dtype.kind == "f" and variable.dims == (variable.name,):
        return {"_FillValue": None}  # no coordinate may have one (CF-1.11, 2.5.1)
    return squeezed


def _squeeze(variable: xr.DataArray) -> dict[str, Any]:
    numeric = variable.dtype.kind in "fiuMm" and variable.ndim > 0
    return {"zlib": True, "complevel": 4, "shuffle": True} if numeric else {}
