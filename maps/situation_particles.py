"""Korean particles: which form stands behind a word is told by its last sound.

조사는 앞말의 받침을 따른다: 한강이, 중랑천은, 2가 아니라 3이, 10으로. Behind a bracket it follows
the word before the bracket; behind a Latin word, whose sound is not sure, both forms are written.
"""

import re

_FIRST, _LAST, _FINALS, _RIEUL = 0xAC00, 0xD7A3, 28, 8
_BRACKET = re.compile(r"\s*[(（\[][^()（）\[\]]*[)）\]]\s*$")
_TAIL = re.compile(r"[^0-9A-Za-z가-힣]+$")
_DIGITS = {  # number of the final sound: 영 일 이 삼 사 오 육 칠 팔 구
    "0": 21,
    "1": _RIEUL,
    "2": 0,
    "3": 16,
    "4": 0,
    "5": 0,
    "6": 1,
    "7": _RIEUL,
    "8": _RIEUL,
    "9": 0,
}
_TENS = re.compile(r"[1-9]\d*?(0+)$")  # 십 백 천 만 억: no zero is said
_LETTERS = {"L": _RIEUL, "M": 16, "N": 4, "R": _RIEUL}  # 엘 엠 엔 알; all others end in a vowel
_FORMS = {
    "은/는": ("은", "는"),
    "이/가": ("이", "가"),
    "을/를": ("을", "를"),
    "과/와": ("과", "와"),
    "으로/로": ("으로", "로"),
}


def with_particle(word: str, particle: str) -> str:
    """Return a word with its particle, e.g. `가평교` and `이/가` give `가평교가`.

    Args:
        particle: One of `은/는`, `이/가`, `을/를`, `과/와`, `으로/로`.
    """
    closed, opened = _FORMS[particle]
    final = _final(word)
    if final is None:
        return f"{word}{closed}({opened})" if particle != "으로/로" else f"{word}(으)로"
    if particle == "으로/로" and final == _RIEUL:
        return f"{word}{opened}"
    return f"{word}{closed if final else opened}"


def _final(word: str) -> int | None:
    """Return the number of the last syllable's final sound, 0 for none; None if it is not sure."""
    bare = _TAIL.sub("", _BRACKET.sub("", word))
    last = bare[-1:]
    if last and _FIRST <= ord(last) <= _LAST:
        return (ord(last) - _FIRST) % _FINALS
    if last.isdigit() and last.isascii():
        return _of_number(re.sub(r".*?(\d[\d,.]*)$", r"\1", bare).replace(",", ""))
    spelt = bool(re.search(r"(^|[^a-z])[A-Z]$", bare))
    return _LETTERS.get(last, 0) if spelt else None


def _of_number(digits: str) -> int:
    """Return the final sound of a number: `100` is 백, `2010` is 십, `0` is 영."""
    zeros = None if "." in digits else _TENS.match(digits)
    if zeros is None:
        return _DIGITS[digits[-1]]
    places = len(zeros[1])
    if places >= 8:
        return 1  # 억
    return {1: 17, 2: 1, 3: 4}.get(places, 4)  # 십 백 천 만 십만 ..: 만 ends in ㄴ
