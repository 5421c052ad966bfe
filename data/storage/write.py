"""One append to the store: drop what is known already, keep what is new or revised, as blocks."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from data.errors import InvalidData
from data.reading import UNITS
from data.schema import Flag
from data.storage import series as store_series
from data.storage.blocks import find, key_of, save
from data.storage.pack import Array
from data.storage.rows import Rows, join, ordered

BLOCK_ROWS: Final = 100_000  # of a bulk load; the append of a cycle is one block per variable
_NAT: Final = np.iinfo("int64").min


@dataclass(frozen=True)
class Tally:
    """How many readings were seen for the first time, differ from before, or are as before."""

    new: int = 0
    revised: int = 0
    same: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Return the sum of both."""
        return Tally(self.new + other.new, self.revised + other.revised, self.same + other.same)


@dataclass(frozen=True)
class Columns:
    """Readings of one variable as columns; all arrays are of equal length.

    Attributes:
        variable: One of `data.reading.UNITS`.
        sites: The provider's ids; `site` counts into it.
        site: Integers, which of `sites`.
        time: datetime64, UTC.
        value: In SI, kept as float32; NaN where `flag` says that there is none.
        flag: `data.schema.Flag`.
        received: datetime64, UTC; NaT, or no array at all: with the append.
        datums: What the levels of each of `sites` are measured from; none at all: unknown.
    """

    variable: str
    sites: Sequence[str]
    site: Array
    time: Array
    value: Array
    flag: Array
    received: Array | None = None
    datums: Sequence[str] = ()


def keep(db: sqlite3.Connection, source: int, columns: Columns, received: np.datetime64) -> Tally:
    """Keep what the store does not know yet.

    A reading is the same if it says what was known when it was received: nothing is stored then.

    Raises:
        InvalidData: A variable is unknown, columns differ in length, or a time is missing.
    """
    _check(columns)
    numbers, roster = store_series.numbers(db, source, columns.variable, _named(columns))
    rows = _rows(columns, numbers, received)
    tally = Tally()
    for part in _by_time(rows):
        wanted = key_of(source, columns.variable, part, len(roster.names))
        known = join([found.rows for found in find(db, wanted)])
        fresh, counted = _unknown(known, part)
        if len(fresh):
            save(db, wanted, fresh, roster.keys)
        tally += counted
    return tally


def _named(columns: Columns) -> list[tuple[str, str]]:
    datums = columns.datums or ("",) * len(columns.sites)
    return list(zip(columns.sites, datums, strict=True))


def _rows(columns: Columns, numbers: Array, received: np.datetime64) -> Rows:
    times = columns.time.astype("datetime64[ns]").astype("int64")
    came = np.full(len(times), received.astype("datetime64[ns]").astype("int64"))
    if columns.received is not None:
        own = columns.received.astype("datetime64[ns]").astype("int64")
        came = np.where(own == _NAT, came, own)
    for name, column in (("time", times), ("received", came)):
        if (column == _NAT).any():
            site = columns.sites[int(columns.site[np.argmax(column == _NAT)])]
            raise InvalidData(f"A reading of '{site}' has no {name}.", "Leave it out.")
    values = columns.value.astype("float32") + np.float32(0)  # no -0
    missing = np.isnan(values)
    values[missing] = np.nan  # one NaN
    unsaid = missing & (columns.flag == Flag.GOOD)  # what is not there is not good
    flags = np.where(unsaid, Flag.NOT_REPORTED, columns.flag).astype("int8")
    return Rows(times, numbers[columns.site], values, flags, came)


def _check(columns: Columns) -> None:
    if columns.variable not in UNITS:
        expected = f"Name one of {', '.join(UNITS)}."
        raise InvalidData(f"There is no variable '{columns.variable}'.", expected)
    lengths = {n: len(getattr(columns, n)) for n in ("site", "time", "value", "flag")}
    if columns.received is not None:
        lengths["received"] = len(columns.received)
    if len(set(lengths.values())) > 1:
        raise InvalidData(f"Columns of '{columns.variable}' differ in length: {lengths}.")


def _by_time(rows: Rows) -> Iterator[Rows]:
    """Cut rows into parts of some `BLOCK_ROWS`; all of one time are in one part."""
    if len(rows) <= BLOCK_ROWS:
        yield from [rows] if len(rows) else []
        return
    rows = rows.pick(np.argsort(rows.times, kind="stable"))
    starts = np.flatnonzero(np.diff(rows.times, prepend=rows.times[0] - 1))
    part = np.arange(len(rows))[starts] // BLOCK_ROWS
    cuts = starts[np.flatnonzero(np.diff(part, prepend=-1))]
    for first, last in zip(cuts, [*cuts[1:], len(rows)], strict=True):
        yield rows.pick(slice(first, last))


def _unknown(known: Rows, fresh: Rows) -> tuple[Rows, Tally]:
    """Return the fresh rows that differ from what was known when they were received."""
    both = join([known, fresh])
    order = np.lexsort((both.received, both.times, both.series))  # stable: known ones first
    rows, is_fresh = both.pick(order), order >= len(known)
    again = np.zeros(len(rows), bool)  # the same series and time as the row before
    again[1:] = (rows.series[1:] == rows.series[:-1]) & (rows.times[1:] == rows.times[:-1])
    repeats = again.copy()
    repeats[1:] &= rows.flags[1:] == rows.flags[:-1]
    repeats[1:] &= rows.vals[1:].view("int32") == rows.vals[:-1].view("int32")
    kept = rows.pick(is_fresh & ~repeats)
    new = int((~again).sum()) - _count(known)
    return kept, Tally(new, len(kept) - new, len(fresh) - len(kept))


def _count(known: Rows) -> int:
    """Return how many different series and times there are."""
    rows = ordered(known)
    changes = (np.diff(rows.series) != 0) | (np.diff(rows.times) != 0)
    return int(changes.sum()) + bool(len(rows))
