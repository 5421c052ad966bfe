"""Hindcast: every forecast of a period as it would have been issued then.

As known at each issue time: what was received later than it and the network's delay is not seen.
The model is the one in service now; fall-backs and widths that were decided from what was issued
are left out. `flows.hindcast_month` makes a month, on any engine; months that are there from the
same inputs stay, so that a killed run goes on where it was.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from data import steps
from data.archive import Window
from data.errors import InvalidData, OutsideRecord
from data.network import Network
from flows import models, pulling
from flows.executor import executor
from flows.folders import Folders
from flows.hindcast_month import Job, Made, folder, make
from flows.moments import span

Report = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Asked:
    """What is asked for.

    Attributes:
        first, last: Times, UTC; issue times are those of the grid from the one to the other.
        every: Steps from one issue time to the next.
        exact: Whether values are kept to the bit, in twice the space.
        engine, workers: See `flows.executor`.
    """

    first: np.datetime64
    last: np.datetime64
    every: int = 1
    exact: bool = False
    engine: str = "local"
    workers: int = 0


def hindcast(
    name: str, folders: Folders, asked: Asked, report: Report = lambda *_: None
) -> dict[str, Any]:
    """Make all hindcasts of a period and return what is to be told of them, ready for JSON.

    Raises:
        OutsideRecord: The record has no time in that period.
        InvalidData: The period ends before it begins, or no step is asked for.
        NothingThere: Nothing was pulled, or no model is in service.
    """
    network = pulling.find(name, folders)
    model = models.require_serving(folders, network)
    jobs = jobs_of(network, folders, asked)
    first = Window(jobs[0].first, jobs[0].first)
    pulling.open_network(name, folders, first)  # learns thresholds once, before all workers do
    made = executor(asked.engine, min(asked.workers, len(jobs)))(make, jobs, report)
    return _told(network, folders, asked, made) | {"model": model.model_id}


def jobs_of(network: Network, folders: Folders, asked: Asked) -> list[Job]:
    """Return the months of a period.

    Raises:
        OutsideRecord: The record has no time in that period.
        InvalidData: The period ends before it begins, or no step is asked for.
    """
    if asked.every < 1 or asked.first > asked.last:
        raise InvalidData(
            f"From {asked.first} to {asked.last}, every {asked.every} steps, there is no forecast.",
            "Name the earlier time first, and at least one step.",
        )
    begin, end = span(network, folders)
    first = steps.next_(max(asked.first, begin), network.step)
    last = steps.last(min(asked.last, end), network.step)
    if first > last:
        raise OutsideRecord(
            f"The record of '{network.name}' has no time from {str(asked.first)[:16]}Z to "
            f"{str(asked.last)[:16]}Z.",
            f"It goes from {str(begin)[:16]}Z to {str(end)[:16]}Z.",
        )
    issues = np.arange(first, last + network.step, asked.every * network.step)
    issues = issues.astype("datetime64[ns]")
    months = issues.astype("datetime64[M]")
    ends = [issues[months == month][[0, -1]] for month in np.unique(months)]
    return [
        Job(folders.home, network.name, one, other, asked.every, asked.exact) for one, other in ends
    ]


def _told(network: Network, folders: Folders, asked: Asked, made: list[Made]) -> dict[str, Any]:
    seconds: dict[str, float] = {}
    for month in made:
        for step, took in month.seconds.items():
            seconds[step] = round(seconds.get(step, 0.0) + took, 3)
    new = [month for month in made if not month.kept]
    where = folder(folders, network.name)
    together = sum((m.issues - m.alone) for m in new) * len(network.ids)
    model_s = seconds.get("model", 0.0)
    return {
        "network": network.name,
        "kind": "hindcast",
        "simulated": network.simulated,
        "from": f"{str(asked.first)[:16]}Z",
        "to": f"{str(asked.last)[:16]}Z",
        "every_steps": asked.every,
        "engine": asked.engine,
        "issue_times": sum(month.issues for month in made),
        "gauge_forecasts": sum(month.forecasts for month in made),
        "months_made": len(new),
        "months_kept": len(made) - len(new),
        "issue_times_alone": sum(month.alone for month in made),
        "seconds": seconds,
        "model_step_per_s": round(together / model_s) if model_s else None,
        "folder": str(where),
        "mb": round(sum(_size(where / f"{month.month}.nc") for month in made) / 1e6, 3),
        "notes": _notes(network, asked, made),
    }


def _size(path: Path) -> int:
    return path.stat().st_size


def _notes(network: Network, asked: Asked, made: list[Made]) -> list[str]:
    """Return what must be known before these forecasts are judged, a sentence each."""
    said = [
        "Made with the model in service now, not with those of then. Fall-backs to persistence and "
        "widths that were decided from issued forecasts are left out."
    ]
    first, last = (int(str(time)[:4]) for time in (asked.first, asked.last))
    begin, end = network.split.train[0], network.split.validate[1]
    if first <= end and last >= begin:
        said.append(
            f"The model learnt from {begin}–{end}, or was chosen by them: no test of skill there."
        )
    alone = sum(month.alone for month in made)
    if alone:
        said.append(
            f"{alone} issue times were read one by one: something was known otherwise then, or "
            "rain was forecast."
        )
    return said
