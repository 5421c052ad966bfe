"""The one door to the network: polite requests, retries with jitter, and no key in any message.

`ask` brings one answer of a provider's API. A server that is busy, broken or unreachable (408,
425, 429, 5xx, a timeout, a cut stream) is asked again after a growing, jittered wait, or after the
`Retry-After` it gives, within the budget of `Manners`. What is left over is `SourceUnavailable`
(later may help) or `SourceError` (asking again gives the same). No message shows more of an
address than its host and last part, as some providers want a key in the path.
"""

import atexit
import logging
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TypeVar
from urllib.parse import quote, quote_plus, urlsplit

import httpx
import numpy as np

from data.errors import SourceError, SourceUnavailable
from data.sources import remembered
from data.sources.asking import POLITE, Access, Answer, Manners, Question

logging.getLogger("httpx").setLevel(logging.WARNING)  # at INFO it logs addresses, keys included

T = TypeVar("T")
Response = httpx.Response  # for those who read a stream and need not know the library
REPLAYED = "Mulgil-Replay"  # the header by which a replay server owns up to what it is
_RETRYABLE = frozenset({408, 425, 429, 500, 502, 503, 504})
_ROOM: dict[tuple[str, int], threading.BoundedSemaphore] = {}
_ROOM_LOCK = threading.Lock()


