"""The words that outlooks are told in, Korean and English: stages, values, chances, times."""

import re
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from data.stations import Quantity, Stage

Language = Literal["ko", "en"]

STAGE_WORDS: dict[Stage, dict[Language, str]] = {
    Stage.UNKNOWN: {"ko": "판단 불가", "en": "unknown"},
    Stage.NORMAL: {"ko": "평상", "en": "normal"},
    Stage.ATTENTION: {"ko": "관심", "en": "attention"},
    Stage.WATCH: {"ko": "주의보", "en": "watch"},
    Stage.WARNING: {"ko": "경보", "en": "warning"},
    Stage.SEVERE: {"ko": "심각", "en": "severe"},
}
QUANTITY_WORDS: dict[Quantity, dict[Language, str]] = {
    Quantity.WATER_LEVEL: {"ko": "수위", "en": "level"},
    Quantity.DISCHARGE: {"ko": "유량", "en": "flow"},
}
_UNITS = {Quantity.WATER_LEVEL: "m", Quantity.DISCHARGE: "m³/s"}
_OUTERMOST = 5  # [%]: beyond the quantiles 0.05 and 0.95 a forecast says nothing
_KOREAN_PART = re.compile(r"^(.*[가-힣][^.]*\.)\s+([^가-힣]+)$", re.DOTALL)


def stage_level(stage: Stage, quantity: Quantity, language: Language) -> str:
    """Return e.g. `watch level`, `주의보 수위`, `warning flow`."""
    return f"{STAGE_WORDS[stage][language]} {QUANTITY_WORDS[quantity][language]}"


def number(value: float, quantity: Quantity) -> str:
    """Return a level to the centimetre, a discharge to three figures; without unit."""
    if quantity is Quantity.WATER_LEVEL:
        return f"{value:z.2f}"
    rounded = float(f"{value:.3g}")
    digits = 2 - int(np.floor(np.log10(abs(rounded)))) if rounded else 2
    return f"{rounded:z,.{min(max(digits, 0), 3)}f}"


def band(value: float, low: float, high: float, quantity: Quantity) -> str:
    """Return e.g. `8.70 m (8.10–9.40)`."""
    unit = _UNITS[quantity]
    return f"{number(value, quantity)} {unit} ({number(low, quantity)}–{number(high, quantity)})"


def chance(probability: float, language: Language) -> str:
    """Return a probability in whole percent; only a bound where the quantiles end."""
    percent = round(100 * probability)
    if percent <= _OUTERMOST:
        return {"ko": f"{_OUTERMOST} % 이하", "en": f"{_OUTERMOST} % or less"}[language]
    if percent >= 100 - _OUTERMOST:
        most = 100 - _OUTERMOST
        return {"ko": f"{most} % 이상", "en": f"{most} % or more"}[language]
    return f"{percent} %"


@lru_cache(maxsize=4096)
def span(length: np.timedelta64, language: Language) -> str:
    """Return e.g. `3 hours`, `1 hour`, `20 minutes`, `3시간`, `20분`."""
    minutes = int(length / np.timedelta64(1, "m"))
    count, unit = (minutes // 60, "hour") if minutes % 60 == 0 else (minutes, "minute")
    if language == "ko":
        return f"{count}{'시간' if unit == 'hour' else '분'}"
    return f"{count} {unit}" + ("s" if count != 1 else "")


@lru_cache(maxsize=4096)
def clock(time: np.datetime64, issue_time: np.datetime64, tz: ZoneInfo, language: Language) -> str:
    """Return the local time with its zone; the date too, where it is not that of the issue."""
    here, start = (pd.Timestamp(t).tz_localize("UTC").tz_convert(tz) for t in (time, issue_time))
    told = f"{here:%H:%M} {here.tzname()}"
    if here.date() == start.date():
        return told
    if language == "ko":
        return f"{here.month}월 {here.day}일 {told}"
    return f"{told} on {here.day} {_MONTHS[here.month - 1]}"


@lru_cache(maxsize=4096)
def in_language(text: str, language: Language) -> str:
    """Return the part of a reason that is in `language`; the whole text if it has only one."""
    parts = _KOREAN_PART.match(text)
    return parts[1 if language == "ko" else 2] if parts else text


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
