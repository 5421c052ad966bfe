"""Amounts of rain as KMA writes them: numbers, and texts such as "30.0~50.0mm".

`강수없음` is (0, 0), `a 미만` (0, a), `a~b` (a, b), `a 이상` (a, infinity), `a mm` (a, a). A whole
number without "mm" in a forecast is not read as mm: since 2024-11-28 the fifth day comes in
classes (약한 비, 보통 비, 강한 비), which such a number may stand for.
"""

import re
from dataclasses import dataclass
from math import inf, isinf, nan

from data.schema import Flag

OPEN_END = 70.0  # mm taken for "50.0mm 이상"; an assumption, each use of which is complained of
SENTINEL = 900.0  # KMA's numbers of this size or more stand for "missing"
NO_RAIN = "강수없음"
_BLANK = frozenset({"", "-", "null", "none", "nan"})
_A = r"(\d{1,4}(?:\.\d{1,4})?)(?:mm)?"
_NUMBER = re.compile(r"([+-]?\d{1,5}(?:\.\d{1,4})?)(?:mm)?", re.ASCII)
_BELOW = re.compile(_A + "(?:미만|이하)", re.ASCII)
_BETWEEN = re.compile(_A + "(?:[~-]|이상)" + _A + "(?:미만)?", re.ASCII)
_ABOVE = re.compile(_A + "(?:이상|초과)", re.ASCII)
_WHOLE = re.compile(r"[+]?\d*[1-9]\d*", re.ASCII)


@dataclass(frozen=True)
class Amount:
    """The least and the most rain that a text allows [mm]; NaN where `flag` says there is none."""

    low: float
    high: float
    flag: Flag = Flag.GOOD

    def value(self, open_end: float = OPEN_END) -> float:
        """Return the middle [mm]; `open_end` (or the lower end, if more) where it is open."""
        return max(self.low, open_end) if isinf(self.high) else (self.low + self.high) / 2


def observed(text: object) -> Amount:
    """Return what a measured amount says: one number, or why there is none."""
    tight = _tight(text)
    if tight in _BLANK:
        return _none(Flag.NOT_REPORTED)
    if tight == NO_RAIN:
        return Amount(0.0, 0.0)
    found = _NUMBER.fullmatch(tight)
    return _exact(float(found[1])) if found else _none(Flag.UNREADABLE)


def forecast(text: object) -> Amount:
    """Return what a forecast amount (PCP, or RN1 of a forecast) says, or why it says nothing."""
    tight = _tight(text)
    if found := _BELOW.fullmatch(tight):
        return _between(0.0, float(found[1]))
    if found := _BETWEEN.fullmatch(tight):
        return _between(float(found[1]), float(found[2]))
    if found := _ABOVE.fullmatch(tight):
        return _between(float(found[1]), inf)
    if _WHOLE.fullmatch(tight) and float(tight) < SENTINEL:
        return _none(Flag.UNREADABLE)
    return observed(text)


def written(value: object) -> str:
    """Return a value as the provider wrote it, cut short; of a list or an object only its type."""
    if value is None or isinstance(value, str | int | float):
        text = "" if value is None else str(value)
        return text[:60].encode("utf-8", "replace").decode()
    return type(value).__name__


def _tight(text: object) -> str:
    """Return the text without blanks, in one spelling."""
    plain = re.sub(r"\s+", "", written(text)).lower()
    return plain.replace("～", "~").replace("㎜", "mm")


def _exact(value: float) -> Amount:
    if abs(value) >= SENTINEL:
        return _none(Flag.SENTINEL)
    return Amount(value, value) if value >= 0 else _none(Flag.OUT_OF_RANGE)


def _between(low: float, high: float) -> Amount:
    if low >= SENTINEL or SENTINEL <= high < inf:
        return _none(Flag.SENTINEL)
    return Amount(low, high) if low < high else _none(Flag.UNREADABLE)


def _none(flag: Flag) -> Amount:
    return Amount(nan, nan, flag)
