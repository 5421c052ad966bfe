"""From rows of many files to lines: one series each, strictly ascending; of repeats the last wins.

A blank cell says nothing, so it never takes the place of a value. Where a file told when each
reading was received, all that was said of one time is kept, in the order of receipt.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from data.own.rows import WIDTH, Known, Part, Rows, join
from data.schema import Flag

_MINUTE_NS = 60 * 10**9
MINUTE = np.timedelta64(_MINUTE_NS, "ns")
Key = tuple[str, str]  # station and variable


@dataclass(frozen=True)
class Line:
    """One variable at one station.

    Attributes:
        time, value, flag, received: UTC, SI, `Flag`, and when each was known; NaN has a flag.
        read: Readings in the files, with blanks and repeats.
        blank: How many were blank or stood for "no value".
        repeated: How many gave way to a later row of the same time.
        refused: How many could not be read.
        assumed: How many did not say when they were received.
        earlier: What was said before of the same times, where files told when.
    """

    time: np.ndarray
    value: np.ndarray
    flag: np.ndarray
    received: np.ndarray
    read: int = 0
    blank: int = 0
    repeated: int = 0
    refused: int = 0
    assumed: int = 0
    earlier: "Line | None" = None

    def moved(self, by: np.timedelta64) -> "Line":
        """Return the line at later times; nothing was known before its new time."""
        time = self.time + by
        earlier = None if self.earlier is None else self.earlier.moved(by)
        received = np.maximum(self.received, time)
        return replace(self, time=time, received=received, earlier=earlier)

    @property
    def good(self) -> np.ndarray:
        """Where there is a value."""
        there: np.ndarray = np.isfinite(self.value)
        return there


def lines(parts: Sequence[Part], known: Known) -> dict[Key, Line]:
    """Return the series of all parts; what all stations share stands at each without its own."""
    rows = join([part.rows for part in parts])
    refused: dict[int, int] = {}
    for part in parts:
        for each, count in part.refused_of.items():
            refused[each] = refused.get(each, 0) + count
    order = np.argsort(rows.series, kind="stable")
    rows = rows.pick(order)
    series, starts = np.unique(rows.series, return_index=True)
    cuts = np.append(starts, len(rows))
    found = {
        int(s): _line(rows.pick(np.arange(cuts[n], cuts[n + 1])), refused.get(int(s), 0))
        for n, s in enumerate(series)
    }
    return _spread(found, known)


def _spread(found: dict[int, Line], known: Known) -> dict[Key, Line]:
    own = {known.named(s): line for s, line in found.items() if s // WIDTH < known.shared}
    for number, line in found.items():
        _, variable = known.named(number)
        if number // WIDTH == known.shared:
            own |= {(s, variable): line for s in known.stations if (s, variable) not in own}
    places = {station: number for number, station in enumerate(known.stations)}
    return dict(sorted(own.items(), key=lambda item: (places[item[0][0]], item[0][1])))


def _line(rows: Rows, refused: int) -> Line:
    """Return one series: in order, without blanks, of the same time the last one received."""
    read, gone = len(rows), np.isnan(rows.value)
    rows = rows.pick(rows.flag != Flag.NOT_REPORTED)
    time = _whole_minutes(rows.time)
    assumed = np.isnat(rows.received)
    received = np.where(assumed, time, np.maximum(rows.received, time))
    order = np.lexsort((received, time))  # stable: of equal ones the later row comes last
    time, received, rows = time[order], received[order], rows.pick(order)
    next_is_same = np.append(time[1:] == time[:-1], False) if len(time) else np.zeros(0, bool)
    repeat = next_is_same & np.append(received[1:] == received[:-1], False)[: len(time)]
    columns = (time, rows.value, rows.flag, received)
    last = Line(*(column[~next_is_same] for column in columns))
    before = next_is_same & ~repeat
    earlier = Line(*(column[before] for column in columns)) if before.any() else None
    return replace(
        last,
        read=read,
        blank=int(gone.sum()),
        repeated=int(repeat.sum()),
        refused=refused,
        assumed=int(assumed.sum()),
        earlier=earlier,
    )


def _whole_minutes(time: np.ndarray) -> np.ndarray:
    """Return times to the nearest minute: a logger's clock is seconds off."""
    minutes = (time.astype("int64") + _MINUTE_NS // 2) // _MINUTE_NS
    return (minutes * _MINUTE_NS).astype("datetime64[ns]")
