"""How torch may use this machine: one thread per task, and memory that is kept, not given back.

The workspace of one LSTM step is larger than 32 MiB; glibc maps and unmaps every such block anew,
and the page faults then cost more than the arithmetic (measured: a third of the speed).
"""

import ctypes
import os
import platform
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import pairwise
from typing import TypeVar

import torch

Part = TypeVar("Part")
Made = TypeVar("Made")
LEAST = 64
_ALLOWED: ContextVar[int | None] = ContextVar("_ALLOWED", default=None)
_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_MAX = -1, -2, -4  # malloc.h of glibc


def keep_memory() -> bool:
    """Tell glibc to keep freed blocks for the next step; return False where there is no glibc."""
    if platform.libc_ver()[0] != "glibc":
        return False
    libc = ctypes.CDLL(None)
    settings = ((_M_MMAP_MAX, 0), (_M_TRIM_THRESHOLD, 2**31 - 1), (_M_TOP_PAD, 2**28))
    return all(libc.mallopt(name, value) for name, value in settings)


@contextmanager
def one_thread() -> Iterator[None]:
    """Run torch on one thread: with other load on the machine, several are many times slower.

    Numbers below 1e-38 count as 0 meanwhile: the gradient of a network that forgets fast is full
    of them, and the processor takes them one by one (measured: a third of the speed).
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)
        torch.set_num_threads(before)


@contextmanager
def on_cores(count: int) -> Iterator[None]:
    """Let work use so many processors and no more: others do the rest of it on the others."""
    before = _ALLOWED.set(count)
    try:
        yield
    finally:
        _ALLOWED.reset(before)


def cores() -> int:
    """Return how many processors this process may use."""
    allowed = _ALLOWED.get()
    if allowed is not None:
        return allowed
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def shares(number: int, most: int) -> list[slice]:
    """Divide so many things evenly: none of the shares above `most`, and one for each core.

    Fewer than `LEAST` things are not worth a share of their own.
    """
    count = max(-(-number // max(most, 1)), min(cores(), number // LEAST), 1)
    return [slice(*ends) for ends in pairwise(number * n // count for n in range(count + 1))]


def side_by_side(work: Callable[[Part], Made], parts: Sequence[Part]) -> list[Made]:
    """Do the parts of some work on all cores, each on one thread of torch; keep their order.

    Unlike the threads within an operation they do not wait for each other, so other load on the
    machine takes no more than its share.
    """
    count = min(cores(), len(parts))
    if count == 1:
        return [work(part) for part in parts]
    with ThreadPoolExecutor(count, initializer=torch.set_num_threads, initargs=(1,)) as pool:
        return list(pool.map(work, parts))


def fast_dtype() -> torch.dtype:
    """Return bfloat16 where the processor multiplies it faster than float32, else float32.

    That is where it has tiles for it (AMX), and on AMD's with AVX512_BF16. Intel's multiply it at
    half the speed of float32 where they have no tiles (or a virtual machine hides them): measured.
    """
    can: dict[str, object] = getattr(torch.cpu, "get_capabilities", dict)()
    amd = "AMD" in str(can.get("cpu_name", ""))
    fast = can.get("amx_bf16") or (amd and can.get("avx512_bf16"))
    return torch.bfloat16 if fast else torch.float32
