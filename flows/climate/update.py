"""Update the climate map: what is missing is computed, what is there is taken as it is."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import as_completed
from pathlib import Path

from flows.climate import steps
from flows.climate.shown import show
from flows.climate.sources import Futures, Plan
from flows.climate.workers import workers as processes
from flows.folders import Folders

Progress = Callable[[int, int, str], None]
KEEP = 2  # atlases and pages of earlier updates that stay


def update(
    folders: Folders, chosen: Futures, report: Progress = lambda *_: None, workers: int = 0
) -> Path:
    """Bring the climate map up to date and return the folder of its pages.

    Args:
        report: Told of steps done and in all.
        workers: Processes for the model runs; 0 takes one a core, at most four.
    """
    home = folders.climate
    plans = chosen.plans()
    total = len(plans) + 3
    measured = steps.stations(home)
    report(1, total, "observed record")
    projected = project_all(home, measured, plans, lambda n, m: report(1 + n, total, m), workers)
    atlas = steps.atlas(home, measured, projected, chosen)
    report(total - 1, total, "atlas")
    pages = steps.pages(home, atlas)
    report(total, total, "pages")
    show(folders, atlas, pages)
    steps.forget(home, {atlas.name, pages.name}, KEEP)
    steps.forget_superseded(measured, projected)
    return pages


def project_all(
    home: Path,
    measured: Path,
    plans: Sequence[Plan],
    report: Callable[[int, str], None],
    workers: int = 0,
) -> list[Path]:
    """Compute all model runs, several at a time; those already there are only named."""
    count = min(workers or min(os.cpu_count() or 1, 4), len(plans))
    if count < 2 or all(steps.projected(home, measured, plan).exists() for plan in plans):
        found = []
        for done, plan in enumerate(plans, start=1):
            found.append(steps.project(home, measured, plan))
            report(done, f"{plan.model} {plan.scenario}")
        return found
    with processes(count) as pool:
        waiting = {pool.submit(steps.project, home, measured, plan): plan for plan in plans}
        for done, future in enumerate(as_completed(waiting), start=1):
            future.result()
            report(done, f"{waiting[future].model} {waiting[future].scenario}")
    return [steps.projected(home, measured, plan) for plan in plans]
