"""From judged values of one site to a series: each time once, and complaints counted."""

from collections import Counter
from collections.abc import Iterable
from math import isnan

import numpy as np

from data.reading import Reading


def once(dated: Iterable[tuple[np.datetime64, Reading]]) -> tuple[list[Reading], list[str]]:
    """Return one reading per time, ascending, and a sentence for each time with two values.

    Args:
        dated: When each reading was written (NaT if unknown), and the reading; all of one site.
            Of one time the reading written last is taken, or the one that stands last.
    """
    latest: dict[np.datetime64, tuple[np.datetime64, Reading]] = {}
    complaints = []
    for when, reading in dated:
        before = latest.get(reading.time)
        if before and not _same(before[1].value, reading.value):
            complaints.append(
                f"{reading.site}: {reading.time} has the values {before[1].raw!r} and "
                f"{reading.raw!r}; the one written last is taken."
            )
        if before is None or not when < before[0]:
            latest[reading.time] = (when, reading)
    return [latest[time][1] for time in sorted(latest)], complaints


def counted(complaints: Iterable[str]) -> tuple[str, ...]:
    """Return each sentence once, with how often it was said."""
    return tuple(
        said if times == 1 else f"{said} ({times:,} times)"
        for said, times in Counter(complaints).items()
    )


def _same(one: float, other: float) -> bool:
    return one == other or (isnan(one) and isnan(other))
