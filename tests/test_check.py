"""`mulgil check`: what is missing is named with its remedy, and one look never stops the others."""

import json
import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from data import networks
from flows import check as checking
from flows import (
    check_command,
    check_disk,
    check_keys,
    check_machine,
    check_network,
    leaks,
    pulling,
)
from flows.check_finding import Finding, looked
from flows.folders import Folders
from flows.heartbeat import Heartbeat, beat
from flows.progress import console
from flows.settings import read

KEY = "7A1D44C2-0000-4B1E-9F00"
NOW = np.datetime64("2026-07-20T04:00", "ns")
app = typer.Typer(pretty_exceptions_enable=False)
app.command("check", help=check_command.HELP)(check_command.check)


def by_name(findings: Iterator[Finding] | list[Finding]) -> dict[str, Finding]:
    return {finding.what: finding for finding in findings}


def test_a_key_without_which_no_level_is_read_is_wrong_and_says_where_to_apply() -> None:
    found = by_name(check_keys.keys(read({}), networks.find("han-live")))
    assert found["key hrfco"].mark == "wrong"
    assert "certifyKey.do" in found["key hrfco"].remedy
    assert found["key hrfco"].remedy.endswith("Then set MULGIL_HRFCO_KEY.")
    assert found["key kma_hub"].mark == "note"  # rain comes from a weather model, too
    assert "apihub.kma.go.kr" in found["key kma_hub"].remedy
    assert "data.go.kr" in found["key kma_forecast"].remedy
    assert found["key usgs"].mark == "ok"  # nobody asks it here


def test_a_key_that_is_set_is_good_and_not_shown() -> None:
    found = list(check_keys.keys(read({"MULGIL_HRFCO_KEY": KEY}), networks.find("han-live")))
    assert by_name(found)["key hrfco"].mark == "ok"
    assert KEY not in repr(found)


def test_a_secret_that_is_too_short_to_be_hidden_is_told() -> None:
    found = by_name(check_keys.keys(read({"MULGIL_USGS_KEY": "abc"}), networks.find("simulated")))
    assert found["secret usgs_key"].mark == "note"


def test_secrets_in_the_environment_are_noted_and_in_a_file_are_good(tmp_path: Path) -> None:
    (bad,) = check_keys.secrets(read({"MULGIL_HRFCO_KEY": KEY}))
    assert (bad.mark, "MULGIL_SECRETS_FILE" in bad.remedy) == ("note", True)
    path = tmp_path / "secrets"
    path.write_text(f"hrfco_key={KEY}")
    path.chmod(0o400)
    (good,) = check_keys.secrets(read({"MULGIL_SECRETS_FILE": str(path)}))
    assert (good.mark, good.found) == ("ok", f"1 set; {path}, mode 0400")


def test_a_folder_that_cannot_be_written_is_told_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.write_bytes

    def refuse(path: Path, content: bytes) -> int:
        if path.parent.name == "runs":
            raise OSError(30, "Read-only file system")
        return real(path, content)

    (tmp_path / "runs").mkdir()
    monkeypatch.setattr(Path, "write_bytes", refuse)
    found = by_name(check_disk.disk(Folders(tmp_path), "simulated"))
    assert found["folder runs"].found == f"{tmp_path / 'runs'}: Read-only file system"
    assert f"chown -R {os.geteuid()} {tmp_path}" in found["folder runs"].remedy
    assert found["folder home"].mark == "ok"
    assert list(tmp_path.iterdir()) == [tmp_path / "runs"]  # nothing is left behind


@pytest.mark.parametrize(
    ("free", "mark"), [(100 << 20, "wrong"), (2 << 30, "note"), (50 << 30, "ok")]
)
def test_room_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, mark: str
) -> None:
    usage = type("usage", (), {"free": free, "total": 100 << 30})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    assert by_name(check_disk.disk(Folders(tmp_path), "simulated"))["disk"].mark == mark


