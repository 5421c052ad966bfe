"""Take times in turn, so that a noisy machine is noisy for both."""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

Answer = Callable[[], Any]


def clock(work: Answer) -> tuple[float, Any]:
    """Return the seconds that some work takes, and what it returns."""
    start = perf_counter()
    found = work()
    return perf_counter() - start, found


def in_turn(ours: Answer, theirs: Answer, rounds: int) -> dict[str, Any]:
    """Time two ways of the same work in turn.

    Returns:
        What `compare` returns, and both last answers: ours, theirs.
    """
    timed, last = list[tuple[float, float]](), (None, None)
    for _ in range(rounds):
        (a, mine), (b, other) = clock(ours), clock(theirs)
        timed.append((a, b))
        last = (mine, other)
    return compare(timed) | {"ours": last[0], "theirs": last[1]}


def compare(timed: list[tuple[float, float]]) -> dict[str, float]:
    """Return medians of seconds, ours and theirs, and the median of the rounds' ratios.

    Args:
        timed: (ours, theirs) of each round [s].
    """
    return {
        "ours_s": median(ours for ours, _ in timed),
        "theirs_s": median(theirs for _, theirs in timed),
        "ratio": median(theirs / ours for ours, theirs in timed),
    }
