"""Jobs on Dask workers: of this machine, or of a scheduler that is there already.

Dask's nanny sets MALLOC_TRIM_THRESHOLD_ to 64 KiB, which turns off that glibc learns which blocks
are worth keeping: the same work took six times as long. Workers that we start get what undoes it;
those of a cluster must be given it by whoever starts them (docs/scale.md), and we say if not.

Dask's messages are pickles: who can reach the scheduler can run code on its workers. It belongs
into a closed network.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

from data.errors import MulgilError, NothingThere
from flows.executor import RETRIES, Report, WorkerDied
from flows.executor_versions import MALLOC, Place, differences, here
from flows.executor_worker import ONE_THREAD, alone, started_with

PATIENCE = "10s"  # for an answer of the scheduler
_LOG = logging.getLogger("mulgil.executor")


@dataclass(frozen=True)
class Cluster:
    """A map over Dask workers.

    Attributes:
        address: HOST:PORT of a scheduler; "" starts `count` workers on this machine.
    """

    address: str
    count: int

    def __call__(
        self, work: Callable[[Any], Any], jobs: Sequence[Any], report: Report
    ) -> list[Any]:
        """Return the results in the order of the jobs; see `flows.executor.Map`.

        Raises:
            NothingThere: `distributed` is not installed, nobody answers, or there is no worker.
            WorkerDied: A job took its worker with it again and again.
            MulgilError: The workers have other versions.
        """
        if not jobs:
            return []
        with _client(self.address, min(self.count, len(jobs))) as client:
            _require_like_us(client)
            return _gathered(client, work, jobs, report)

    @contextmanager
    def lasting(self) -> Iterator[Callable[..., list[Any]]]:
        """Yield the same map whose workers stay from one call to the next.

        Raises:
            NothingThere, MulgilError: As a call.
        """
        with _client(self.address, self.count) as client:
            _require_like_us(client)
            yield partial(_gathered, client)


@contextmanager
def _client(address: str, count: int) -> Iterator[Any]:
    distributed = _distributed()
    import dask

    spawned = {**ONE_THREAD, **MALLOC}
    settings = {
        "distributed.nanny.pre-spawn-environ": spawned,  # what stands in ours goes before it
        "distributed.scheduler.allowed-failures": RETRIES,
    }
    with dask.config.set(settings), started_with({} if address else spawned):
        if not address:
            local = partial(distributed.LocalCluster, n_workers=count, threads_per_worker=1)
            with local(dashboard_address=None, memory_limit=0) as own, distributed.Client(own) as c:
                yield c
            return
        try:
            client = distributed.Client(f"tcp://{address}", timeout=PATIENCE)
        except OSError as error:
            raise NothingThere(
                f"No Dask scheduler answers at {address}.", "Start one: dask scheduler"
            ) from error
        with client:
            yield client


def _distributed() -> Any:
    """Return Dask's `distributed`, which most installations do without."""
    try:
        return import_module("distributed")
    except ImportError as error:
        raise NothingThere(
            "Dask's 'distributed' is not installed.",
            "Install it in the version of Dask that is there: pip install 'mulgil[dask]'",
        ) from error


def _require_like_us(client: Any) -> None:
    """Let only workers pass that have our code and our versions.

    Raises:
        NothingThere: There is no worker.
        MulgilError: One of them lacks our code, or has another version of what counts.
    """
    try:
        places: dict[str, Place] = client.run(here)
    except (ImportError, AttributeError, RuntimeError) as error:
        raise MulgilError(
            f"The workers cannot load Mulgil: {error}.",
            "Install the same version of it on the scheduler and on every worker.",
        ) from error
    if not places:
        raise NothingThere("The Dask scheduler has no workers.", "Start some: dask worker ADDRESS")
    wrong = differences(here(), places)
    if wrong:
        raise MulgilError(
            f"Workers are not as this process: {'; '.join(wrong)}.",
            "Install the same requirements.lock everywhere.",
        )
    slow = [name for name, place in places.items() if place.malloc != MALLOC]
    if slow:
        told = " ".join(f"{name}={value}" for name, value in MALLOC.items())
        _LOG.warning("%s may be several times slower: start workers with %s", slow[0], told)


def _gathered(
    client: Any, work: Callable[[Any], Any], jobs: Sequence[Any], report: Report
) -> list[Any]:
    distributed = _distributed()
    waiting = client.map(partial(alone, work), jobs, pure=False, batch_size=None)
    number = {future.key: row for row, future in enumerate(waiting)}
    made: dict[int, Any] = {}
    try:
        for future in distributed.as_completed(waiting):
            row = number[future.key]
            made[row] = _result(future, jobs[row], distributed.KilledWorker)
            report(len(made), len(jobs), str(jobs[row]))
    finally:
        client.cancel(waiting)
    return [made[row] for row in range(len(jobs))]


def _result(future: Any, job: Any, killed: type[Exception]) -> Any:
    try:
        return future.result()
    except killed as error:
        raise WorkerDied(
            f"A worker died {RETRIES + 1} times while it did {job}.",
            "It may lack memory: look at the log of the worker.",
        ) from error
