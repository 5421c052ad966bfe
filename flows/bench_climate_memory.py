"""Peak memory of a piece of work above what was there before it, each in a fresh process."""

import multiprocessing
import resource
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from flows.bench_climate_pairs import PAIRS, by_us, by_xclim
from flows.bench_climate_weather import field

_CORES = 2
_WAYS = {"ours": by_us, "theirs": by_xclim}


def of_indices(names: list[str], side: int | None = None) -> dict[str, dict[str, float]]:
    """Return `ours_mb`, `theirs_mb` and their `memory_ratio` for each index.

    Args:
        names: Of `bench_climate_pairs.PAIRS`.
        side: Cells per side for all; None takes each pair's own.
    """
    asked = [(name, way, side or PAIRS[name].side) for name in names for way in _WAYS]
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(_CORES, mp_context=spawn, max_tasks_per_child=1) as pool:
        peaks = list(pool.map(of_index, *zip(*asked, strict=True)))
    pairs = zip(names, peaks[::2], peaks[1::2], strict=True)
    return {
        name: {"ours_mb": ours, "theirs_mb": theirs, "memory_ratio": ours / theirs}
        for name, ours, theirs in pairs
    }


def of_index(name: str, way: str, side: int) -> float:
    """Return the peak of one index above its input [MB]; meant for a process of its own."""
    pair, work = PAIRS[name], _WAYS[way]
    work(pair, field(pair.variable, 2, calendar=pair.calendar))  # imports, compilers
    data = field(pair.variable, side, calendar=pair.calendar)
    return above(lambda: work(pair, data))


def above(work: Callable[[], object]) -> float:
    """Return how far the memory of this process rises above the present [MB]."""
    before = _start()
    work()
    return max(_peak() - before, 0.01)


def _start() -> float:
    """Return the memory in use, and begin a new peak where the system can (Linux)."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return _peak()
    return _status("VmRSS")


def _peak() -> float:
    if Path("/proc/self/status").exists():
        return _status("VmHWM")
    unit = 1e6 if sys.platform == "darwin" else 1e3  # bytes there, else kilobytes
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def _status(field_name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    found = next(line for line in lines if line.startswith(f"{field_name}:"))
    return float(found.split()[1]) / 1e3
