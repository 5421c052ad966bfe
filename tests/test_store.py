import json
import sqlite3
from contextlib import closing
from math import inf, isnan, nan
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from data import networks, store
from data.errors import InvalidData, NothingThere, StoreUnavailable
from data.reading import NAT, Reading
from data.schema import Flag
from data.sources import simulated
from data.storage import columns as store_columns
from data.storage import file as store_file
from data.storage import witness as store_witness
from data.store import Columns, Tally, Wanted

NOON = np.datetime64("2026-07-01T12:00", "ns")
TEN = np.timedelta64(10, "m")
MINUTE = np.timedelta64(1, "m")


def level(site: str, step: int, value: float, **more: object) -> Reading:
    """Return a water level, `step` ten-minute steps after noon."""
    return Reading(site, "water_level", NOON + step * TEN, value, **more)  # type: ignore[arg-type]


def levels(path: Path, **more: object) -> xr.Dataset:
    return store.read(path, Wanted("hrfco", "water_level", **more))  # type: ignore[arg-type]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a store in which one level of A was put right twenty minutes later."""
    path = tmp_path / "new" / "store.db"
    store.append(path, "hrfco", [level("A", 0, 1.25), level("B", 0, 7.5)], NOON + MINUTE)
    store.append(path, "hrfco", [level("A", 0, 1.5), level("A", 2, 2.0)], NOON + 2 * TEN)
    return path


def test_what_is_appended_is_read_again_as_a_grid_with_holes(path: Path) -> None:
    ds = levels(path)
    assert ds.site.values.tolist() == ["A", "B"]
    assert ds.time.values.tolist() == [NOON.astype(int), (NOON + 2 * TEN).astype(int)]
    np.testing.assert_array_equal(ds.value, np.array([[1.5, 2.0], [7.5, nan]], "float32"))
    assert ds.value.attrs["units"] == "m"
    assert ds.value.dtype == np.float32
    assert ds.value.dims == ("site", "time")
    assert ds.flag.values.tolist() == [[Flag.GOOD, Flag.GOOD], [Flag.GOOD, Flag.NOT_REPORTED]]
    assert ds.received_time.values[1, 0] == NOON + MINUTE
    assert np.isnat(ds.received_time.values[1, 1])


def test_readings_are_new_revised_or_the_same(path: Path) -> None:
    readings = [level("A", 0, 1.5), level("B", 0, 7.25), level("B", 1, 7.0)]
    assert store.append(path, "hrfco", readings, NOON + 3 * TEN) == Tally(1, 1, 1)
    assert store.append(path, "hrfco", readings, NOON + 4 * TEN) == Tally(0, 0, 3)
    assert levels(path).received_time.values[0, 0] == NOON + 2 * TEN  # known since then


def test_the_past_is_read_as_it_was_known(path: Path) -> None:
    early = levels(path, known_at=NOON + TEN)
    assert early.time.values.tolist() == [NOON.astype(int)]  # no trace of what came later
    np.testing.assert_array_equal(early.value, np.array([[1.25], [7.5]], "float32"))
    assert levels(path, known_at=NOON).time.size == 0
    then = levels(path, known_at=NOON + 2 * TEN)  # the moment itself is included
    np.testing.assert_array_equal(then.value.values[0], [1.5, 2.0])


def test_every_revision_of_a_value_is_kept(path: Path) -> None:
    found = store.revisions(path, "hrfco", "A", "water_level", NOON)
    assert [(one.received, one.value) for one in found] == [
        (NOON + MINUTE, 1.25),
        (NOON + 2 * TEN, 1.5),
    ]
    assert store.revisions(path, "usgs", "A", "water_level", NOON) == ()
    assert store.revisions(path, "hrfco", "A", "discharge", NOON) == ()


def test_a_value_that_is_taken_back_is_missing_with_its_reason(path: Path) -> None:
    gone = level("A", 0, nan, flag=Flag.SENTINEL, raw="-999")
    assert store.append(path, "hrfco", [gone], NOON + 3 * TEN) == Tally(revised=1)
    assert isnan(levels(path).value.values[0, 0])
    assert levels(path).flag.values[0, 0] == Flag.SENTINEL
    assert store.append(path, "hrfco", [gone], NOON + 4 * TEN) == Tally(same=1)
    assert levels(path, known_at=NOON + 2 * TEN).value.values[0, 0] == 1.5


def test_what_is_missing_is_never_good(tmp_path: Path) -> None:
    store.append(tmp_path / "s", "hrfco", [level("A", 0, nan)], NOON)
    assert levels(tmp_path / "s").flag.values[0, 0] == Flag.NOT_REPORTED


