"""Columns of numbers as bytes, and back: exact, and as small as gauges' readings allow."""

import zlib
from typing import Any, Final

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
_MILLI: Final = 1000.0  # most gauges report mm, or thousandths; kept as integers where exact
_LEVEL: Final = 1  # of zlib: 6 saves 1 % and takes seven times as long
_LINE, _INTS, _BYTES, _STEPS, _MILLIS, _FLOATS = b"l", b"i", b"b", b"d", b"m", b"f"
_MOST: Final = 2**29  # thousandths, so that differences stay within 32 bits


def pack_ints(column: Array) -> bytes:
    """Return a column of int64 as a line (first, step), or as differences, deflated."""
    numbers = column.astype("<i8")
    steps = np.diff(numbers, prepend=0)
    if len(steps) < 2 or (steps[1:] == steps[1]).all():
        line = np.array([numbers[0], steps[1] if len(steps) > 1 else 0], "<i8")
        return _LINE + line.tobytes()
    return _INTS + _deflate(steps)


def unpack_ints(packed: bytes, count: int) -> Array:
    """Return a column of int64.

    Raises:
        ValueError, zlib.error: The column is damaged.
    """
    kind, body = packed[:1], packed[1:]
    if kind == _LINE:
        first, step = np.frombuffer(body, "<i8")
        return np.full(count, first) if step == 0 else first + step * np.arange(count)
    return np.cumsum(_inflate(body, "<i8", count))


def distinct(packed: bytes, count: int) -> Array:
    """Return the different numbers of a column of int64, ascending.

    Raises:
        ValueError, zlib.error: The column is damaged.
    """
    if packed[:1] == _LINE:
        _, step = np.frombuffer(packed[1:], "<i8")
        count = count if step else 1
    return np.unique(unpack_ints(packed, count))


def pack_flags(flags: Array) -> bytes:
    """Return a column of int8."""
    if (flags == flags[0]).all():
        return pack_ints(flags)
    return _BYTES + _deflate(flags)


def unpack_flags(packed: bytes, count: int) -> Array:
    """Return a column of int8.

    Raises:
        ValueError, zlib.error: The column is damaged.
    """
    if packed[:1] == _BYTES:
        return _inflate(packed[1:], "i1", count)
    return unpack_ints(packed, count).astype("int8")


def pack_values(values: Array) -> bytes:
    """Return a column of float32 as thousandths where that is exact, or their differences.

    A missing value goes on as the one before, and a bit says that it is missing: so the
    differences along a gauge's day stay small.
    """
    missing = np.isnan(values)
    scaled = _carried(values, missing).astype("float64") * _MILLI
    if (np.abs(scaled) < _MOST).all():
        thousandths = np.rint(scaled).astype("<i4")
        if np.array_equal(_from_millis(thousandths, missing), values, equal_nan=True):
            holes = zlib.compress(np.packbits(missing).tobytes(), _LEVEL) if missing.any() else b""
            body = len(holes).to_bytes(4, "little") + holes
            steps = np.diff(thousandths, prepend=np.int32(0)).astype("<i4")
            zigzag = (steps << 1) ^ (steps >> 31)  # the sign goes last: small numbers, small bytes
            plain = _MILLIS + body + _deflate(thousandths)
            return min(plain, _STEPS + body + _deflate(zigzag), key=len)
    return _FLOATS + _deflate(values.astype("<f4"))


def unpack_values(packed: bytes, count: int) -> Array:
    """Return a column of float32.

    Raises:
        ValueError, zlib.error: The column is damaged.
    """
    kind, body = packed[:1], packed[1:]
    if kind == _FLOATS:
        return _inflate(body, "<f4", count)
    size = int.from_bytes(body[:4], "little")
    missing = np.zeros(count, bool)
    if size:
        bits = np.frombuffer(zlib.decompress(body[4 : 4 + size]), "uint8")
        missing = np.unpackbits(bits, count=count).astype(bool)
    numbers = _inflate(body[4 + size :], "<i4", count)
    if kind == _STEPS:
        steps = (numbers.view("<u4") >> 1).view("<i4") ^ -(numbers & 1)
        numbers = np.cumsum(steps, dtype="<i4")
    return _from_millis(numbers, missing)


def _carried(values: Array, missing: Array) -> Array:
    """Return values with the last one before each hole in it; 0 before the first."""
    if not missing.any():
        return values
    last = np.maximum.accumulate(np.where(missing, 0, np.arange(len(values))))
    return np.nan_to_num(values[last], nan=0.0, posinf=np.inf, neginf=-np.inf)


def _from_millis(thousandths: Array, missing: Array) -> Array:
    values = (thousandths / _MILLI).astype("float32")
    values[missing] = np.nan
    return values


def _deflate(column: Array) -> bytes:
    """Return a column deflated, the first bytes of all numbers first."""
    shuffled = column.view("uint8").reshape(len(column), -1).T
    return zlib.compress(shuffled.tobytes(), _LEVEL)


def _inflate(body: bytes, kind: str, count: int) -> Array:
    shuffled = np.frombuffer(zlib.decompress(body), "uint8").reshape(-1, count)
    column = np.ascontiguousarray(shuffled.T).reshape(-1).view(kind)
    if len(column) != count:
        raise ValueError(f"{len(column)} numbers, expected {count}")
    return column
