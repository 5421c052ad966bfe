import gzip
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from data import raw
from data.errors import InvalidData
from data.sources.asking import Answer


def answer(body: bytes, time: str = "2026-07-20T03:40:10", what: str = "levels") -> Answer:
    return Answer("hrfco", what, "http://h/…/list.json", body, np.datetime64(time, "ns"))


def test_an_answer_comes_back_as_it_came(tmp_path: Path) -> None:
    came = answer("한강\n\x00".encode())
    path = raw.keep(tmp_path, came)
    assert path.parent == tmp_path / "hrfco/2026/07/20"
    assert raw.read(path) == came


def test_the_same_answer_is_kept_once_a_day_with_its_first_arrival(tmp_path: Path) -> None:
    first = raw.keep(tmp_path, answer(b"same"))
    assert raw.keep(tmp_path, answer(b"same", "2026-07-20T04:40")) == first
    assert str(raw.read(first).fetched).startswith("2026-07-20T03:40:10")
    other = raw.keep(tmp_path, answer(b"same", what="rain"))
    tomorrow = raw.keep(tmp_path, answer(b"same", "2026-07-21T00:00"))
    assert len({first, other, tomorrow}) == 3


def test_answers_are_told_in_order_of_arrival(tmp_path: Path) -> None:
    for body, time in (
        (b"c", "2026-07-21T00:10"),
        (b"b", "2026-07-20T09:00"),
        (b"a", "2026-07-20"),
    ):
        raw.keep(tmp_path, answer(body, time))
    told = raw.kept(tmp_path, "hrfco", date(2026, 7, 20), date(2026, 7, 21))
    assert [each.body for each in told] == [b"a", b"b", b"c"]
    assert list(raw.kept(tmp_path, "usgs", date(2026, 7, 20), date(2026, 7, 21))) == []


def test_old_days_are_removed_and_named(tmp_path: Path) -> None:
    for time in ("2026-07-01", "2026-07-10", "2026-07-11"):
        raw.keep(tmp_path, answer(b"x", time))
    assert raw.prune(tmp_path, days=10, today=date(2026, 7, 20)) == ["hrfco/2026/07/01"]
    assert [d.name for d in sorted((tmp_path / "hrfco/2026/07").iterdir())] == ["10", "11"]


@pytest.mark.parametrize("damage", [b"", b"no gzip", gzip.compress(b"{}\nbody", mtime=0)])
def test_a_damaged_file_is_named(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "x.gz"
    path.write_bytes(damage)
    with pytest.raises(InvalidData, match=r"x\.gz' is no kept answer"):
        raw.read(path)
