"""Texts, numbers and times as HRFCO writes them, and what they mean."""

import re
from datetime import UTC, datetime
from math import nan

import numpy as np

from data.quality import Limits
from data.reading import NAT
from data.schema import Flag
from data.sources.hrfco_facts import DAY, DIGITS

KST = np.timedelta64(9, "h")  # ahead of UTC
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)", re.ASCII)
_FILLER = re.compile(r"-99+0*(\.[90]*)?")  # -99, -99.0, -99.9, -990, -9999
_YEARS = range(1900, 2200)


def text(value: object, longest: int = 200) -> str:
    """Return a value on one line, without blanks around it, never longer than `longest`."""
    if isinstance(value, bool) or not isinstance(value, str | None):
        return f"a {type(value).__name__}"
    plain = (value or "").encode("utf-8", errors="replace").decode()
    return " ".join(plain.split())[:longest]


def number(value: object, limits: Limits) -> tuple[float, Flag]:
    """Return a number, or NaN and why there is none; blank is missing, never 0."""
    written = text(value)
    if not written:
        return nan, Flag.NOT_REPORTED
    if not isinstance(value, str) or not _NUMBER.fullmatch(written):
        return nan, Flag.UNREADABLE
    found = float(written)
    if _FILLER.fullmatch(written) or found in limits.sentinels:
        return nan, Flag.SENTINEL
    if not limits.lowest <= found <= limits.highest:
        return nan, Flag.OUT_OF_RANGE
    return found, Flag.GOOD


def utc(value: object, digits: int = 12) -> np.datetime64:
    """Return the UTC time of a KST one with that many digits; NaT if it is none.

    An hour may be written with its minutes (00), and midnight as 24:00.
    """
    written = text(value)
    if digits == 10 and len(written) == 12 and written.endswith("00"):
        written = written[:10]
    if len(written) != digits or not (written.isascii() and written.isdigit()):
        return NAT
    if int(written[:4]) not in _YEARS:
        return NAT
    return _moment(written.ljust(12, "0"))


def end(value: object, step: str) -> np.datetime64:
    """Return the UTC end of the step that a row's time names; a day ends at its next midnight."""
    time = utc(value, DIGITS[step])
    return time + DAY if step == "1D" else time


def _moment(written: str) -> np.datetime64:
    midnight = written[8:] == "2400"
    clock = "00:00" if midnight else f"{written[8:10]}:{written[10:]}"
    try:
        time = np.datetime64(f"{written[:4]}-{written[4:6]}-{written[6:8]}T{clock}", "ns")
    except ValueError:
        return NAT
    return time + midnight * DAY - KST


def now() -> np.datetime64:
    """Return the time [UTC]."""
    return np.datetime64(datetime.now(UTC).replace(tzinfo=None), "ns")