def test_a_reading_that_tells_when_it_was_received_is_believed(path: Path) -> None:
    late = level("B", 2, 7.0, received=NOON + 5 * TEN)
    store.append(path, "hrfco", [late, level("B", 3, 6.5)], NOON + 9 * TEN)
    assert levels(path, known_at=NOON + 5 * TEN).value.values[1, -1] == 7.0
    assert levels(path).received_time.values[1, -1] == NOON + 9 * TEN


def test_an_older_revision_that_arrives_last_does_not_hide_the_newer(path: Path) -> None:
    older = level("A", 0, 1.375, received=NOON + TEN)
    assert store.append(path, "hrfco", [older], NOON + 9 * TEN) == Tally(revised=1)
    assert levels(path).value.values[0, 0] == 1.5
    assert levels(path, known_at=NOON + TEN).value.values[0, 0] == 1.375


def test_of_two_values_in_one_answer_the_last_counts_and_both_are_kept(tmp_path: Path) -> None:
    twice = [level("A", 0, 1.0), level("A", 0, 3.0)]
    assert store.append(tmp_path / "s", "hrfco", twice, NOON) == Tally(1, 1, 0)
    assert levels(tmp_path / "s").value.values.tolist() == [[3.0]]
    found = store.revisions(tmp_path / "s", "hrfco", "A", "water_level", NOON)
    assert [one.value for one in found] == [1.0, 3.0]


def test_sites_are_given_in_the_order_asked_and_an_unknown_one_is_empty(path: Path) -> None:
    ds = levels(path, sites=["B", "Z"])
    assert ds.site.values.tolist() == ["B", "Z"]
    np.testing.assert_array_equal(ds.value, np.array([[7.5], [nan]], "float32"))
    assert ds.flag.values.tolist() == [[Flag.GOOD], [Flag.NOT_REPORTED]]
    with pytest.raises(InvalidData, match="Name each site once"):
        levels(path, sites=["B", "B"])


def test_a_span_includes_both_its_ends(path: Path) -> None:
    assert levels(path, since=NOON, until=NOON).time.size == 1
    assert levels(path, since=NOON + MINUTE).time.values.tolist() == [(NOON + 2 * TEN).astype(int)]
    assert levels(path, until=NOON - MINUTE).sizes == {"site": 2, "time": 0}


def test_variables_and_sources_are_kept_apart(path: Path) -> None:
    rain = Reading("A", "rainfall", NOON, 0.5)
    store.append(path, "hrfco", [rain, level("A", 0, 1.5)], NOON + 3 * TEN)
    store.append(path, "usgs", [level("A", 0, 9.0)], NOON + 3 * TEN)
    assert store.read(path, Wanted("hrfco", "rainfall")).value.values.tolist() == [[0.5]]
    assert store.read(path, Wanted("usgs", "water_level")).value.values.tolist() == [[9.0]]
    assert levels(path).value.values[0, 0] == 1.5
    assert store.read(path, Wanted("nobody", "rainfall")).sizes == {"site": 0, "time": 0}


def test_levels_from_different_datums_are_never_mixed(tmp_path: Path) -> None:
    path = tmp_path / "s"
    both = [
        level("A", 0, 1.0, datum="local zero"),
        level("A", 0, 31.0, datum="sea level"),
        level("B", 0, 2.0, datum="sea level"),
        level("B", 1, 2.5),  # a datum that is not said any more is no other one
    ]
    assert store.append(path, "hrfco", both, NOON) == Tally(new=4)
    ds = levels(path)
    assert np.isnan(ds.value.values[0]).all()
    assert ds.attrs["ambiguous_datum"] == "A: local zero, sea level"
    assert ds.datum.values.tolist() == ["", "sea level"]
    assert ds.value.values[1].tolist() == [2.0, 2.5]
    chosen = levels(path, datums={"A": "sea level"})
    assert chosen.value.values[0, 0] == 31.0
    assert "ambiguous_datum" not in chosen.attrs
    found = store.revisions(path, "hrfco", "A", "water_level", NOON)
    assert {one.datum for one in found} == {"local zero", "sea level"}


def test_what_is_replayed_is_said_for_ever(path: Path) -> None:
    assert levels(path).attrs["replayed"] == ""
    store.append(path, "hrfco", [level("A", 5, 1.0)], NOON, replayed="flood of 2019")
    store.append(path, "hrfco", [level("A", 6, 1.0)], NOON + 7 * TEN)
    assert levels(path).attrs["replayed"] == "flood of 2019"
    assert store.sources(path)[0].replayed == "flood of 2019"


def test_sources_and_series_are_listed_with_their_extent(path: Path) -> None:
    store.append(path, "usgs", [Reading("R", "rainfall", NOON, 1.0)], NOON + TEN)
    hrfco, usgs = store.sources(path)
    assert (hrfco.name, hrfco.variables, hrfco.count) == ("hrfco", ("water_level",), 4)
    assert (hrfco.first, hrfco.last) == (NOON, NOON + 2 * TEN)
    assert hrfco.received == NOON + 2 * TEN
    assert (usgs.name, usgs.received) == ("usgs", NOON + TEN)
    a, b = store.series(path, "hrfco")
    assert (a.site, a.variable, a.count, a.first, a.last) == (
        "A",
        "water_level",
        3,
        NOON,
        NOON + 2 * TEN,
    )
    assert (b.site, b.count, b.last) == ("B", 1, NOON)
    assert store.series(path, "nobody") == ()


