import os
import platform
from threading import Barrier, get_ident

import pytest
import torch

from forecast import threads
from forecast.threads import fast_dtype, keep_memory, one_thread, shares, side_by_side


def test_torch_gets_its_threads_back_afterwards() -> None:
    before = torch.get_num_threads()
    with one_thread():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == before


def test_tiny_numbers_count_as_none_meanwhile() -> None:
    tiny = torch.tensor([1e-39])
    if not torch.set_flush_denormal(False):
        pytest.skip("this processor takes tiny numbers as they are")
    assert (tiny * 1).item() > 0
    with one_thread():
        assert (tiny * 1).item() == 0
    assert (tiny * 1).item() > 0


def test_memory_is_left_alone_where_there_is_no_glibc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "libc_ver", lambda: ("", ""))
    assert keep_memory() is False


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="needs glibc")
def test_glibc_accepts_that_memory_is_kept() -> None:
    assert keep_memory() is True


CAPABLE = {
    "tiles": ({"amx_bf16": True, "avx512_bf16": True, "cpu_name": "Intel Xeon"}, torch.bfloat16),
    "amd": ({"avx512_bf16": True, "cpu_name": "AMD EPYC 9R14"}, torch.bfloat16),
    "intel without tiles": ({"avx512_bf16": True, "cpu_name": "Intel Xeon"}, torch.float32),
    "older amd": ({"avx512_bf16": False, "cpu_name": "AMD EPYC 7763"}, torch.float32),
    "arm": ({"cpu_name": "Apple M3"}, torch.float32),
}


@pytest.mark.parametrize(("found", "fast"), CAPABLE.values(), ids=CAPABLE)
def test_short_numbers_are_used_where_the_processor_is_faster_with_them(
    found: dict[str, object], fast: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: found, raising=False)
    assert fast_dtype() is fast


def test_numbers_stay_whole_where_torch_cannot_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)
    assert fast_dtype() is torch.float32


def test_every_core_gets_a_share_and_none_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "cores", lambda: 2)
    assert shares(223, 512) == [slice(0, 111), slice(111, 223)]
    assert shares(90, 512) == [slice(0, 90)]  # too few to divide
    assert shares(10, 4) == [slice(0, 3), slice(3, 6), slice(6, 10)]
    assert shares(5, 0) == [slice(n, n + 1) for n in range(5)]


def test_parts_are_done_side_by_side_and_come_back_in_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(threads, "cores", lambda: 2)
    both = Barrier(2, timeout=10)

    def work(part: int) -> tuple[int, int]:
        both.wait()  # until the other has begun, too
        return part, torch.get_num_threads()

    assert side_by_side(work, [1, 2, 3, 4]) == [(1, 1), (2, 1), (3, 1), (4, 1)]


def test_one_core_does_one_part_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "cores", lambda: 1)
    here = get_ident()
    assert side_by_side(lambda part: (part, get_ident()), [1, 2]) == [(1, here), (2, here)]


def test_where_the_system_tells_no_affinity_all_processors_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert threads.cores() == 1
