"""Update the climate map: what is missing is computed, what is there is taken as it is."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from flows.climate import large_runs, steps
from flows.climate.shown import show
from flows.climate.sources import Futures, Plan
from flows.executor import executor, lasting
from flows.folders import Folders

Progress = Callable[[int, int, str], None]
KEEP = 2  # atlases and pages of earlier updates that stay


@dataclass(frozen=True)
class Job:
    """One model run to compute."""

    home: Path
    measured: Path
    plan: Plan

    def __str__(self) -> str:
        return f"{self.plan.model} {self.plan.scenario}"

    @property
    def path(self) -> Path:
        """Return the file of the run, made or not."""
        return steps.projected(self.home, self.measured, self.plan)


def update(
    folders: Folders,
    chosen: Futures,
    report: Progress = lambda *_: None,
    workers: int = 0,
    engine: str = "local",
) -> Path:
    """Bring the climate map up to date and return the folder of its pages.

    Args:
        report: Told of steps done and in all.
        workers: Processes for the model runs; 0 takes one a core, at most four.
        engine: Where the model runs are computed; see `flows.executor`.
    """
    home = folders.climate
    plans = chosen.plans()
    total = len(plans) + 3
    measured = steps.stations(home)
    report(1, total, "observed record")
    progress = partial(_further, report, total)
    projected = project_all(home, measured, plans, progress, workers, engine)
    atlas = steps.atlas(home, measured, projected, chosen)
    report(total - 1, total, "atlas")
    pages = steps.pages(home, atlas)
    report(total, total, "pages")
    show(folders, atlas, pages)
    steps.forget(home, {atlas.name, pages.name}, KEEP)
    steps.forget_superseded(measured, projected)
    return pages


def _further(report: Progress, total: int, done: int, name: str) -> None:
    report(1 + done, total, name)


def project_all(
    home: Path,
    measured: Path,
    plans: Sequence[Plan],
    report: Callable[[int, str], None],
    workers: int = 0,
    engine: str = "local",
) -> list[Path]:
    """Compute all model runs, several at a time; those already there are only named.

    Of a run too large for memory, the parts are computed several at a time, after the others.
    """
    most = workers or min(os.cpu_count() or 1, 4)
    jobs = [Job(home, measured, plan) for plan in plans]
    missing = [job for job in jobs if not job.path.exists()]
    large = {job: grid for job in missing if (grid := job.plan.large())}
    small = [job for job in missing if job not in large]
    there = len(jobs) - len(missing)
    executor(engine, min(most, max(len(small), 1)))(
        project, small, lambda done, _, name: report(there + done, name)
    )
    if large:
        with lasting(engine, most) as run:
            for done, (job, grid) in enumerate(large.items(), start=there + len(small)):
                work = large_runs.Work(run, partial(_tell, report, done, job))
                large_runs.project(home, measured, job.plan, grid, work)
                report(done + 1, str(job))
    return [job.path for job in jobs]


def _tell(report: Callable[[int, str], None], done: int, job: Job, what: str) -> None:
    report(done, f"{job}: {what}")


def project(job: Job) -> Path:
    """Compute one model run, unless it is there."""
    return steps.project(job.home, job.measured, job.plan)
