"""Rows of numbers as short text that a browser unpacks in no time.

A number becomes the integer that is printed (centimetres, thousandths of m³/s), an integer its
difference from the last known one before it in the row, a difference one to seven letters of the
base64url alphabet: five bits each, the lowest first, the sixth says that more follow. Zero stands
for a missing value; signs alternate (1 is no change, 2 one down, 3 one up, 4 two down ...).
`maps/assets/gauge_data.js` unpacks it.
"""

from collections.abc import Callable

import numpy as np

from data.stations import Quantity
from forecast.wording import number

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_LETTERS = np.frombuffer(ALPHABET.encode(), dtype="uint8")
_LONGEST = 7  # letters of a difference, 31 bits
_FINEST = 3  # decimals that a discharge is printed with at most
_TIE = 1e-6  # as near as that to a half, printing decides


def printed(values: np.ndarray, quantity: Quantity) -> tuple[np.ndarray, np.ndarray]:
    """Return values as the integers that are printed, and the decimals that these have by row.

    Args:
        values: (row, ..) in the unit of the quantity; NaN is missing.

    Returns:
        Integers as float64, NaN where missing; printed = integer / 10 ** decimals.
    """
    if quantity is Quantity.WATER_LEVEL:
        return _levels(values), np.full(len(values), 2)
    thousandths = _discharges(values)
    return _shortest(thousandths)


def pack(rows: np.ndarray) -> list[str]:
    """Return each row of whole numbers as text.

    Args:
        rows: (row, column) of whole numbers up to 5e8, NaN where missing.
    """
    codes = _codes(rows)
    lengths = np.ones(codes.shape, dtype="int32")
    for more in range(1, _LONGEST):
        longer = codes >= 1 << (5 * more)
        if not longer.any():
            break
        lengths += longer
    starts = np.cumsum(lengths.ravel()) - lengths.ravel()
    text = np.empty(int(lengths.sum()), dtype="uint8")
    rest, at = codes.ravel(), starts
    while rest.size:
        longer = rest > 31  # five bits
        text[at] = _LETTERS[(rest & 31) | (longer * np.int32(32))]
        rest, at = rest[longer] >> 5, at[longer] + 1
    return _cut(text.tobytes().decode("ascii"), lengths.sum(axis=1))


def unpack(text: str) -> list[int | None]:
    """Return the numbers of one row; None where one is missing. What the browser does."""
    found: list[int | None] = []
    last, code, shift = 0, 0, 0
    for letter in text:
        bits = ALPHABET.index(letter)
        code, shift = code | (bits & 31) << shift, shift + 5
        if bits > 31:
            continue
        if code:
            last += code // 2 if code % 2 else -code // 2
        found.append(last if code else None)
        code, shift = 0, 0
    return found


def _codes(rows: np.ndarray) -> np.ndarray:
    """Return the differences, 1 and up; 0 where the value is missing."""
    known = np.isfinite(rows)
    whole = np.zeros((rows.shape[0], rows.shape[1] + 1), dtype="int32")
    whole[:, 1:] = np.where(known, rows, 0)
    step = np.diff(whole, axis=1)
    holed = ~known.all(axis=1)
    step[holed] = _across_gaps(whole[holed], known[holed])
    return np.where(known, np.where(step < 0, -2 * step, 2 * step + 1), 0)


def _across_gaps(whole: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return each number less the last known one before it."""
    column = np.where(known, np.arange(1, whole.shape[1]), 0)
    before = np.zeros_like(column)
    np.maximum.accumulate(column[:, :-1], axis=1, out=before[:, 1:])
    return np.asarray(whole[:, 1:] - np.take_along_axis(whole, before, axis=1))


def _cut(text: str, lengths: np.ndarray) -> list[str]:
    ends = np.cumsum(lengths)
    starts = (ends - lengths).tolist()
    return [text[start:end] for start, end in zip(starts, ends.tolist(), strict=True)]


def _levels(values: np.ndarray) -> np.ndarray:
    scaled = values * 100
    return _decided(np.rint(scaled), scaled, values, _centimetres)


def _centimetres(value: float) -> float:
    return round(100 * float(number(value, Quantity.WATER_LEVEL)))


def _discharges(values: np.ndarray) -> np.ndarray:
    """Return thousandths of the value in three figures."""
    size = np.abs(values)
    power = np.floor(np.log10(np.where(size > 0, size, 1)))
    scaled = values * 10.0 ** (2 - power)
    rounded = _decided(np.rint(scaled), scaled, values, lambda _: np.nan)
    thousandths = rounded * 10.0 ** (power - 2 + _FINEST)
    told = np.where(power < -1, thousandths, np.rint(thousandths))
    doubtful = np.isnan(told) & np.isfinite(values)
    near = np.where(doubtful, 0.0, np.rint(told))
    return _decided(near, np.where(doubtful, 0.5, told), values, _thousandths)


def _thousandths(value: float) -> float:
    return round(1000 * float(number(value, Quantity.DISCHARGE).replace(",", "")))


def _decided(
    rounded: np.ndarray, scaled: np.ndarray, values: np.ndarray, told: Callable[[float], float]
) -> np.ndarray:
    """Return `rounded`, but what `told` says where `scaled` lies halfway between two integers."""
    halfway = np.abs(scaled - rounded) > 0.5 - _TIE
    if halfway.any():
        rounded[halfway] = [told(float(value)) for value in values[halfway]]
    return rounded


def _shortest(thousandths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return integers without the zeros that all numbers of a row end in, and their decimals."""
    decimals = np.full(len(thousandths), _FINEST)
    found = thousandths.copy()
    for _ in range(2 * _FINEST):
        whole = found / 10
        even = (np.isnan(found) | (whole == np.rint(whole))).reshape(len(found), -1).all(axis=1)
        found[even] = whole[even]
        decimals[even] -= 1
    return found, decimals
