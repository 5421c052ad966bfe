"""Our climate indices beside xclim's, index by index: seconds, memory, and the same answer."""

from collections.abc import Callable
from typing import Any

import numpy as np

from flows import bench_climate_memory as memory
from flows.bench_climate_clock import in_turn
from flows.bench_climate_pairs import PAIRS, Pair, by_us, by_xclim
from flows.bench_climate_weather import field

Row = dict[str, float]


def measure(
    names: list[str], rounds: int, side: int | None, report: Callable[[int, int, str], None]
) -> dict[str, Row]:
    """Return seconds, peak memory and the largest difference of each index.

    Args:
        names: Of `PAIRS`.
        rounds: How often each is timed, in turn with its rival.
        side: Cells per side for all; None takes each pair's own.
        report: Called with indices done, indices in all and a message.
    """
    report(0, len(names), "memory of the indices")
    peaks = memory.of_indices(names, side)
    rows = dict[str, Row]()
    for done, name in enumerate(names):
        report(done, len(names), name)
        rows[name] = time_pair(PAIRS[name], rounds, side or PAIRS[name].side) | peaks[name]
    return rows


def time_pair(pair: Pair, rounds: int, side: int) -> Row:
    """Return seconds and the largest difference of one index; a small field warms both up."""
    small = field(pair.variable, 2, calendar=pair.calendar)
    by_us(pair, small)
    by_xclim(pair, small)
    data = field(pair.variable, side, calendar=pair.calendar)
    found: dict[str, Any] = in_turn(lambda: by_us(pair, data), lambda: by_xclim(pair, data), rounds)
    difference = np.abs(found.pop("ours") - found.pop("theirs"))
    return found | {"cells": side * side, "max_difference": float(np.nanmax(difference))}
