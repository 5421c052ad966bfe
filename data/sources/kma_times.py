"""KMA's clock: Korean time in its answers, and when its forecasts come out."""

import re
from dataclasses import dataclass

import numpy as np

KST = np.timedelta64(9, "h")  # ahead of UTC
MINUTE = np.timedelta64(1, "m")
_STAMP = re.compile(r"(\d{4})-?(\d\d)-?(\d\d) ?(\d\d):?(\d\d)", re.ASCII)


@dataclass(frozen=True)
class Issues:
    """When an operation has something new.

    Attributes:
        hours: Hours of the day at which it is issued [KST].
        minute: The minute of those hours.
        delay: How long after that it can be asked for [min].
    """

    hours: tuple[int, ...]
    minute: int
    delay: int


OPERATIONS = {
    "getUltraSrtNcst": Issues(tuple(range(24)), 0, 40),
    "getUltraSrtFcst": Issues(tuple(range(24)), 30, 45),
    "getVilageFcst": Issues((2, 5, 8, 11, 14, 17, 20, 23), 0, 10),
}


def utc(stamp: str) -> np.datetime64:
    """Return "202607200300" or "2026-07-20 03:00" (KST; the hour may be 24) as UTC.

    Raises:
        ValueError: It is no such time.
    """
    found = _STAMP.fullmatch(stamp.strip())
    if not found or not "1900" <= found[1] <= "2199":
        raise ValueError(f"{stamp[:30]!r} is not a time such as 202607200300")
    year, month, day, hour, minute = found.groups()
    start = np.datetime64(f"{year}-{month}-{day}T00:00", "ns")
    if int(hour) * 60 + int(minute) > 24 * 60 or int(minute) > 59:
        raise ValueError(f"{stamp[:30]!r} has no such hour")
    return start + np.timedelta64(int(hour), "h") + np.timedelta64(int(minute), "m") - KST


def stamp(time: np.datetime64) -> str:
    """Return a UTC time as KMA writes it, in KST: yyyyMMddHHmm."""
    return re.sub(r"\D", "", str((time + KST).astype("datetime64[m]")))


def newest_base(operation: str, now: np.datetime64) -> np.datetime64:
    """Return the base time (UTC) of the newest issue that can be asked for at `now` (UTC)."""
    issues = OPERATIONS[operation]
    local = now + KST - issues.delay * MINUTE
    day = local.astype("datetime64[D]").astype("datetime64[ns]")
    minutes = [60 * hour + issues.minute for hour in issues.hours]
    today = [m for m in minutes if day + m * MINUTE <= local]
    base = day + (today[-1] if today else minutes[-1] - 24 * 60) * MINUTE
    return np.datetime64(base - KST, "ns")


def newest_bases(operation: str, now: np.datetime64) -> tuple[np.datetime64, np.datetime64]:
    """Return the newest base time and the one before, for when the newest is late."""
    newest = newest_base(operation, now)
    just_before = newest + (OPERATIONS[operation].delay - 1) * MINUTE
    return newest, newest_base(operation, just_before)
