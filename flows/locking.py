"""A lock of the kernel: one process at a time, and a dead one never stands in the way."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(path: Path) -> Iterator[bool]:
    """Hold a lock while the block lasts; yield whether it is ours, without waiting for it.

    The kernel frees it when its holder ends, however it ends. The file says who held it last.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        _sign(file.fileno())
        yield True


def holder(path: Path) -> str:
    """Return the process id that a lock names last; "" if nobody ever held it."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def _sign(descriptor: int) -> None:
    """Note our process id for a person to see; on a full disk the lock holds all the same."""
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
    except OSError:
        return
