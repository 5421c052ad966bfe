"""A deadline for asking: a provider that has not answered is left behind, and stores nothing later.

The work of a provider runs in a thread of its own. A thread cannot be stopped from outside, so one
that hangs goes on until its connection ends; its gate is closed, and what it brings is refused.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from data.errors import SourceUnavailable

T = TypeVar("T")
SHARE = 0.5  # of the time left: the most that one provider may take, so that the next has some


class Gate:
    """What is brought before it closes is stored, what is brought later is refused."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._closed = False

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Store while the block lasts; closing waits for its end.

        Raises:
            SourceUnavailable: The gate is closed.
        """
        with self._lock:
            if self._closed:
                raise SourceUnavailable("The answer came after the deadline.", "It comes again.")
            yield

    def close(self) -> None:
        """Refuse whatever comes from now on."""
        with self._lock:
            self._closed = True


class Deadline:
    """The time by which all providers must have answered."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._end = clock() + seconds
        self._left_behind: set[str] = set()

    @property
    def left(self) -> float:
        """Seconds until the deadline, 0 after it."""
        return max(self._end - self._clock(), 0.0)

    def wait_for(self, source: str, work: Callable[[Gate], T]) -> T:
        """Return what `work` returns, if it does so in its share of the time that is left.

        Raises:
            SourceUnavailable: It does not; or this source was left behind before.
        """
        if source in self._left_behind:
            raise SourceUnavailable("Not asked again in this cycle: it was left behind.")
        patience, gate = SHARE * self.left, Gate()
        if patience <= 0:
            raise SourceUnavailable("Not asked: the deadline of this cycle has passed.")
        done: list[tuple[Any, BaseException | None]] = []
        name = f"ask {source}"
        thread = threading.Thread(target=_do, args=(work, gate, done), name=name, daemon=True)
        thread.start()
        thread.join(patience)
        if not done:
            gate.close()
            self._left_behind.add(source)
            raise SourceUnavailable(
                f"No whole answer in {patience:.0f} s: left behind, the forecast does not wait."
            )
        result, error = done[0]
        if error is not None:
            raise error
        found: T = result
        return found


def _do(
    work: Callable[[Gate], T], gate: Gate, done: list[tuple[Any, BaseException | None]]
) -> None:
    """Note what some work returns or raises."""
    try:
        done.append((work(gate), None))
    except BaseException as error:  # noqa: BLE001  # raised again where it is waited for
        done.append((None, error))
