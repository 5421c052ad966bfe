"""Columns for the store, out of readings as a provider gave them, or out of a grid."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

import numpy as np
import xarray as xr

from data.reading import Reading
from data.storage.write import Columns


def by_variable(readings: Sequence[Reading]) -> list[Columns]:
    """Return the readings of each variable as columns."""
    variable = attrgetter("variable")
    return [
        _columns(name, list(some))
        for name, some in groupby(sorted(readings, key=variable), variable)
    ]


def of_grid(ds: xr.Dataset, variable: str) -> Columns:
    """Return one variable of observations as columns; what is missing and never came is left out.

    Args:
        ds: `data.schema.OBSERVATIONS`, dims (station, time).
        variable: A variable of `ds`; a value of which nobody knows when it came, has NaT.
    """
    values = ds[variable].transpose("station", "time").values
    came = ds["received_time"].transpose("station", "time").values
    flags = np.zeros(values.shape, "int8")
    if f"{variable}_flag" in ds:
        flags = ds[f"{variable}_flag"].transpose("station", "time").values
    site, time = np.nonzero(~(np.isnan(values) & np.isnat(came)))
    return Columns(
        variable,
        ds.station.values.tolist(),
        site,
        ds.time.values[time],
        values[site, time],
        flags[site, time],
        came[site, time],
    )


def _columns(variable: str, readings: list[Reading]) -> Columns:
    names = [(reading.site, reading.datum) for reading in readings]
    place = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return Columns(
        variable,
        [site for site, _ in place],
        np.array([place[name] for name in names], "int64"),
        _times([reading.time for reading in readings]),
        np.array([reading.value for reading in readings], "float64"),
        np.array([int(reading.flag) for reading in readings], "int8"),
        _times([reading.received for reading in readings]),
        [datum for _, datum in place],
    )


def _times(times: list[np.datetime64]) -> np.ndarray:
    return np.array(times, "datetime64[ns]")
