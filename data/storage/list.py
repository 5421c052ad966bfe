"""What is in the store: its sources and series, the history of a value, and its fingerprint."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from data.storage import facts as store_facts
from data.storage import series as store_series
from data.storage.blocks import Block, Key, find, load
from data.storage.rows import Rows, fingerprint, join


@dataclass(frozen=True)
class Source:
    """One source.

    Attributes:
        count: Of readings, revisions among them.
        first: The first time of a reading, UTC.
        last: The last time, which lies ahead where forecasts of rain are stored.
        received: When the newest reading was received.
        replayed: What is replayed of it; "" only if all came when it was received.
    """

    name: str
    variables: tuple[str, ...]
    count: int
    first: np.datetime64
    last: np.datetime64
    received: np.datetime64
    replayed: str


@dataclass(frozen=True)
class Listed:
    """One series of a source; `count` is of readings, revisions among them."""

    site: str
    variable: str
    datum: str
    count: int
    first: np.datetime64
    last: np.datetime64


def sources(db: sqlite3.Connection) -> tuple[Source, ...]:
    """Return each source, in the order of appearance."""
    rows = db.execute(
        "SELECT source, group_concat(DISTINCT variable), sum(count), min(first_time),"
        " max(last_time) FROM block GROUP BY source ORDER BY source"
    ).fetchall()
    return tuple(_source(db, *row) for row in rows)


def _source(
    db: sqlite3.Connection, number: int, variables: str, count: int, first: int, last: int
) -> Source:
    (name,) = db.execute("SELECT name FROM source WHERE id = ?", (number,)).fetchone()
    asked = "SELECT max(last_received) FROM block WHERE source = ?"
    (received,) = db.execute(asked, (number,)).fetchone()
    return Source(
        name,
        tuple(sorted(variables.split(","))),
        count,
        np.datetime64(first, "ns"),
        np.datetime64(last, "ns"),
        np.datetime64(received, "ns"),
        store_series.replays(db, number),
    )


def series(db: sqlite3.Connection, source: str) -> tuple[Listed, ...]:
    """Return each series of a source, variable by variable in the order of appearance."""
    number = store_series.known_source(db, source)
    asked = "SELECT variable FROM roster WHERE source = ? ORDER BY variable"
    variables = [variable for (variable,) in db.execute(asked, (number,)).fetchall()]
    return tuple(
        Listed(site, variable, datum, *extent)
        for variable in variables
        for (site, datum), extent in _extents(db, number, variable).items()
    )


def _extents(
    db: sqlite3.Connection, source: int, variable: str
) -> dict[store_series.Name, tuple[int, np.datetime64, np.datetime64]]:
    names = store_series.roster(db, source, variable).pairs()
    size = len(names)
    count = np.zeros(size, "int64")
    first, last = np.full(size, np.iinfo("int64").max), np.full(size, np.iinfo("int64").min)
    for block in find(db, Key(source, variable)):
        count += np.bincount(block.rows.series, minlength=size)
        np.minimum.at(first, block.rows.series, block.rows.times)
        np.maximum.at(last, block.rows.series, block.rows.times)
    columns = (count.tolist(), first.view("datetime64[ns]"), last.view("datetime64[ns]"))
    return {
        name: (columns[0][number], columns[1][number], columns[2][number])
        for number, name in enumerate(names)
    }


def by_receipt(blocks: Iterator[Block]) -> Rows:
    """Return the rows of some blocks in the order of receipt."""
    rows = join([block.rows for block in blocks])
    return rows.pick(np.argsort(rows.received, kind="stable"))


def snapshot(db: sqlite3.Connection, known_at: int) -> str:
    """Return the fingerprint of all that was received until then, 48 hexadecimal digits."""
    asked = "SELECT print_high, print_low FROM block WHERE last_received <= ?"
    whole = np.array(db.execute(asked, (known_at,)).fetchall(), "int64").reshape(-1, 2)
    asked = "SELECT id, source, variable FROM block WHERE last_received > ? AND first_received <= ?"
    partly = db.execute(asked, (known_at, known_at)).fetchall()
    parts = [_known_part(db, known_at, *block) for block in partly]
    sums = [whole.view("uint64").sum(axis=0), *(np.array(part, "uint64") for part in parts)]
    high, low = np.sum(sums, axis=0, dtype="uint64").tolist()
    return f"{high:016x}{low:016x}{store_facts.fingerprint(db, known_at):016x}"


def _known_part(
    db: sqlite3.Connection, known_at: int, number: int, source: int, variable: str
) -> tuple[int, int]:
    rows = load(db, number)
    known = rows.pick(rows.received <= known_at)
    return fingerprint(known, store_series.roster(db, source, variable).keys[known.series])
