"""Fold the small blocks of past days into few large ones; what is in the store stays the same.

Each append is a block; a gauge of last year would be read from 52,560 of them. Folded, a day of a
variable is a block for each group of series, sorted by series, so that a gauge lies in one of
them and its levels are small differences. Every revision and time of receipt is kept, readers see
the store before or after, and a kill leaves it as it was.
"""

import sqlite3
from collections.abc import Iterator
from itertools import groupby, pairwise
from pathlib import Path
from typing import Final

import numpy as np

from data.storage import series as store_series
from data.storage.blocks import Key, load, save
from data.storage.file import reading, writing
from data.storage.rows import Rows, join, ordered

DAY: Final = np.timedelta64(1, "D").astype("timedelta64[ns]").astype("int64")
GROUP_ROWS: Final = 250_000  # of a folded block
Part = tuple[int, str, int]  # source, variable, number of the day since 1970


def fold(path: Path, before: np.datetime64) -> int:
    """Fold the blocks of each day before the day of `before`; return how many blocks went.

    Each day is a transaction of its own, so that no writer waits for long.

    Raises:
        NothingThere: There is no store.
        InvalidData: The store is damaged.
        StoreUnavailable: Another writer does not end, or the disk is full.
    """
    end = int(before.astype("datetime64[D]").astype("int64"))
    with reading(path) as db:
        parts = [part for part in _parts(db) if part[2] < end]
    gone = 0
    for part in parts:
        with writing(path) as db:
            gone += _fold_day(db, *part)
    return gone


def _parts(db: sqlite3.Connection) -> list[Part]:
    """Return the days of which a variable has several small blocks that lie in them."""
    asked = (
        "SELECT source, variable, first_time / :day AS day FROM block"
        " WHERE first_time >= 0 AND first_time / :day = last_time / :day"
        " AND count < :small GROUP BY 1, 2, 3 HAVING count(*) > 1 ORDER BY 3"
    )
    return [tuple(row) for row in db.execute(asked, {"day": int(DAY), "small": _small()})]


def _small() -> int:
    """Return below how many rows a block is folded with others; a large one was folded before."""
    return GROUP_ROWS // 2


def _fold_day(db: sqlite3.Connection, source: int, variable: str, day: int) -> int:
    keys = store_series.roster(db, source, variable).keys
    gone = 0
    for numbers in _runs(db, source, variable, day):
        rows = ordered(join([load(db, number) for number in numbers]))
        groups = list(_groups(rows, len(numbers)))
        db.executemany("DELETE FROM block WHERE id = ?", [(number,) for number in numbers])
        for number, group in zip(numbers, groups, strict=False):
            save(db, Key(source, variable, number=number), group, keys)
        gone += len(numbers) - len(groups)
    return gone


def _runs(db: sqlite3.Connection, source: int, variable: str, day: int) -> Iterator[list[int]]:
    """Return small blocks that lie in the day, in runs that no other block comes between.

    So the order of arrival is kept, which tells apart what was received at the same moment.
    """
    first, last = day * int(DAY), (day + 1) * int(DAY) - 1
    blocks = db.execute(
        "SELECT id, first_time >= ? AND last_time <= ? AND count < ? FROM block WHERE source = ?"
        " AND variable = ? AND last_time >= ? AND first_time <= ? ORDER BY id",
        (first, last, _small(), source, variable, first, last),
    ).fetchall()
    for inside, run in groupby(blocks, key=lambda block: block[1]):
        numbers = [number for number, _ in run]
        if inside and len(numbers) > 1:
            yield numbers


def _groups(rows: Rows, most: int) -> Iterator[Rows]:
    """Cut rows by series into at most so many groups of some `GROUP_ROWS`."""
    count = min(most, -(-len(rows) // GROUP_ROWS))
    starts = np.flatnonzero(np.diff(rows.series, prepend=rows.series[0] - 1))
    wanted = np.arange(1, count) * (len(rows) / count)
    cuts = np.unique(starts[starts.searchsorted(wanted).clip(max=len(starts) - 1)])
    edges = [0, *(int(cut) for cut in cuts if cut > 0), len(rows)]
    for first, last in pairwise(edges):
        yield rows.pick(slice(first, last))
