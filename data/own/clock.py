"""Read the times of a file, written in any of the common forms, as UTC.

    2020-08-06T01:00   2020-08-06 01:00:00   2020-08-06T01:00+09:00   2020-08-06T01:00Z
    2020/08/06 01:00   2020.8.6 1:00         202008060100             20200806

Times without an offset are on the clock of `--timezone`. 24:00 is 00:00 of the next day. In a file
that has only dates, a date is that whole day, which is known when it ends. A day or a month that
comes first is never guessed.
"""

import re
from dataclasses import dataclass
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from data.errors import SourceError
from data.reading import NAT

NO_TIME = "is no time"
REASONS = (
    "",
    "is blank, a time is needed",
    f"{NO_TIME}; write 2020-08-06T01:00",
    "begins with the day or the month; say which: --time-format '%d/%m/%Y %H:%M'",
    "happened twice, when the clocks went back; write its offset, e.g. 2020-11-01T01:30-05:00",
    "never was: the clocks skipped it; for standard time all year: --timezone +01:00",
    "lies in the future; a wrong --timezone?",
    "is before 1800",
)
_FINE, _BLANK, _NONE, _DAY_FIRST, _TWICE, _SKIPPED, _FUTURE, _OLD = range(len(REASONS))
_EARLIEST = pd.Timestamp("1800-01-01")
_DATE = r"\d{4}[-/.]?\d{1,2}[-/.]?\d{1,2}"
_MIDNIGHT = re.compile(r"^(\d{8}|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}[T ]+)24((?::?00)*)(?=$|\s*[Zz+-])")
_COMPACT = {10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}


@dataclass(frozen=True)
class Clock:
    """How the times of files are to be read.

    Attributes:
        now: UTC; nothing was measured later.
        zone: Of times without an offset.
        form: As for `strptime`; "" for the forms above.
    """

    now: np.datetime64
    zone: tzinfo = UTC
    form: str = ""


@dataclass(frozen=True)
class Times:
    """The times of a column.

    Attributes:
        utc: datetime64[ns]; NaT where `reason` says why not.
        reason: Index into `REASONS`.
        naive: Whether any had no offset.
        whole_days: Whether all were dates, and each was taken to end its day.
    """

    utc: np.ndarray
    reason: np.ndarray
    naive: bool
    whole_days: bool


def zone(text: str) -> tzinfo:
    """Return the time zone of an IANA name, or of an offset such as +09:00.

    Raises:
        SourceError: There is none of that name.
    """
    offset = re.fullmatch(r"([+-])(\d{1,2}):?(\d{2})?", text)
    if offset:
        sign, hours, minutes = offset.groups()
        ahead = timedelta(hours=int(hours), minutes=int(minutes or 0))
        if ahead < timedelta(hours=24):
            return timezone(ahead if sign == "+" else -ahead)
    elif text.upper() in {"UTC", "Z"}:
        return UTC
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SourceError(
            f"There is no time zone '{text}'.",
            "Write an IANA name such as Asia/Seoul, or an offset such as +09:00.",
        ) from None


def read(text: pd.Series, clock: Clock) -> Times:
    """Read a column of times; each different text once."""
    codes, unique = pd.factorize(text)
    words = pd.Series(unique, dtype="str").str.strip()
    wall, offset, days = _by_form(words, clock.form) if clock.form else _walls(words)
    reason = np.full(len(words), _FINE, "int8")
    reason[wall.isna().to_numpy()] = _NONE
    reason[words.str.match(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}").to_numpy() & wall.isna()] = _DAY_FIRST
    reason[(words == "").to_numpy()] = _BLANK
    _blank(wall, reason, wall < _EARLIEST, _OLD)
    utc = _utc(wall, offset, clock, reason)
    _blank(utc, reason, utc > pd.Timestamp(clock.now), _FUTURE)
    naive = bool((utc.notna() & ~offset).any())
    found = utc.to_numpy("datetime64[ns]")
    return Times(found[codes], reason[codes], naive, days)


def why(number: int, clock: Clock) -> str:
    """Return the reason against a time in words."""
    if clock.form and number in {_NONE, _DAY_FIRST}:
        return f"does not fit --time-format '{clock.form}'"
    return REASONS[number]


def _by_form(words: pd.Series, form: str) -> tuple[pd.Series, pd.Series, bool]:
    """Return times as written, whether each has an offset (and is in UTC then), and if all days."""
    told = "%z" in form
    parsed = pd.to_datetime(words, format=form, errors="coerce", utc=told)
    wall = parsed.dt.tz_localize(None) if told else parsed
    days = not re.search(r"%[HIcXsT]", form)
    return wall + pd.Timedelta(days=int(days)), pd.Series(told, index=words.index), days


def _walls(words: pd.Series) -> tuple[pd.Series, pd.Series, bool]:
    late = words.str.match(_MIDNIGHT)
    tidy = words.str.replace(_MIDNIGHT, r"\g<1>00\g<2>", regex=True)
    begins = tidy.str.match(r"\d{4}.{4}")  # else pandas knows "now", and takes 2020-08 for a day
    wall = pd.to_datetime(tidy.where(begins), format="ISO8601", errors="coerce", utc=True)
    wall = wall.dt.tz_localize(None)
    for length, form in _COMPACT.items():
        some = wall.isna() & tidy.str.fullmatch(rf"\d{{{length}}}")
        if some.any():
            wall[some] = pd.to_datetime(tidy[some], format=form, errors="coerce")
    offset = tidy.str.slice(10).str.contains(r"[Zz+-]")
    dates = words.str.fullmatch(_DATE)
    days = bool(dates.any() and (dates | wall.isna()).all())
    return wall + pd.to_timedelta((late | days).astype("int64"), unit="D"), offset, days


def _utc(wall: pd.Series, offset: pd.Series, clock: Clock, reason: np.ndarray) -> pd.Series:
    local = wall.where(~offset)
    here = local.dt.tz_localize(clock.zone, ambiguous="NaT", nonexistent="NaT")
    lost = local.notna() & here.isna()
    if lost.any():
        moved = local.dt.tz_localize(clock.zone, ambiguous="NaT", nonexistent="shift_forward")
        reason[lost.to_numpy()] = np.where(moved[lost].notna(), _SKIPPED, _TWICE)
    return wall.where(offset, here.dt.tz_convert("UTC").dt.tz_localize(None))


def _blank(times: pd.Series, reason: np.ndarray, bad: pd.Series, why_: int) -> None:
    reason[bad.to_numpy()] = why_
    times[bad] = NAT
