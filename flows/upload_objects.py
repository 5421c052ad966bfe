"""Upload to a store of objects, in which nothing is a link and nothing can be renamed.

    releases/<run id>/...   every file of a release; no such object is ever changed
    current.json            the pointer: {"release": "<run id>", "path": "releases/<run id>/"}
    index.html              leads a browser there

Both pointers are written last, after every file was listed there with its size.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from html import escape
from pathlib import Path
from typing import Protocol

from flows.upload import Sent, UploadFailed
from maps.release import MANIFEST

POINTER, FRONT = "current.json", "index.html"
_THREADS = 16
FOR_EVER, AT_ONCE = "public, max-age=31536000, immutable", "no-cache"
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".csv": "text/csv; charset=utf-8",
    ".xml": "application/xml",
    ".atom": "application/atom+xml",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".nc": "application/x-netcdf",
}


class Store(Protocol):
    """What is asked of a store of objects; `flows.upload_store` has the one that is used."""

    def put(self, path: str, body: bytes, kind: str, cache: str) -> None:
        """Write an object."""

    def copy(self, old: str, new: str) -> None:
        """Copy an object inside the store."""

    def read(self, path: str) -> bytes | None:
        """Return an object; None where there is none."""

    def sizes(self, folder: str) -> dict[str, int]:
        """Return path and size of all objects below a folder."""

    def folders(self, folder: str) -> list[str]:
        """Return the names of the folders in a folder."""

    def remove(self, paths: Iterable[str]) -> None:
        """Remove objects."""


def upload(store: Store, release: Path, keep: int) -> Sent:
    """Send a release, let the pointers lead to it, and remove older ones.

    Args:
        release: A finished release.
        keep: How many releases stay in the store.

    Raises:
        UploadFailed: The store lacks a file after all were sent.
    """
    manifest = json.loads((release / MANIFEST).read_text(encoding="utf-8"))
    files: dict[str, str] = manifest["files"]
    now, last = f"releases/{release.name}", _last(store)
    had = {} if last == release.name else _files_of(store, last)
    sizes = {path: (release / path).stat().st_size for path in [*files, MANIFEST]}
    there = store.sizes(now)
    todo = [path for path in sizes if there.get(f"{now}/{path}") != sizes[path]]
    same = [path for path in todo if path != MANIFEST and had.get(path) == files[path]]
    new = sorted(set(todo) - set(same))
    _each(lambda path: store.copy(f"releases/{last}/{path}", f"{now}/{path}"), same)
    _each(lambda path: _put(store, release, now, path), new)
    _look(store, now, sizes)
    _point(store, release.name)
    removed = _forget(store, release.name, keep)
    return Sent(release.name, len(new), len(same), sum(sizes[path] for path in new), removed)


def _each(work: Callable[[str], None], paths: list[str]) -> None:
    with ThreadPoolExecutor(_THREADS) as threads:
        list(threads.map(work, paths))


def _put(store: Store, release: Path, now: str, path: str) -> None:
    kind = KINDS.get(Path(path).suffix, "application/octet-stream")
    store.put(f"{now}/{path}", (release / path).read_bytes(), kind, FOR_EVER)


def _last(store: Store) -> str:
    """Return the release that the store shows; "" where it shows none that can be read."""
    try:
        return str(json.loads(store.read(POINTER) or b"{}").get("release", ""))
    except (ValueError, AttributeError):
        return ""


def _files_of(store: Store, release: str) -> Mapping[str, str]:
    try:
        kept = store.read(f"releases/{release}/{MANIFEST}") if release else None
        return dict(json.loads(kept or b"{}").get("files", {}))
    except (ValueError, AttributeError):
        return {}


def _look(store: Store, now: str, sizes: Mapping[str, int]) -> None:
    there = store.sizes(now)
    wrong = [path for path, size in sizes.items() if there.get(f"{now}/{path}") != size]
    if wrong:
        raise UploadFailed(
            f"The store lacks '{now}/{wrong[0]}' or holds a part of it ({len(wrong)} such files).",
            "What it shows has not changed. Upload again.",
        )


def _point(store: Store, release: str) -> None:
    path = f"releases/{release}/"
    told = json.dumps({"release": release, "path": path, "manifest": f"{path}{MANIFEST}"})
    store.put(POINTER, f"{told}\n".encode(), KINDS[".json"], AT_ONCE)
    store.put(FRONT, _front(path).encode(), KINDS[".html"], AT_ONCE)


def _front(path: str) -> str:
    """Return a page that leads to the release, without script or style."""
    to = escape(f"{path}index.html")
    return (
        '<!doctype html>\n<html lang="ko">\n<meta charset="utf-8">\n<title>물길 Mulgil</title>\n'
        f'<meta http-equiv="refresh" content="0; url={to}">\n'
        f'<p><a href="{to}">물길 Mulgil</a></p>\n'
    )


def _forget(store: Store, newest: str, keep: int) -> tuple[str, ...]:
    """Remove all but the last releases; their names begin anew with each network, times decide."""
    others = [name for name in store.folders("releases") if name != newest]
    ages = {name: _made(store, name) for name in others}
    old = sorted(others, key=lambda name: ages[name])[: max(len(others) - (keep - 1), 0)]
    for name in old:
        store.remove(store.sizes(f"releases/{name}"))
    return tuple(old)


def _made(store: Store, release: str) -> str:
    """Return when a release was made, as its manifest says; "" where it has none: it is half."""
    try:
        kept = store.read(f"releases/{release}/{MANIFEST}")
        return str(json.loads(kept or b"{}").get("started", ""))
    except (ValueError, AttributeError):
        return ""
