"""The log of reviews: nothing is lost, nothing is changed unseen, nobody overwrites anybody."""

import json
import multiprocessing
import os
from pathlib import Path
from typing import Any

import pytest

from flows import review_log
from flows.review_book import Overtaken, overtaken
from flows.review_log import Asked, BrokenLog, Log, LogBusy


def asked(n: int = 0, station: str = "S1") -> Asked:
    told = {"station": station, "kind": "offset", "value": 0.1, "reason": f"reason {n}"}
    return Asked("edit", "duty", "Hong", "run-1", told)


def anyone(_: Log) -> None:
    """Let every entry follow."""


def write(folder: Path, count: int = 3) -> Log:
    log = Log()
    for n in range(count):
        log, _ = review_log.append(folder, asked(n), anyone)
    return log


def lines(folder: Path) -> list[bytes]:
    return (folder / review_log.NAME).read_bytes().splitlines(keepends=True)


def rewrite(folder: Path, kept: list[bytes]) -> None:
    (folder / review_log.NAME).write_bytes(b"".join(kept))


def test_what_was_written_is_read_back_in_order(tmp_path: Path) -> None:
    log = write(tmp_path)
    assert review_log.read(tmp_path) == log
    assert [entry.told["reason"] for entry in log.entries] == ["reason 0", "reason 1", "reason 2"]
    assert log.entries[1].before == log.entries[0].digest


def test_no_log_is_an_empty_one(tmp_path: Path) -> None:
    assert review_log.read(tmp_path / "nowhere").version == 0


@pytest.mark.parametrize("line", [0, 1, 2])
def test_a_changed_entry_shows(tmp_path: Path, line: int) -> None:
    write(tmp_path)
    kept = lines(tmp_path)
    kept[line] = kept[line].replace(b"0.1", b"9.1")
    rewrite(tmp_path, kept)
    with pytest.raises(BrokenLog, match=f"Line {line + 1}"):
        review_log.read(tmp_path)


def test_an_entry_changed_together_with_its_digest_shows_in_the_next(tmp_path: Path) -> None:
    write(tmp_path)
    kept = lines(tmp_path)
    forged = json.loads(kept[0]) | {"role": "somebody else"}
    forged["digest"] = review_log._digest(forged)
    kept[0] = json.dumps(forged, sort_keys=True).encode() + b"\n"
    rewrite(tmp_path, kept)
    with pytest.raises(BrokenLog, match="Line 2"):
        review_log.read(tmp_path)


@pytest.mark.parametrize("left", [0, 1, 2])
def test_a_log_that_was_cut_short_shows(tmp_path: Path, left: int) -> None:
    write(tmp_path)
    rewrite(tmp_path, lines(tmp_path)[:left])
    with pytest.raises(BrokenLog, match=f"has {left} entries, and 3 were written"):
        review_log.read(tmp_path)


def test_an_entry_taken_out_of_the_middle_shows(tmp_path: Path) -> None:
    write(tmp_path)
    kept = lines(tmp_path)
    rewrite(tmp_path, [kept[0], kept[2]])
    with pytest.raises(BrokenLog, match="Line 2"):
        review_log.read(tmp_path)


def test_a_last_line_that_was_not_finished_is_passed_over_and_set_aside(tmp_path: Path) -> None:
    write(tmp_path)
    with (tmp_path / review_log.NAME).open("ab") as file:
        file.write(b'{"n": 4, "at": "2026-')
    assert review_log.read(tmp_path).version == 3
    log, _ = review_log.append(tmp_path, asked(3), anyone)
    assert log.version == 4
    assert review_log.read(tmp_path) == log
    assert b'{"n": 4, "at": "2026-' in (tmp_path / review_log.TORN).read_bytes()


def test_an_entry_whose_head_was_not_written_counts(tmp_path: Path) -> None:
    write(tmp_path, 2)
    head = (tmp_path / review_log.HEAD).read_bytes()
    write(tmp_path, 1)
    (tmp_path / review_log.HEAD).write_bytes(head)  # the machine died between the two
    assert review_log.read(tmp_path).version == 3
    assert write(tmp_path, 1).version == 4


def test_nothing_is_added_to_a_log_that_cannot_be_trusted(tmp_path: Path) -> None:
    write(tmp_path)
    rewrite(tmp_path, [b"nonsense\n"])
    with pytest.raises(BrokenLog):
        review_log.append(tmp_path, asked(), anyone)
    assert lines(tmp_path) == [b"nonsense\n"]


def test_a_broken_log_is_kept_aside_and_a_new_one_says_so(tmp_path: Path) -> None:
    write(tmp_path)
    rewrite(tmp_path, [b"nonsense\n"])
    log = review_log.restart(tmp_path, "chief", "", "the disk was damaged")
    assert [entry.kind for entry in log.entries] == ["restart"]
    assert (tmp_path / log.entries[0].told["aside"]).read_bytes() == b"nonsense\n"
    assert review_log.read(tmp_path) == log


def test_a_full_disk_leaves_the_log_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = write(tmp_path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LogBusy, match="No space left"):
        review_log.append(tmp_path, asked(), anyone)
    monkeypatch.undo()
    assert review_log.read(tmp_path) == log


def _writer(folder: Path, who: int, count: int) -> None:
    """Write entries as a reviewer does who looks again whenever somebody was faster."""
    for n in range(count):
        seen = review_log.read(folder).version
        while True:
            try:
                station = f"S{n % 2}"
                given = Asked("edit", f"role {who}", "", "run", asked(n, station).told)

                def allowed(log: Log, seen: int = seen, station: str = station) -> None:
                    overtaken(log, seen, "edit", station)

                review_log.append(folder, given, allowed)
                break
            except Overtaken as error:
                seen = error.version


@pytest.mark.slow
def test_reviewers_in_several_processes_lose_nothing(tmp_path: Path) -> None:
    several = multiprocessing.get_context("spawn")
    workers = [several.Process(target=_writer, args=(tmp_path, who, 15)) for who in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    log = review_log.read(tmp_path)
    assert log.version == 45
    for who in range(3):
        own = [e.told["reason"] for e in log.entries if e.role == f"role {who}"]
        assert own == [f"reason {n}" for n in range(15)]


def entries(*kinds: tuple[str, dict[str, Any]]) -> Log:
    made = [
        review_log.Entry(n, "", kind, "x", "", "run", {"reason": "r"} | told, "", "")
        for n, (kind, told) in enumerate(kinds, 1)
    ]
    return Log(tuple(made))


EDIT = {"station": "S1", "kind": "offset", "value": 0.1}


def test_the_second_of_two_who_edit_one_gauge_is_told_what_the_first_did() -> None:
    with pytest.raises(Overtaken, match=r"x edited S1 \(offset \+0\.1; r\)"):
        overtaken(entries(("edit", EDIT)), 0, "edit", "S1")


def test_edits_of_different_gauges_do_not_concern_each_other() -> None:
    overtaken(entries(("edit", EDIT)), 0, "edit", "S2")


@pytest.mark.parametrize("kind", ["approve", "hold", "withdraw"])
def test_a_decision_needs_all_to_be_seen(kind: str) -> None:
    with pytest.raises(Overtaken):
        overtaken(entries(("edit", EDIT)), 0, kind, "")
    overtaken(entries(("edit", EDIT)), 1, kind, "")


def test_an_edit_is_told_of_a_decision_that_it_would_undo() -> None:
    with pytest.raises(Overtaken, match="approve"):
        overtaken(entries(("approve", {})), 0, "edit", "S1")
