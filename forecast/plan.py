"""A plan from a CSV file, as a hydrologist hands it over: what a dam will release, rain to come.

    time,dam_release,rainfall
    2020-08-06T01:00,12400,
    2020-08-06T02:00,12800,3.5

`time` is UTC and lies on the network's grid; `dam_release` is in m3/s, `rainfall` in mm in the step
that ends at the time. Either column may be missing, and a cell may be empty: nothing is planned
there. A column `station` limits a row to one station; without it a row is meant for all.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import xarray as xr

from data.errors import InvalidData
from data.network import Network
from data.schema import FORCINGS

PLANNED = ("dam_release", "rainfall")
_EXAMPLE = "Write: time,dam_release,rainfall and e.g. 2020-08-06T01:00,12400,3.5 (UTC, m3/s, mm)."


def read(path: Path, network: Network) -> xr.Dataset:
    """Return a plan, dims (station, time), NaN where nothing is planned.

    Raises:
        InvalidData: The file is no such table, or a cell of it is no time, station or amount.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as e:
        raise InvalidData(f"'{path}' cannot be read: {e}.", _EXAMPLE) from e
    given = [name for name in PLANNED if rows and name in rows[0]]
    if not given or "time" not in rows[0]:
        raise InvalidData(f"'{path.name}' has no column time, or none of {PLANNED}.", _EXAMPLE)
    cells = [cell for line, row in enumerate(rows, 2) for cell in _cells(row, network, line)]
    times = np.unique(np.array([time for time, *_ in cells], dtype="datetime64[ns]"))
    dims = ("station", "time")
    coords = {"station": network.ids, "time": times}
    empty = np.full((len(network.ids), times.size), np.nan)
    plan = {name: xr.DataArray(empty.copy(), coords, dims) for name in given}
    for time, stations, name, amount in cells:
        plan[name].loc[{"station": stations, "time": time}] = amount
    return xr.Dataset({n: each.assign_attrs(units=FORCINGS[n]) for n, each in plan.items()})


def _cells(
    row: dict[str, str], network: Network, line: int
) -> Iterator[tuple[np.datetime64, list[str], str, float]]:
    """Yield time, stations, variable and amount of each filled cell of a row."""
    time = _time(row["time"], network, line)
    station = (row.get("station") or "").strip()
    if station and station not in network.ids:
        raise InvalidData(f"Line {line}: no station '{station}' in '{network.name}'.", _EXAMPLE)
    for name in PLANNED:
        if text := (row.get(name) or "").strip():
            yield time, [station] if station else network.ids, name, _amount(text, name, line)


def _time(text: str, network: Network, line: int) -> np.datetime64:
    try:
        time = np.datetime64(text.strip().removesuffix("Z"), "ns")
    except ValueError as e:
        raise InvalidData(f"Line {line}: '{text}' is no time.", _EXAMPLE) from e
    if np.isnat(time) or (time - np.datetime64("1970-01-01", "ns")) % network.step:
        raise InvalidData(f"Line {line}: '{text}' is not on the grid of the network.", _EXAMPLE)
    return time


def _amount(text: str, name: str, line: int) -> float:
    try:
        amount = float(text)
    except ValueError as e:
        raise InvalidData(f"Line {line}: {name} '{text}' is no number.", _EXAMPLE) from e
    if not (np.isfinite(amount) and amount >= 0):
        raise InvalidData(f"Line {line}: {name} is {text}, expected 0 or more.", _EXAMPLE)
    return amount
