"""No configured secret in a log, a message or a traceback of this process.

`settings.read` hands over what is secret; from then on every log record (Prefect's too, which go to
its database) and every traceback is searched, in all the ways in which a text can hold a secret.
That is the second wall: no message of ours has a secret in it in the first place.
"""

import html
import json
import logging
import re
import sys
import threading
import traceback
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from functools import wraps
from types import TracebackType
from typing import Any, ParamSpec, TypeVar
from urllib.parse import quote, quote_plus

from data.errors import MulgilError

P = ParamSpec("P")
R = TypeVar("R")
SHORTEST = 6  # characters: to hide "key" would spoil every text
HIDDEN = "…"
_FORMS: list[str] = []  # of all secrets, longest first
_LOCK = threading.Lock()


def know(secrets: Iterable[str]) -> None:
    """Hide these secrets from now on; those of fewer than `SHORTEST` characters cannot be."""
    new = {form for secret in secrets if len(secret) >= SHORTEST for form in forms(secret)}
    with _LOCK:
        if new <= set(_FORMS):
            return
        _FORMS[:] = sorted(new | set(_FORMS), key=len, reverse=True)
        _install()


def forms(secret: str) -> set[str]:
    """Return the texts that a secret is told by: plain, in addresses, JSON, HTML and base64."""
    encoded = {quote(secret, safe=""), quote(secret), quote_plus(secret)}
    lower = {re.sub("%..", lambda found: found[0].lower(), each) for each in encoded}
    escaped = {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    escaped |= {html.escape(secret), html.escape(secret, quote=False)}
    shown = {repr(secret)[1:-1]}
    return {secret} | encoded | lower | escaped | shown | _in_base64(secret)


def redact(text: str) -> str:
    """Return a text with "…" in place of every secret that is known."""
    for form in _FORMS:
        if form in text:
            text = text.replace(form, HIDDEN)
    return text


def shielded(work: Callable[P, R]) -> Callable[P, R]:
    """Return a function whose errors show no secret: Prefect keeps their texts in its database."""

    @wraps(work)
    def safe(*args: P.args, **more: P.kwargs) -> R:
        try:
            return work(*args, **more)
        except Exception as error:
            told = f"{type(error).__name__}: {error}"
            if redact(told) == told:
                raise
        raise MulgilError(redact(told))

    return safe


def _in_base64(secret: str) -> set[str]:
    """Return what stays the same in base64 whatever stands before and behind the secret."""
    raw, found = secret.encode(), set()
    for before in range(3):
        for encode in (b64encode, urlsafe_b64encode):
            first = -(-8 * before // 6)  # letters that what stands before has a part in
            whole = 8 * (before + len(raw)) // 6
            found.add(encode(bytes(before) + raw).decode()[first:whole])
    return {text for text in found if len(text) >= SHORTEST}


def _install() -> None:
    """Search every record that is made in this process, and every traceback that ends a thread."""
    made = logging.getLogRecordFactory()
    if not getattr(made, "redacts", False):

        def make(*args: Any, **more: Any) -> logging.LogRecord:
            return _clean(made(*args, **more))

        make.redacts = True  # type: ignore[attr-defined]  # so that it is put in place once
        logging.setLogRecordFactory(make)
    sys.excepthook = _told
    threading.excepthook = _of_thread


def _clean(record: logging.LogRecord) -> logging.LogRecord:
    try:
        said = record.getMessage()
    except Exception:  # noqa: BLE001  # logging itself tells of a message that does not fit
        return record
    hidden = redact(said)
    if hidden != said:
        record.msg, record.args = hidden, None
    if record.exc_info and record.exc_info[0] is not None:
        trace = "".join(traceback.format_exception(*record.exc_info)).rstrip("\n")
        hidden = redact(trace)
        if hidden != trace:  # handlers that tell the exception in their own way get none
            record.exc_info, record.exc_text = None, hidden
    return record


def _told(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    sys.stderr.write(redact("".join(traceback.format_exception(kind, error, trace))))


def _of_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
        _told(args.exc_type, args.exc_value, args.exc_traceback)
