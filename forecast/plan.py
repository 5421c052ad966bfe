"""A plan from a CSV file, as a hydrologist hands it over: what a dam will release, rain to come.

    time,dam_release,rainfall
    2020-08-06T01:00,12400,
    2020-08-06T02:00,12800,3.5

`time` is UTC and lies on the network's grid; `dam_release` is in m3/s, `rainfall` in mm in the step
that ends at the time. Either column may be missing, and a cell may be empty: nothing is planned
there. A column `station` limits a row to one station; such a row goes before one without, which is
meant for all. A column `member` makes an ensemble: a row of one member, or, where it is empty, of
all; each member is forecast, and the forecast is what they tell together (`forecast.pooling`).
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from data.errors import InvalidData
from data.network import Network
from data.schema import FORCINGS

PLANNED = ("dam_release", "rainfall")
COLUMNS = ("time", "station", "member", *PLANNED)
MOST = 60  # members
_EXAMPLE = "Write: time,dam_release,rainfall and e.g. 2020-08-06T01:00,12400,3.5 (UTC, m3/s, mm)."


@dataclass(frozen=True)
class _Amount:
    """One filled cell of the file; "" is every station, or every member."""

    line: int
    time: np.datetime64
    station: str
    member: str
    name: str
    value: float

    @property
    def general(self) -> int:
        """In how many ways it is meant for all."""
        return (not self.station) + (not self.member)


def read(path: Path, network: Network) -> xr.Dataset:
    """Return a plan, dims (station, time) or (member, station, time), NaN where nothing is planned.

    Raises:
        InvalidData: The file is no such table, or a cell of it is no time, station or amount.
    """
    rows = _rows(path)
    given = [name for name in PLANNED if rows and name in rows[0]]
    if not given or "time" not in rows[0]:
        raise InvalidData(f"'{path.name}' has no column time, or none of {PLANNED}.", _EXAMPLE)
    _refuse_strange(rows, path.name)
    amounts = [cell for line, row in enumerate(rows, 2) for cell in _amounts(row, network, line)]
    if not amounts:
        raise InvalidData(f"'{path.name}' plans nothing: all its cells are empty.", _EXAMPLE)
    _refuse_twice(amounts)
    return _table(amounts, given, network)


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file, skipinitialspace=True))
    except (OSError, UnicodeDecodeError, csv.Error) as e:
        raise InvalidData(f"'{path}' cannot be read: {e}.", _EXAMPLE) from e


def _refuse_strange(rows: list[dict[str, str]], name: str) -> None:
    """Refuse a column of another name, which may be one that is misspelt, and a row cut short.

    Raises:
        InvalidData: There is one.
    """
    for line, row in enumerate(rows, 2):
        strange = [column for column in row if column not in COLUMNS]
        if strange or None in row.values():
            said = f"a column '{strange[0]}'" if strange and strange[0] else "more or fewer cells"
            known = f"Known columns: {', '.join(COLUMNS)}."
            raise InvalidData(f"Line {line} of '{name}' has {said}.", known)


def _table(amounts: list[_Amount], given: list[str], network: Network) -> xr.Dataset:
    members = sorted({each.member for each in amounts if each.member}) or [""]
    if len(members) > MOST:
        raise InvalidData(f"The plan has {len(members)} members, {MOST} are the most.", _EXAMPLE)
    times = np.unique(np.array([each.time for each in amounts], dtype="datetime64[ns]"))
    empty = np.full((len(members), len(network.ids), times.size), np.nan)
    coords = {"member": members, "station": network.ids, "time": times}
    plan = {name: xr.DataArray(empty.copy(), coords, tuple(coords)) for name in given}
    for each in sorted(amounts, key=lambda amount: -amount.general):
        at = {
            "member": [each.member] if each.member else members,
            "station": [each.station] if each.station else network.ids,
            "time": each.time,
        }
        plan[each.name].loc[at] = each.value
    made = xr.Dataset({n: each.assign_attrs(units=FORCINGS[n]) for n, each in plan.items()})
    return made if members != [""] else made.isel(member=0, drop=True)


def _refuse_twice(amounts: list[_Amount]) -> None:
    """Refuse two amounts of one thing.

    Raises:
        InvalidData: There are two.
    """
    first: dict[tuple[object, ...], int] = {}
    for each in amounts:
        key = (each.time, each.station, each.member, each.name)
        if first.setdefault(key, each.line) != each.line:
            raise InvalidData(
                f"Line {each.line}: {each.name} of {str(each.time)[:16]} stands in line "
                f"{first[key]} already.",
                "Keep one of the two.",
            )


def _amounts(row: dict[str, str], network: Network, line: int) -> Iterator[_Amount]:
    """Yield each filled cell of a row."""
    time = _time(row["time"], network, line)
    station, member = ((row.get(name) or "").strip() for name in ("station", "member"))
    if station and station not in network.ids:
        known = ", ".join(network.ids[:5]) + (" .." if len(network.ids) > 5 else "")
        raise InvalidData(
            f"Line {line}: no station '{station}' in '{network.name}'.", f"It has: {known}."
        )
    for name in PLANNED:
        if text := (row.get(name) or "").strip():
            yield _Amount(line, time, station, member, name, _number(text, name, line))


def _time(text: str, network: Network, line: int) -> np.datetime64:
    try:
        time = np.datetime64(text.strip().removesuffix("Z"), "ns")
    except ValueError as e:
        raise InvalidData(f"Line {line}: '{text}' is no time.", _EXAMPLE) from e
    if np.isnat(time) or (time - np.datetime64("1970-01-01", "ns")) % network.step:
        raise InvalidData(f"Line {line}: '{text}' is not on the grid of the network.", _EXAMPLE)
    return time


def _number(text: str, name: str, line: int) -> float:
    try:
        amount = float(text)
    except ValueError as e:
        raise InvalidData(f"Line {line}: {name} '{text}' is no number.", _EXAMPLE) from e
    if not (np.isfinite(amount) and amount >= 0):
        raise InvalidData(f"Line {line}: {name} is {text}, expected 0 or more.", _EXAMPLE)
    return amount
