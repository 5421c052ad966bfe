"""Read the JSON of an answer: any bytes, however deep or wrong, give a value or a `SourceError`."""

import json
import math
import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import numpy as np

from data.errors import SourceError, SourceUnavailable
from data.sources.asking import Answer

LONGEST = 120  # characters of a foreign text in one of our sentences
_TIME = re.compile(
    r"(?:19|20|21)\d\d-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)?", re.ASCII
)


def load(answer: Answer) -> Any:
    """Return the JSON of an answer as plain Python.

    Raises:
        SourceUnavailable: It is empty, or begins as JSON and breaks off: the stream failed on its
            way; or a busy server says so in other words.
        SourceError: It is no JSON at all, e.g. a page of HTML.
    """
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        start = answer.body[:200].lstrip()
    named = f"{answer.source}, {answer.what}"
    if start[:1] in {b"{", b"[", b""}:
        end = shown(answer.body[-60:].decode(errors="replace"))
        raise SourceUnavailable(f"{named}: its JSON breaks off with {end}.", "Ask again.")
    begins = shown(start.decode(errors="replace"))
    problem = f"{named}: the answer is no JSON but {begins} (HTTP {answer.status})."
    if answer.status == 429 or answer.status >= 500:
        raise SourceUnavailable(problem, "Ask again later.")
    raise SourceError(problem, "See whether the provider has moved or refuses us.")


def shown(raw: object) -> str:
    """Return a foreign value for a sentence of ours: one line, short, always encodable."""
    try:
        text = raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False, default=repr)
    except (ValueError, RecursionError):
        text = type(raw).__name__
    text = plain(" ".join(text[: 4 * LONGEST].split()))
    return f"'{text[: LONGEST - 1]}…'" if len(text) > LONGEST else f"'{text}'"


def plain(text: str) -> str:
    """Return `text` without half characters, which no file could hold."""
    return text.encode("utf-8", "replace").decode()


def number(raw: object) -> float:
    """Return a JSON number; NaN for everything else, truth values and infinities included."""
    if isinstance(raw, bool) or not isinstance(raw, (int, float)):
        return math.nan
    try:
        value = float(raw)
    except OverflowError:
        return math.nan
    return value if math.isfinite(value) else math.nan


@lru_cache(maxsize=20_000)
def time(text: str) -> np.datetime64:
    """Return an ISO 8601 time as UTC datetime64[ns], without a zone taken as UTC; NaT if none.

    Years 1900 to 2199, as datetime64[ns] ends in 2262 and years beyond would wrap around.
    """
    if not _TIME.fullmatch(text):
        return np.datetime64("NaT", "ns")
    try:
        moment = datetime.fromisoformat(text)
        utc = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return np.datetime64("NaT", "ns")
    return np.datetime64(utc, "ns")
