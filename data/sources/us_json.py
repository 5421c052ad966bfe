"""Read JSON of any shape without a surprise: what is not as expected is None, NaT or no number."""

import json
import re
from datetime import UTC, datetime
from math import isfinite
from typing import Any

import numpy as np

from data.errors import SourceUnavailable
from data.reading import NAT
from data.sources.asking import Answer

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_LONGEST = 80  # characters of a foreign text that are kept or shown


def loads(answer: Answer) -> Any:
    """Return the JSON of an answer.

    Raises:
        SourceUnavailable: It is none: cut short, or a page that says why there is none.
    """
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        raise SourceUnavailable(
            f"{answer.source}, {answer.what}: the answer is no JSON, but {answer.body[:60]!r}.",
            "Ask again later; if it stays so, see what the provider has changed.",
        ) from None


def dig(value: Any, *path: str | int) -> Any:
    """Return what lies at the end of `path` (keys and positions); None if it does not go there."""
    for step in path:
        if isinstance(step, str):
            value = value.get(step) if isinstance(value, dict) else None
        else:
            value = value[step] if isinstance(value, list) and len(value) > step else None
    return value


def rows(value: Any) -> list[Any]:
    """Return a list as it is, anything else as an empty one."""
    return value if isinstance(value, list) else []


def number(value: Any) -> float | None:
    """Return a finite number, written as one or as a text; else None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and not _NUMBER.fullmatch(value.strip()):
        return None
    try:
        found = float(value)
    except OverflowError:  # an integer of more than 308 digits
        return None
    return found if isfinite(found) else None


def utc(value: Any) -> np.datetime64:
    """Return an ISO 8601 time that tells its offset, as datetime64[ns]; NaT for anything else.

    NaT too outside 1800 to 2200: there a "none" such as 0001-01-01 lies, and nanoseconds end.
    """
    if not isinstance(value, str):
        return NAT
    try:
        when = datetime.fromisoformat(value)
    except ValueError:
        return NAT
    if when.tzinfo is None or not 1800 < when.year < 2200:
        return NAT
    return np.datetime64(when.astimezone(UTC).replace(tzinfo=None), "ns")


def written(value: Any) -> str:
    """Return a value as it was written, fit for any file; of a list or an object only its kind."""
    if isinstance(value, str):
        return value[:_LONGEST].encode("utf-8", "replace").decode()
    if value is None:
        return "null"
    if isinstance(value, list | dict):
        return "[..]" if isinstance(value, list) else "{..}"
    try:
        return str(value)[:_LONGEST]
    except ValueError:  # an integer too long to be written
        return "a huge number"


def shown(value: Any) -> str:
    """Return a value for a complaint: a text in quotes, with nothing in it that breaks a line."""
    return repr(written(value)) if isinstance(value, str) else written(value)
