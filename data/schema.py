"""The shapes that datasets have when they cross from one room to the next.

OBSERVATIONS (station, time): regular UTC grid, `time` marks the end of a step
    water_level [m on the gauge] or discharge [m3 s-1], one of them, float32, NaN = missing
    rainfall [mm in the step ending at time], dam_inflow, dam_release [m3 s-1], dam_level, tide [m]:
        optional, what applies at that station (a dam above it, the mean of its rain gauges)
    <variable>_flag, int8: why a value is missing or doubted, one of `Flag`
    received_time, datetime64[ns]: when the values of that station and time were known to us
    attrs: network, source, provenance, caveat_en, received_time_assumption

FORECAST (issue_time, station, lead_time, quantile): one or many issues
    water_level or discharge (as above), float32; NaN where a gauge could not be forecast;
        quantiles never cross
    last_observed, last_observed_time, reason (issue_time, station): the reading that the
        forecast starts from, when it was read, and why there is no forecast ("" if there is one)
    valid_time (issue_time, lead_time)
    attrs: model, network, quantity
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import xarray as xr

from data.errors import InvalidData
from data.stations import Quantity

FORCINGS = {
    "rainfall": "mm",
    "dam_inflow": "m3 s-1",
    "dam_release": "m3 s-1",
    "dam_level": "m",
    "tide": "m",
}


QUANTILES = (0.05, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 0.95)  # of every forecast we issue


class Flag(IntEnum):
    """Why a value is missing or doubted; stored beside each value with CF flag_meanings."""

    GOOD = 0
    NOT_REPORTED = 1
    SENTINEL = 2
    OUT_OF_RANGE = 3
    SPIKE = 4
    UNREADABLE = 5
    RATE_OF_CHANGE = 6  # a jump that no later reading has confirmed yet
    FLAT_LINE = 7
    NEIGHBOURS = 8


@dataclass(frozen=True)
class Schema:
    """The dimensions and the units that a dataset must have.

    Attributes:
        required: Variable name to unit; each must be there ("" = no unit asked).
        optional: The same for variables that may be there.
    """

    name: str
    dims: tuple[str, ...]
    required: dict[str, str]
    optional: dict[str, str]


def observations(quantity: Quantity) -> Schema:
    """Return the schema of observations of a network with that quantity."""
    required = {quantity.value: quantity.unit, "received_time": ""}
    return Schema("OBSERVATIONS", ("station", "time"), required, FORCINGS)


def forecast(quantity: Quantity) -> Schema:
    """Return the schema of forecasts of a network with that quantity."""
    dims = ("issue_time", "station", "lead_time", "quantile")
    return Schema("FORECAST", dims, {quantity.value: quantity.unit}, {})


def check(ds: xr.Dataset, schema: Schema) -> xr.Dataset:
    """Return `ds` unchanged if it fits the schema.

    Raises:
        InvalidData: A dimension or variable is missing, a unit differs, or time is not ascending.
    """
    for dim in schema.dims:
        if dim not in ds.dims:
            raise InvalidData(
                f"{schema.name}: dimension '{dim}' is missing, found {list(ds.dims)}."
            )
    for name in schema.required:
        if name not in ds:
            raise InvalidData(f"{schema.name}: '{name}' is missing, found {list(ds.data_vars)}.")
    for name, unit in (schema.required | schema.optional).items():
        found = ds[name].attrs.get("units", "") if name in ds else unit
        if unit and found != unit:
            raise InvalidData(f"{schema.name}: '{name}' is in '{found}', expected '{unit}'.")
    _check_time(ds, schema)
    return ds


def _check_time(ds: xr.Dataset, schema: Schema) -> None:
    for name in ("time", "issue_time"):
        if name in ds.dims and name in schema.dims:
            if ds[name].dtype != np.dtype("datetime64[ns]"):
                raise InvalidData(f"{schema.name}: '{name}' is {ds[name].dtype}, expected ns UTC.")
            if not ds.indexes[name].is_monotonic_increasing or ds.indexes[name].has_duplicates:
                raise InvalidData(f"{schema.name}: '{name}' is not strictly ascending.")
