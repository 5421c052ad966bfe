"""Jobs in fresh processes of this machine; one that dies takes no more with it than its own job.

The pool of the standard library breaks as a whole when one of its processes dies, and does not say
whose job it was. So no more jobs are handed out than there are processes: all that were under way
count as suspect, and run again in a new pool.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from flows.climate.workers import workers
from flows.executor import RETRIES, Report, WorkerDied, in_order
from flows.executor_worker import ONE_THREAD, alone, started_with


@dataclass(frozen=True)
class Processes:
    """A map over so many processes.

    Attributes:
        always: Also where this process could do it alone as fast: one job, or one core.
        pools: Gives the processes, for a call or longer.
    """

    count: int
    always: bool = True
    pools: Callable[[int], AbstractContextManager[ProcessPoolExecutor]] = workers

    def __call__(
        self, work: Callable[[Any], Any], jobs: Sequence[Any], report: Report
    ) -> list[Any]:
        """Return the results in the order of the jobs; see `flows.executor.Map`."""
        count = min(self.count, len(jobs))
        if not jobs or (count < 2 and not self.always):
            return in_order(work, jobs, report)
        state = _State(list(jobs), {}, Counter())
        with started_with(ONE_THREAD):
            while len(state.made) < len(jobs):
                with self.pools(count) as pool:
                    _until_broken(pool, work, state, (count, report))
        return [state.made[number] for number in range(len(jobs))]

    @contextmanager
    def lasting(self) -> Iterator["Processes"]:
        """Yield the same map whose processes stay from one call to the next."""
        kept = _Kept(self.count)
        try:
            yield replace(self, pools=kept)
        finally:
            kept.end()


class _Kept:
    """Processes that stay; of those that died, all are begun anew."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._pool: ProcessPoolExecutor | None = None

    @contextmanager
    def __call__(self, _: int) -> Iterator[ProcessPoolExecutor]:
        if self._pool is None or self._is_broken(self._pool):
            self.end()
            self._pool = workers(self._count)
        yield self._pool

    def end(self) -> None:
        """Let the processes end."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    @staticmethod
    def _is_broken(pool: ProcessPoolExecutor) -> bool:
        try:
            pool.submit(int).result()
        except RuntimeError:  # it is broken, or was shut down after an error
            return True
        return False


@dataclass(frozen=True)
class _State:
    """How far the work is: results and deaths by number of the job."""

    jobs: list[Any]
    made: dict[int, Any]
    deaths: Counter[int]


def _until_broken(
    pool: ProcessPoolExecutor,
    work: Callable[[Any], Any],
    state: _State,
    how: tuple[int, Report],
) -> None:
    """Do what is left, until it is done or a process has died."""
    count, report = how
    left = [number for number in range(len(state.jobs)) if number not in state.made]
    under_way: dict[Future[Any], int] = {}
    try:
        while left or under_way:
            while left and len(under_way) < count:
                job = pool.submit(alone, work, state.jobs[left[0]])
                under_way[job] = left.pop(0)
            for done in wait(under_way, return_when=FIRST_COMPLETED).done:
                state.made[under_way[done]] = done.result()
                report(len(state.made), len(state.jobs), str(state.jobs[under_way.pop(done)]))
    except BrokenProcessPool:
        _suspect([n for n in under_way.values() if n not in state.made], state)
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise


def _suspect(numbers: list[int], state: _State) -> None:
    """Count a death against jobs that were under way.

    Raises:
        WorkerDied: It was not the first of one of them.
    """
    state.deaths.update(numbers)
    worst = [str(state.jobs[n]) for n in numbers if state.deaths[n] > RETRIES]
    if worst:
        raise WorkerDied(
            f"A process died {RETRIES + 1} times while it did one of these: {'; '.join(worst)}.",
            "It may lack memory: look at the system's log, or use fewer workers.",
        )