def test_facts_are_remembered_with_their_history(path: Path) -> None:
    assert store.recall(path, "stations") is None
    assert store.remember(path, "stations", {"A": "팔당대교"}, NOON)
    assert store.remember(path, "stations", {"A": "한강대교"}, NOON + TEN)
    assert not store.remember(path, "stations", {"A": "한강대교"}, NOON + 2 * TEN)
    assert store.recall(path, "stations") == {"A": "한강대교"}
    assert store.recall(path, "stations", NOON + MINUTE) == {"A": "팔당대교"}
    assert store.recall(path, "stations", NOON - MINUTE) is None
    with pytest.raises(ValueError, match="JSON"):
        store.remember(path, "limits", {"high": nan}, NOON)


def test_a_snapshot_does_not_change_with_what_comes_later(path: Path) -> None:
    before, then = store.snapshot(path), store.snapshot(path, NOON + TEN)
    assert before != then
    store.append(path, "hrfco", [level("A", 0, 1.75)], NOON + 3 * TEN)
    store.remember(path, "stations", {"A": "가"}, NOON + 3 * TEN)
    assert store.snapshot(path, NOON + 2 * TEN) == before
    assert store.snapshot(path, NOON + TEN) == then
    assert store.snapshot(path) != before


def test_a_snapshot_is_of_the_content_however_it_came(path: Path, tmp_path: Path) -> None:
    other, early, late = tmp_path / "other", NOON + MINUTE, NOON + 2 * TEN
    readings = [
        level("A", 2, 2.0),
        level("A", 0, 1.5),
        level("B", 0, 7.5, received=early),
        level("A", 0, 1.25, received=early),
    ]
    store.append(other, "hrfco", readings, late)
    assert store.snapshot(other) == store.snapshot(path)
    assert store.snapshot(other, NOON + TEN) == store.snapshot(path, NOON + TEN)


def test_a_store_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NothingThere, match="No observations are stored"):
        levels(tmp_path / "s")
    assert list(tmp_path.iterdir()) == []


def test_an_append_that_fails_leaves_nothing_of_itself(path: Path) -> None:
    before = store.snapshot(path)
    wrong = Reading("A", "water_temperature", NOON, 4.0)
    with pytest.raises(InvalidData, match="no variable 'water_temperature'"):
        store.append(path, "hrfco", [level("A", 9, 3.0), wrong], NOON + 9 * TEN)
    assert store.snapshot(path) == before
    with pytest.raises(InvalidData, match="reading of 'A' has no time"):
        store.append(path, "hrfco", [Reading("A", "water_level", NAT, 4.0)], NOON)
    with pytest.raises(InvalidData, match="reading of 'A' has no received"):
        store.append(path, "hrfco", [level("A", 9, 3.0)], NAT)
    assert store.snapshot(path) == before


def test_columns_of_different_length_are_refused(tmp_path: Path) -> None:
    one = np.zeros(1)
    short = Columns("discharge", ["A"], np.zeros(2, int), one, one, one, np.full(1, NAT))
    with pytest.raises(InvalidData, match="'site': 2, 'time': 1"):
        store.append_columns(tmp_path / "s", "hrfco", [short], NOON)


def test_another_file_is_no_store(tmp_path: Path) -> None:
    text, database = tmp_path / "text", tmp_path / "other.db"
    text.write_text("station,level\n" * 100)
    with closing(sqlite3.connect(database)) as db:
        db.execute("CREATE TABLE song (name)")
    for path in (text, database):
        with pytest.raises(InvalidData, match=r"damaged|no store"):
            levels(path)
        with pytest.raises(InvalidData, match=r"damaged|no store"):
            store.append(path, "hrfco", [level("A", 0, 1.0)], NOON)
    assert text.read_text().startswith("station,level")


def test_a_store_of_a_later_program_is_not_touched(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 2")
    with pytest.raises(InvalidData, match="has version 2, this program knows 1"):
        levels(path)


def test_a_damaged_store_is_named_with_a_remedy(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:8192] + bytes(len(content) - 8192))
    with pytest.raises(InvalidData) as told:
        levels(path)
    assert "damaged" in told.value.problem
    assert told.value.remedy == store_file.REMEDY


