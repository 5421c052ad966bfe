"""The bench of speed: training beside NeuralHydrology, and forecasts of many gauges.

FIGURES (s wall clock unless said; medians over rounds in turn; `_2t` = two threads, else one)
    train_ratio_nh            our samples per second / NeuralHydrology's, both as shipped
    train_ratio_nh_same_allocator   the same with memory kept by both (`forecast.threads`)
    .._processor              the same by processor seconds, which other load disturbs less
    train_samples_s_SIDE      samples per second of each side
    train_to_best_s           the LSTM of the Han River, until validation finds it at its best
    train_targets_s           values learnt per second on the way (NeuralHydrology: 1 per sample)
    forecast_ms_223           a forecast of 223 gauges, the longest look-back run anew
    forecast_s_20000          the same for 20,000 gauges; `_usual`: at a usual hour
    growth_exponent           of processor time from 2,000 to 20,000 gauges, 1 = linear
    peak_mb_20000             memory of that forecast; peak_mb_formula: the bound of `bound_mb`
RAW: every round, the least and the largest ratio, every look at validation; what was left out.
Network, loss, optimiser and data of the race: `bench_speed_task`; sizes as in Kratzert et al.
(2019), doi:10.5194/hess-23-5089-2019, but hourly.
"""

import os
import platform
from collections.abc import Callable
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from data.errors import MulgilError
from flows import bench_speed_environment as environment
from flows import bench_speed_forecast as forecast
from flows import bench_speed_learn as learn
from flows import bench_speed_nh as nh
from flows import bench_speed_race as race
from flows.bench_speed_task import Task
from forecast.threads import fast_dtype

Report = Callable[[int, int, str], None]
_PACKAGES = ("numpy", "torch", "xarray", "pandas")


def run(
    folder: Path | None, rounds: int, report: Report | None = None, task: Task | None = None
) -> dict[str, Any]:
    """Measure everything in one run.

    Args:
        folder: The record of the Han River; None leaves its training out.
        rounds: Of each side and each number of gauges; one more comes before and is not counted.

    Returns:
        {"figures", "settings", "machine", "raw"}, see the module.
    """
    tell, task = report or _silent, task or Task()
    raced, absent = against_rival(task, rounds, tell)
    told = forecast.measure(rounds, tell)
    learnt = learn.measure(folder, tell) if folder else None
    if learnt is None:
        absent.append("train_to_best_s: no record; pass --data FOLDER")
    made = race.figures(raced, task) | forecast.figures(told)
    return {
        "figures": made | (learn.figures(learnt) if learnt else {}),
        "settings": {"task": asdict(task), "rounds": rounds, "rival": environment.RIVAL},
        "machine": machine(),
        "raw": {
            "race": raced,
            "ratio_spread": race.spread(raced),
            "forecast": told,
            "learn": learnt,
            "absent": absent,
        },
    }


def against_rival(
    task: Task, rounds: int, report: Report
) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Return the race, ours alone where the rival cannot be installed, and why not."""
    absent = list[str]()
    with TemporaryDirectory() as place:
        folder = Path(place)
        report(0, 1, f"installing {environment.RIVAL}")
        try:
            python = environment.make(folder / "environment")
        except MulgilError as e:
            absent.append(f"train_ratio_nh: {e}")
            python = None
        nh.write(task, folder)
        return race.race(race.sides(python), task, rounds, folder, report), absent


def machine() -> dict[str, Any]:
    """Return what the figures depend on."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "fast_type": str(fast_dtype()).removeprefix("torch."),
        **{name: version(name) for name in _PACKAGES},
    }


def _silent(done: int, total: int, message: str) -> None:
    """Tell nobody."""
