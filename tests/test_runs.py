"""The catalogue of runs: what is listed, what is found, what a broken file does."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console
from typer.testing import CliRunner

from data.errors import InvalidData
from flows import runs, runs_command, runs_index
from flows.folders import Folders
from flows.runs import NotOneRun, Wanted
from flows.runs_show import lines, moment
from flows.runs_table import table

Write = Callable[..., str]


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


@pytest.fixture
def write(folders: Folders) -> Write:
    """Return a function that leaves a manifest: network, hour of issue, minute of the start."""

    def run(network: str, hour: int, minute: int, **told: Any) -> str:
        issue = f"2026-07-20T{hour:02d}00Z"
        name = f"{network}-{issue}-20260720T09{minute:02d}00000000"
        least = {"run_id": name, "network": network, "issue_time": f"{issue[:13]}:00Z"}
        path = folders.run(name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(least | told), encoding="utf-8")
        return name

    return run


def ids(folders: Folders, **wanted: Any) -> list[str]:
    return [row["run"] for row in runs.listed(folders, Wanted(**wanted)).rows]


def test_the_newest_start_comes_first_whatever_the_issue_time(
    folders: Folders, write: Write
) -> None:
    now, past, between = write("han", 9, 1), write("han", 3, 3), write("ouse", 6, 2)
    assert ids(folders) == [past, between, now]


def test_filters_hold_together(folders: Folders, write: Write) -> None:
    write("han", 1, 1, state="published", triggered_by="clock")
    grey = write("han", 2, 2, state="published", triggered_by="clock", degraded={"S1": "silent"})
    write("han", 3, 3, state="failed", triggered_by="Kim", error="no model")
    write("ouse", 2, 4, kind="drill", degraded={"S1": "silent"})
    assert ids(folders, network="han", degraded=True) == [grey]
    assert ids(folders, state="failed") == ids(folders, triggered_by="Kim")
    assert len(ids(folders, degraded=False)) == 2
    assert len(ids(folders, kind="drill")) == 1
    two = np.datetime64("2026-07-20T02:00", "ns")
    assert len(ids(folders, since=two, until=two)) == 2


def test_a_limit_tells_how_many_there_are(folders: Folders, write: Write) -> None:
    for minute in range(5):
        write("han", 1, minute)
    found = runs.listed(folders, Wanted(limit=2))
    assert (len(found.rows), found.number) == (2, 5)


def test_a_run_that_goes_on_is_seen_with_its_new_state(folders: Folders, write: Write) -> None:
    run = write("han", 1, 1, state="running")
    assert runs.listed(folders).rows[0]["state"] == "running"
    write("han", 1, 1, state="published", timings={"load": 1.5, "predict": 0.25})
    row = runs.listed(folders).rows[0]
    assert (row["run"], row["state"], row["seconds"]) == (run, "published", 1.75)
    folders.run(run).unlink()
    assert runs.listed(folders).number == 0


def test_a_manifest_that_is_cut_off_is_named_and_hides_no_other(
    folders: Folders, write: Write
) -> None:
    whole, broken = write("han", 1, 1), write("han", 2, 2)
    text = folders.run(broken).read_text(encoding="utf-8")
    folders.run(broken).write_text(text[:20], encoding="utf-8")
    first, second = runs.listed(folders, Wanted(network="han")).rows
    assert (first["run"], first["state"]) == (broken, "unreadable")
    assert f"'{broken}.json' cannot be read" in first["trouble"]
    assert second["run"] == whole
    with pytest.raises(InvalidData, match="Restore it from a copy"):
        runs.find(folders, broken)


def test_a_manifest_that_is_no_manifest_is_named(folders: Folders, write: Write) -> None:
    folders.run(write("han", 1, 1)).write_text("[]", encoding="utf-8")
    assert "it names no run" in runs.listed(folders).rows[0]["trouble"]


@pytest.mark.parametrize(
    "content", [b"", b"no database at all", b"SQLite format 3\0" + b"\7" * 5000]
)
def test_a_damaged_catalogue_is_made_anew(folders: Folders, write: Write, content: bytes) -> None:
    run = write("han", 1, 1)
    assert ids(folders) == [run]
    runs_index.path_of(folders).write_bytes(content)
    assert ids(folders) == [run]
    assert runs_index.path_of(folders).read_bytes()[:15] == b"SQLite format 3"


def test_a_catalogue_damaged_in_the_middle_is_made_anew(folders: Folders, write: Write) -> None:
    for minute in range(40):
        write("han", minute % 24, minute)
    assert len(ids(folders)) == 40
    path = runs_index.path_of(folders)
    body = bytearray(path.read_bytes())
    body[4096:] = b"\xff" * (len(body) - 4096)
    path.write_bytes(body)
    assert len(ids(folders)) == 40


def test_a_catalogue_of_another_version_is_made_anew(folders: Folders, write: Write) -> None:
    run = write("han", 1, 1)
    with closing(sqlite3.connect(runs_index.path_of(folders))) as db:
        db.executescript("CREATE TABLE run (name TEXT); PRAGMA user_version = 99;")
    assert ids(folders) == [run]


def test_a_locked_catalogue_does_not_stop_the_list(
    folders: Folders, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs_index, "PATIENCE_S", 0.01)
    first = write("han", 1, 1)
    assert ids(folders) == [first]
    second = write("han", 2, 2)
    with closing(sqlite3.connect(runs_index.path_of(folders), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert ids(folders) == [second, first]
        other.execute("ROLLBACK")
        other.execute("BEGIN IMMEDIATE")
        assert ids(folders) == [second, first]


def test_where_nothing_was_run_nothing_is_listed_and_nothing_made(tmp_path: Path) -> None:
    assert runs.listed(Folders(tmp_path / "none")).number == 0
    assert not (tmp_path / "none").exists()


def test_a_run_is_found_by_the_beginning_that_it_shares_with_none(
    folders: Folders, write: Write
) -> None:
    one, two = write("han", 1, 1), write("han", 2, 2)
    assert runs.find(folders, "han-2026-07-20T01").run_id == one
    assert runs.find(folders, two).run_id == two
    with pytest.raises(NotOneRun, match="begins 2 runs"):
        runs.find(folders, "han")
    with pytest.raises(NotOneRun, match="no run 'ouse'"):
        runs.find(folders, "ouse")
    with pytest.raises(NotOneRun, match="no run ''"):
        runs.find(folders, "")


def test_the_latest_is_counted_back_within_a_network(folders: Folders, write: Write) -> None:
    one, two, other = write("han", 9, 1), write("han", 2, 2), write("han-live", 5, 3)
    assert runs.find(folders, "latest").run_id == other
    assert runs.find(folders, "latest", "han").run_id == two
    assert runs.find(folders, "latest~1", "han").run_id == one
    with pytest.raises(NotOneRun, match="There are 2 runs of 'han'"):
        runs.find(folders, "latest~2", "han")


def test_a_run_cannot_be_named_by_a_way_out_of_the_folder(folders: Folders, write: Write) -> None:
    write("han", 1, 1)
    (folders.home / "secret.json").write_text('{"run_id": "x", "network": "y"}', encoding="utf-8")
    with pytest.raises(NotOneRun):
        runs.find(folders, "../secret")


def test_the_command_lists_shows_and_names_what_is_broken(
    folders: Folders, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MULGIL_HOME", str(folders.home))
    write("han", 1, 1, state="failed", error="There is no trained model.", triggered_by="clock")
    told = CliRunner().invoke(runs_command.app, ["--json"])
    rows = json.loads(told.stdout)
    assert (rows["number"], rows["runs"][0]["trouble"]) == (1, "There is no trained model.")
    assert rows["runs"][0]["began"] == "2026-07-20T09:01:00Z"
    shown = CliRunner().invoke(runs_command.app, ["show", "latest"])
    assert "Error: There is no trained model." in " ".join(shown.output.split())
    plain = CliRunner().invoke(runs_command.app, ["show", "latest", "--json"])
    assert json.loads(plain.stdout)["triggered_by"] == "clock"


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_ids_in_the_table_are_whole_whatever_the_width(
    folders: Folders, write: Write, width: int
) -> None:
    run, text = write("simulated-korea", 9, 1, state="published", triggered_by="clock"), StringIO()
    Console(width=width, file=text).print(table(runs.listed(folders), width))
    lines = text.getvalue().splitlines()
    assert any(run in line for line in lines)
    assert len([line for line in lines if line.startswith("│")]) == 1  # nothing is folded
    assert ("issue time" in text.getvalue()) == (width == 200)


def test_where_there_is_no_run_a_sentence_says_so(
    folders: Folders, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MULGIL_HOME", str(folders.home))
    none = CliRunner().invoke(runs_command.app, [])
    assert "No forecast was issued yet. Run: mulgil forecast" in none.output
    write("han", 1, 1)
    assert "No run matches." in CliRunner().invoke(runs_command.app, ["-n", "ouse"]).output


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("2020-07-24T00:00:00.000000000Z", "2020-07-24T00:00:00Z"),
        ("2026-11-26T03:59:48+00:00", "2026-11-26T03:59:48Z"),
        ("2020-07-24T00:00Z", "2020-07-24T00:00Z"),
        ("real-time", "real-time"),
        ("", ""),
    ],
)
def test_a_time_is_told_in_whole_seconds(told: str, said: str) -> None:
    assert moment(told) == said


def test_a_run_tells_how_it_was_reviewed(folders: Folders, write: Write) -> None:
    edit = {
        "id": "e4",
        "station": "S1",
        "role": "duty",
        "reason": "a gate was opened",
        "stage": "watch",
        "stage_automatic": "normal",
    }
    review = {
        "state": "approved",
        "role": "chief",
        "at": "2026-07-20T09:30:00Z",
        "reason": "checked",
        "alerts_wait": False,
        "edits": [edit],
    }
    told = list(lines(runs.find(folders, write("han", 9, 1, review=review))))
    assert "  Review: approved by chief at 2026-07-20T09:30:00Z: checked" in told
    assert "  Edit e4 of S1 by duty: stage watch, automatic normal: a gate was opened" in told
    waits = {"state": "automatic", "alerts_wait": True, "edits": []}
    told = list(lines(runs.find(folders, write("han", 9, 2, review=waits))))
    assert [line for line in told if "Review" in line] == [
        "  Review: its alerts WAIT for an approval"
    ]
    assert not [line for line in lines(runs.find(folders, write("han", 9, 3))) if "Review" in line]
