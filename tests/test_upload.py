"""Upload: what is sent is whole, the pointer comes last, and no shell reads what a person typed."""

import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
import typer

from data.errors import InvalidData, NothingThere
from flows import settings, upload_command, upload_objects, upload_rsync
from flows.upload import UploadFailed, published
from maps.publish import broken, publish
from maps.release import Draft

RSYNC = pytest.mark.skipif(shutil.which("rsync") is None, reason="there is no rsync here")


def release(site: Path, number: int) -> Path:
    def draw(draft: Draft) -> None:
        draft.put("index.html", f"release {number}")
        draft.put("same.html", "same")

    return publish(site, draw, {"run_id": f"r{number}", "started": f"2026-01-01T0{number}:00:00"})


class Memory:
    """A store that remembers in which order it was written, and may lose an object."""

    def __init__(self, lose: str = "") -> None:
        self.objects: dict[str, bytes] = {}
        self.order: list[str] = []
        self.lose = lose

    def put(self, path: str, body: bytes, kind: str, cache: str) -> None:
        self.order.append(path)
        if not self.lose or not path.endswith(self.lose):
            self.objects[path] = body

    def copy(self, old: str, new: str) -> None:
        self.put(new, self.objects[old], "", "")

    def read(self, path: str) -> bytes | None:
        return self.objects.get(path)

    def sizes(self, folder: str) -> dict[str, int]:
        return {k: len(v) for k, v in self.objects.items() if k.startswith(f"{folder}/")}

    def folders(self, folder: str) -> list[str]:
        return sorted({path.split("/")[1] for path in self.sizes(folder)})

    def remove(self, paths: Iterable[str]) -> None:
        for path in list(paths):
            del self.objects[path]


def test_nothing_is_uploaded_before_it_is_published(tmp_path: Path) -> None:
    with pytest.raises(NothingThere, match="Nothing is published"):
        published(tmp_path)


def test_a_damaged_release_is_not_uploaded(tmp_path: Path) -> None:
    path = release(tmp_path, 1) / "same.html"
    path.unlink()
    path.write_text("rot")
    with pytest.raises(InvalidData, match=r"'same\.html' .* is not what its manifest says"):
        published(tmp_path)


def test_the_pointers_are_written_last(tmp_path: Path) -> None:
    store = Memory()
    upload_objects.upload(store, release(tmp_path, 1), 3)
    assert store.order[-2:] == ["current.json", "index.html"]


def test_a_store_that_loses_a_file_is_not_pointed_at(tmp_path: Path) -> None:
    store = Memory()
    upload_objects.upload(store, release(tmp_path, 1), 3)
    store.lose = "r2/same.html"
    with pytest.raises(UploadFailed, match=r"lacks 'releases/r2/same\.html'"):
        upload_objects.upload(store, release(tmp_path, 2), 3)
    assert json.loads(store.objects["current.json"])["release"] == "r1"


def test_a_pointer_that_cannot_be_read_costs_only_the_saving(tmp_path: Path) -> None:
    store = Memory()
    store.objects["current.json"] = b"[1, 2"
    sent = upload_objects.upload(store, release(tmp_path, 1), 3)
    assert (sent.put, sent.taken) == (3, 0)
    store.objects["releases/r1/manifest.json"] = b"{"
    assert upload_objects.upload(store, release(tmp_path, 2), 3).taken == 0


@pytest.mark.parametrize("to", ["flood.example:/x", "ftp://a/b", "s3://", "rsync:", "rsync:-e sh"])
def test_a_target_that_is_none_is_refused(to: str, tmp_path: Path) -> None:
    with pytest.raises(typer.BadParameter, match=r"expected rsync:.* or s3:"):
        upload_command.send(to, "", settings.read({"MULGIL_HOME": str(tmp_path)}))


def fake_rsync(folder: Path, monkeypatch: pytest.MonkeyPatch, status: int = 0) -> Path:
    """Put a program on the path that writes down its arguments, one a line."""
    told, program = folder / "told", folder / "bin" / "rsync"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" >> "{told}"\necho "no route" >&2\nexit {status}\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}/bin{os.pathsep}/usr/bin")
    return told


def test_rsync_sends_the_release_then_the_link_and_no_shell_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    *_, path = [release(tmp_path / "site", number) for number in (1, 2, 3)]
    told = fake_rsync(tmp_path, monkeypatch)
    evil = "web@flood.example:/srv/a; touch $(pwd)/x"
    upload_rsync.upload(path, evil, 3)
    lines = told.read_text().splitlines()
    assert lines.index(f"{evil}/releases/r3/") < lines.index(f"{evil}/")
    assert {"--link-dest=../r1", "--link-dest=../r2"} <= set(lines)
    assert lines.index("--delete") > lines.index(f"{evil}/")


def test_rsync_that_fails_is_told_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = release(tmp_path / "site", 1)
    told = fake_rsync(tmp_path, monkeypatch, status=12)
    with pytest.raises(UploadFailed, match="rsync ended with 12: no route"):
        upload_rsync.upload(path, "web@flood.example:/srv", 3)
    assert "web@flood.example:/srv/" not in told.read_text().splitlines()  # the link was not sent


def test_without_rsync_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = release(tmp_path / "site", 1)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NothingThere, match="no 'rsync' on this machine"):
        upload_rsync.upload(path, str(tmp_path / "there"), 3)


@RSYNC
def test_rsync_makes_the_same_site_with_the_same_links(tmp_path: Path) -> None:
    site, there = tmp_path / "site", tmp_path / "there"
    for number in range(1, 6):
        upload_rsync.upload(release(site, number), str(there), 3)
        assert (there / "current" / "index.html").read_text() == f"release {number}"
    assert (there / "previous" / "index.html").read_text() == "release 4"
    left = sorted(path.name for path in (there / "releases").iterdir())
    assert left == ["r3", "r4", "r5"]
    assert [broken(there / "releases" / name) for name in left] == [[], [], []]
    inodes = {(there / "releases" / name / "same.html").stat().st_ino for name in left}
    assert len(inodes) == 1


@RSYNC
def test_the_command_uploads_what_is_published(tmp_path: Path) -> None:
    release(tmp_path / "site", 1)
    found = settings.read({"MULGIL_HOME": str(tmp_path)})
    assert upload_command.send(f"rsync:{tmp_path / 'there'}", "", found).release == "r1"
    assert (tmp_path / "there" / "current").resolve().name == "r1"
