"""The bench of a whole cycle: pull, quality, archive, forecast, outlooks, site, feeds, publish.

FIGURES (N = 223, 2,000 and 20,000 gauges)
    cycle_s_N         a whole cycle in service, seconds; Prefect's start is not in it
    peak_mb_N         the most memory of its process [MB]
    growth_exponent   of processor time from the second to the last size, 1 = linear
    naive_s_N         the naive way, see `bench_cycle_naive`; naive_ratio_N: theirs / ours
RAW: seconds of each step by size and cycle; the slowest functions under a profiler.
The gauges are simulated, and told by the replay server on loopback, in another process.
"""

import multiprocessing
import os
import platform
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from flows import bench_cycle_naive as naive
from flows import bench_cycle_run as cycles
from flows import bench_cycle_world as world
from flows.bench_climate_growth import exponent

Report = Callable[[int, int, str], None]
SIZES: Final = (223, 2_000, 20_000)
BESIDE: Final = (223,)  # of the naive way: at 2,000 it takes more than eight minutes
_SPAWN = multiprocessing.get_context("spawn")


def run(
    report: Report, sizes: Sequence[int] = SIZES, beside: Sequence[int] = BESIDE
) -> dict[str, Any]:
    """Measure each size, the naive way beside it.

    Args:
        beside: Sizes at which the naive way is measured, too.

    Returns:
        {"figures", "settings", "machine", "raw"}, see the module.
    """
    found: dict[int, dict[str, Any]] = {}
    for done, gauges in enumerate(sizes):
        report(done, len(sizes), f"cycles of {gauges:,} gauges")
        with TemporaryDirectory() as place:
            found[gauges] = measure(gauges, Path(place))
            if gauges in beside:
                report(done, len(sizes), f"the naive way, {gauges:,} gauges")
                found[gauges]["naive"] = _alone(naive.run, str(Path(place) / "home"))
    report(len(sizes), len(sizes), "done")
    return {
        "figures": figures(found),
        "settings": {"sizes": list(sizes), "step_minutes": world.MINUTES, "lead_steps": 36},
        "machine": {
            "python": platform.python_version(),
            "system": f"{platform.system()} {platform.machine()}",
            "cores": os.cpu_count(),
            **{name: version(name) for name in ("numpy", "torch", "xarray")},
        },
        "raw": {str(gauges): each for gauges, each in found.items()},
    }


def measure(gauges: int, place: Path, count: int = cycles.CYCLES) -> dict[str, Any]:
    """Run the cycles of one size below a folder, against a server in another process."""
    moments = [world.FIRST + k * world.STEP for k in range(count + 1)]
    ours, theirs = _SPAWN.Pipe()
    server = _SPAWN.Process(target=serve, args=(gauges, place / "home", moments, theirs))
    server.start()
    try:
        urls = _heard(ours, server)
        return _alone(cycles.run, place / "home", urls, moments)
    finally:
        ours.close()
        server.terminate()
        server.join()


def serve(gauges: int, home: Path, moments: list[np.datetime64], pipe: Connection) -> None:
    """Prepare an installation, then serve until the pipe is closed; a process of its own."""
    true = world.truth(gauges)
    world.prepare(home, true)
    with world.served(true, moments) as urls:
        pipe.send(urls)
        pipe.poll(None)


def _heard(pipe: Connection, server: Any) -> list[str]:
    while not pipe.poll(0.2):
        if not server.is_alive():
            raise RuntimeError("The server of the bench ended before it had begun.")
    urls: list[str] = pipe.recv()
    return urls


def _alone(work: Callable[..., dict[str, Any]], *args: Any) -> dict[str, Any]:
    """Return what a function returns in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=_SPAWN) as pool:
        return pool.submit(work, *args).result()


def figures(found: dict[int, dict[str, Any]]) -> dict[str, float]:
    """Return the figures that stand for the whole: the last cycle that ran without a profiler."""
    told: dict[str, float] = {}
    for gauges, each in found.items():
        last = each["cycles"][-1]
        told[f"cycle_s_{gauges}"] = last["all_s"]
        told[f"cycle_processor_s_{gauges}"] = last["processor_s"]
        told[f"peak_mb_{gauges}"] = last["peak_mb"]
        if "naive" in each:
            told[f"naive_s_{gauges}"] = each["naive"]["all_s"]
            told[f"naive_ratio_{gauges}"] = each["naive"]["all_s"] / last["all_s"]
    if len(found) > 1:
        few, many = sorted(found)[-2:]
        pairs = [(n, found[n]["cycles"][-1]["processor_s"]) for n in (few, many)]
        told["growth_exponent"] = exponent(*pairs)
    return told
