"""The bench of a run on a large grid: from its files to the layers of the map, in bounded memory.

FIGURES (of SIDE x SIDE cells and YEARS years of days, four variables)
    peak_mb_SIDExSIDExYEARSy   most memory of all processes together, the higher of two layouts
    grid_s_SIDExSIDExYEARSy    seconds by the first engine, a file chunk a day
    grid_tiles_s_...           the same where a chunk holds a year of 50 x 50 cells
    speed_up_ENGINE            seconds of `serial` / those of the engine, where both are measured
RAW: seconds, processor seconds of all processes, memory and load of each layout and engine.

The files are made first (`bench_climate_grid_files`); memory pages that processes share count once
for each of them.
"""

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import suppress
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final

from flows.bench_climate_grid_files import Kind, write
from flows.campaign_processes import PROC, below
from flows.executor import require_known

Report = Callable[[int, int, str], None]
Row = dict[str, float]
LAYOUTS: Final = {"day": (1, 0), "tiles": (365, 50)}  # days, and cells of a side, of a chunk
_LOOK: Final = 0.2  # seconds between two looks at the memory
_SPAWN: Final = multiprocessing.get_context("spawn")


def run(
    report: Report, side: int, years: int, engines: Sequence[str] = ("local",)
) -> dict[str, Any]:
    """Measure all engines where a chunk is a day, and the first where it is a tile.

    Returns:
        {"figures", "raw"}, see the module.

    Raises:
        InvalidData: There is no such engine.
    """
    for engine in engines:
        require_known(engine)
    asked = [("day", engine) for engine in engines] + [("tiles", engines[0])]
    raw = dict[str, Row]()
    with TemporaryDirectory() as place:
        home, folder = Path(place) / "home", Path(place) / "futures"
        for done, (layout, engine) in enumerate(asked):
            report(done, len(asked), f"{side} x {side} cells, {years} years, {layout}, {engine}")
            if not done or layout != asked[done - 1][0]:
                rmtree(folder, ignore_errors=True)
                write(folder / "BENCH" / "ssp585", Kind(side, years, *LAYOUTS[layout]))
            raw[f"{layout} {engine}"] = measure(home, folder, engine)
    report(len(asked), len(asked), "done")
    return {"figures": figures(raw, f"{side}x{side}x{years}y"), "raw": raw}


def figures(raw: dict[str, Row], size: str) -> dict[str, float]:
    """Return the figures that stand for the whole.

    Args:
        raw: By layout and engine; the first engine first, the second layout last.
    """
    first, *_, last = raw.values()
    found = {
        f"peak_mb_{size}": max(row["peak_mb"] for row in raw.values()),
        f"grid_s_{size}": first["s"],
        f"grid_tiles_s_{size}": last["s"],
    }
    if "day serial" in raw:
        alone = raw["day serial"]["s"]
        others = {name: row for name, row in raw.items() if name.startswith("day ")}
        del others["day serial"]
        found |= {f"speed_up_{name[4:]}": alone / row["s"] for name, row in others.items()}
    return found


def measure(home: Path, folder: Path, engine: str) -> Row:
    """Return seconds, processor seconds, peak memory [MB] and load of one run, in its own process.

    Args:
        folder: As `mulgil climate --futures` reads it.
    """
    load = os.getloadavg()[0]
    with ProcessPoolExecutor(1, mp_context=_SPAWN) as pool:
        process = pool.submit(os.getpid).result()
        work = pool.submit(chain, home, folder, engine)
        peak = _watch(process, work)
        return work.result() | {"peak_mb": peak, "load_before": load}


def chain(home: Path, folder: Path, engine: str) -> Row:
    """Bring a run from its files to the layers; return the seconds of what depends on its grid."""
    from flows.climate import steps, update
    from flows.climate.sources import Futures

    for old in (home / "runs", *home.glob("atlas-*")):
        rmtree(old, ignore_errors=True)
    futures = Futures(folder)
    measured = steps.stations(home)
    steps.ground(home, measured)
    begun, busy = perf_counter(), _processor()
    made = update.project_all(home, measured, futures.plans(), lambda *_: None, engine=engine)
    took, used = perf_counter() - begun, _processor() - busy
    steps.atlas(home, measured, made, futures)
    return {"s": took, "processor_s": used, "atlas_s": perf_counter() - begun - took}


def _processor() -> float:
    """Return the processor seconds of this process and of its children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _watch(process: int, work: Future[Row]) -> float:
    """Return the most memory that a process and all below it have together [MB] (Linux)."""
    peak = 0.0
    while True:
        peak = max(peak, sum(map(_resident, [process, *below(process)])))
        with suppress(TimeoutError):
            work.exception(_LOOK)
            return peak


def _resident(process: int) -> float:
    """Return the memory of a process [MB]; 0 if it is gone."""
    try:
        pages = int((PROC / str(process) / "statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
