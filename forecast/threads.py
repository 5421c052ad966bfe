"""How torch may use this machine: one thread, and memory that is kept instead of given back.

The workspace of one LSTM step is larger than 32 MiB; glibc maps and unmaps every such block anew,
and the page faults then cost more than the arithmetic (measured: a third of the speed).
"""

import ctypes
import platform
from collections.abc import Iterator
from contextlib import contextmanager

import torch

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
    """Run torch on one thread: with other load on the machine, several are many times slower."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def fast_dtype() -> torch.dtype:
    """Return bfloat16 where the processor multiplies it natively, else float32."""
    asked = getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
    return torch.bfloat16 if asked() else torch.float32
