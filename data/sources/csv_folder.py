"""A folder of CSV files, one per year: water levels, a dam and the tide; and rain gauges.

    water_data/data_YYYY.csv[.gz]  ymdhm, wl_<station>..; optional: swl, inf, tototf, tide_level
    rf_data/rf_YYYY.csv[.gz]       ymdhm, rf_<gauge>..
    stations.csv                   optional, replaces the network's own station table

Times `ymdhm` are KST ("2013-07-15 09:10"). `wl_*` is in cm above El. 0, `swl` in m El., `inf` and
`tototf` (inflow and total release of the dam) in m3/s, `tide_level` in cm, `rf_*` in mm.

Each column is judged by limits learnt from the network's training years, each gauge beside all
others of its kind: they lie on one reach.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import isnan
from pathlib import Path

import numpy as np
import xarray as xr

from data import csv_file, regular
from data.csv_file import CsvFile
from data.errors import SourceError
from data.network import Network
from data.quality import only_good
from data.schema import Flag
from data.sources.csv_folder_kinds import FORCINGS, LEVEL, RAIN, judged
from data.stations import Station

Report = Callable[[str], None]
KST = np.timedelta64(9, "h")  # ahead of UTC
TIME, FORM = "ymdhm", "%Y-%m-%d %H:%M"
REMEDY = "Pass --folder FOLDER with water_data/data_YYYY.csv and rf_data/rf_YYYY.csv."


@dataclass(frozen=True)
class Folder:
    """The files of a folder, as they were found."""

    water: list[CsvFile]
    rain: list[CsvFile]


def pull(network: Network, folder: Path, report: Report) -> xr.Dataset:
    """Return what the folder's files tell of the stations of `network`, on its grid."""
    return parse(fetch(folder), network, report)


def fetch(folder: Path) -> Folder:
    """Open every year's files.

    Raises:
        SourceError: The folder, or all of its water or rain files, are missing, or one is broken.
    """
    return Folder(_files(folder / "water_data", "data_"), _files(folder / "rf_data", "rf_"))


def parse(files: Folder, network: Network, report: Report) -> xr.Dataset:
    """Turn the files into observations on the network's grid; a fault becomes NaN and a flag.

    Returns:
        water_level [m on the gauge], rainfall [mm in the step] (mean of the reporting gauges),
        and what there is of dam_inflow, dam_release [m3 s-1], dam_level, tide [m]; dims (station,
        time); the same forcings for every station.

    Raises:
        SourceError: A file lacks a needed column, or has a time or a column that is none.
    """
    levels = [f"wl_{station}" for station in network.ids]
    gauges = sorted({c for file in files.rain for c in map(str, file.cells) if c.startswith("rf_")})
    water = read(files.water, levels, list(FORCINGS), report)
    rain = read(files.rain, [], gauges, report)
    parts = [
        regular.to_grid(part, network.step)
        for part in (
            _levels(water, network, report),
            _reach(water, network, report),
            _rain(rain, network, report),
        )
        if part.data_vars
    ]
    merged = xr.merge(regular.join(parts, network.step), join="exact", compat="no_conflicts")
    return merged.broadcast_like(merged["water_level"]).transpose("station", "time")


def read(
    files: list[CsvFile], needed: list[str], optional: list[str], report: Report
) -> xr.Dataset:
    """Read columns of all files into one record, as published, ascending in UTC.

    Args:
        needed: Columns that every file must have.
        optional: Columns that are left out if no file has them.

    Returns:
        Per column float64 values and `<column>_flag`, dims (time,). Of repeated times the last
        wins; an optional column that one file lacks is NOT_REPORTED there.

    Raises:
        SourceError: A file lacks a needed column, or has a time or a column that is none.
    """
    present = [c for c in optional if any(c in file.cells for file in files)]
    record = xr.concat([_read(file, needed, present, report) for file in files], dim="time")
    report(f"{files[0].name} to {files[-1].name}: {record.sizes['time']:,} rows")
    return regular.ordered(record)


