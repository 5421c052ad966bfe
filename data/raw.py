"""Keep every answer of a provider as it came, before anyone tries to understand it.

    raw/<source>/YYYY/MM/DD/<first 20 digits of sha256>.gz

A file is gzip: one line of JSON (what was asked, the address without key, when it arrived, status,
type, and what a replay server says of itself), then the body. An answer that came before on the
same day, to the letter, is not kept twice: the first arrival is what counts.
"""

import gzip
import json
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import numpy as np

from data import whole
from data.errors import InvalidData
from data.sources.asking import Answer

DAYS = 400  # kept by default: two flood seasons


def keep(folder: Path, answer: Answer) -> Path:
    """Keep an answer, whole and on the disk, and return its file."""
    named = sha256(f"{answer.what}\n".encode() + answer.body).hexdigest()[:20]
    path = folder / answer.source / _day(answer.fetched) / f"{named}.gz"
    if not path.exists():
        facts = asdict(answer) | {"fetched": str(answer.fetched)}
        del facts["body"]
        head = json.dumps(facts, ensure_ascii=False).encode() + b"\n"
        whole.write(path, gzip.compress(head + answer.body, compresslevel=6, mtime=0))
    return path


def read(path: Path) -> Answer:
    """Read an answer back.

    Raises:
        InvalidData: The file is damaged, or none of ours.
    """
    try:
        head, _, body = gzip.decompress(path.read_bytes()).partition(b"\n")
        facts = json.loads(head)
        return Answer(**facts | {"body": body, "fetched": np.datetime64(facts["fetched"], "ns")})
    except (OSError, EOFError, ValueError, KeyError, TypeError, zlib.error) as error:
        raise InvalidData(
            f"'{path}' is no kept answer: {error}.", "Leave it out, or restore it from a copy."
        ) from error


def kept(folder: Path, source: str, first: date, last: date) -> Iterator[Answer]:
    """Yield the answers of a source from one day to another (UTC), in order of arrival.

    Raises:
        InvalidData: One of them is damaged.
    """
    for number in range((last - first).days + 1):
        day = folder / source / (first + timedelta(days=number)).strftime("%Y/%m/%d")
        yield from sorted(map(read, day.glob("*.gz")), key=lambda answer: answer.fetched)


def prune(folder: Path, days: int = DAYS, today: date | None = None) -> list[str]:
    """Remove the answers of days longer than `days` ago; return the days, as `source/Y/M/D`."""
    limit = (today or datetime.now(UTC).date()) - timedelta(days=days)
    removed = []
    for day in sorted(folder.glob("*/[0-9]*/[0-9]*/[0-9]*")):
        if date(*map(int, day.parts[-3:])) < limit:
            shutil.rmtree(day)
            removed.append("/".join(day.parts[-4:]))
    return removed


def _day(time: np.datetime64) -> str:
    return str(time.astype("datetime64[D]")).replace("-", "/")
