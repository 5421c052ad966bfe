"""A small catalogue of all runs in one SQLite file, made from their manifests.

<home>/catalogue.sqlite   one row a manifest of <home>/runs

The manifests are the truth: the file may be removed at any time. It is brought up to date by name,
time of change and size whenever it is asked, and made anew when it is damaged. Where it cannot be
written (locked by another, or a disk that is full or read-only) a copy in memory answers.
"""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from flows import manifest
from flows.folders import Folders
from flows.manifest import Manifest

PATIENCE_S: Final = 2.0  # how long another writer is waited for
VERSION: Final = 1  # raise it when the table changes: the file is then made anew
COLUMNS: Final = (
    "name", "changed", "size", "run", "network", "issue_time", "began", "state", "kind", "model",
    "triggered_by", "degraded", "fallback", "warnings", "seconds", "late", "forecast", "trouble",
)  # fmt: skip
_TABLE = f"""
CREATE TABLE run (name TEXT PRIMARY KEY, {", ".join(COLUMNS[1:])}) WITHOUT ROWID;
CREATE INDEX run_began ON run (began);
CREATE INDEX run_network ON run (network, began);
PRAGMA user_version = {VERSION};
"""
_PUT = f"INSERT OR REPLACE INTO run VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608  # ours
_ID = re.compile(r"(.+)-(\d{4}-\d\d-\d\dT\d\d)(\d\d)Z-(\d{8}T\d{12})")
Seen = dict[str, tuple[int, int]]  # name of a manifest: time of change [ns], size


def path_of(folders: Folders) -> Path:
    """Return the file of the catalogue."""
    return folders.home / "catalogue.sqlite"


@contextmanager
def catalogue(folders: Folders) -> Iterator[sqlite3.Connection]:
    """Open the catalogue, up to date with the manifests at this moment."""
    seen = manifests(folders)
    with closing(_on_disk(folders, seen) or _in_memory(folders, seen)) as db:
        db.row_factory = sqlite3.Row
        yield db


def manifests(folders: Folders) -> Seen:
    """Return the manifests that are there."""
    while True:
        try:
            with os.scandir(folders.home / "runs") as entries:
                names = (e for e in entries if e.name[-5:] == ".json" and e.name[0] != ".")
                about = ((e.name, e.stat()) for e in names)
                return {name: (stat.st_mtime_ns, stat.st_size) for name, stat in about}
        except FileNotFoundError:
            if not (folders.home / "runs").is_dir():
                return {}
            # one was removed meanwhile: look again


def _on_disk(folders: Folders, seen: Seen) -> sqlite3.Connection | None:
    """Return the file, up to date; None where it cannot be written now."""
    for _ in range(2):
        db = None
        try:
            db = sqlite3.connect(path_of(folders), timeout=PATIENCE_S, isolation_level=None)
            _refresh(db, folders, seen)
        except sqlite3.OperationalError:  # locked, read-only, full, or no such folder
            _close(db)
            return None
        except sqlite3.DatabaseError:  # damaged: it is made anew
            _close(db)
            path_of(folders).unlink(missing_ok=True)
            path_of(folders).with_name(f"{path_of(folders).name}-journal").unlink(missing_ok=True)
        else:
            return db
    return None


def _close(db: sqlite3.Connection | None) -> None:
    if db is not None:
        db.close()


def _in_memory(folders: Folders, seen: Seen) -> sqlite3.Connection:
    """Return a copy in memory, brought up to date: of the file if it can be read."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    with suppress(sqlite3.Error):
        address = f"{path_of(folders).resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=PATIENCE_S)) as file:
            file.backup(db, progress=_give_up)
    try:
        _refresh(db, folders, seen)
    except sqlite3.DatabaseError:  # a damaged copy
        db.close()
        db = sqlite3.connect(":memory:", isolation_level=None)
        _refresh(db, folders, seen)
    return db


def _give_up(status: int, _left: int, _all: int) -> None:
    """End a copy of a file that another holds; it would wait for ever."""
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        raise sqlite3.OperationalError("the catalogue is locked")


def _refresh(db: sqlite3.Connection, folders: Folders, seen: Seen) -> None:
    """Bring the catalogue up to date; one writer at a time, and all of it or nothing."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    rows = db.execute("SELECT name, changed, size FROM run") if version == VERSION else ()
    kept = {name: (changed, size) for name, changed, size in rows}
    if version == VERSION and kept == seen:
        return
    db.execute("BEGIN IMMEDIATE")
    if version != VERSION:
        for statement in ("DROP TABLE IF EXISTS run", *_TABLE.strip().splitlines()):
            db.execute(statement)
        kept = {}
    gone = [(name,) for name in kept if name not in seen]
    new = [name for name, about in seen.items() if kept.get(name) != about]
    db.executemany("DELETE FROM run WHERE name = ?", gone)
    db.executemany(_PUT, (_row(folders, name, seen[name]) for name in new))
    db.execute("COMMIT")


def _row(folders: Folders, name: str, about: tuple[int, int]) -> tuple[object, ...]:
    """Return what is told of a manifest; of one that cannot be read its name and why."""
    run = name.removesuffix(".json")
    try:
        told = _told(manifest.load(folders.home / "runs" / name))
    except Exception as error:  # noqa: BLE001  # one broken manifest never hides the others
        network, issue_time, _ = parts(run)
        told = {"run": run, "network": network, "issue_time": issue_time}
        told |= {"state": "unreadable", "trouble": str(error)}
    told |= {"name": name, "changed": about[0], "size": about[1], "began": _began(run, about[0])}
    return tuple(told.get(column, "") for column in COLUMNS)


def parts(run: str) -> tuple[str, str, str]:
    """Return network, issue time and start in the id of a run; "" where it is no such id."""
    found = _ID.fullmatch(run)
    return (found[1], f"{found[2]}:{found[3]}Z", found[4]) if found else ("", "", "")


def _began(run: str, changed: int) -> str:
    """Return when a run began, by its id to the microsecond, so that it sorts; else its file."""
    return parts(run)[2] or datetime.fromtimestamp(changed / 1e9, UTC).strftime("%Y%m%dT%H%M%S%f")


def _told(run: Manifest) -> dict[str, object]:
    return {
        "run": run.run_id,
        "network": run.network,
        "issue_time": run.issue_time,
        "state": run.state,
        "kind": run.kind,
        "model": run.model,
        "triggered_by": run.triggered_by,
        "degraded": len(run.degraded),
        "fallback": len(run.fallback),
        "warnings": len(run.warnings),
        "seconds": round(sum(run.timings.values()), 3),
        "late": int(run.late),
        "forecast": run.forecast,
        "trouble": run.error,
    }
