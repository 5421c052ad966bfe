"""Work on the parts of a large array several at a time, in threads.

A sum over a year of cells waits for memory most of the time, and NumPy lets other threads run
meanwhile: two cores do nearly twice as much. Small arrays are worked on one part after the other.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np

Part = TypeVar("Part")
LARGE = 8e6  # bytes: of less, starting threads costs more than they save
MOST = 4


def at_once(
    work: Callable[[Part], np.ndarray], parts: Sequence[Part], size: float = 0.0
) -> np.ndarray:
    """Return (part, ...): what `work` makes of each part, in their order.

    Args:
        work: Must not change what it is given; returns the same shape and type for each part.
        size: Bytes of the array that the parts are of.
    """
    count = threads()
    if size < LARGE or count < 2:
        return _put_together(map(work, parts), len(parts))
    with ThreadPoolExecutor(count) as pool:
        return _put_together(pool.map(work, parts), len(parts))


def threads() -> int:
    """Return how many threads to use: what OMP_NUM_THREADS allows, as in a worker of an engine."""
    allowed = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0]
    return min(int(allowed) if allowed.isdecimal() and int(allowed) else os.cpu_count() or 1, MOST)


def _put_together(found: Iterable[np.ndarray], count: int) -> np.ndarray:
    """Return results as one array, without a second copy of them all."""
    out = np.empty(0)
    for row, each in enumerate(found):
        if not row:
            out = np.empty((count, *np.shape(each)), np.asarray(each).dtype)
        out[row] = each
    return out
