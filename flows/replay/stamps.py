"""Times as providers write and read them."""

from datetime import datetime

import numpy as np

KST = np.timedelta64(9, "h")  # ahead of UTC
HOUR = np.timedelta64(1, "h")
_STRIP = str.maketrans("", "", "-T:")


def floor(time: np.datetime64, step: np.timedelta64, ahead: np.timedelta64 = KST) -> np.datetime64:
    """Return the last whole step at or before a time, counted from midnight `ahead` of UTC."""
    since = (time + ahead - np.datetime64("1970-01-01", "ns")) // step
    return np.datetime64("1970-01-01", "ns") + since * step - ahead


def every(first: np.datetime64, last: np.datetime64, step: np.timedelta64) -> np.ndarray:
    """Return the times from first to last, both included."""
    times: np.ndarray = np.arange(first, last + np.timedelta64(1, "ns"), step)
    return times.astype("datetime64[ns]")


def digits(times: np.ndarray, count: int = 12) -> list[str]:
    """Return UTC times as the first digits of yyyyMMddHHmm in KST."""
    texts = np.datetime_as_string((times + KST).astype("datetime64[m]")).tolist()
    return [text.translate(_STRIP)[:count] for text in texts]


def of_digits(text: str, count: int) -> np.datetime64 | None:
    """Return the UTC time of `count` digits of yyyyMMddHHmm in KST; None if it is none."""
    if len(text) != count or not text.isascii() or not text.isdigit():
        return None
    try:
        read = datetime.strptime(text, "%Y%m%d%H%M"[: count - 2])  # noqa: DTZ007
    except ValueError:
        return None
    return np.datetime64(read, "ns") - KST


def iso(times: np.ndarray, zone: str = "Z") -> list[str]:
    """Return UTC times like 2026-07-20T04:00:00Z."""
    return [f"{text}{zone}" for text in np.datetime_as_string(times, unit="s").tolist()]


def of_iso(text: str) -> np.datetime64 | None:
    """Return the UTC time of an ISO 8601 text; None if it is none."""
    try:
        return np.datetime64(text.strip().removesuffix("Z").removesuffix("+00:00"), "ns")
    except ValueError:
        return None
