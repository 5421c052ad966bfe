"""Bring rain and flows of a dam that come in several cadences to one, the slowest of them.

One variable goes on the grid as a whole: beside hourly rain, 15-minute rain would make every hour
look incomplete. A sum with a part missing is no sum; a mean needs half of its parts.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from data.own.cadence import COARSE, Pace, pace, told
from data.own.lines import MINUTE, Key, Line
from data.regular import SUMMED
from data.schema import Flag


def alike(lines: Mapping[Key, Line], step: int) -> tuple[dict[Key, Line], tuple[str, ...]]:
    """Return all lines, those of several cadences brought to one, and a sentence for each of them.

    Args:
        step: Of the network [minutes]; what comes less often is not used, and left as it is.
    """
    found, remarks = dict(lines), []
    for variable in COARSE:
        paces = {key: pace(line) for key, line in lines.items() if key[1] == variable}
        used = {key: each for key, each in paces.items() if each and each.slowest <= step}
        slowest = max((each.slowest for each in used.values()), default=0)
        for key, each in used.items():
            if each.usual < slowest:
                found[key] = coarsened(lines[key], key[1], slowest)
                remarks.append(_remark(key, each, slowest))
    return found, tuple(remarks)


def coarsened(line: Line, variable: str, minutes: int) -> Line:
    """Return sums or means of the intervals of `minutes`, at their ends."""
    width = minutes * MINUTE
    since = line.time - np.datetime64(0, "ns")
    ends = np.datetime64(0, "ns") + -(-since // width) * width
    time, starts = np.unique(ends, return_index=True)
    parts = np.add.reduceat(line.good.astype(int), starts)
    needed = minutes // np.maximum(_every(line)[starts], 1)
    total = np.add.reduceat(np.where(line.good, line.value, 0.0), starts)
    if variable in SUMMED:
        value, whole = total, parts >= needed
    else:
        value, whole = total / np.maximum(parts, 1), (parts > 0) & (parts >= needed / 2)
    why = np.maximum.reduceat(line.flag, starts)
    keep = whole | (why != Flag.GOOD)
    return replace(
        line,
        time=time[keep],
        value=np.where(whole, value, np.nan)[keep],
        flag=np.where(whole, Flag.GOOD, why).astype("int8")[keep],
        received=np.maximum(np.maximum.reduceat(line.received, starts), time)[keep],
        earlier=None,
    )


def _every(line: Line) -> np.ndarray:
    """Return the cadence around each reading [minutes]: that of its year, where it has one."""
    years = line.time.astype("datetime64[Y]")
    every = np.zeros(len(years), int)
    whole = pace(line)
    for year in np.unique(years):
        rows = years == year
        columns = (line.time[rows], line.value[rows], line.flag[rows], line.received[rows])
        found = pace(Line(*columns)) or whole
        every[rows] = found.usual if found else 1
    return every


def _remark(key: Key, each: Pace, slowest: int) -> str:
    kind = "sums" if key[1] in SUMMED else "means"
    return (
        f"{key[1]} of '{key[0]}' comes every {told(each.usual)}, other {key[1]} every "
        f"{told(slowest)}: it is kept as {kind} of {told(slowest)}."
    )