def _files(folder: Path, prefix: str) -> list[CsvFile]:
    if not folder.is_dir():
        raise SourceError(f"The folder '{folder}' is missing.", REMEDY)
    paths = sorted([*folder.glob(f"{prefix}*.csv"), *folder.glob(f"{prefix}*.csv.gz")])
    if not paths:
        raise SourceError(f"'{folder}' has no file '{prefix}YYYY.csv' or '.csv.gz'.", REMEDY)
    return [csv_file.fetch(path) for path in paths]


def _read(file: CsvFile, needed: list[str], optional: list[str], report: Report) -> xr.Dataset:
    ds = xr.Dataset(coords={"time": csv_file.times(file, TIME, FORM, ahead=KST)})
    absent = np.full(ds.time.shape, np.nan), np.full(ds.time.shape, Flag.NOT_REPORTED, "int8")
    for name in (*needed, *optional):
        there = name in needed or name in file.cells
        values, flags = csv_file.numbers(file, name) if there else absent
        if complaint := csv_file.unreadable(file, name, flags):
            report(complaint)
        ds = ds.assign({name: ("time", values), f"{name}_flag": ("time", flags)})
    return ds


def _levels(water: xr.Dataset, network: Network, report: Report) -> xr.Dataset:
    columns = [f"wl_{station}" for station in network.ids]
    values, flags = judged(water, columns, LEVEL, network.split.train, report)
    zeros = np.array([[_zero(station)] for station in network.stations])  # (station, 1)
    dims = ("station", "time")
    return xr.Dataset(
        {
            "water_level": (dims, only_good(values, flags) - zeros),
            "water_level_flag": (dims, flags),
        },
        coords={"station": network.ids, "time": water.time},
    )


def _zero(station: Station) -> float:
    if isnan(station.gauge_zero):
        raise SourceError(
            f"Station '{station.id}' has no gauge zero, and 'wl_{station.id}' is above El. 0.",
            "Give its gauge_zero [m El.] in stations.csv.",
        )
    return station.gauge_zero


def _reach(water: xr.Dataset, network: Network, report: Report) -> xr.Dataset:
    """Return dam and tide [SI], dims (time,): what there is of them."""
    water = without_silent_dam(water)
    ds = xr.Dataset(coords={"time": water.time})
    for column, kind in FORCINGS.items():
        name = kind.variable
        if column not in water:
            report(f"no column '{column}': no {name}")
            continue
        (values,), (flags,) = judged(water, [column], kind, network.split.train, report)
        ds = ds.assign({name: ("time", only_good(values, flags)), f"{name}_flag": ("time", flags)})
    return ds


def without_silent_dam(water: xr.Dataset) -> xr.Dataset:
    """Flag flows of 0 as sentinels where the dam level is 0: then nothing of the dam was read."""
    if "swl" not in water:
        return water
    silent = water["swl"] == 0
    for column in ("inf", "tototf"):
        if column in water:
            flag, zero = f"{column}_flag", silent & (water[column] == 0)
            water = water.assign({flag: water[flag].where(~zero, int(Flag.SENTINEL))})
    return water


def _rain(rain: xr.Dataset, network: Network, report: Report) -> xr.Dataset:
    """Return the mean of the rain gauges that report [mm], dims (time,); NaN where none does."""
    gauges = [str(name) for name in rain if not str(name).endswith("_flag")]
    if not gauges:
        report("no rain gauge: no rainfall")
        return xr.Dataset()
    published, doubts = judged(rain, gauges, RAIN, network.split.train, report)
    values = only_good(published, doubts)
    reporting = np.isfinite(values).sum(axis=0)
    mean = np.nansum(values, axis=0) / np.where(reporting, reporting, np.nan)
    flags = np.where(reporting, int(Flag.GOOD), doubts[0]).astype("int8")
    return xr.Dataset(
        {"rainfall": ("time", mean), "rainfall_flag": ("time", flags)}, coords={"time": rain.time}
    )
