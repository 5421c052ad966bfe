"""How often readings come, and the grid that fits them: step, and where readings lie beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from data.errors import SourceError
from data.own.lines import Key, Line
from data.regular import AVERAGED, SUMMED
from data.stations import Quantity
from data.steps import FRESH

DAY = 1440  # minutes
STEPS = (10, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720, DAY)  # each a part of a day
HOUR = 60
FEWEST = 48  # readings of a year that tell a cadence
USUAL = 0.5  # of the gaps between readings: less is no cadence
_ON_TIME = 0.9  # of the readings lie equally far from the grid
COARSE = (*SUMMED, *AVERAGED)  # cannot be put on a finer grid than they come in
_NS = 60 * 10**9


@dataclass(frozen=True)
class Pace:
    """How often a series has a value [minutes]: in its slowest year, and in its usual one."""

    slowest: int
    usual: int


def pace(line: Line) -> Pace | None:
    """Return how often a line has a value; None if it has no cadence."""
    minutes = line.time[line.good].astype("int64") // _NS
    years = line.time[line.good].astype("datetime64[Y]")
    starts = np.unique(years, return_index=True)[1]
    by_year = [_mode(each) for each in np.split(minutes, starts[1:]) if len(each) >= FEWEST]
    told = [each for each in by_year if each]
    whole = _mode(minutes)
    return Pace(max(told), whole or max(told)) if told else (Pace(whole, whole) if whole else None)


def step(
    lines: Mapping[Key, Line], quantity: Quantity, asked: int | None
) -> tuple[int, tuple[str, ...]]:
    """Return the step of the grid [minutes] and what a person should know of it.

    Args:
        asked: The step that a person wants.

    Raises:
        SourceError: Readings come too seldom, too unevenly, or not on one grid.
    """
    paces = {key[0]: _needed(key, line, asked) for key, line in lines.items() if key[1] == quantity}
    slowest = max(paces, key=lambda station: paces[station])
    if asked is not None:
        _check_asked(asked, slowest, paces[slowest])
        found = asked
    else:
        _check_alike(paces)
        rain = [pace(line) for key, line in lines.items() if key[1] in COARSE]
        slower = [each.slowest for each in rain if each and each.slowest <= HOUR]
        found = _fitting([*paces.values(), *slower])
    return found, (*_remarks(found, paces[slowest]), *_unused(lines, found))


def beside(line: Line, variable: str, minutes: int) -> np.timedelta64:
    """Return by how much a line must be moved to stand for the grid times that follow it.

    A level that is read too long before the grid time would be dropped there; sums and means are
    brought to the end of their own interval on the grid, so that all stations share one clock.
    """
    known = line.time.astype("int64") // _NS
    usual = pace(line)
    if not known.size or usual is None:
        return np.timedelta64(0, "m")
    every = min(usual.usual, minutes)
    phases, counts = np.unique(-known % every, return_counts=True)
    age = int(phases[counts.argmax()])
    on_time = counts.max() >= _ON_TIME * known.size
    dropped = age > 0 if variable in COARSE else age >= minutes * FRESH
    return np.timedelta64(age if on_time and dropped else 0, "m")


def _mode(minutes: np.ndarray) -> int:
    """Return the usual gap between some times [minutes]; 0 if there is none."""
    gaps = np.minimum(np.diff(minutes), 10 * DAY)
    if not gaps.size:
        return 0
    counts = np.bincount(gaps)
    return int(counts.argmax()) if counts.max() >= USUAL * gaps.size else 0


def _needed(key: Key, line: Line, asked: int | None) -> int:
    """Return the pace of a gauge's own readings [minutes]."""
    found = pace(line)
    if found is None and asked is None:
        raise SourceError(
            f"The {key[1]} readings of '{key[0]}' come at no regular time: no gap between two of "
            "them is the usual one.",
            "Put them on a regular grid, or say which one to look at: --step 60",
        )
    return found.slowest if found else 1


def _check_asked(asked: int, station: str, every: int) -> None:
    if not 10 <= asked <= DAY or DAY % asked:
        raise SourceError(f"A step of {asked} min is no part of a day.", f"Choose one of {STEPS}.")
    if every > asked:
        raise SourceError(
            f"Readings of '{station}' come every {told(every)}, a step of {told(asked)} is finer.",
            f"Leave --step out, or choose {every} or more.",
        )


def _check_alike(paces: Mapping[str, int]) -> None:
    slow = max(paces, key=lambda station: paces[station])
    fast = min(paces, key=lambda station: paces[station])
    if paces[slow] > DAY:
        raise SourceError(
            f"Readings of '{slow}' come every {told(paces[slow])}.",
            "A flood forecast needs one a day at the very least, better one an hour.",
        )
    if paces[slow] > HOUR >= paces[fast]:
        raise SourceError(
            f"Readings of '{slow}' come every {told(paces[slow])}, of '{fast}' every "
            f"{told(paces[fast])}: that is no one grid.",
            "Make two networks of it, or take the seldom ones out of the station table.",
        )


def _fitting(every: Sequence[int]) -> int:
    """Return the finest step that all readings fit: a multiple of each of their cadences."""
    for minutes in STEPS:
        fine = minutes == HOUR and max(every) <= HOUR * FRESH  # always one shortly before the hour
        if minutes >= max(every) and (fine or all(minutes % each == 0 for each in every)):
            return minutes
    raise SourceError(
        f"Readings that come every {', '.join(told(e) for e in sorted(set(every)))} fit no grid.",
        f"Choose a step by hand, one of {STEPS} minutes: --step 60",
    )


def _remarks(minutes: int, every: int) -> list[str]:
    if minutes > HOUR:
        return [
            f"Steps of {told(minutes)}: floods of small rivers rise and fall between two readings. "
            "A time is taken as the end of what was measured: a daily value is known when its day "
            "is over. Hourly readings serve a flood forecast better."
        ]
    if minutes < HOUR:
        return [f"Readings come every {told(every)}. For a look a day ahead: --step 60"]
    return []


def _unused(lines: Mapping[Key, Line], minutes: int) -> list[str]:
    slow = {key: pace(line) for key, line in lines.items() if key[1] in COARSE}
    return [
        f"{variable} of '{station}' comes every {told(each.usual)}: too seldom for steps of "
        f"{told(minutes)}, so it is kept and not used."
        for (station, variable), each in slow.items()
        if each and each.usual > minutes
    ]


def told(minutes: int) -> str:
    """Return a length of time in words."""
    if minutes % DAY == 0:
        return f"{minutes // DAY} d"
    return f"{minutes} min" if minutes % HOUR else f"{minutes // HOUR} h"
