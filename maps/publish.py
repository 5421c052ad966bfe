"""Publish a site by one atomic switch: readers see the old site or the new one, never a part.

    root/releases/<run id>/   a whole site, with manifest.json naming the sha256 of each file
    root/current              a link to the newest release

A release is built under another name, brought to disk, renamed, and only then linked. Killed at
any moment, `current` still points to a whole site.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

KEEP = 3  # releases: a page is many requests, so the last ones stay for readers on their way


def publish(root: Path, draw: Callable[[Path], None], manifest: dict[str, Any]) -> Path:
    """Draw a site into a new release and make it the current one; return its folder.

    Args:
        draw: Writes the site into the folder that it is given.
        manifest: The run's record; `run_id` names the release.
    """
    releases = root / "releases"
    releases.mkdir(parents=True, exist_ok=True)
    with _alone(root):
        _sweep(releases)
        release = _free(releases / str(manifest["run_id"]))
        unfinished = release.with_name(release.name + ".tmp")
        unfinished.mkdir()
        draw(unfinished)
        _sign(unfinished, manifest)
        _to_disk(unfinished)
        unfinished.rename(release)
        _sync(releases)
        _switch(root, release)
        _forget(releases, release)
    return release


def broken(release: Path) -> list[str]:
    """Return the files of a release that are missing or are not what its manifest says."""
    listed = json.loads((release / "manifest.json").read_text(encoding="utf-8"))["files"]
    return [
        name
        for name, digest in listed.items()
        if not (release / name).is_file() or _digest(release / name) != digest
    ]


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Hold a lock that the kernel frees when its holder dies."""
    with (root / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _sweep(releases: Path) -> None:
    for left in releases.glob("*.tmp"):
        shutil.rmtree(left)


def _free(wanted: Path) -> Path:
    """Return a path that no release has yet: `wanted`, or `wanted-2` ..."""
    number, path = 1, wanted
    while path.exists():
        number += 1
        path = wanted.with_name(f"{wanted.name}-{number}")
    return path


def _sign(folder: Path, manifest: dict[str, Any]) -> None:
    files = {
        str(path.relative_to(folder)): _digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    text = json.dumps(manifest | {"files": files}, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _to_disk(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        _sync(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _switch(root: Path, release: Path) -> None:
    link = root / ".current.new"
    link.unlink(missing_ok=True)
    link.symlink_to(release.relative_to(root))
    link.replace(root / "current")
    _sync(root)


def _forget(releases: Path, newest: Path) -> None:
    """Remove old releases; renamed first, so that none is ever there by half under its name."""
    by_age = sorted(releases.iterdir(), key=lambda path: path.stat().st_mtime_ns)
    for old in [path for path in by_age if path != newest][: -(KEEP - 1)]:
        leaving = old.rename(old.with_name(old.name + ".tmp"))
        shutil.rmtree(leaving)
