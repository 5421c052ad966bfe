"""The blocks of the store: rows of one source and variable that were appended together."""

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import numpy as np

from data.errors import InvalidData
from data.storage.file import REMEDY
from data.storage.pack import Array, distinct
from data.storage.rows import COLUMNS, Rows, fingerprint, ordered, pack, unpack

EVER: Final = (np.iinfo("int64").min, np.iinfo("int64").max)
_OVERLAP = (
    "source = ? AND variable = ? AND last_time >= ? AND first_time <= ?"
    " AND last_series >= ? AND first_series <= ?"
)


@dataclass(frozen=True)
class Key:
    """What is looked for.

    Attributes:
        times: First and last, both included, int64 ns.
        series: By the number of each series, whether it is wanted; None: all are.
        number: Of the block, where only one is meant.
    """

    source: int
    variable: str
    times: tuple[int, int] = EVER
    series: Array | None = None
    number: int | None = None


@dataclass(frozen=True)
class Block:
    """What was found in one block: the rows that were looked for, by series, time, received."""

    id: int
    rows: Rows


def key_of(source: int, variable: str, rows: Rows, series: int) -> Key:
    """Return what finds all that is stored at the times and series of `rows`.

    Args:
        source: Its number.
        variable: Its name.
        rows: At least one.
        series: How many the variable has.
    """
    wanted = np.zeros(series, bool)
    wanted[rows.series] = True
    times = (int(rows.times.min()), int(rows.times.max()))
    return Key(source, variable, times, None if wanted.all() else wanted)


def find(db: sqlite3.Connection, wanted: Key) -> Iterator[Block]:
    """Return the rows of each block that has some, in the order in which they were appended.

    Raises:
        InvalidData: A block is damaged.
    """
    asked = f"SELECT id FROM block WHERE {_OVERLAP} ORDER BY id"  # noqa: S608  # our own words
    for (number,) in db.execute(asked, _asked(wanted)).fetchall():
        yield Block(number, _pick(load(db, number), wanted))


def find_times(db: sqlite3.Connection, wanted: Key) -> Array:
    """Return the times of the blocks that have some of the wanted series, ascending, int64 ns.

    Raises:
        InvalidData: A block is damaged.
    """
    asked = f"SELECT id FROM block WHERE {_OVERLAP} ORDER BY id"  # noqa: S608
    found = [np.zeros(0, "int64")]
    for (number,) in db.execute(asked, _asked(wanted)).fetchall():
        columns = "SELECT count, times FROM block WHERE id = ?"
        count, packed = db.execute(columns, (number,)).fetchone()
        with whole(number):
            found.append(distinct(packed, count))
    times = np.unique(np.concatenate(found))
    first, last = wanted.times
    return times[(times >= first) & (times <= last)]


def load(db: sqlite3.Connection, number: int) -> Rows:
    """Return all rows of one block.

    Raises:
        InvalidData: The block is damaged.
    """
    columns = f"SELECT count, {', '.join(COLUMNS)} FROM block WHERE id = ?"  # noqa: S608
    count, *packed = db.execute(columns, (number,)).fetchone()
    with whole(number):
        return unpack(tuple(packed), count)


@contextmanager
def whole(number: int) -> Iterator[None]:
    """Say which block it is that cannot be unpacked."""
    try:
        yield
    except (ValueError, zlib.error) as error:
        raise InvalidData(f"Block {number} of the store is damaged: {error}.", REMEDY) from error


def save(db: sqlite3.Connection, wanted: Key, rows: Rows, keys: Array) -> None:
    """Store rows of the wanted source and variable as one block.

    Args:
        db: Open for writing.
        wanted: Source and variable; `number` where the block takes the place of another.
        rows: At least one.
        keys: uint64, what stands for each series in the fingerprint, by its number.
    """
    rows = ordered(rows)
    ranges = [
        int(end)
        for column in (rows.times, rows.series, rows.received)
        for end in (column.min(), column.max())
    ]
    prints = map(signed, fingerprint(rows, keys[rows.series]))
    named = (wanted.number, wanted.source, wanted.variable, len(rows))
    values = (*named, *ranges, *prints, *pack(rows))
    db.execute(f"INSERT INTO block VALUES ({', '.join('?' * len(values))})", values)  # noqa: S608


def signed(number: int) -> int:
    """Return 64 bits as SQLite counts them."""
    return number - 2**64 if number >= 2**63 else number


def _asked(wanted: Key) -> tuple[int | str, ...]:
    series = EVER if wanted.series is None else _ends(np.flatnonzero(wanted.series))
    return (wanted.source, wanted.variable, *wanted.times, *series)


def _ends(numbers: Array) -> tuple[int, int]:
    return (int(numbers[0]), int(numbers[-1])) if len(numbers) else (1, -1)


def _pick(rows: Rows, wanted: Key) -> Rows:
    """Return the rows at the wanted times and series."""
    first, last = wanted.times
    here = (rows.times >= first) & (rows.times <= last)
    if wanted.series is not None:
        here &= wanted.series[rows.series]
    return rows if here.all() else rows.pick(here)
