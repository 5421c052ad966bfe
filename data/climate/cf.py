"""The door for daily climate in NetCDF: what a file holds is told by its CF attributes.

DAILY (time, lat, lon), or (time, ...) at points
    tas, tasmin, tasmax [degC], pr [mm of the day], float32, NaN = missing; those asked for
    time: start of the day, in the calendar of the file (datetime64[ns], or cftime objects)
    lat, lon: ascending, lon from -180 to 180
    attrs: calendar, calendar_note, missing_days, years_without_data, and those of the file
"""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from data.climate.axes import Box, align, crop, describe_calendar
from data.climate.units import convert
from data.errors import InvalidData

_ALIASES = {  # CMIP, KMA's SSP archives, ERA5/E-OBS, Daymet and others
    "tas": ("tas", "ta", "t2m", "tg", "tmean", "tavg"),
    "tasmin": ("tasmin", "tamin", "tn", "tmin", "mn2t"),
    "tasmax": ("tasmax", "tamax", "tx", "tmax", "mx2t"),
    "pr": ("pr", "rn", "precip", "precipitation", "prcp", "rr", "tp"),
}
_RAIN_NAMES = (
    "precipitation_flux",
    "precipitation_amount",
    "lwe_precipitation_rate",
    "lwe_thickness_of_precipitation_amount",
)
_METHODS = {"tas": "mean", "tasmin": "minimum", "tasmax": "maximum"}


def standardise(ds: xr.Dataset, wanted: Sequence[str], box: Box | None = None) -> xr.Dataset:
    """Return the variables asked for as DAILY, see the module.

    Args:
        wanted: Of tas, tasmin, tasmax, pr.
        box: Only the cells whose centre lies inside (nothing else is loaded); None takes all.

    Raises:
        InvalidData: A variable or an axis is missing, a unit is unknown or does not fit the
            values, the grid is rotated, or the step is not a day.
    """
    aligned = {name: align(find(ds, name)) for name in wanted}
    cut = {name: crop(values, box) if box else values for name, values in aligned.items()}
    found = {name: convert(name, values) for name, values in cut.items()}
    try:
        daily = xr.merge(
            [values.rename(name) for name, values in found.items()],
            join="exact",
            combine_attrs="override",
            compat="override",
        )
    except ValueError as error:
        raise InvalidData(f"The variables {list(wanted)} are not on the same axes.") from error
    return daily.drop_encoding().assign_attrs(ds.attrs | describe(daily))


def find(ds: xr.Dataset, name: str) -> xr.DataArray:
    """Return the variable that is `name`: by its name, else by standard_name and cell_methods.

    Raises:
        InvalidData: There is none, or more than one.
    """
    matching = candidates(ds, name)
    if not matching:
        raise InvalidData(f"'{name}' is missing, found {[str(v) for v in ds.data_vars]}.")
    if len(matching) > 1:
        raise InvalidData(f"More than one variable could be '{name}': {matching}; keep one.")
    return ds[matching[0]]


def candidates(ds: xr.Dataset, name: str) -> list[str]:
    """Return the names of the variables of a file that could be `name`."""
    named = [str(v) for v in ds.data_vars if str(v).lower() in _ALIASES[name]]
    return named or [str(v) for v in ds.data_vars if _means(ds[v], name)]


def describe(daily: xr.Dataset) -> dict[str, str | int]:
    """Return what a reader must know of the time axis: calendar, missing days, empty years."""
    calendar = str(daily["time"].dt.calendar)
    days = daily.indexes["time"]
    span = int((days[-1] - days[0]) / np.timedelta64(1, "D")) + 1 if len(days) else 0
    empty: set[int] = set()
    for name in daily.data_vars:
        others = [dim for dim in daily[name].dims if dim != "time"]
        there = daily[name].notnull().any(others).groupby("time.year").any()
        empty |= set(there["year"].values[~there.values].tolist())
    return {
        "calendar": calendar,
        "calendar_note": describe_calendar(calendar),
        "missing_days": span - len(days),
        "years_without_data": ", ".join(str(year) for year in sorted(empty)),
    }


def _means(variable: xr.DataArray, name: str) -> bool:
    standard = variable.attrs.get("standard_name", "")
    if name == "pr":
        return standard in _RAIN_NAMES
    methods = str(variable.attrs.get("cell_methods", ""))
    return standard == "air_temperature" and f"time: {_METHODS[name]}" in methods