def test_a_damaged_block_is_named(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE block SET vals = x'6d00' WHERE id = 2")
        db.commit()
    with pytest.raises(InvalidData, match="Block 2 of the store is damaged"):
        levels(path)


def test_a_reader_sees_one_moment_and_does_not_wait_for_the_writer(path: Path) -> None:
    with store_file.writing(path) as db:
        db.execute("DELETE FROM block")
        assert levels(path).time.size == 2  # as if nobody wrote
    assert levels(path).time.size == 0


def test_a_second_writer_waits_and_then_says_why(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_file, "PATIENCE_S", 0.01)
    with store_file.writing(path), pytest.raises(StoreUnavailable, match="locked"):
        store.append(path, "hrfco", [level("A", 9, 3.0)], NOON)
    assert store.append(path, "hrfco", [level("A", 9, 3.0)], NOON) == Tally(new=1)


def test_two_that_make_the_store_at_once_share_it(path: Path) -> None:
    store_file._create(path)  # as the slower one does
    assert levels(path).time.size == 2
    assert [one.name for one in path.parent.iterdir() if "part" in one.name] == []


def test_long_records_are_cut_into_blocks_and_read_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.storage.write.BLOCK_ROWS", 4)
    path = tmp_path / "s"
    hours = NOON + np.arange(10) * np.timedelta64(1, "h")
    site, time = np.divmod(np.arange(20), 10)
    value = (site * 100 + time).astype(float)
    columns = Columns("discharge", ["A", "B"], site, hours[time], value, np.zeros(20))
    assert store.append_columns(path, "recorded", [columns], NOON) == Tally(new=20)
    assert store.append_columns(path, "recorded", [columns], NOON) == Tally(same=20)
    ds = store.read(path, Wanted("recorded", "discharge"))
    np.testing.assert_array_equal(ds.value, value.reshape(2, 10))
    with closing(sqlite3.connect(path)) as db:
        counts = [count for (count,) in db.execute("SELECT count FROM block")]
    assert counts == [4, 4, 4, 4, 4]  # two hours of two sites each


@pytest.mark.parametrize(
    "value", [0.0, -0.001, 12.345, 1e-7, 31234.567, 4e6, 3e38, -inf, inf, 0.1 + 0.2]
)
def test_a_value_comes_back_as_the_float32_it_is(tmp_path: Path, value: float) -> None:
    readings = [level("A", 0, value), level("A", 1, nan), level("A", 3, 1.0)]
    store.append(tmp_path / "s", "hrfco", readings, NOON)
    found = levels(tmp_path / "s").value.values[0]
    np.testing.assert_array_equal(found, np.array([value, nan, 1.0], "float32"))


def test_observations_of_a_network_go_in_and_come_out(tmp_path: Path) -> None:
    ds = simulated.observe(networks.find("simulated"), hours=5)
    holes = ds.assign(water_level=ds.water_level.where(ds.time != ds.time[1]))
    variables = ("water_level", "rainfall")
    columns = [store_columns.of_grid(holes, name) for name in variables]
    store.append_columns(tmp_path / "s", "simulated", columns, NOON, replayed="simulated")
    for name in variables:
        found = store.read(tmp_path / "s", Wanted("simulated", name))
        np.testing.assert_array_equal(found.value, holes[name])
        np.testing.assert_array_equal(found.received_time, holes.received_time)


def test_facts_are_stored_as_plain_json(path: Path) -> None:
    store.remember(path, "limits", {"b": [1, 2.5], "a": None}, NOON)
    with closing(sqlite3.connect(path)) as db:
        ((body,),) = db.execute("SELECT body FROM fact").fetchall()
    assert json.loads(body) == {"a": None, "b": [1, 2.5]}


def test_few_stores_are_kept_open_and_a_replaced_file_is_the_new_one(tmp_path: Path) -> None:
    for number in range(store_witness.MOST + 3):
        store.append(tmp_path / f"{number}", "hrfco", [level("A", 0, 1.0)], NOON)
    assert len(store_witness._STAYING) == store_witness.MOST
    first = tmp_path / "0"
    store.copy(first, tmp_path / "copy")
    store.append(first, "hrfco", [level("A", 0, 2.0)], NOON + TEN)
    for name in ("0", "0-wal", "0-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    (tmp_path / "copy").rename(first)
    store.append(first, "hrfco", [level("A", 1, 3.0)], NOON + TEN)
    np.testing.assert_array_equal(levels(first).value, [[1.0, 3.0]])


def test_a_copy_is_whole_and_is_made_while_others_write(path: Path, tmp_path: Path) -> None:
    with store_file.writing(path) as db:
        db.execute("DELETE FROM block")
        store.copy(path, tmp_path / "copy.db")
        db.execute("ROLLBACK")
        db.execute("BEGIN")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["copy.db", "new"]
    assert store.snapshot(tmp_path / "copy.db") == store.snapshot(path)
    with pytest.raises(InvalidData, match="is there already"):
        store.copy(path, tmp_path / "copy.db")
