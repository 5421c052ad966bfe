"""Where batch work runs: one function over many jobs, on this machine or on a Dask cluster.

`executor("local")` returns a map; all of them give the same results, in the order of the jobs:

    serial            one job after the other, in this process
    processes         fresh processes, one a core
    local             the same where there are several jobs and cores, else serial
    dask              Dask workers on this machine, one a core
    dask://HOST:PORT  the workers of a Dask scheduler that is there already

A job is small (paths, a month) and so is its result: workers read and write files, so a cluster
needs a folder that all of it sees (docs/scale.md). A job whose worker died runs again, up to
`RETRIES` times; so it must write whole or not at all, and may run twice. An error that a job raises
ends the work. Each worker computes on one thread.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from data.errors import InvalidData, MulgilError

RETRIES = 3
NAMES = ("local", "serial", "processes", "dask")
_SCHEDULER = re.compile(r"dask://(\[[0-9A-Fa-f:.]+\]|[\w.-]+):\d{1,5}")
Report = Callable[[int, int, str], None]


class WorkerDied(MulgilError):
    """A job took its worker with it, again and again."""


class Map(Protocol):
    """What runs a function over jobs."""

    def __call__(
        self, work: Callable[[Any], Any], jobs: Sequence[Any], report: Report
    ) -> list[Any]:
        """Return the results in the order of the jobs.

        Args:
            work: A function of a module: workers find it by its name.
            report: Told of the jobs done, of all, and of the one that was done last.

        Raises:
            WorkerDied: A job took its worker with it again and again.
        """


def executor(engine: str = "local", workers: int = 0) -> Map:
    """Return what runs jobs on an engine.

    Args:
        workers: How many at once on this machine; 0 is one a core. A cluster has its own number.

    Raises:
        InvalidData: There is no such engine.
    """
    require_known(engine)
    if engine == "serial":
        return in_order
    if not workers:
        from forecast.threads import cores  # brings torch, which not all work needs

        workers = cores()
    if engine.startswith("dask"):
        from flows.executor_dask import Cluster

        return Cluster(engine.partition("://")[2], workers)
    from flows.executor_processes import Processes

    return Processes(workers, always=engine == "processes")


@contextmanager
def lasting(engine: str = "local", workers: int = 0) -> Iterator[Map]:
    """Yield what runs jobs on an engine and keeps its workers from one call to the next.

    To start workers takes seconds; so this is for work that comes in several calls.

    Raises:
        InvalidData: There is no such engine.
    """
    run = executor(engine, workers)
    if run is in_order:
        yield run
        return
    with run.lasting() as kept:  # type: ignore[attr-defined]  # of Processes and of Cluster
        yield kept


def require_known(engine: str) -> str:
    """Return the name of an engine unchanged.

    Raises:
        InvalidData: There is none of that name.
    """
    if engine in NAMES or _SCHEDULER.fullmatch(engine):
        return engine
    raise InvalidData(
        f"'{engine}' is no engine.",
        f"Choose {', '.join(NAMES)}, or a scheduler's address such as dask://10.0.0.5:8786.",
    )


def in_order(work: Callable[[Any], Any], jobs: Sequence[Any], report: Report) -> list[Any]:
    """Do one job after the other, in this process."""
    made = []
    for job in jobs:
        made.append(work(job))
        report(len(made), len(jobs), str(job))
    return made
