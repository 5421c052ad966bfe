"""Times at the edge: what a person types or a form sends becomes naive UTC."""

from datetime import UTC, datetime

import numpy as np

from data.errors import MulgilError


class BadTime(MulgilError):
    """A text that is no time."""


def to_utc(when: datetime) -> datetime:
    """Return naive UTC; a time without a zone is UTC already."""
    return when if when.tzinfo is None else when.astimezone(UTC).replace(tzinfo=None)


def parse(text: str) -> np.datetime64:
    """Read an ISO 8601 time, e.g. `2019-01-30T00:00`, `2019-01-30T09:00+09:00`; no zone is UTC.

    Raises:
        BadTime: The text is no ISO 8601 time.
    """
    try:
        return np.datetime64(to_utc(datetime.fromisoformat(text)), "ns")
    except ValueError as error:
        raise BadTime(
            f"'{text}' is no time.",
            "Write it like 2019-01-30T00:00 (UTC) or 2019-01-30T09:00+09:00.",
        ) from error