class Busy(Exception):
    """The server may answer if asked again, after `wait` seconds if it said so."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        self.wait = wait
        super().__init__(why)


def ask(access: Access, question: Question) -> Answer:
    """Ask one provider one thing; where it told an ETag before, only for what is new since.

    Raises:
        SourceUnavailable: No answer within the tries and the budget of `access.manners`.
        SourceError: Another HTTP status, or more bytes than `access.manners.largest`.
    """
    url = httpx.URL(access.base_url.rstrip("/") + question.path)
    url = url.copy_merge_params(dict(question.params)) if question.params else url
    public = redacted(str(url), access.key)
    before = remembered.find(access.kept, public)
    headers = dict(question.headers) | (before.conditions if before else {})

    def once() -> Answer:
        with opened(str(url), headers, access.manners, follow=not access.key) as response:
            if before and response.status_code == 304:
                return before.answer(question.source, question.what, public, _now())
            refuse_failure(response, question.accept, access.key)
            body = _without(access.key, _body(response, access.manners))
            return _answer(response, body, question, public)

    try:
        answer = patiently(once, str(url), access.manners)
    except SourceError as error:
        problem = redacted(error.problem, access.key)
        where = f"{question.source}, {question.what}"
        raise type(error)(f"{where}: {problem}", error.remedy) from None
    remembered.keep(access.kept, answer)
    return answer


def fetch_text(url: str, manners: Manners = POLITE) -> str:
    """Return the text of `url` (UTF-8 unless the server says otherwise).

    Raises:
        SourceUnavailable: The server did not answer in `manners.tries` tries.
        SourceError: It answered that there is no such thing, or with too much.
    """

    def once() -> str:
        with opened(url, {}, manners) as response:
            refuse_failure(response, (200, 206))
            return _body(response, manners).decode(response.encoding or "utf-8", errors="replace")

    return patiently(once, url, manners)


@contextmanager
def opened(
    url: str, headers: Mapping[str, str], manners: Manners, follow: bool = True
) -> Iterator[Response]:
    """Open a stream to `url` while the block lasts; at most `manners.at_once` to one host.

    Args:
        follow: Whether a redirect is followed; a key must not travel to another host.
    """
    agent = {"User-Agent": manners.user_agent}
    with (
        _room(urlsplit(url).netloc, manners.at_once),
        _client().stream(
            "GET",
            url,
            headers=agent | dict(headers),
            timeout=manners.timeout,
            follow_redirects=follow,
        ) as response,
    ):
        yield response


def patiently(once: Callable[[], T], url: str, manners: Manners) -> T:
    """Do `once` until it succeeds, within the tries and the budget of `manners`.

    Raises:
        SourceUnavailable: It never did.
        SourceError: `url` is no address, or what `once` raises.
    """
    why, begun, attempt = "", time.monotonic(), 0
    while attempt < manners.tries:
        asked = None
        try:
            return once()
        except Busy as trouble:
            why, asked = str(trouble), trouble.wait
        except (httpx.TransportError, httpx.DecodingError) as trouble:
            why = type(trouble).__name__
        except httpx.InvalidURL:
            raise SourceError(f"{shown(url)} is not an address.") from None
        attempt += 1
        wait = _wait(attempt - 1, asked, manners)
        if attempt == manners.tries or time.monotonic() - begun + wait > manners.budget:
            break
        time.sleep(wait)
    tries = f"{attempt} {'try' if attempt == 1 else 'tries'}"
    raise SourceUnavailable(f"{shown(url)} gave no answer in {tries}: {why}.", "Try again later.")


def refuse_too_much(size: int, url: str, manners: Manners) -> None:
    """Refuse an answer that is larger than `manners.largest`.

    Raises:
        SourceError: It is.
    """
    if size > manners.largest:
        raise SourceError(
            f"{shown(url)} sends more than {manners.largest:,} bytes.",
            "Ask for less at once, or see what the provider has changed.",
        )


def shown(url: str) -> str:
    """Return host and last part of an address: between them some providers want a key."""
    rest = url.partition("://")[2].partition("?")[0]
    host, _, path = rest.partition("/")
    return f"{host.rpartition('@')[2]}/…/{path.rpartition('/')[2]}"


def redacted(text: str, key: str) -> str:
    """Return `text` with the key, plain or as it stands in addresses, replaced by "…"."""
    forms = {key, quote(key, safe=""), quote(key), quote_plus(key)} - {""}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, "…")
    return text


@cache
def _client() -> httpx.Client:
    client = httpx.Client()
    atexit.register(client.close)
    return client


def _room(host: str, at_once: int) -> threading.BoundedSemaphore:
    with _ROOM_LOCK:
        return _ROOM.setdefault((host, at_once), threading.BoundedSemaphore(at_once))


def _body(response: Response, manners: Manners) -> bytes:
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if (size := len(body)) > manners.largest:
            body.clear()  # else it lives as long as the error, which may be kept until the end
            refuse_too_much(size, str(response.url), manners)
    return bytes(body)


def _without(key: str, body: bytes) -> bytes:
    """Return a body without the key, which some servers send back in their error pages."""
    return body.replace(key.encode(), "…".encode()) if key else body


def _answer(response: Response, body: bytes, question: Question, url: str) -> Answer:
    header = response.headers.get
    return Answer(
        question.source,
        question.what,
        url,
        body,
        _now(),
        response.status_code,
        header("Content-Type", ""),
        header(REPLAYED, ""),
        header("ETag", ""),
        header("Last-Modified", ""),
    )


def _now() -> np.datetime64:
    return np.datetime64(datetime.now(UTC).replace(tzinfo=None), "ns")


def _wait(attempt: int, asked: float | None, manners: Manners) -> float:
    """Return how long to wait [s]: what the server asked, or a random part of a growing span."""
    span = manners.first_wait * 2.0**attempt
    wait = np.random.default_rng().uniform(0, span) if asked is None else asked
    return float(min(max(wait, 0.0), manners.longest_wait))


def refuse_failure(response: Response, accept: Collection[int], key: str = "") -> None:
    """Let an accepted status pass; ask a busy server again; refuse the rest with what it says.

    Raises:
        Busy: Asking again may help.
        SourceError: It will not.
    """
    status = response.status_code
    if status in accept:
        return
    if status in _RETRYABLE:
        raise Busy(f"HTTP {status}", _retry_after(response.headers.get("Retry-After", "")))
    raise SourceError(
        f"{shown(str(response.url))} answered HTTP {status}{_said(response, key)}.",
        "Check the key and what is asked for." if status in {401, 403} else "",
    )


def _said(response: Response, key: str) -> str:
    """Return the beginning of what a refusing server says, without the key."""
    start = next(response.iter_bytes(300), b"").decode("utf-8", errors="replace")
    said = " ".join(redacted(start, key).split()).rstrip("\ufffd")
    cut = next((n for n in range(len(key) - 1, 3, -1) if said.endswith(key[:n])), 0)
    said = said[: len(said) - cut]  # a key that the 300 bytes cut in two
    return f": {said}" if said else ""


def _retry_after(header: str) -> float | None:
    """Return the seconds that a `Retry-After` asks for, given in seconds or as a date."""
    if header.strip().isdigit():
        return float(header)
    try:
        date = parsedate_to_datetime(header)
    except ValueError:
        return None
    return (date.astimezone(UTC) - datetime.now(UTC)).total_seconds()
