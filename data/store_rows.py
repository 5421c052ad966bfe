"""Rows of the store: numpy columns, packed into one block and back, and their fingerprint."""

import zlib
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Any, Final

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
_MILLI: Final = 1000.0  # most gauges report mm, or thousandths; kept as integers where exact
_LEVEL: Final = 1  # of zlib: 6 saves 1 % and takes seven times as long
_LINE, _INTS, _BYTES, _STEPS, _MILLIS, _FLOATS = b"l", b"i", b"b", b"d", b"m", b"f"


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
        _pack_ints(rows.times),
        _pack_ints(rows.series),
        _pack_values(rows.vals),
        _pack_flags(rows.flags),
        _pack_ints(rows.received),
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
        _unpack_values(vals, count),
        _unpack_flags(flags, count),
        unpack_ints(received, count),
    )


def unpack_ints(packed: bytes, count: int) -> Array:
    """Return a column of int64: a line (first, step), or differences, deflated.

    Raises:
        ValueError, zlib.error: The block is damaged.
    """
    kind, body = packed[:1], packed[1:]
    if kind == _LINE:
        first, step = np.frombuffer(body, "<i8")
        return np.full(count, first) if step == 0 else first + step * np.arange(count)
    return np.cumsum(_inflate(body, "<i8", count))


def distinct(packed: bytes, count: int) -> Array:
    """Return the different numbers of a column of int64, ascending.

    Raises:
        ValueError, zlib.error: The block is damaged.
    """
    if packed[:1] == _LINE:
        _, step = np.frombuffer(packed[1:], "<i8")
        count = count if step else 1
    return np.unique(unpack_ints(packed, count))


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


def _pack_ints(column: Array) -> bytes:
    numbers = column.astype("<i8")
    steps = np.diff(numbers, prepend=0)
    if len(steps) < 2 or (steps[1:] == steps[1]).all():
        line = np.array([numbers[0], steps[1] if len(steps) > 1 else 0], "<i8")
        return _LINE + line.tobytes()
    return _INTS + _deflate(steps)


def _pack_flags(flags: Array) -> bytes:
    same = _pack_ints(flags) if (flags == flags[0]).all() else b""
    return same or _BYTES + _deflate(flags)


def _unpack_flags(packed: bytes, count: int) -> Array:
    if packed[:1] == _BYTES:
        return _inflate(packed[1:], "i1", count)
    return unpack_ints(packed, count).astype("int8")


def _pack_values(values: Array) -> bytes:
    """Return values as thousandths where that is exact, or their differences; else as they are."""
    scaled = np.where(np.isnan(values), 0.0, values.astype("float64")) * _MILLI
    if not (np.abs(scaled) < 2**31 - 1).all():
        return _FLOATS + _deflate(values.astype("<f4"))
    whole = np.where(np.isnan(values), np.iinfo("i4").min, np.rint(scaled)).astype("<i4")
    if not np.array_equal(_from_millis(whole), values, equal_nan=True):
        return _FLOATS + _deflate(values.astype("<f4"))
    steps = np.diff(whole, prepend=np.int32(0)).astype("<i4")  # wraps around, and back
    return min(_MILLIS + _deflate(whole), _STEPS + _deflate(steps), key=len)


def _unpack_values(packed: bytes, count: int) -> Array:
    kind, body = packed[:1], packed[1:]
    if kind == _FLOATS:
        return _inflate(body, "<f4", count)
    whole = _inflate(body, "<i4", count)
    return _from_millis(whole if kind == _MILLIS else np.cumsum(whole, dtype="<i4"))


def _from_millis(whole: Array) -> Array:
    values = (whole / _MILLI).astype("float32")
    values[whole == np.iinfo("i4").min] = np.nan
    return values


def _deflate(column: Array) -> bytes:
    """Return a column deflated, the first bytes of all numbers first."""
    shuffled = column.view("uint8").reshape(len(column), -1).T
    return zlib.compress(shuffled.tobytes(), _LEVEL)


def _inflate(body: bytes, kind: str, count: int) -> Array:
    shuffled = np.frombuffer(zlib.decompress(body), "uint8").reshape(-1, count)
    return np.ascontiguousarray(shuffled.T).reshape(-1).view(kind)
