"""Publish a site by one atomic switch: readers see the old site or the new one, never a part.

    root/releases/<run id>/   a whole site, with manifest.json naming the sha256 of each file
    root/current              a link to the newest release
    root/previous             a link to the one before: what a page that is open still asks for

A release is built under another name, brought to disk, renamed, and only then linked. Killed at
any moment, `current` still points to a whole site. What has not changed is taken over from the
release before, see `maps.release`.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from maps.release import MANIFEST, Book, Draft, digest_of, earlier
from maps.release_disk import remove, sync, to_disk

KEEP = 3  # releases: a page is many requests, so the last ones stay for readers on their way
_LEAVING = ".tmp"


def publish(
    root: Path,
    draw: Callable[[Draft], None],
    manifest: dict[str, Any],
    keep: int = KEEP,
    verify: bool = False,
) -> Path:
    """Draw a site into a new release and make it the current one; return its folder.

    Args:
        draw: Writes the site into the draft that it is given.
        manifest: The run's record; `run_id` names the release.
        keep: How many releases stay, the new one among them; at least 2.
        verify: Read what is taken over from the last release, instead of trusting its manifest;
            what is damaged is then written again.
    """
    releases = root / "releases"
    releases.mkdir(parents=True, exist_ok=True)
    with _alone(root):
        _sweep(releases)
        release = _free(releases / str(manifest["run_id"]))
        book = _begin(root, release, max(keep, 2), verify)
        draw(Draft(book))
        _sign(book, manifest)
        to_disk(book.folder)
        book.folder.rename(release)
        sync(releases)
        _switch(root, release)
        _sweep(releases)
    return release


def broken(release: Path) -> list[str]:
    """Return the files of a release that are missing or are not what its manifest says."""
    listed = orjson.loads((release / MANIFEST).read_bytes())["files"]
    return [
        name
        for name, digest in listed.items()
        if not (release / name).is_file() or digest_of(release / name) != digest
    ]


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Hold a lock that the kernel frees when its holder dies."""
    with (root / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _begin(root: Path, release: Path, keep: int, verify: bool) -> Book:
    releases = root / "releases"
    current = releases / (root / "current").resolve().name
    leaving = _leave(releases, current, keep)
    unfinished = release.with_name(release.name + _LEAVING)
    unfinished.mkdir()
    return Book(unfinished, earlier(current), earlier(leaving) if leaving else None, verify)


def _sweep(releases: Path) -> None:
    for left in releases.glob(f"*{_LEAVING}"):
        remove(left)


def _leave(releases: Path, current: Path, keep: int) -> Path | None:
    """Take the oldest releases away, so that `keep` stay with the next; return the newest of them.

    They are renamed first: none is ever there by half under its name.
    """
    by_age = sorted(releases.iterdir(), key=lambda path: path.stat().st_mtime_ns)
    old = [path for path in by_age if path != current]
    last = None
    for path in old[: max(len(old) - (keep - 2), 0)]:
        last = path.rename(path.with_name(path.name + _LEAVING))
    return last


def _free(wanted: Path) -> Path:
    """Return a path that no release has yet: `wanted`, or `wanted-2` ..."""
    number, path = 1, wanted
    while path.exists():
        number += 1
        path = wanted.with_name(f"{wanted.name}-{number}")
    return path


def _sign(book: Book, manifest: dict[str, Any]) -> None:
    """Write the manifest: what was written past the draft is read, the rest is known."""
    for path in _written_past(book):
        digest = digest_of(book.folder / path)
        book.take(path, digest)
        book.files[path] = digest
    record = json.loads(json.dumps(manifest, ensure_ascii=False).encode("utf-8", "replace"))
    told = record | {"files": book.files, "keys": book.keys}
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS
    (book.folder / MANIFEST).write_bytes(orjson.dumps(told, option=options))


def _written_past(book: Book) -> list[str]:
    """Return the files that are there and that the draft does not know."""
    found = []
    for here, folders, files in os.walk(book.folder):
        at = os.path.relpath(here, book.folder)
        prefix = "" if at == "." else f"{at}/"
        folders[:] = sorted(name for name in folders if f"{prefix}{name}" not in book.kept)
        found += [f"{prefix}{name}" for name in files if f"{prefix}{name}" not in book.files]
    return found


def _switch(root: Path, release: Path) -> None:
    if (root / "current").exists():
        _point(root / "previous", root / "releases" / (root / "current").resolve().name)
    _point(root / "current", release)
    sync(root)


def _point(link: Path, release: Path) -> None:
    """Let a link lead to a release from one moment to the next."""
    new = link.with_name(f".{link.name}.new")
    new.unlink(missing_ok=True)
    new.symlink_to(release.relative_to(link.parent))
    new.replace(link)
