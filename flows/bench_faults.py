"""The bench of faults: what every fault does at every provider, and in a whole hour of forecasting.

Each cell of the matrix is a clean cycle, a faulty one, and a clean one an hour later, against the
replay server on this machine; of HRFCO also whole hours: pull, forecast, publish. What is good in
the store is compared with the truth of the simulated rivers.

FIGURES
    cycles, cycles_ended    cycles of asking, and those that an exception ended
    wrong                   good values that are not true, where that could have been noticed
    wrong_unnoticed         the same where a provider tells a plausible untruth (`UNNOTICED`)
    made_up_zeros           good zeros that are not true
    blanked                 known values that a faulty cycle took away, until the next one
    lost                    values up to the faulty hour that the clean cycle did not bring back
    hours, hours_ended      whole hours, and those that ended without a published forecast
    rash                    gauges that got a stage in them without a fresh reading
    key_seen                files, names and messages with a key in them
    seconds                 of all
Those of `MUST_BE_ZERO` must be.
RAW: `matrix` by fault and provider; `hours` by fault.
"""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from flows import bench_faults_hour as hourly
from flows.bench_faults_drill import KEYS, OTHER_KEY, Cell, Drill, stages
from flows.bench_faults_hour import Hour
from flows.bench_faults_keys import listening, seen
from flows.bench_faults_rivers import AHEAD, world
from flows.replay.faults import NAMES
from flows.replay.server import SOURCES, Server

Report = Callable[[int, int, str], None]
MUST_BE_ZERO = (
    "cycles_ended", "wrong", "made_up_zeros", "lost", "hours_ended", "rash", "key_seen",
)  # fmt: skip
# A revised value looks like any other. A clock that is wrong shows only where the newest hour is
# one that has passed, not in a forecast. Open-Meteo fills a late hour with its forecast.
UNNOTICED = frozenset(
    {
        *((source, "revised") for source in SOURCES),
        *((source, "clock_skew") for source in AHEAD),
        ("open_meteo", "late"),
    }
)


def run(
    report: Report | None = None,
    sources: Sequence[str] = SOURCES,
    faults: Sequence[str] = tuple(sorted(NAMES)),
) -> dict[str, Any]:
    """Run the matrix; whole hours only if HRFCO is among the sources.

    Returns:
        {"figures": .., "raw": ..}, see the module.
    """
    began, tell = time.perf_counter(), report or _silent
    total = len(faults) * len(sources)
    with tempfile.TemporaryDirectory() as folder, listening() as logged:
        true, home = world(), Path(folder)
        with stages(true) as servers:
            cells, keys = list[Cell](), list[str]()
            for source in sources:
                drill = Drill(source, servers, true, home / source)
                for cell in _cells(drill, faults):
                    cells.append(cell)
                    tell(len(cells), total, f"{source}: {cell.fault}")
                said = "\n".join([*logged, *(cell.said + cell.ended for cell in cells)])
                keys += seen(drill.folder, [*KEYS.values(), OTHER_KEY], said)
            hours = _hours(home / "hours", servers, faults, tell) if "hrfco" in sources else []
            keys += seen(home / "hours", [*KEYS.values(), OTHER_KEY], "\n".join(logged))
    figures = _figures(cells, hours) | {
        "key_seen": len(keys),
        "seconds": time.perf_counter() - began,
    }
    return {"figures": figures, "raw": _raw(cells, hours, keys)}


def _cells(drill: Drill, faults: Sequence[str]) -> Iterator[Cell]:
    drill.begin()
    for fault in faults:
        yield drill.cell(fault)


def _hours(home: Path, servers: list[Server], faults: Sequence[str], tell: Report) -> list[Hour]:
    """Return whole hours, each after a clean cycle and as the first cycle ever."""
    bases = {"nothing": hourly.prepare(home / "nothing")}
    bases["a clean cycle"] = hourly.begun(bases["nothing"], servers, home / "clean")
    hours: list[Hour] = []
    for fault in faults:
        for after, base in bases.items():
            tell(len(hours), 2 * len(faults), f"a whole hour after {after}: {fault}")
            hours.append(hourly.run(base, servers[1], fault, after))
    return hours


def _figures(cells: list[Cell], hours: list[Hour]) -> dict[str, float]:
    noticed = [c for c in cells if (c.source, c.fault) not in UNNOTICED]
    others = [c for c in cells if (c.source, c.fault) in UNNOTICED]
    return {
        "cycles": 2 * len(cells) + 3 * len({c.source for c in cells}) + len(hours),
        "cycles_ended": sum(bool(c.ended) for c in cells),
        "wrong": sum(c.wrong_then + c.wrong for c in noticed),
        "wrong_unnoticed": sum(c.wrong_then + c.wrong for c in others),
        "made_up_zeros": sum(c.zeros for c in cells),
        "blanked": sum(c.blanked for c in cells),
        "lost": sum(c.lost for c in cells),
        "hours": len(hours),
        "hours_ended": sum(bool(h.ended) for h in hours),
        "rash": sum(h.rash for h in hours),
    }


def _raw(cells: list[Cell], hours: list[Hour], keys: list[str]) -> dict[str, Any]:
    matrix: dict[str, dict[str, Any]] = {}
    for cell in cells:
        told = asdict(cell)
        del told["said"], told["source"], told["fault"]
        matrix.setdefault(cell.fault, {})[cell.source] = told
    return {"matrix": matrix, "hours": [asdict(hour) for hour in hours], "keys": keys}


def _silent(done: int, total: int, message: str) -> None:
    """Tell nobody."""
