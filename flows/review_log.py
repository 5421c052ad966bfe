"""The log of reviews of a network: one line an entry, only ever appended, each bound to the last.

    <home>/<network>/review/edits.jsonl   the entries; a line is on disk before it counts
    <home>/<network>/review/head.json     number and digest of the newest, written after it

Every line carries the digest of the line before, so that a changed, missing or inserted line shows;
the head shows a log that was cut short; the manifests of runs carry number and digest, too. A last
line that was not finished (the machine died) was never acknowledged: it is passed over, and set
aside at the next entry. Two writers at once wait for each other (`flock`), and each says which
version it saw: see `flows.review_book.overtaken`.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from data.errors import MulgilError

NAME, HEAD, TORN = "edits.jsonl", "head.json", "unfinished.txt"
START = "0" * 64
KINDS = ("edit", "withdraw", "approve", "hold", "restart")


class BrokenLog(MulgilError):
    """The log of reviews was changed, cut short or cannot be read: nothing in it can be trusted."""


class LogBusy(MulgilError):
    """An entry could not be written; the log is as it was."""


@dataclass(frozen=True)
class Entry:
    """One line of the log.

    Attributes:
        at: When it was written, UTC, ISO 8601.
        run: The run that the person saw.
        told: What is asked; its fields follow from `kind`.
    """

    n: int
    at: str
    kind: str
    role: str
    name: str
    run: str
    told: dict[str, Any]
    before: str
    digest: str


@dataclass(frozen=True)
class Asked:
    """An entry that is not written yet."""

    kind: str
    role: str
    name: str
    run: str
    told: dict[str, Any]


@dataclass(frozen=True)
class Log:
    """All entries, checked; `version` is the number of the newest."""

    entries: tuple[Entry, ...] = ()

    @property
    def version(self) -> int:
        """The number of the newest entry; 0 for none."""
        return len(self.entries)

    @property
    def digest(self) -> str:
        """What the whole log is bound to."""
        return self.entries[-1].digest if self.entries else START

    def since(self, version: int) -> tuple[Entry, ...]:
        """Return what was written after a version."""
        return self.entries[version:]


def read(folder: Path) -> Log:
    """Return the log, checked from its first line to its last.

    Raises:
        BrokenLog: A line is not what it was, or lines are missing.
    """
    try:
        head = _head(folder)  # before the log: a writer changes it after the log
        whole, _ = _lines(folder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BrokenLog(
            f"The review log in '{folder}' cannot be read: {error}.", _REMEDY
        ) from error
    entries: list[Entry] = []
    for number, line in enumerate(whole, start=1):
        entries.append(_entry(line, number, entries[-1].digest if entries else START, folder))
    _complete(entries, head, folder)
    return Log(tuple(entries))


def append(folder: Path, asked: Asked, allowed: Callable[[Log], None]) -> tuple[Log, Entry]:
    """Write one entry; it is on disk when this returns.

    Args:
        allowed: Is called with the log as it is then, and raises where the entry may not follow.

    Raises:
        BrokenLog: Nothing is added to a log that cannot be trusted.
        LogBusy: The disk is full, or may not be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            log = read(folder)
            allowed(log)
            _set_torn_aside(folder)
            entry = _next(log, asked)
            _write(folder, entry)
            return Log((*log.entries, entry)), entry
    except OSError as error:
        raise LogBusy(
            f"The review log in '{folder}' cannot be written: {error}.",
            "Nothing was changed. Make room or allow writing, and do it again.",
        ) from error


def restart(folder: Path, role: str, name: str, reason: str) -> Log:
    """Set a log that cannot be trusted aside, under a name of its own, and begin a new one."""
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    with _alone(folder):
        old = folder / NAME
        was = sha256(old.read_bytes()).hexdigest() if old.exists() else ""
        for path in (old, folder / HEAD):
            if path.exists():
                path.rename(path.with_name(f"broken-{stamp}-{path.name}"))
    told = {"reason": reason, "sha256": was, "aside": f"broken-{stamp}-{NAME}"}
    log, _ = append(folder, Asked("restart", role, name, "", told), lambda _: None)
    return log


_REMEDY = (
    "No edit or approval in it is used. Look at it, then begin a new one: "
    "mulgil review restart NETWORK --reason TEXT --role ROLE"
)


def _head(folder: Path) -> tuple[int, str]:
    path = folder / HEAD
    if not path.exists():
        return 0, START
    kept = json.loads(path.read_text(encoding="utf-8"))
    return int(kept["n"]), str(kept["digest"])


def _lines(folder: Path) -> tuple[list[bytes], bytes]:
    """Return the finished lines, and what stands after the last."""
    path = folder / NAME
    if not path.exists():
        return [], b""
    *whole, torn = path.read_bytes().split(b"\n")
    return whole, torn


def _entry(line: bytes, number: int, before: str, folder: Path) -> Entry:
    changed = BrokenLog(f"Line {number} of '{folder / NAME}' is not what was written.", _REMEDY)
    try:
        kept = json.loads(line)
        entry = Entry(**kept)
        good = entry.n == number and entry.before == before and entry.kind in KINDS
        good = good and entry.digest == _digest(kept)
    except (ValueError, TypeError) as error:
        raise changed from error
    if not good:
        raise changed
    return entry


def _complete(entries: list[Entry], head: tuple[int, str], folder: Path) -> None:
    """Check that the log reaches as far as its head says."""
    n, digest = head
    if n > len(entries) or (n and entries[n - 1].digest != digest):
        raise BrokenLog(
            f"'{folder / NAME}' has {len(entries)} entries, and {n} were written: "
            "it was cut short or replaced.",
            _REMEDY,
        )


def _digest(kept: dict[str, Any]) -> str:
    own = {key: value for key, value in kept.items() if key != "digest"}
    text = json.dumps(own, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _next(log: Log, asked: Asked) -> Entry:
    own = {
        "n": log.version + 1,
        "at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}Z",
        **vars(asked),
        "before": log.digest,
    }
    return Entry(**own, digest=_digest(own))


def _write(folder: Path, entry: Entry) -> None:
    line = json.dumps(vars(entry), ensure_ascii=False, sort_keys=True).encode() + b"\n"
    path = folder / NAME
    new = not path.exists()
    with path.open("ab") as file:
        size = file.tell()
        try:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            os.truncate(path, size)
            raise
    _replace(folder / HEAD, json.dumps({"n": entry.n, "digest": entry.digest}).encode())
    if new:
        _sync(folder)


def _replace(path: Path, content: bytes) -> None:
    half = path.with_suffix(".tmp")
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
    _sync(path.parent)


def _set_torn_aside(folder: Path) -> None:
    """Take away what a dying writer left of a line, and keep it in a file of its own."""
    _, torn = _lines(folder)
    if torn:
        with (folder / TORN).open("ab") as file:
            file.write(torn + b"\n")
        path = folder / NAME
        os.truncate(path, path.stat().st_size - len(torn))


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold a lock that the kernel frees when its holder dies."""
    with (folder / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
