"""Daily climate that a user brings as NetCDF: KMA's SSP archives, CORDEX, CMIP6, reanalyses."""

from collections.abc import Sequence
from pathlib import Path

import xarray as xr

from data.climate import cf
from data.climate.axes import Box
from data.errors import InvalidData, NothingThere

_HDF5 = b"\x89HDF"
_CLASSIC = b"CDF"


def read(paths: Sequence[Path], wanted: Sequence[str], box: Box | None = None) -> xr.Dataset:
    """Read files that each hold some years or some variables of one model and scenario.

    Args:
        wanted: Of tas, tasmin, tasmax, pr.
        box: Only the cells whose centre lies inside; None takes all.

    Returns:
        `data.climate.cf` DAILY; attrs are those that all files share.

    Raises:
        NothingThere: A file is missing.
        InvalidData: A file is no NetCDF or is refused at the door (the message names it), or the
            files do not fit together.
    """
    files = [_read_one(path, wanted, box) for path in paths]
    absent = [name for name in wanted if not any(name in ds for ds in files)]
    if absent:
        raise InvalidData(f"'{absent[0]}' is missing in all of {[path.name for path in paths]}.")
    whole = list[xr.Dataset]()
    try:
        for name in wanted:
            whole.append(_in_order([ds[[name]] for ds in files if name in ds]))
            files = [ds.drop_vars(name, errors="ignore") for ds in files]  # frees its memory
        joined = xr.merge(whole, join="exact", compat="override", combine_attrs="drop_conflicts")
    except (ValueError, TypeError) as error:
        raise InvalidData(
            f"The files {[path.name for path in paths]} do not fit together: their grids, "
            "calendars or days differ."
        ) from error
    return joined.assign_attrs(cf.describe(joined))


def _read_one(path: Path, wanted: Sequence[str], box: Box | None) -> xr.Dataset:
    try:
        with open_file(path) as ds:
            held = [name for name in wanted if cf.candidates(ds, name)]
            return cf.standardise(ds, held, box).load()
    except InvalidData as error:
        raise InvalidData(f"{path.name}: {error.problem}", error.remedy) from error


def open_file(path: Path) -> xr.Dataset:
    """Open NetCDF 3 or 4 lazily, dates decoded.

    Raises:
        NothingThere: There is no such file.
        InvalidData: It is no NetCDF file, or a broken one.
    """
    if not path.is_file():
        raise NothingThere(f"There is no file '{path.name}'.")
    with path.open("rb") as file:
        start = file.read(4)
    if not start.startswith((_HDF5, _CLASSIC)):
        raise InvalidData("It is not a NetCDF file.")
    dates = xr.coders.CFDatetimeCoder(time_unit="ns")
    try:
        return xr.open_dataset(
            path,
            engine="h5netcdf" if start == _HDF5 else "scipy",
            decode_times=dates,
            decode_timedelta=False,
        )
    except (OSError, ValueError) as error:
        raise InvalidData(f"It cannot be read: {error}.") from error


def _in_order(parts: list[xr.Dataset]) -> xr.Dataset:
    """Join the years of one variable; a day that two files hold is an error."""
    joined = xr.concat(
        parts,
        dim="time",
        join="exact",
        coords="minimal",
        compat="override",
        combine_attrs="drop_conflicts",
    ).sortby("time")
    index = joined.indexes["time"]
    if index.has_duplicates:
        raise InvalidData(f"Two files hold {str(index[index.duplicated()][0])[:10]}.")
    return joined
