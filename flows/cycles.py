"""One cycle of each of several networks, side by side: how many more gauges are forecast in time.

Floods do not cross basins, so a nation is several networks: each has its own store, lock, deadline
and folder of the site, and one that fails takes no other with it. Each cycle is a job of an engine
(`flows.executor`); publishing waits for its turn, since the site is one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from data.errors import MulgilError
from flows import catching_up, cycle, pulling, settings
from flows.cycle import Cycle, How
from flows.executor import executor
from flows.redaction import redact

Report = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Job:
    """The cycle of one network; a worker reads settings and keys where it is, none travels.

    Attributes:
        due: UTC; None: the last grid time of its cadence.
        every: Minutes between cycles; 0 is the step of the network.
        deadline: Seconds that providers have; None: as in `flows.cycle`.
    """

    network: str
    due: np.datetime64 | None = None
    every: int = 0
    deadline: float | None = None
    catch_up: bool = True

    def __str__(self) -> str:
        return self.network


def run(
    jobs: Sequence[Job], engine: tuple[str, int] = ("local", 0), report: Report = lambda *_: None
) -> list[Cycle]:
    """Run the cycles and return what each did, in the order of the jobs.

    Args:
        engine: And how many workers.

    Raises:
        WorkerDied: A cycle took its worker with it again and again.
    """
    return executor(*engine)(one, jobs, report)


def one(job: Job) -> Cycle:
    """Run the cycle of one network, and what it missed; what is wrong is told, not raised."""
    found = settings.read()
    every = np.timedelta64(job.every, "m") if job.every else None
    try:
        done = cycle.run(job.network, found, due=job.due, how=How(every, job.deadline))
        if job.catch_up:
            catching_up.fill(done, found, every or pulling.find(job.network, found.folders).step)
    except MulgilError as error:
        when = job.due if job.due is not None else pulling.this_moment()
        return Cycle(job.network, when, "failed", None, None, 0.0, redact(str(error)))
    return done


def worst(statuses: Sequence[int]) -> int:
    """Return the exit status of all: 0 only if each was issued; what cannot be done comes first."""
    for status in (1, 75, 3, 4):
        if status in statuses:
            return status
    return 0


def figures(done: Sequence[Cycle], wall: float) -> dict[str, Any]:
    """Return seconds of all, and of the slowest, and how many were issued."""
    return {
        "networks": len(done),
        "issued": sum(each.state in cycle.ISSUED for each in done),
        "seconds": round(wall, 3),
        "slowest_s": max((each.seconds for each in done), default=0.0),
    }
