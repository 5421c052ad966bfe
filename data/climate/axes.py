"""Axes of daily climate, made alike: time, latitude and longitude, found by their CF attributes.

Calendars stay as they are (standard, noleap, 360_day): days are never invented or dropped, and
`describe_calendar` says what a count of days means in each.
"""

from collections.abc import Hashable

import numpy as np
import xarray as xr

from data.errors import InvalidData

Box = tuple[float, float, float, float]  # west, south, east, north [degrees]
KOREA: Box = (124.0, 33.0, 132.0, 39.5)
_NAMES = {
    "time": ("time",),
    "lat": ("lat", "latitude", "nav_lat"),
    "lon": ("lon", "longitude", "nav_lon"),
}
_STANDARD = {"time": "time", "lat": "latitude", "lon": "longitude"}
_UNITS = {
    "time": (),
    "lat": ("degrees_north", "degree_north", "degrees_n", "degreesn"),
    "lon": ("degrees_east", "degree_east", "degrees_e", "degreese"),
}
_DAYS = {"360_day": 360, "noleap": 365, "365_day": 365, "all_leap": 366, "366_day": 366}


def align(values: xr.DataArray) -> xr.DataArray:
    """Return daily values on (time, lat, lon), or on (time, ...) for points, axes ascending.

    Longitudes run from -180 to 180; time is the start of each day.

    Raises:
        InvalidData: An axis is missing or two-dimensional, or time is not one value a day.
    """
    found = _rename(values, "time")
    found = _daily(found)
    if len(found.dims) == 1:
        return found
    found = _rename(_rename(found, "lat"), "lon")
    if found["lat"].dims == found["lon"].dims and found["lat"].ndim == 1:
        return found.transpose("time", ...)  # points: both along one dimension
    for axis in ("lat", "lon"):
        if found[axis].ndim != 1:
            raise InvalidData(
                f"'{values.name}' is on a grid with two-dimensional {_STANDARD[axis]} (rotated, "
                "as CORDEX uses).",
                "Bring it to a regular grid first, e.g. with: cdo remapbil,r1440x720 in.nc out.nc",
            )
    spare = [str(dim) for dim in found.dims if dim not in {"time", "lat", "lon"}]
    if spare:
        raise InvalidData(f"'{values.name}' has a dimension too many: {spare}; choose one of it.")
    east = (found["lon"] + 180) % 360 - 180
    found = found.assign_coords(lon=east.assign_attrs(found["lon"].attrs))
    found = found.transpose("time", "lat", "lon").sortby(["lat", "lon"])
    for axis in ("lat", "lon"):
        if found.indexes[axis].has_duplicates:
            raise InvalidData(f"'{values.name}': '{axis}' has a value twice.")
    return found


def crop(values: xr.DataArray, box: Box) -> xr.DataArray:
    """Return the cells of an aligned grid whose centre lies in `box`; what has no grid as it is.

    Raises:
        InvalidData: There is none.
    """
    if not {"lat", "lon"} <= set(values.dims):
        return values
    west, south, east, north = box
    found = values.sel(lat=slice(south, north), lon=slice(west, east))
    if not found.sizes["lat"] or not found.sizes["lon"]:
        lat, lon = values["lat"], values["lon"]
        raise InvalidData(
            f"The grid (lat {float(lat.min()):.1f} to {float(lat.max()):.1f}, lon "
            f"{float(lon.min()):.1f} to {float(lon.max()):.1f}) has no cell in the box "
            f"west, south, east, north = {box}."
        )
    return found


def describe_calendar(calendar: str) -> str:
    """Return one sentence on what a count of days in this calendar means."""
    days = _DAYS.get(calendar)
    if days is None:
        return f"Calendar '{calendar}': real years; counts of days are as counted."
    return (
        f"Calendar '{calendar}': every year has {days} days; a count of days is comparable with "
        f"real years after × 365.25 / {days}."
    )


def _rename(values: xr.DataArray, axis: str) -> xr.DataArray:
    """Rename the coordinate that is this axis, and its dimension if it has its name."""
    found = [name for name in values.coords if _is(values[name], name, axis)]
    if len(found) > 1:
        found = [name for name in found if str(name).lower() in _NAMES[axis]]
    if len(found) != 1:
        raise InvalidData(
            f"'{values.name}' has no {_STANDARD[axis]} axis, found {list(values.coords)}."
        )
    return values if found[0] == axis else values.rename({found[0]: axis})


def _is(coordinate: xr.DataArray, name: Hashable, axis: str) -> bool:
    attrs = coordinate.attrs
    return (
        attrs.get("standard_name") == _STANDARD[axis]
        or str(attrs.get("units", "")).lower() in _UNITS[axis]
        or str(name).lower() in _NAMES[axis]
    )


def _daily(values: xr.DataArray) -> xr.DataArray:
    """Return values in the order of time, stamped with the start of their day."""
    if values["time"].ndim != 1 or values["time"].dtype.kind not in "MO":
        raise InvalidData(f"'{values.name}': the time axis cannot be read as dates.")
    found = values.assign_coords(time=values["time"].dt.floor("D")).sortby("time")
    if found["time"].dtype.kind == "M":
        found = found.assign_coords(time=found["time"].astype("datetime64[ns]"))
    index = found.indexes["time"]
    if index.has_duplicates:
        day = str(index[index.duplicated()][0])[:10]
        raise InvalidData(f"'{values.name}' has more than one value on {day}, expected one a day.")
    if len(index) > 1:
        step = float(np.median(np.diff(index.values).astype("timedelta64[s]").astype(float)))
        if step != 86_400:
            raise InvalidData(
                f"'{values.name}' comes every {step / 86_400:.3g} days, expected one value a day."
            )
    return found
