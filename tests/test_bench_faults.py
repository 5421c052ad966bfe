"""The bench of faults on one provider and a few faults; and that it sees what it looks for."""

import gzip
import io
import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console
from typer.testing import CliRunner

from data import store
from data.reading import Reading
from flows import bench, bench_faults, bench_faults_hour, bench_faults_table
from flows.bench_faults_drill import Drill, stages
from flows.bench_faults_keys import listening, seen
from flows.bench_faults_rivers import FIRST, HOUR, MOMENTS, world
from flows.bench_faults_store import lost, wrong
from flows.replay.server import Server
from flows.replay.world import World

KEY = "a+b/c=="
NOON = np.datetime64("2026-07-20T03:00", "ns")


@pytest.fixture(scope="module")
def true() -> World:
    return world()


@pytest.fixture(scope="module")
def servers(true: World) -> Iterator[list[Server]]:
    with stages(true) as running:
        yield running


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return bench_faults.run(sources=("nwps",), faults=("http_500", "late", "revised"))


@pytest.mark.slow
def test_no_fault_ends_a_cycle_or_shows_a_key_or_makes_a_zero_or_loses_a_value(
    found: dict[str, Any],
) -> None:
    figures = found["figures"]
    assert figures["cycles"] == 9  # three to begin with, two for each of three faults
    nothing = ("cycles_ended", "wrong", "made_up_zeros", "blanked", "lost", "key_seen", "hours")
    assert {name: figures[name] for name in nothing} == dict.fromkeys(nothing, 0)
    assert figures["wrong_unnoticed"] > 0  # a revised value looks like any other


@pytest.mark.slow
def test_the_matrix_tells_what_each_fault_did(found: dict[str, Any]) -> None:
    matrix = {fault: row["nwps"] for fault, row in found["raw"]["matrix"].items()}
    assert {fault: cell["did"] for fault, cell in matrix.items()} == {
        "http_500": "water_level failed",
        "late": "water_level late",
        "revised": "water_level ok",
    }
    assert matrix["late"]["why"].startswith("No reading of 2026-07-20T04:00Z yet at 3 stations")
    assert matrix["revised"]["wrong_then"] > matrix["revised"]["wrong"]  # most are told again
    assert json.dumps(found)


@pytest.mark.slow
def test_the_table_has_a_row_for_each_fault_and_marks_what_is_grave(found: dict[str, Any]) -> None:
    console = Console(width=120, record=True, file=io.StringIO())
    hour = {"fault": "late", "after": "nothing", "state": "UNKNOWN"}
    raw = found["raw"] | {"hours": [hour]}
    late = raw["matrix"]["late"]["nwps"] | {"lost": 3}
    raw["matrix"] = raw["matrix"] | {"late": {"nwps": late}}
    console.print(bench_faults_table.table(raw))
    text = console.export_text()
    assert "late, 3 lost" in text
    assert "UNKNOWN" in text
    assert "failed" in text


def test_a_value_off_by_more_than_its_rounding_is_wrong_and_an_untrue_zero_is_made_up(
    tmp_path: Path, true: World
) -> None:
    level = float(true.read("water_level", np.array([0]), np.array([NOON]))[0, 0])
    told = [
        Reading("S1", "water_level", NOON, round(level, 3)),
        Reading("S2", "water_level", NOON, 0.0),
        Reading("S3", "water_level", NOON, float("nan")),
    ]
    path = tmp_path / "o.sqlite"
    store.append(path, "environment_agency", told, FIRST)
    assert wrong(path, "environment_agency", true, []) == (1, 1)
    store.append(path, "environment_agency", [Reading("S1", "water_level", NOON, level + 1)], FIRST)
    assert wrong(path, "environment_agency", true, []) == (2, 1)


def test_what_only_the_control_has_is_lost_unless_it_came_after_the_fault(tmp_path: Path) -> None:
    levels = [Reading("S1", "water_level", NOON + n * HOUR, 1.0 + n / 10) for n in range(3)]
    store.append(tmp_path / "control", "nwps", levels, FIRST)
    store.append(tmp_path / "here", "nwps", levels[:1], FIRST)
    assert lost(tmp_path / "here", "nwps", tmp_path / "control", MOMENTS[1]) == 1


@pytest.mark.slow
def test_an_exception_that_ends_a_cycle_is_counted_and_told(
    tmp_path: Path, true: World, servers: list[Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    drill = Drill("nwps", servers, true, tmp_path)
    drill.begin()

    def broken(*_: object) -> None:
        raise ZeroDivisionError("a defect")

    monkeypatch.setattr("data.live.refresh", broken)
    assert drill.cell("late").ended == "ZeroDivisionError: a defect"


@pytest.mark.slow
def test_an_hour_without_its_gauges_is_issued_and_published_as_degraded(
    tmp_path: Path, servers: list[Server]
) -> None:
    base = bench_faults_hour.prepare(tmp_path / "nothing")
    begun = bench_faults_hour.begun(base, servers, tmp_path / "begun")
    hour = bench_faults_hour.run(begun, servers[1], "down", "a clean cycle")
    assert (hour.state, hour.ended, hour.rash) == ("degraded", "", 0)
    assert (tmp_path / "begun-down" / "site" / "current" / "manifest.json").exists()


def test_a_key_is_found_in_names_archives_databases_and_messages(tmp_path: Path) -> None:
    assert seen(tmp_path, [KEY], "nothing") == []
    (tmp_path / "plain.txt").write_text(f"?key={KEY}")
    (tmp_path / "encoded.json").write_text("?key=a%2Bb%2Fc%3D%3D")
    (tmp_path / "packed.gz").write_bytes(gzip.compress(KEY.encode()))
    (tmp_path / "name a+b%2Fc==").write_text("")
    with closing(sqlite3.connect(tmp_path / "long.sqlite")) as db, db:
        db.execute("CREATE TABLE told (text)")
        db.execute("INSERT INTO told VALUES (?)", ("x" * 9000 + KEY,))
    found = ["messages", "encoded.json", "long.sqlite", "packed.gz", "plain.txt"]
    assert seen(tmp_path, [KEY], f"asked {KEY}") == found


def test_all_that_is_logged_is_heard() -> None:
    with listening() as lines:
        logging.getLogger("somewhere").debug("a whisper")
    logging.getLogger("somewhere").error("too late")
    assert lines == ["a whisper"]


def test_the_command_prints_the_matrix_and_writes_it_down_and_fails_where_it_must(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = dict.fromkeys(bench_faults.MUST_BE_ZERO, 0)
    told = {"figures": figures, "raw": {"matrix": {}, "hours": []}}
    monkeypatch.setattr(bench_faults, "run", lambda _: told)
    path = tmp_path / "faults.json"
    assert CliRunner().invoke(bench.app, ["faults", "--json", str(path)]).exit_code == 0
    figures["lost"] = 1
    assert CliRunner().invoke(bench.app, ["faults", "--json", str(path)]).exit_code == 1
    assert json.loads(path.read_text(encoding="utf-8")) == told
