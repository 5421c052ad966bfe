import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from data import store
from data.storage import fold as store_fold
from data.storage.fold import fold
from data.store import Columns, Wanted

DAY = np.datetime64("2026-07-01", "ns")
HOUR = np.timedelta64(1, "h")
LEVELS = Wanted("hrfco", "water_level")


def cycle(path: Path, hour: int, value: float, received: int, hours: int = 1) -> None:
    """Append levels of three sites: of one hour, or of several from there on."""
    site, time = np.divmod(np.arange(3 * hours), hours)
    columns = Columns(
        "water_level",
        ["A", "B", "C"],
        site,
        DAY + (hour + time) * HOUR,
        value + site,
        np.zeros(3 * hours),
    )
    store.append_columns(path, "hrfco", [columns], DAY + received * HOUR)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a store of a day, a revision of its second hour, and the first hour of the next."""
    path = tmp_path / "s"
    for hour in range(25):
        cycle(path, hour, hour, hour)
    cycle(path, 1, 0.5, 30)
    return path


def blocks(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as db:
        return [count for (count,) in db.execute("SELECT count FROM block ORDER BY id")]


def test_a_past_day_becomes_one_block_and_says_the_same(path: Path) -> None:
    before, then = store.read(path, LEVELS), DAY + 26 * HOUR
    early = store.read(path, Wanted("hrfco", "water_level", known_at=then))
    prints = (store.snapshot(path), store.snapshot(path, then))
    assert fold(path, DAY + 47 * HOUR) == 24  # 25 blocks of the day into one
    assert sorted(blocks(path)) == [3, 75]
    xr.testing.assert_identical(store.read(path, LEVELS), before)
    again = store.read(path, Wanted("hrfco", "water_level", known_at=then))
    xr.testing.assert_identical(again, early)
    assert (store.snapshot(path), store.snapshot(path, then)) == prints
    found = store.revisions(path, "hrfco", "B", "water_level", DAY + HOUR)
    assert [one.value for one in found] == [2.0, 1.5]


def test_the_day_that_goes_on_is_left_alone(path: Path) -> None:
    assert fold(path, DAY + 23 * HOUR) == 0
    assert len(blocks(path)) == 26


def test_a_folded_day_is_not_folded_again_but_takes_up_what_came_later(path: Path) -> None:
    fold(path, DAY + 48 * HOUR)
    assert fold(path, DAY + 48 * HOUR) == 0
    cycle(path, 5, 99.0, 50)
    assert fold(path, DAY + 48 * HOUR) == 1
    assert store.read(path, LEVELS).value.values[0, 5] == 99.0


def test_only_what_came_later_is_folded_into_a_large_day(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_fold, "GROUP_ROWS", 26)
    fold(path, DAY + 47 * HOUR)
    for received in (50, 51):
        cycle(path, 5, float(received), received)
    assert fold(path, DAY + 47 * HOUR) == 1
    assert blocks(path) == [25, 25, 25, 3, 6]
    assert store.read(path, LEVELS).value.values[0, 5] == 51.0


def test_large_days_are_cut_by_series(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_fold, "GROUP_ROWS", 26)
    before = store.read(path, LEVELS)
    fold(path, DAY + 47 * HOUR)
    assert sorted(blocks(path)) == [3, 25, 25, 25]
    xr.testing.assert_identical(store.read(path, LEVELS), before)


def test_what_was_received_at_the_same_moment_keeps_its_order(tmp_path: Path) -> None:
    path = tmp_path / "s"
    cycle(path, 20, 1.0, 50)
    cycle(path, 21, 1.0, 50)
    cycle(path, 20, 2.0, 50, hours=8)  # of two days: it stays, and comes between
    cycle(path, 20, 3.0, 50)
    cycle(path, 22, 3.0, 50)
    before = store.read(path, LEVELS)
    assert before.value.values[0, :4].tolist() == [3.0, 2.0, 3.0, 2.0]
    assert fold(path, DAY + 96 * HOUR) == 2
    xr.testing.assert_identical(store.read(path, LEVELS), before)
    values = [v.value for v in store.revisions(path, "hrfco", "A", "water_level", DAY + 20 * HOUR)]
    assert values == [1.0, 2.0, 3.0]


def test_a_fold_that_fails_leaves_the_store_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = store.snapshot(path)

    def full(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(store_fold, "save", full)
    with pytest.raises(OSError, match="disk full"):
        fold(path, DAY + 47 * HOUR)
    assert len(blocks(path)) == 26
    assert store.snapshot(path) == before