def test_a_clock_that_lies_before_our_own_files_is_wrong(tmp_path: Path) -> None:
    mark = tmp_path / "simulated" / "shown.json"
    mark.parent.mkdir()
    mark.write_text("{}")
    (good,) = check_machine.clock(Folders(tmp_path))
    assert good.mark in ("ok", "note")
    later = (datetime.now(UTC) + timedelta(hours=2)).timestamp()
    os.utime(mark, (later, later))
    (bad,) = check_machine.clock(Folders(tmp_path))
    assert bad.mark == "wrong"
    assert "files here are 120 min younger" in bad.found


def heart(state: str, ended: str) -> Heartbeat:
    stamps = {"due": ended, "finished": ended, "next_due": ended, "issue_time": ended}
    return Heartbeat(
        network="simulated", state=state, seconds=1.0, run="", told="3 of 3.", **stamps
    )


@pytest.mark.parametrize(
    ("state", "ended", "mark", "told"),
    [
        ("issued", "2026-07-20T03:30:00Z", "ok", "30 min ago: issued"),
        ("degraded", "2026-07-20T03:30:00Z", "note", "degraded"),
        ("failed", "2026-07-20T03:30:00Z", "wrong", "failed"),
        ("issued", "2026-07-20T01:00:00Z", "wrong", "180 min ago"),
        ("issued", "2026-07-20T05:00:00Z", "wrong", "-60 min ago"),
    ],
)
def test_the_last_cycle_tells_by_its_age_and_its_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: str, ended: str, mark: str, told: str
) -> None:
    monkeypatch.setattr(pulling, "this_moment", lambda: NOW)
    beat(Folders(tmp_path), heart(state, ended))
    (found,) = check_network.last_cycle(networks.find("simulated"), Folders(tmp_path))
    assert found.mark == mark
    assert told in found.found
    assert found.remedy or mark == "ok"


def test_a_look_that_fails_is_a_finding_and_the_others_go_on() -> None:
    def broken() -> Iterator[Finding]:
        yield Finding("a", "ok", "good")
        raise RuntimeError("a surprise")

    assert [f.mark for f in looked("a", broken)] == ["wrong"]
    assert "docs/operating.md" in looked("a", broken)[0].remedy


def test_everything_that_is_not_good_has_a_remedy(tmp_path: Path) -> None:
    found = checking.check(read({"MULGIL_HOME": str(tmp_path)}), "han-live")
    assert all(finding.remedy for finding in found if finding.mark != "ok")
    assert {f.what for f in found if f.mark == "wrong"} == {"key hrfco", "record", "model"}


def test_an_unknown_network_is_told_and_the_rest_is_looked_at(tmp_path: Path) -> None:
    found = by_name(checking.check(read({"MULGIL_HOME": str(tmp_path)}), "nowhere"))
    assert found["network"].mark == "wrong"
    assert "No network 'nowhere'" in found["network"].found
    assert found["disk"].mark == "ok"


def test_the_command_answers_with_a_table_or_json_and_an_exit_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MULGIL_HOME", str(tmp_path))
    done = CliRunner().invoke(app, ["simulated", "--json", "--secrets"])
    told = json.loads(done.stdout)
    assert done.exit_code == 1
    assert told["ok"] is False
    assert {"what": "record", "mark": "wrong"}.items() <= {
        key: value for f in told["findings"] if f["what"] == "record" for key, value in f.items()
    }.items()
    table = check_command.table([Finding("a", "note", "it [b]has[/b] none", "Get one.")])
    console.print(table)
    assert "it [b]has[/b] none" in capsys.readouterr().err


def test_a_secret_is_found_in_a_file_a_name_and_a_cell_that_is_spread_over_pages(
    tmp_path: Path,
) -> None:
    assert leaks.places(tmp_path, [KEY]) == []
    (tmp_path / "page.html").write_text(f"https://api.example/{KEY}/list")
    (tmp_path / f"{KEY}.json").write_text("{}")
    with sqlite3.connect(tmp_path / "prefect.db") as database:
        database.execute("CREATE TABLE log (message TEXT)")
        database.execute("INSERT INTO log VALUES (?)", [("x" * 4090 + KEY) * 3])
    database.close()
    assert leaks.places(tmp_path, [KEY]) == [f"{KEY}.json", "page.html", "prefect.db"]
    assert leaks.places(tmp_path, ["key"]) == []
