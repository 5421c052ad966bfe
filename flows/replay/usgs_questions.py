"""What a question to USGS asks for: by its address, or in a POST of CQL2."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from flows.replay.messages import Request
from flows.replay.stamps import every, floor, of_iso
from flows.replay.telling import Told

FOOT = 0.3048  # m, exactly
STEP = np.timedelta64(15, "m")
UTC = np.timedelta64(0, "h")
YEAR = np.timedelta64(365, "D")
MOST = 50_000
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")
Span = tuple[np.datetime64, np.datetime64]


@dataclass(frozen=True)
class Question:
    """What is asked for.

    Attributes:
        stations: Their numbers in the world.
        codes: Of parameters.
        span: First and last time, both included.
        properties: To be told; none: all.
        placeless: Whether no geometry is wanted.
    """

    stations: list[int]
    codes: list[str]
    span: Span
    limit: int
    offset: int
    properties: tuple[str, ...]
    placeless: bool

    def times(self, newest: np.datetime64, latest: bool) -> np.ndarray:
        """Return the times that have appeared, every quarter of an hour; or the newest alone."""
        last = floor(min(newest, self.span[1]), STEP, UTC)
        first = floor(self.span[0], STEP, UTC)
        first = first if first >= self.span[0] else first + STEP
        return np.array([last]) if latest else every(first, last, STEP)


def read(told: Told, request: Request) -> Question | None:
    """Return what is asked for; None where a time or a cursor cannot be read."""
    asked = dict(request.query) | dict(_predicates(request.body))
    span = _span(asked.get("time", ""), told.now)
    numbers = [asked.get("limit", "10"), asked.get("cursor", "0")]
    if span is None or not all(number.isdecimal() for number in numbers):
        return None
    index = told.world.index
    ids = [part.rpartition("-")[2] for part in _parts(asked.get("monitoring_location_id", ""))]
    return Question(
        stations=[index[each] for each in ids if each in index] if ids else list(index.values()),
        codes=_parts(asked.get("parameter_code", "")) or ["00065", "00060", "00045"],
        span=span,
        limit=min(max(int(numbers[0]), 1), MOST),
        offset=int(numbers[1]),
        properties=tuple(_parts(asked.get("properties", ""))),
        placeless=asked.get("skipGeometry", "").lower() == "true",
    )


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _predicates(body: bytes) -> Iterator[tuple[str, str]]:
    """Yield the properties that a CQL2 body wants to be one of some values."""
    try:
        tree: Any = json.loads(body or b"{}")
    except ValueError:
        return
    for part in tree.get("args", []) if tree.get("op") == "and" else [tree]:
        if part.get("op") in {"in", "="}:
            name, values = part["args"]
            listed = values if isinstance(values, list) else [values]
            yield name["property"], ",".join(map(str, listed))


def _span(text: str, now: np.datetime64) -> Span | None:
    """Return the time asked for: one, an interval, or a duration back from now; blank: a year."""
    if not text:
        return now - YEAR, now
    lasted = _DURATION.fullmatch(text)
    if lasted:
        days, hours, minutes = (int(part or 0) for part in lasted.groups())
        return now - np.timedelta64((days * 24 + hours) * 60 + minutes, "m"), now
    first, between, last = text.partition("/")
    edges = [
        open_end if part in {"..", ""} else of_iso(part)
        for part, open_end in ((first, now - 3 * YEAR), (last if between else first, now))
    ]
    begin, end = edges
    if begin is None or end is None or end - begin > 3 * YEAR + np.timedelta64(1, "D"):
        return None
    return begin, end
