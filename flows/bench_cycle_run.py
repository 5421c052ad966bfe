"""Cycles of one size of network, one after the other, in a process of their own."""

import cProfile
import pstats
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from data.errors import MulgilError
from flows import bench_cycle_world as world
from flows import cycle, cycle_steps, manifest, pulling
from flows.cycle_steps import Steps
from flows.folders import Folders
from maps.publish import broken

T = TypeVar("T")
CYCLES = 5  # the site has its releases by then: every file is as in service
FEW = 0.01  # of the gauges, without a forecast: of some the quality control doubts the readings
TOP = 40  # functions of the profile


def run(home: Path, urls: list[str], moments: list[np.datetime64]) -> dict[str, Any]:
    """Run one cycle at each moment, the last of them under a profiler.

    Returns:
        cycles: by cycle `all_s`, seconds of each step, processor seconds, MB at its end;
        profile: functions by their seconds in the last; site: files that are not whole.
    """
    folders, rows = Folders(home), []
    for url, moment in zip(urls[:-1], moments[:-1], strict=True):
        rows.append(_cycle(folders, url, moment))
    profiler = cProfile.Profile()
    profiler.runcall(_cycle, folders, urls[-1], moments[-1])
    return {
        "cycles": rows,
        "profile": _top(pstats.Stats(profiler)),
        "broken": broken((folders.site / "current").resolve()),
    }


def _cycle(folders: Folders, url: str, moment: np.datetime64) -> dict[str, float]:
    took: dict[str, float] = {}
    steps = _timed(Steps(), took)
    settings = world.settings(folders, url)
    wall, processor = time.perf_counter(), time.process_time()
    with world.at(moment):
        did = cycle.run(world.NAME, settings, due=moment, now=moment, how=cycle.How(steps=steps))
    took["all_s"] = time.perf_counter() - wall
    took["processor_s"] = time.process_time() - processor
    took["peak_mb"] = _peak_mb()
    if did.run is None or did.release is None:
        raise MulgilError(f"A cycle of the bench did not come to its end: {did.told}")
    record = manifest.load(did.run)
    gauges = len(pulling.find(world.NAME, folders).ids)
    slow = any(state.startswith(("failed", "not set up")) for state in record.providers.values())
    if slow or len(record.degraded) > FEW * gauges:
        raise MulgilError(f"A cycle of the bench was degraded: {did.told}")
    took["unknown"] = len(record.degraded)
    return took | {f"{name}_s": seconds for name, seconds in record.timings.items()}


def _timed(steps: Steps, took: dict[str, float]) -> Steps:
    """Return the steps of a cycle, each of which notes its seconds."""

    def clocked(name: str, step: Callable[..., T], *args: Any) -> T:
        begun = time.perf_counter()
        found = step(*args)
        took[f"step_{name}_s"] = time.perf_counter() - begun
        return found

    return replace(
        steps,
        pull=partial(clocked, "pull", cycle_steps.pull),
        issue=partial(clocked, "issue", cycle_steps.issue),
        publish=partial(clocked, "publish", cycle_steps.publish),
        follow=partial(clocked, "follow", cycle_steps.follow),
    )


def _peak_mb() -> float:
    """Return the most memory that this process has had so far [MB]."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1e6 if sys.platform == "darwin" else most * 1024 / 1e6


def _top(told: pstats.Stats) -> list[dict[str, Any]]:
    """Return the functions of this project that took longest, those below them included."""
    rows = [
        {"function": f"{Path(file).parent.name}/{Path(file).name}:{name}", "s": round(row[3], 3)}
        for (file, _, name), row in told.stats.items()  # type: ignore[attr-defined]
        if any(f"/{room}/" in file for room in ("data", "forecast", "maps", "flows"))
        and "site-packages" not in file
    ]
    return sorted(rows, key=lambda row: -float(row["s"]))[:TOP]
