"""Processes for the model runs, which end when their parent ends, however it ends."""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from threading import Thread


def workers(count: int) -> ProcessPoolExecutor:
    """Return a pool of fresh processes; a killed parent leaves none of them behind.

    The standard library's own would wait for work for ever, each with its memory.
    """
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(count, mp_context=spawn, initializer=_end_with_parent)


def _end_with_parent() -> None:
    """Watch the parent from a thread; the steps leave only `.part` files when cut short."""
    Thread(target=_watch, daemon=True).start()


def _watch() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)
