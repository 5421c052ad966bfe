"""The one door to the network: polite requests, retries, and downloads that resume.

A server that is busy, broken or unreachable (408, 425, 429, 5xx, a timeout, a cut stream) is asked
again after a growing, jittered wait, or after the `Retry-After` it gives. What is left over is
`SourceUnavailable` (later may help) or `SourceError` (asking again gives the same). No message
shows more of an address than its host and last part, as some providers want a key in the path.
"""

import hashlib
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TypeVar

import httpx
import numpy as np

from data.errors import SourceError, SourceUnavailable

logging.getLogger("httpx").setLevel(logging.WARNING)  # at INFO it logs addresses, keys included

T = TypeVar("T")
_RETRYABLE = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True)
class Manners:
    """How patiently and how much we ask.

    Attributes:
        timeout: For connecting, and for each silence in between [s].
        tries: Requests in all before giving up.
        first_wait: Longest wait before the second try [s]; it doubles with each further one.
        longest_wait: No wait is longer [s], whatever `Retry-After` says.
        largest: An answer of more is refused [bytes].
    """

    timeout: float = 30.0
    tries: int = 5
    first_wait: float = 2.0
    longest_wait: float = 120.0
    largest: int = 4 << 30
    user_agent: str = "mulgil/0.1 (open flood-forecast and climate maps)"


POLITE = Manners()


class _Busy(Exception):
    """The server may answer if asked again, after `wait` seconds if it said so."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        self.wait = wait
        super().__init__(why)


def fetch_text(url: str, manners: Manners = POLITE) -> str:
    """Return the text of `url` (UTF-8 unless the server says otherwise).

    Raises:
        SourceUnavailable: The server did not answer in `manners.tries` tries.
        SourceError: It answered that there is no such thing, or with too much.
    """

    def once() -> str:
        with _open(url, {}, manners) as answer:
            _refuse_failure(answer)
            body = bytearray()
            for chunk in answer.iter_bytes():
                body += chunk
                _refuse_too_much(len(body), url, manners)
            return body.decode(answer.encoding or "utf-8", errors="replace")

    return _patiently(once, url, manners)


def download(url: str, path: Path, md5: str = "", manners: Manners = POLITE) -> Path:
    """Download `url` to `path`; the file appears only when it is complete and its checksum right.

    A broken download resumes; what an earlier run left in `path`.part is only trusted where a
    checksum will judge it.

    Args:
        md5: Expected MD5 in hex; "" if none is published.

    Raises:
        SourceUnavailable: The server did not answer, or broke off, in `manners.tries` tries.
        SourceError: No such thing, too large, or the checksum is wrong twice.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    if not md5:
        part.unlink(missing_ok=True)
    for _ in range(2):  # a part of another version of the file: once more from the start
        _patiently(lambda: _continue(url, part, manners), url, manners)
        if not md5 or _md5(part) == md5.lower():
            return part.replace(path)
        part.unlink()
    raise SourceError(
        f"{_shown(url)} does not have its published checksum {md5}.",
        "The copy on the server is damaged: try another version, or tell the provider.",
    )


def _continue(url: str, part: Path, manners: Manners) -> None:
    """Fetch what is missing in `part`; a server without ranges sends all of it again."""
    have = part.stat().st_size if part.exists() else 0
    ranges = {"Range": f"bytes={have}-"} if have else {}
    with _open(url, ranges | {"Accept-Encoding": "identity"}, manners) as answer:
        span = answer.headers.get("Content-Range", "")
        if answer.status_code == 416 and span.endswith(f"/{have}"):
            return  # nothing comes after what we have
        if answer.status_code == 416 or (have and span and not span.startswith(f"bytes {have}-")):
            part.unlink()
            raise _Busy("the file changed on the server", 0.0)
        _refuse_failure(answer)
        start = have if answer.status_code == 206 else 0
        _refuse_too_much(start + int(answer.headers.get("Content-Length", 0)), url, manners)
        with part.open("ab" if start else "wb") as file:
            for chunk in answer.iter_raw():  # as received: nothing is lost in a buffer
                start += file.write(chunk)
                _refuse_too_much(start, url, manners)


@contextmanager
def _open(url: str, headers: dict[str, str], manners: Manners) -> Iterator[httpx.Response]:
    agent = {"User-Agent": manners.user_agent}
    with httpx.stream(
        "GET", url, headers=agent | headers, timeout=manners.timeout, follow_redirects=True
    ) as answer:
        yield answer


def _patiently(once: Callable[[], T], url: str, manners: Manners) -> T:
    why = ""
    for attempt in range(manners.tries):
        asked = None
        try:
            return once()
        except _Busy as trouble:
            why, asked = str(trouble), trouble.wait
        except httpx.TransportError as trouble:
            why = type(trouble).__name__
        except httpx.InvalidURL as trouble:
            raise SourceError(f"{_shown(url)} is not an address.") from trouble
        if attempt + 1 < manners.tries:
            time.sleep(_wait(attempt, asked, manners))
    raise SourceUnavailable(
        f"{_shown(url)} gave no answer in {manners.tries} tries: {why}.", "Try again later."
    )


def _wait(attempt: int, asked: float | None, manners: Manners) -> float:
    """Return how long to wait [s]: what the server asked, or a random part of a growing span."""
    span = manners.first_wait * 2.0**attempt
    wait = np.random.default_rng().uniform(0, span) if asked is None else asked
    return float(min(max(wait, 0.0), manners.longest_wait))


def _refuse_failure(answer: httpx.Response) -> None:
    status = answer.status_code
    if status in _RETRYABLE:
        raise _Busy(f"HTTP {status}", _retry_after(answer.headers.get("Retry-After", "")))
    if status not in {200, 206}:
        raise SourceError(f"{_shown(str(answer.url))} answered HTTP {status}.")


def _retry_after(header: str) -> float | None:
    """Return the seconds that a `Retry-After` asks for, given in seconds or as a date."""
    if header.strip().isdigit():
        return float(header)
    try:
        date = parsedate_to_datetime(header)
    except ValueError:
        return None
    return (date.astimezone(UTC) - datetime.now(UTC)).total_seconds()


def _refuse_too_much(size: int, url: str, manners: Manners) -> None:
    if size > manners.largest:
        raise SourceError(f"{_shown(url)} sends more than {manners.largest:,} bytes.")


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _shown(url: str) -> str:
    """Return host and last part of an address: between them some providers want a key."""
    rest = url.partition("://")[2].partition("?")[0]
    host, _, path = rest.partition("/")
    return f"{host.rpartition('@')[2]}/…/{path.rpartition('/')[2]}"
