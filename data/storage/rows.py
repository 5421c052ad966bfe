"""Rows of the store: columns of readings, packed into one block and back; their fingerprint."""

from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Final

import numpy as np

from data.storage.pack import (
    Array,
    pack_flags,
    pack_ints,
    pack_values,
    unpack_flags,
    unpack_ints,
    unpack_values,
)


@dataclass(frozen=True)
class Rows:
    """Readings as columns of equal length, in the order in which they came.

    Attributes:
        times: int64, ns since 1970 UTC.
        series: int64, the number of the series.
        vals: float32, SI; NaN where the flag says that there is none.
        flags: int8, `data.schema.Flag`.
        received: int64, ns since 1970 UTC.
    """

    times: Array
    series: Array
    vals: Array
    flags: Array
    received: Array

    def __len__(self) -> int:
        return len(self.times)

    def pick(self, which: Array | slice) -> "Rows":
        """Return some of the rows, or all in another order."""
        return Rows(*(getattr(self, column.name)[which] for column in fields(self)))


COLUMNS: Final = tuple(column.name for column in fields(Rows))
NONE: Final = Rows(*(np.zeros(0, t) for t in ("int64", "int64", "float32", "int8", "int64")))


def join(parts: list[Rows]) -> Rows:
    """Return rows one after the other."""
    return Rows(*(np.concatenate([getattr(p, c) for p in (NONE, *parts)]) for c in COLUMNS))


def ordered(rows: Rows) -> Rows:
    """Return rows by series, time, and when received; what came later stands later."""
    return rows.pick(np.lexsort((rows.received, rows.times, rows.series)))


def pack(rows: Rows) -> list[bytes]:
    """Return each column as bytes, in the order of `COLUMNS`."""
    return [
        pack_ints(rows.times),
        pack_ints(rows.series),
        pack_values(rows.vals),
        pack_flags(rows.flags),
        pack_ints(rows.received),
    ]


def unpack(packed: tuple[bytes, ...], count: int) -> Rows:
    """Return the rows of a block.

    Raises:
        ValueError, zlib.error: The block is damaged.
    """
    times, series, vals, flags, received = packed
    return Rows(
        unpack_ints(times, count),
        unpack_ints(series, count),
        unpack_values(vals, count),
        unpack_flags(flags, count),
        unpack_ints(received, count),
    )


def fingerprint(rows: Rows, keys: Array) -> tuple[int, int]:
    """Return the sum of a hash of each row, in two lanes of 64 bit: of the content, in any order.

    Args:
        rows: Any rows.
        keys: uint64, `key` of the series of each row.
    """
    content = rows.vals.view("uint32").astype("uint64") << np.uint64(8)
    content |= rows.flags.view("uint8").astype("uint64")
    for column in (rows.received.view("uint64"), rows.times.view("uint64"), keys):
        content = _stir(content) ^ column
    high = _stir(content)
    return int(high.sum()), int(_stir(high ^ np.uint64(0x5851F42D4C957F2D)).sum())


def key(*words: str) -> int:
    """Return 64 bits that stand for some words, the same in every store."""
    return int.from_bytes(sha256("\0".join(words).encode()).digest()[:8], "big")


def _stir(numbers: Array) -> Array:
    """Return each number well mixed: the finaliser of splitmix64 (Steele et al. 2014)."""
    mixed = numbers + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
