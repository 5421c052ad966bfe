"""The file of the store: made whole, opened for one reader's snapshot or one writer's append.

SQLite in its write-ahead mode: what was committed is on the disk (`synchronous=FULL`), a reader
sees one moment of it and is never blocked by the writer, and an append is there whole or not at
all. It needs a file system with locks and shared memory: a disk of this machine, no network share.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final
from urllib.parse import quote
from uuid import uuid4

from data import whole
from data.errors import InvalidData, NothingThere, StoreUnavailable
from data.storage import witness as store_witness

PATIENCE_S: Final = 60.0  # how long a writer waits for the one before it
_OURS: Final = 0x4D554C47  # "MULG", SQLite's application_id
_VERSION: Final = 1
_LOG_BYTES: Final = 4_000_000  # that a long load may leave of its log
REMEDY: Final = "Restore it from a copy, or build it again from the raw answers."
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_FOR_NOW = {
    sqlite3.SQLITE_BUSY: "Another process writes to it; try again when it is done.",
    sqlite3.SQLITE_LOCKED: "Another process writes to it; try again when it is done.",
    sqlite3.SQLITE_PROTOCOL: "Another process writes to it; try again when it is done.",
    sqlite3.SQLITE_FULL: "Make room on the disk, then try again; nothing of this is kept.",
    sqlite3.SQLITE_IOERR: "Look after the disk, then try again.",
    sqlite3.SQLITE_READONLY: "Give this user the right to write to the file and its folder.",
    sqlite3.SQLITE_CANTOPEN: "Give this user the right to write to the file and its folder.",
    sqlite3.SQLITE_PERM: "Give this user the right to write to the file and its folder.",
}
_TABLES = f"""
PRAGMA page_size = 8192;
PRAGMA journal_mode = WAL;
PRAGMA application_id = {_OURS};
PRAGMA user_version = {_VERSION};
CREATE TABLE source (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE roster (
    source INTEGER NOT NULL, variable TEXT NOT NULL, names TEXT NOT NULL, keys BLOB NOT NULL,
    PRIMARY KEY (source, variable));
CREATE TABLE append (
    id INTEGER PRIMARY KEY, source INTEGER NOT NULL, received INTEGER NOT NULL,
    replayed TEXT NOT NULL, new INTEGER NOT NULL, revised INTEGER NOT NULL);
CREATE INDEX append_replayed ON append (source, replayed);
CREATE TABLE block (
    id INTEGER PRIMARY KEY, source INTEGER NOT NULL, variable TEXT NOT NULL,
    count INTEGER NOT NULL, first_time INTEGER NOT NULL, last_time INTEGER NOT NULL,
    first_series INTEGER NOT NULL, last_series INTEGER NOT NULL,
    first_received INTEGER NOT NULL, last_received INTEGER NOT NULL,
    print_high INTEGER NOT NULL, print_low INTEGER NOT NULL,
    times BLOB NOT NULL, series BLOB NOT NULL, vals BLOB NOT NULL, flags BLOB NOT NULL,
    received BLOB NOT NULL);
CREATE INDEX block_times ON block
    (source, variable, last_time, first_time, first_series, last_series, count);
CREATE INDEX block_received ON block (last_received, first_received, print_high, print_low);
CREATE TABLE fact (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, received INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX fact_name ON fact (name, received);
"""


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the store as it is at this moment; what is appended meanwhile is not seen.

    Raises:
        NothingThere: There is no such file.
        InvalidData: The file is no store of ours, or damaged.
        StoreUnavailable: It cannot be read now.
    """
    if not path.exists():
        raise NothingThere(f"No observations are stored at '{path}'.", "Run: mulgil pull")
    with _told(path), closing(_connect(path, "ro")) as db:
        _check(db, path)
        db.execute("BEGIN")
        yield db


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the store for one append, on the disk when this ends; an error undoes all of it.

    Raises:
        InvalidData: The file is no store of ours, or damaged.
        StoreUnavailable: Another writer does not end, or the disk is full.
    """
    if not path.exists():
        _create(path)
    with _told(path), closing(_connect(path, "rw")) as db:
        _check(db, path)
        store_witness.stay(path, _name(path, "ro"))
        db.execute("PRAGMA synchronous = FULL")
        db.execute(f"PRAGMA journal_size_limit = {_LOG_BYTES}")
        db.execute("BEGIN IMMEDIATE")
        yield db
        db.execute("COMMIT")
        with suppress(sqlite3.OperationalError):  # it is on the disk already, in the log
            db.execute("PRAGMA wal_checkpoint(PASSIVE)")


def copy(path: Path, to: Path) -> None:
    """Copy the store as it is at this moment, also while others write.

    A plain copy of the file is not enough: what was appended last may still be in its log.

    Raises:
        NothingThere: There is no such file.
        InvalidData: The file is no store of ours, or damaged; or there is a file at `to`.
        StoreUnavailable: It cannot be read now, or the disk is full.
    """
    if to.exists():
        raise InvalidData(f"A file '{to}' is there already.", "Name another, or remove it.")
    part = to.with_name(f".{to.name}.{uuid4().hex}.part")
    try:
        with reading(path) as db, _told(part), closing(sqlite3.connect(part)) as target:
            db.backup(target)
        whole.to_disk(part)
        part.replace(to)
        whole.to_disk(to.parent)
    finally:
        part.unlink(missing_ok=True)


def damaged(path: Path, problem: object) -> InvalidData:
    """Return the error that tells of a damaged store."""
    return InvalidData(f"The store '{path}' is damaged: {problem}.", REMEDY)


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(_name(path, mode), uri=True, timeout=PATIENCE_S, isolation_level=None)


def _name(path: Path, mode: str) -> str:
    return f"file:{quote(str(path.resolve()))}?mode={mode}"


def _check(db: sqlite3.Connection, path: Path) -> None:
    (ours,), (version,) = (
        db.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version")
    )
    if ours != _OURS:
        raise InvalidData(f"'{path}' is no store of observations.", "Name another file.")
    if version != _VERSION:
        problem = f"The store '{path}' has version {version}, this program knows {_VERSION}."
        raise InvalidData(problem, "Use the program that made it.")


def _create(path: Path) -> None:
    """Make an empty store; of several that try at once, one wins and all go on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{uuid4().hex}.part")
    try:
        with _told(part), closing(sqlite3.connect(part, isolation_level=None)) as db:
            db.executescript(_TABLES)
        whole.to_disk(part)
        with suppress(FileExistsError):
            path.hardlink_to(part)
    finally:
        part.unlink(missing_ok=True)
    whole.to_disk(path.parent)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say what SQLite found in our own words."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
        if code in _BROKEN:
            raise damaged(path, error) from error
        if code in _FOR_NOW:
            problem = f"The store '{path}' cannot be used now: {error}."
            raise StoreUnavailable(problem, _FOR_NOW[code]) from error
        raise
