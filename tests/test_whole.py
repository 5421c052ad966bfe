"""Files written whole, and what killed writers leave."""

import os
from pathlib import Path

import pytest

from data import whole


def test_only_old_halves_are_swept_and_raw_answers_are_left_to_their_day(tmp_path: Path) -> None:
    old, young = tmp_path / "scored" / ".a.nc.1.part", tmp_path / ".b.nc.2.part"
    raw, good = tmp_path / "raw" / ".c.gz.3.part", tmp_path / "a.part"
    for path in (old, young, raw, good):
        whole.write(path, b"x")
    for path in (old, raw, good):
        os.utime(path, (0, 0))
    assert whole.sweep(tmp_path) == 1
    assert not old.exists()
    assert all(path.exists() for path in (young, raw, good))


def test_a_writer_that_fails_leaves_the_old_file_and_no_half(tmp_path: Path) -> None:
    path = whole.write(tmp_path / "a", b"old")
    with pytest.raises(TypeError):
        whole.write(path, "no bytes")  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
