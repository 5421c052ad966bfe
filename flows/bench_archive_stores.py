"""Three ways to keep observations, with the same two tasks: append a cycle, read all of it.

`ours` is `data.store`. `rows` is the plain alternative with the same promises: SQLite, one row
per value and revision. `files` is NetCDF by increments: a small file per cycle, folded into a day
by one rename; it keeps the newest value only, and no revision.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import xarray as xr

from data import netcdf, store
from data.schema import Flag
from data.store import Columns, Wanted
from flows.bench_archive_levels import DAY, Cycle, names


class Store(Protocol):
    """One way to keep observations."""

    def append(self, folder: Path, cycles: Sequence[Cycle]) -> None:
        """Keep one cycle, or a day of them; they are on the disk when this returns."""

    def read(self, folder: Path, gauges: int) -> xr.Dataset:
        """Return value, flag and received_time by site and time."""


class Ours:
    """`data.store`: one packed block per cycle."""

    def append(self, folder: Path, cycles: Sequence[Cycle]) -> None:
        """Keep cycles, a block each."""
        columns = [_columns(cycle) for cycle in cycles]
        store.append_columns(folder / "store.db", "bench", columns, cycles[-1].received)

    def read(self, folder: Path, gauges: int) -> xr.Dataset:
        """Return all."""
        return store.read(folder / "store.db", Wanted("bench", "water_level", names(gauges)))


class Rows:
    """SQLite as it comes to mind first: a row per value, and per revision of it."""

    def append(self, folder: Path, cycles: Sequence[Cycle]) -> None:
        """Keep cycles, without a look at what was known before."""
        with closing(sqlite3.connect(folder / "rows.db", isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute(
                "CREATE TABLE IF NOT EXISTS reading (time INTEGER, site INTEGER, received INTEGER,"
                " value REAL, flag INTEGER, PRIMARY KEY (time, site, received)) WITHOUT ROWID"
            )
            db.execute("BEGIN IMMEDIATE")
            for cycle in cycles:
                db.executemany("INSERT OR IGNORE INTO reading VALUES (?, ?, ?, ?, ?)", _rows(cycle))
            db.execute("COMMIT")

    def read(self, folder: Path, gauges: int) -> xr.Dataset:
        """Return all; of a value with revisions the last row is the newest."""
        with closing(sqlite3.connect(folder / "rows.db")) as db:
            asked = "SELECT DISTINCT time FROM reading ORDER BY time"
            times = np.array([time for (time,) in db.execute(asked)], "int64")
            value, flag, received = _empty(len(times), gauges)
            rows = db.execute(
                "SELECT time, site, received, value, flag FROM reading"
                " ORDER BY time, site, received"
            )
            while some := rows.fetchmany(100_000):
                time, site, came, read, why = zip(*some, strict=True)
                at = times.searchsorted(np.array(time)), np.array(site)
                value[at] = np.array(read, "float32")  # NULL, which SQLite makes of NaN, is NaN
                flag[at], received[at] = why, came
        return _dataset(times.view("datetime64[ns]"), value, flag, received)


class Files:
    """NetCDF by increments."""

    def append(self, folder: Path, cycles: Sequence[Cycle]) -> None:
        """Keep cycles in a file; the last single one of a day folds the day."""
        name = f"{cycles[0].time.astype('int64')}"
        if len(cycles) > 1:
            netcdf.write(folder / f"{name}.day.nc", _file(cycles))
            return
        netcdf.write(folder / f"{name}.cycle.nc", _file(cycles))
        parts = sorted(folder.glob("*.cycle.nc"))
        if len(parts) == DAY:
            day = xr.concat([netcdf.read(part) for part in parts], "time")
            netcdf.write(folder / f"{name}.day.nc", day)
            for part in parts:
                part.unlink()

    def read(self, folder: Path, gauges: int) -> xr.Dataset:
        """Return all."""
        files = sorted(folder.glob("*.nc"))
        return xr.concat([netcdf.read(file) for file in files], "time").transpose("site", "time")


STORES: Final[dict[str, Store]] = {"ours": Ours(), "rows": Rows(), "files": Files()}


def _columns(cycle: Cycle) -> Columns:
    gauges = len(cycle.value)
    times, received = np.full(gauges, cycle.time), np.full(gauges, cycle.received)
    site = np.arange(gauges)
    return Columns("water_level", names(gauges), site, times, cycle.value, cycle.flag, received)


def _rows(cycle: Cycle) -> Iterator[tuple[int, int, int, float, int]]:
    gauges = len(cycle.value)
    time, received = (int(t.astype("int64")) for t in (cycle.time, cycle.received))
    columns = ([time] * gauges, range(gauges), [received] * gauges)
    return zip(*columns, cycle.value.tolist(), cycle.flag.tolist(), strict=True)


def _file(cycles: Sequence[Cycle]) -> xr.Dataset:
    gauges = len(cycles[0].value)
    received = np.array([[cycle.received.astype("int64")] for cycle in cycles])
    return _dataset(
        np.array([cycle.time for cycle in cycles], "datetime64[ns]"),
        np.array([cycle.value for cycle in cycles]),
        np.array([cycle.flag for cycle in cycles]),
        np.repeat(received, gauges, axis=1),
    )


def _empty(times: int, gauges: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    shape = (times, gauges)
    never = np.full(shape, np.iinfo("int64").min)
    return np.full(shape, np.nan, "float32"), np.full(shape, Flag.NOT_REPORTED, "int8"), never


def _dataset(
    time: np.ndarray, value: np.ndarray, flag: np.ndarray, received: np.ndarray
) -> xr.Dataset:
    dims = ("time", "site")
    columns = {"value": value, "flag": flag, "received_time": received.view("datetime64[ns]")}
    return xr.Dataset({name: (dims, column) for name, column in columns.items()}, {"time": time})
