"""Remember answers that carry an ETag or a date, to ask again only for what has changed."""

import json
import zlib
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np

from data import whole
from data.sources.asking import Answer


@dataclass(frozen=True)
class Before:
    """An earlier answer of the same address."""

    earlier: Answer

    @property
    def conditions(self) -> dict[str, str]:
        """The headers that ask for an answer only if it differs from this one."""
        asked = {
            "If-None-Match": self.earlier.etag,
            "If-Modified-Since": self.earlier.last_modified,
        }
        return {name: value for name, value in asked.items() if value}

    def answer(self, source: str, what: str, url: str, now: np.datetime64) -> Answer:
        """Return the earlier answer as one that came now, unchanged."""
        return replace(self.earlier, source=source, what=what, url=url, fetched=now, unchanged=True)


def find(folder: Path | None, url: str) -> Before | None:
    """Return what `url` (redacted) answered before; None if nothing whole is remembered."""
    if folder is None:
        return None
    try:
        head, _, body = _path(folder, url).read_bytes().partition(b"\n")
        facts = json.loads(head)
        fetched = np.datetime64(facts.pop("fetched"), "ns")
        return Before(Answer(body=zlib.decompress(body), fetched=fetched, **facts))
    except (OSError, ValueError, KeyError, TypeError, zlib.error):
        return None  # never kept, or damaged: ask without conditions


def keep(folder: Path | None, answer: Answer) -> None:
    """Remember an answer that can be asked for by condition; others are let go."""
    if folder is None or answer.unchanged or not (answer.etag or answer.last_modified):
        return
    facts = asdict(answer) | {"fetched": str(answer.fetched)}
    body = facts.pop("body")
    head = json.dumps(facts, ensure_ascii=False).encode()
    whole.write(_path(folder, answer.url), head + b"\n" + zlib.compress(body))


def _path(folder: Path, url: str) -> Path:
    return folder / sha256(url.encode()).hexdigest()[:32]
