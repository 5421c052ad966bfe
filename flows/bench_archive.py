"""The bench of the archive: append a cycle and read two weeks, beside plainer ways to keep them.

FIGURES (N = 1420 gauges of Korea's network, 20000 of a national one; a value per 10 minutes)
    append_s_N           seconds until one cycle is on the disk, median
    read_14d_s_N         seconds to read all gauges of 14 days, with flags and times of receipt
    mb_14d_N             MB on the disk
    append_ratio_20000   seconds of one row per value in SQLite / ours, cycle by cycle
    read_ratio_20000     the same for reading
DETAIL: the same for all three stores of `bench_archive_stores`, peak memory of reading, and what
a known cycle, a cycle of late revisions, one gauge, and folded days take in ours.
"""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from data import store
from data.storage.file import reading
from data.storage.fold import fold
from data.store import Wanted
from flows.bench_archive_levels import DAY, START, STEP, Cycle, cycles, names
from flows.bench_archive_stores import STORES, Ours
from flows.bench_climate_clock import clock
from flows.bench_climate_memory import above

Report = Callable[[int, int, str], None]
SIZES: Final = (1420, 20_000)
FORTNIGHT: Final = 14 * DAY  # cycles


def run(
    report: Report | None = None, sizes: tuple[int, ...] = SIZES, steps: int = FORTNIGHT
) -> dict[str, Any]:
    """Measure everything in one run of some eight minutes; needs 4 GB of disk for a while.

    Returns:
        {"figures": .., "detail": ..}, see the module.
    """
    detail = {str(gauges): measure(gauges, steps, report or _silent) for gauges in sizes}
    return {"figures": figures(detail), "detail": detail}


def figures(detail: dict[str, Any]) -> dict[str, float]:
    """Return the figures that stand for the whole; the ratios are of the largest size."""
    found = dict[str, float]()
    for name, key in (("append_s", "append_s"), ("read_14d_s", "read_s"), ("mb_14d", "mb")):
        found |= {f"{name}_{gauges}": part["ours"][key] for gauges, part in detail.items()}
    gauges = max(detail, key=int)
    return found | {
        f"append_ratio_{gauges}": detail[gauges]["rows"]["append_ratio"],
        f"read_ratio_{gauges}": detail[gauges]["rows"]["read_ratio"],
    }


def measure(gauges: int, steps: int, report: Report) -> dict[str, Any]:
    """Return the figures of each store for so many gauges.

    The days before the last go in at once; each cycle of the last is appended to all in turn.
    """
    with TemporaryDirectory() as place:
        folders = {name: Path(place) / name for name in STORES}
        for folder in folders.values():
            folder.mkdir()
        appended = _append_all(folders, gauges, steps, report)
        report(1, 3, f"{gauges} gauges: read")
        read = {n: clock(partial(STORES[n].read, folders[n], gauges))[0] for n in STORES}
        report(2, 3, f"{gauges} gauges: memory")
        space = {n: _space(n, folders[n], gauges) for n in STORES}
        found = {name: _times(name, appended, read) | space[name] for name in STORES}
        return found | {"ours_more": _more(folders["ours"], gauges, steps)}


def _append_all(
    folders: dict[str, Path], gauges: int, steps: int, report: Report
) -> dict[str, list[float]]:
    """Return the seconds of each append of one cycle, of each store."""
    timed: dict[str, list[float]] = {name: [] for name in STORES}
    coming, days = cycles(gauges, steps), (steps - 1) // DAY
    tasks = [DAY] * days + [1] * (steps - days * DAY)
    for done, number in enumerate(tasks):
        some = list(islice(coming, number))
        for name, way in STORES.items():
            seconds, _ = clock(partial(way.append, folders[name], some))
            timed[name] += [seconds] if number == 1 else []
        report(done, len(tasks), f"{gauges} gauges: append")
    return timed


def _times(name: str, appended: dict[str, list[float]], read: dict[str, float]) -> dict[str, float]:
    pairs = zip(appended[name], appended["ours"], strict=True)
    return {
        "append_s": median(appended[name]),
        "append_worst_s": max(appended[name]),
        "append_ratio": median(theirs / ours for theirs, ours in pairs),
        "read_s": read[name],
        "read_ratio": read[name] / read["ours"],
    }


def _space(name: str, folder: Path, gauges: int) -> dict[str, float]:
    """Return MB on the disk, and the peak of reading above what was there, in a new process."""
    megabytes = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        peak = pool.submit(_peak, name, folder, gauges).result()
    return {"mb": megabytes, "read_peak_mb": peak}


def _peak(name: str, folder: Path, gauges: int) -> float:
    return above(partial(STORES[name].read, folder, gauges))


def _more(folder: Path, gauges: int, steps: int) -> dict[str, float]:
    """Return what else ours does: a known cycle, late revisions, one gauge, folded days."""
    path, ours, last = folder / "store.db", Ours(), list(cycles(gauges, min(steps, 2)))[-1]
    value = np.round(last.value.astype("float64") + 1.0, 3).astype("float32")
    late = Cycle(last.time, last.received + np.timedelta64(30, "D"), value, last.flag)
    one = partial(store.read, path, Wanted("bench", "water_level", names(gauges)[:1]))
    return {
        "known_cycle_s": clock(partial(ours.append, folder, [last]))[0],
        "revised_cycle_s": clock(partial(ours.append, folder, [late]))[0],
        "snapshot_s": clock(partial(store.snapshot, path))[0],
        "one_gauge_s": clock(one)[0],
        "fold_s": clock(partial(fold, path, START + steps * STEP))[0],
        "folded_read_s": clock(partial(ours.read, folder, gauges))[0],
        "folded_one_gauge_s": clock(one)[0],
        "folded_mb": _used(path),
    }


def _used(path: Path) -> float:
    """Return the MB in use; the room of what was folded is there for what comes."""
    with reading(path) as db:
        names = ("page_count", "freelist_count", "page_size")
        pages, free, size = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in names)
    return float((pages - free) * size / 1e6)


def _silent(done: int, total: int, message: str) -> None:
    """Tell nobody."""
