"""The store of observations: nothing received is lost, and what was known at a time is a query.

A reading belongs to a series (source, site, variable, datum) and a time. It is stored when it
differs from what was known at the time it was received: what came before stays, so that any
moment of the past can be read again. Appends are whole or not at all, and on the disk when they
return; a reader sees one moment of the store and never waits for the writer. Why it is made as it
is, in figures: `data/STORE.md`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from data.reading import Reading
from data.schema import Flag
from data.storage import facts as store_facts
from data.storage import list as store_list
from data.storage import read as store_read
from data.storage import series as store_series
from data.storage import write as store_write
from data.storage.blocks import EVER, Key, find
from data.storage.columns import by_variable
from data.storage.file import copy, reading, writing
from data.storage.list import Listed, Source
from data.storage.read import Wanted
from data.storage.write import Columns, Tally

__all__ = [
    "Columns", "Listed", "Revision", "Source", "Tally", "Wanted",
    "append", "append_columns", "copy", "read", "recall", "remember", "revisions", "series",
    "snapshot", "sources",
]  # fmt: skip


@dataclass(frozen=True)
class Revision:
    """What was said once of one value: SI, NaN where the flag says that there is none."""

    received: np.datetime64
    value: float
    flag: Flag
    datum: str


def append(
    path: Path,
    source: str,
    readings: Sequence[Reading],
    received: np.datetime64,
    replayed: str = "",
) -> Tally:
    """Keep readings of one source; when this returns they are on the disk, all of them.

    Args:
        path: The store; made if it is not there.
        source: Who gave them, as in `data/sources/`.
        readings: `raw` is not stored: raw answers are kept elsewhere, before parsing.
        received: UTC; a reading's own `received` goes before it.
        replayed: What is replayed, for a person; "" only if the readings came just now.

    Raises:
        InvalidData: A variable is unknown, a time is missing, or the file is no store or damaged.
        StoreUnavailable: Another writer does not end, or the disk is full.
    """
    return append_columns(path, source, by_variable(readings), received, replayed)


def append_columns(
    path: Path,
    source: str,
    columns: Sequence[Columns],
    received: np.datetime64,
    replayed: str = "",
) -> Tally:
    """Keep readings as `append` does, given as columns: for long records and many gauges."""
    with writing(path) as db:
        number = store_series.source_number(db, source)
        tally = Tally()
        for one in columns:
            tally += store_write.keep(db, number, one, received)
        if tally.new or tally.revised:
            db.execute(
                "INSERT INTO append (source, received, replayed, new, revised)"
                " VALUES (?, ?, ?, ?, ?)",
                (number, _ns(received), replayed, tally.new, tally.revised),
            )
    return tally


def read(path: Path, wanted: Wanted) -> xr.Dataset:
    """Return one variable of one source, the newest revision or as known at a time.

    Returns:
        Dims (site, time), time ascending, every time at which something was received:
        value (float32, SI, attr units), flag (int8, `Flag`; NOT_REPORTED where there is nothing),
        received_time (NaT where there is nothing); coordinate datum by site; attrs source,
        variable, replayed ("" if nothing of the source is a replay), and ambiguous_datum where a
        site reports from several datums and `wanted.datums` chooses none: it has no values then.

    Raises:
        NothingThere: There is no store.
        InvalidData: The store is damaged, or a site is asked for twice.
    """
    with reading(path) as db:
        return store_read.grid(db, wanted)


def revisions(
    path: Path, source: str, site: str, variable: str, time: np.datetime64
) -> tuple[Revision, ...]:
    """Return all that was ever said of one value, in the order of receipt."""
    with reading(path) as db:
        number = store_series.known_source(db, source)
        names = store_series.roster(db, number, variable).pairs()
        wanted = np.array([name == site for name, _ in names], bool)
        blocks = find(db, Key(number, variable, (_ns(time), _ns(time)), wanted))
        rows = store_list.by_receipt(blocks)
    columns = (rows.received.view("datetime64[ns]"), rows.vals.tolist(), rows.flags.tolist())
    datums = [names[number][1] for number in rows.series.tolist()]
    return tuple(
        Revision(came, value, Flag(flag), datum)
        for came, value, flag, datum in zip(*columns, datums, strict=True)
    )


def sources(path: Path) -> tuple[Source, ...]:
    """Return each source with its first and last time, and what is replayed of it."""
    with reading(path) as db:
        return store_list.sources(db)


def series(path: Path, source: str) -> tuple[Listed, ...]:
    """Return each series of a source with first and last time; reads the times of all blocks."""
    with reading(path) as db:
        return store_list.series(db, source)


def remember(path: Path, name: str, facts: dict[str, Any], received: np.datetime64) -> bool:
    """Keep small facts under a name, beside the older ones; return whether they are new.

    Raises:
        ValueError: A fact is no JSON; NaN is none.
    """
    with writing(path) as db:
        return store_facts.keep(db, name, facts, _ns(received))


def recall(path: Path, name: str, known_at: np.datetime64 | None = None) -> dict[str, Any] | None:
    """Return the newest facts of that name, or those known then; None if there were none."""
    with reading(path) as db:
        return store_facts.parsed(store_facts.newest(db, name, _until(known_at)))


def snapshot(path: Path, known_at: np.datetime64 | None = None) -> str:
    """Return a fingerprint of all that was received until then; the same in any store of it.

    It is of the content: no later append changes it, nor in which batches things came.
    """
    with reading(path) as db:
        return store_list.snapshot(db, _until(known_at))


def _until(known_at: np.datetime64 | None) -> int:
    return EVER[1] if known_at is None else _ns(known_at)


def _ns(time: np.datetime64) -> int:
    return int(time.astype("datetime64[ns]").astype("int64"))
