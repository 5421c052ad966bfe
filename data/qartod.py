"""The QARTOD tests of the library `ioos-qc`, over many sites at once.

For each test numpy finds the few readings that could fail, and the library is asked about them.
What it says is what it says of the whole series of that site.

Source: IOOS QARTOD manuals; https://github.com/ioos/ioos_qc.
"""

from typing import Any

import numpy as np

from data.cadence import cadence
from data.qartod_asking import FAIL, SUSPECT, Case, ask, library
from data.schema import Flag

CLOSE = 1 - 1e-9  # a candidate may be a rounding below the limit; the library decides
WHOLE = 3 / 4  # of the readings of a window must be there before it can be called flat
HOUR = np.timedelta64(1, "h")
_CODES = {
    Flag.GOOD: 1,
    Flag.NOT_REPORTED: 9,
    Flag.SENTINEL: 9,
    Flag.UNREADABLE: 9,
    Flag.OUT_OF_RANGE: FAIL,
    Flag.SPIKE: FAIL,
    Flag.RATE_OF_CHANGE: SUSPECT,
    Flag.FLAT_LINE: SUSPECT,
    Flag.NEIGHBOURS: SUSPECT,
}


def codes(flags: np.ndarray, evaluated: bool = True) -> np.ndarray:
    """Return QARTOD's primary flags: 1 good, 2 not evaluated, 3 suspect, 4 fail, 9 missing.

    Args:
        flags: `data.schema.Flag`.
        evaluated: False where the variable has no limits, so that nothing was tested.
    """
    table = np.array([_CODES[flag] for flag in Flag], dtype="uint8")
    table[Flag.GOOD] = 1 if evaluated else 2
    found: np.ndarray = table[np.asarray(flags)]
    return found


def outside(values: np.ndarray, lowest: np.ndarray, highest: np.ndarray) -> np.ndarray:
    """Return where the gross range test fails; values dims (site, time), limits (site,)."""
    spans = np.stack([lowest, highest], axis=1)
    candidates = (values < spans[:, :1]) | (values > spans[:, 1:])

    def test(series: np.ndarray, _: np.ndarray, span: np.ndarray) -> Any:
        return library().gross_range_test(series, tuple(span))

    return ask(test, values, np.arange(values.shape[1]), Case(candidates, 0, 0, spans))


def spikes(values: np.ndarray, time: np.ndarray, jump: np.ndarray) -> np.ndarray:
    """Return where one reading leaves by more than `jump` and comes back by more than `jump`.

    Args:
        values: Dims (site, time); NaN = missing, beside which no spike can be told.
        jump: Dims (site,), between two readings.
    """
    away = np.diff(values, axis=1)
    least = np.minimum(abs(away[:, :-1]), abs(away[:, 1:]))
    candidates = np.zeros(values.shape, dtype=bool)
    returns = (away[:, :-1] * away[:, 1:] < 0) & (least > jump[:, None] * CLOSE)
    candidates[:, 1:-1] = returns & (time[2:] - time[:-2] <= 2 * cadence(time))

    def test(series: np.ndarray, _: np.ndarray, limit: np.ndarray) -> Any:
        return library().spike_test(series, limit[0], limit[0], method="differential")

    return ask(test, values, time, Case(candidates, 1, 1, jump[:, None]))


def changes(values: np.ndarray, time: np.ndarray, jump: np.ndarray) -> np.ndarray:
    """Return where the rate of change since the reading before is suspect.

    Args:
        values: Dims (site, time); after a missing reading nothing is known of the rate.
        jump: Dims (site,), between two readings at the record's cadence.
    """
    rates = jump / (cadence(time) / np.timedelta64(1, "s"))
    seconds = np.diff(time) / np.timedelta64(1, "s")
    candidates = np.zeros(values.shape, dtype=bool)
    candidates[:, 1:] = abs(np.diff(values, axis=1)) > rates[:, None] * seconds * CLOSE

    def test(series: np.ndarray, times: np.ndarray, limit: np.ndarray) -> Any:
        return library().rate_of_change_test(series, times, threshold=limit[0])

    return ask(test, values, time, Case(candidates, 1, 0, rates[:, None]))


def flat(
    values: np.ndarray, time: np.ndarray, hours: np.ndarray, tolerance: np.ndarray
) -> np.ndarray:
    """Return where a value has stood still, within `tolerance`, for `hours`.

    A window with a hole in time, or with fewer than `WHOLE` of its readings, is not called flat:
    the library alone calls the first reading after an outage flat.

    Args:
        values: Dims (site, time).
        hours: Dims (site,); inf = never.
    """
    every = cadence(time)
    counts = np.minimum(hours * (HOUR / every), values.shape[1]).astype(int)  # as the library does
    found = np.zeros(values.shape, dtype=bool)
    for count in np.unique(counts[(counts > 0) & (counts < values.shape[1])]):
        rows = np.flatnonzero(counts == count)
        found[rows] = _flat(values[rows], time, int(count), tolerance[rows])
    return found


def _flat(values: np.ndarray, time: np.ndarray, count: int, tolerance: np.ndarray) -> np.ndarray:
    candidates = np.zeros(values.shape, dtype=bool)
    candidates[:, count:] = _whole(values, time, count)
    for lag in {1, count // 4, count // 2, count - count // 4, count} - {0}:
        moved = abs(values[:, lag:] - values[:, :-lag]) >= tolerance[:, None]
        candidates[:, lag:] &= ~moved
    limits = np.stack([np.full(tolerance.size, float(count)), tolerance], axis=1)

    def test(series: np.ndarray, _: np.ndarray, limit: np.ndarray) -> Any:
        seconds = np.arange(series.size).astype("datetime64[s]").astype("datetime64[ns]")
        return library().flat_line_test(series, seconds, int(limit[0]), int(limit[0]), limit[1])

    return ask(test, values, time, Case(candidates, count, 0, limits))


def _whole(values: np.ndarray, time: np.ndarray, count: int) -> np.ndarray:
    """Return, for each window of `count` + 1 readings, whether enough of it is there."""
    present = np.isfinite(values)
    total = np.pad(np.cumsum(present, axis=1, dtype="int64"), ((0, 0), (1, 0)))
    enough = total[:, count + 1 :] - total[:, : -count - 1] >= WHOLE * (count + 1)
    unbroken = time[count:] - time[:-count] <= count * cadence(time) / WHOLE
    whole: np.ndarray = enough & unbroken & present[:, count:]
    return whole
