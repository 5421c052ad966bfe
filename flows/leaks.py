"""Search all that was left for secrets: names, files, compressed ones, cells of databases."""

import gzip
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from flows.redaction import SHORTEST, forms


def places(folder: Path, secrets: Iterable[str]) -> list[str]:
    """Return the paths below a folder that a secret stands in, in any way of writing it."""
    long = [secret for secret in secrets if len(secret) >= SHORTEST]
    wanted = [form.encode() for secret in long for form in forms(secret)]
    found = []
    for path in sorted(folder.rglob("*")) if wanted else []:
        name = str(path.relative_to(folder))
        texts: Iterable[bytes] = [name.encode(errors="replace")]
        if any(form in text for text in (*texts, *_contents(path)) for form in wanted):
            found.append(name)
    return found


def _contents(path: Path) -> Iterator[bytes]:
    if not path.is_file() or path.is_symlink():
        return
    try:
        body = path.read_bytes()
        yield body
        if body[:2] == b"\x1f\x8b":
            yield gzip.decompress(body)
        if body[:15] == b"SQLite format 3":
            yield from _cells(path)
    except (OSError, EOFError, zlib.error, sqlite3.Error):
        return  # it went while we looked, or cannot be read: nobody else can, either


def _cells(path: Path) -> Iterator[bytes]:
    """Yield every text and blob: a long one is spread over pages, and its bytes with it."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
        named = database.execute("SELECT name FROM sqlite_master WHERE type='table'")
        for (name,) in named.fetchall():
            quoted = name.replace('"', '""')
            for row in database.execute(f'SELECT * FROM "{quoted}"'):  # noqa: S608  # its own names
                for cell in row:
                    if isinstance(cell, str | bytes):
                        yield cell.encode() if isinstance(cell, str) else cell
