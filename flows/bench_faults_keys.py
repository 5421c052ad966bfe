"""Look for a key in everything that was left: files, archives, databases, logs."""

import gzip
import logging
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote, quote_plus


def forms(key: str) -> set[bytes]:
    """Return a key as it is, and as it stands in addresses."""
    return {text.encode() for text in (key, quote(key, safe=""), quote(key), quote_plus(key))}


def seen(folder: Path, keys: Iterable[str], said: str = "") -> list[str]:
    """Return where a key is found: in names and contents below a folder, and in what was said."""
    wanted = [form for key in keys for form in forms(key)]
    places = [] if not any(form in said.encode() for form in wanted) else ["messages"]
    for path in sorted(folder.rglob("*")):
        texts = [str(path.relative_to(folder)).encode()]
        texts += _contents(path) if path.is_file() else []
        if any(form in text for form in wanted for text in texts):
            places.append(str(path.relative_to(folder)))
    return places


def _contents(path: Path) -> list[bytes]:
    body = path.read_bytes()
    found = [body]
    if body[:2] == b"\x1f\x8b":
        found.append(gzip.decompress(body))
    if body[:15] == b"SQLite format 3":
        found += _cells(path)
    return found


def _cells(path: Path) -> Iterator[bytes]:
    """Yield every text and blob of a database: long ones are spread over pages of the file."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
        names = [
            name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        for name in names:
            for row in db.execute(f'SELECT * FROM "{name}"'):  # noqa: S608  # its own tables
                yield from (
                    cell.encode() if isinstance(cell, str) else cell
                    for cell in row
                    if isinstance(cell, str | bytes)
                )


class _Kept(logging.Handler):
    """Keeps every message, tracebacks included."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def listening() -> Iterator[list[str]]:
    """Yield the list of all that is logged while the block lasts, from DEBUG on."""
    root, kept = logging.getLogger(), _Kept()
    before = root.level
    root.addHandler(kept)
    root.setLevel(logging.DEBUG)
    try:
        yield kept.lines
    finally:
        root.setLevel(before)
        root.removeHandler(kept)
