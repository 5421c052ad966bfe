"""Times and ages as a situation report tells them: local and UTC, never one without its zone."""

import numpy as np
import pandas as pd

from forecast.outlook import Language
from maps.local_time import local_moment
from maps.situation_words import said
from maps.view import View

_MINUTE, _HOUR, _DAY = (np.timedelta64(1, unit) for unit in ("m", "h", "D"))


def both(view: View, time: np.datetime64) -> str:
    """Return e.g. `2020-07-01 09:00 KST (2020-07-01 00:00 UTC)`; UTC once where that is local."""
    here, utc = local_moment(view.zone, time), _utc(time)
    return here if here == utc else f"{here} ({utc})"


def told(view: View, text: str) -> str:
    """Return a time that is written as RFC 3339 as `both` does; another text as it is."""
    time = _read(text)
    return text if np.isnat(time) else both(view, time)


def told_parts(view: View, text: str) -> tuple[str, str]:
    """Return a time that is written as RFC 3339 as `parts` does; another text as it is."""
    time = _read(text)
    return (text, "") if np.isnat(time) else parts(view, time)


def _read(text: str) -> np.datetime64:
    try:
        return np.datetime64(text.removesuffix("Z"), "ns")
    except ValueError:
        return np.datetime64("NaT", "ns")


def parts(view: View, time: np.datetime64) -> tuple[str, str]:
    """Return a local time without year, and below it UTC; "" for what is not there or the same."""
    if np.isnat(time):
        return "", ""
    here, utc = local_moment(view.zone, time)[5:], _utc(time)[5:]
    return here, "" if here == utc else utc


def age(length: np.timedelta64, language: Language) -> str:
    """Return e.g. `9 h`, `9시간`, `25 min`, `3 d 4 h`: whole minutes, hours from two hours on."""
    if length < _MINUTE:
        return said("minute", language)
    ko = language == "ko"
    days, rest = divmod(length, _DAY)
    if days:
        hours = f" {rest // _HOUR}{'시간' if ko else ' h'}" if rest // _HOUR else ""
        return f"{days}{'일' if ko else ' d'}{hours}"
    if length >= 2 * _HOUR or length == _HOUR:
        return f"{round(length / _HOUR)}{'시간' if ko else ' h'}"
    return f"{length // _MINUTE}{'분' if ko else ' min'}"


def zone(view: View, language: Language) -> str:
    """Return which zone the tables are told in."""
    at = pd.Timestamp(view.issue_time).tz_localize("UTC").tz_convert(view.zone)
    if at.tzname() == "UTC":
        return said("zone_utc", language)
    return said("zone", language, zone=at.tzname(), offset=f"{at:%z}"[:3])


def _utc(time: np.datetime64) -> str:
    return "" if np.isnat(time) else f"{str(time)[:16].replace('T', ' ')} UTC"
