"""What a worker does around each of its jobs: it keeps to one thread, whoever started it."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "NUMEXPR_MAX_THREADS": "1",
}


def alone(work: Callable[[Any], Any], job: Any) -> Any:
    """Do one job on one core.

    Torch is held back where the work has brought it; it is not brought in for work without it.
    """
    threads = sys.modules.get("forecast.threads")
    if threads is None:
        return work(job)
    with threads.on_cores(1), threads.one_thread():
        return work(job)


@contextmanager
def started_with(values: Mapping[str, str]) -> Iterator[None]:
    """Let processes that start meanwhile have these variables of the environment.

    It is put back as it was, whatever Dask's nanny, which sets some for good, has made of it.
    """
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        for name in [name for name in os.environ if name not in before]:
            del os.environ[name]
        os.environ.update(before)
