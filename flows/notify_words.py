"""The words of notifications, Korean and English."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from data.network import Network
from data.stations import Stage
from flows.notify_event import Event
from flows.notify_seen import Seen
from flows.notify_settings import Kind
from forecast.wording import STAGE_WORDS, Language, in_language
from maps.feeds.label import NOT_OFFICIAL, marked
from maps.words import word

NAMED = 20  # gauges or providers that a text names
LISTED = 500  # gauges that the data list
_BOTH: tuple[Language, ...] = ("ko", "en")
_SEOUL = ZoneInfo("Asia/Seoul")
_LABELS: dict[str, dict[Language, str]] = {
    "gauge": {"ko": "지점", "en": "gauges"},
    "provider": {"ko": "제공처", "en": "providers"},
}


@dataclass(frozen=True)
class Move:
    """One gauge whose stage changed.

    Attributes:
        before: As it was last known; None: it was never told of, which is no alert.
    """

    gauge: str
    before: int
    after: int


def moved(kind: Kind, seen: Seen, moves: Sequence[Move]) -> Event:
    """Return the event of gauges whose stage rose or fell.

    Args:
        moves: At least one, the worst first.
    """
    count, worst = len(moves), Stage(max(move.after for move in moves))
    names = {each: STAGE_WORDS[worst][each] for each in _BOTH}
    verb = {"raised": ("상승", "raised"), "lowered": ("하강", "lowered")}[kind]
    top = seen.network.station(moves[0].gauge)
    more = count - 1
    titles = (
        f"{seen.network.title_ko}: {top.name_ko} {names['ko']} 단계로 {verb[0]}"
        + (f", 외 {more}개 지점" if more else ""),
        f"{seen.network.title_en}: {top.name_en} {verb[1]} to {names['en']}"
        + (f", and {more} more" if more else ""),
    )
    lines = {each: [_line(move, seen, each) for move in moves[:NAMED]] for each in _BOTH}
    and_more(lines, count)
    gauges = [
        {"id": m.gauge, "before": _stage_name(m.before), "after": _stage_name(m.after)}
        for m in moves[:LISTED]
    ]
    return event(kind, seen, titles, lines, {"count": count, "gauges": gauges})


def troubled(
    seen: Seen, gauges: Sequence[str], failing: Sequence[str], at: Mapping[str, int]
) -> Event:
    """Return the event of a forecast with gaps.

    Args:
        gauges: Those that have newly no forecast.
        failing: Providers and steps that newly fail.
        at: The alert stage that a gauge without a forecast was last told at.
    """
    lost = [each for each in gauges if at.get(each, 0) > 0]
    titles = (
        f"{seen.network.title_ko}: 예보에 빈 곳이 있습니다 ({_counted(gauges, failing, 'ko')})",
        f"{seen.network.title_en}: forecast with gaps ({_counted(gauges, failing, 'en')})",
    )
    lines: dict[Language, list[str]] = {"ko": [], "en": []}
    for each in sorted(gauges, key=lambda gauge: -at.get(gauge, 0))[:NAMED]:
        station, reason = seen.network.station(each), seen.reasons.get(each, "")
        stage = {lang: STAGE_WORDS[Stage(at[each])][lang] if each in lost else "" for lang in _BOTH}
        last = {
            "ko": f" (마지막으로 알린 단계: {stage['ko']})" if stage["ko"] else "",
            "en": f" (last told stage: {stage['en']})" if stage["en"] else "",
        }
        lines["ko"].append(
            f"- {station.name_ko}: 판단 불가{last['ko']}. {in_language(reason, 'ko')}"
        )
        lines["en"].append(f"- {station.name_en}: unknown{last['en']}. {in_language(reason, 'en')}")
    and_more(lines, len(gauges))
    for each in failing[:NAMED]:
        for language in _BOTH:
            lines[language].append(f"- {each}: {seen.failing[each]}")
    lines["ko"].append("자료가 없는 것은 안전하다는 뜻이 아닙니다.")
    lines["en"].append("No data does not mean safe.")
    data = {
        "gauges": [{"id": each, "reason": seen.reasons.get(each, "")} for each in gauges[:LISTED]],
        "providers": {each: seen.failing[each] for each in failing},
    }
    return event("degraded", seen, titles, lines, data)


def said(kind: Kind, seen: Seen, titles: tuple[str, str], ko: str, en: str) -> Event:
    """Return an event of one sentence; both titles get the network's in front."""
    named = (f"{seen.network.title_ko}: {titles[0]}", f"{seen.network.title_en}: {titles[1]}")
    return event(kind, seen, named, {"ko": [ko], "en": [en]}, {})


def event(
    kind: Kind,
    seen: Seen,
    titles: tuple[str, str],
    lines: Mapping[Language, Sequence[str]],
    data: Mapping[str, Any],
) -> Event:
    """Return an event with its marks, its times, and what it is not."""
    label = " ".join(seen.marks)
    ends = {each: _ending(seen, each) for each in _BOTH}
    facts = {"label": label, "state": seen.state, "run": seen.run, "told": seen.told}
    return Event(
        kind=kind,
        network=seen.network.name,
        when=seen.when,
        title_ko=marked(label, f"[물길] {titles[0]}", "ko"),
        title_en=marked(label, f"[Mulgil] {titles[1]}", "en"),
        body_ko="\n".join([*lines["ko"], *ends["ko"]]),
        body_en="\n".join([*lines["en"], *ends["en"]]),
        data=facts | dict(data),
    )


def _ending(seen: Seen, language: Language) -> list[str]:
    marks = [word(mark.lower(), language) for mark in seen.marks]
    at = {"ko": "예보 시각", "en": "Time"}[language]
    return [f"{at}: {moment(seen.when, seen.network)}", *marks, NOT_OFFICIAL[language]]


def moment(when: np.datetime64, network: Network) -> str:
    """Return a time in UTC, and in Korea's time where all gauges lie there."""
    utc = pd.Timestamp(when).tz_localize("UTC")
    korean = all(33 <= s.latitude <= 39 and 124 <= s.longitude <= 132 for s in network.stations)
    local = f" ({utc.tz_convert(_SEOUL):%m-%d %H:%M} KST)" if korean else ""
    return f"{utc:%Y-%m-%d %H:%M} UTC{local}"


def _line(move: Move, seen: Seen, language: Language) -> str:
    station = seen.network.station(move.gauge)
    name = {"ko": station.name_ko, "en": station.name_en}[language]
    words = [STAGE_WORDS[Stage(stage)][language] for stage in (move.before, move.after)]
    told = dict(zip(_BOTH, seen.sentences.get(move.gauge, ("", "")), strict=True))[language]
    return f"- {name}: {words[0]} → {words[1]}. {told}".rstrip()


def _counted(gauges: Sequence[str], failing: Sequence[str], language: Language) -> str:
    pairs = [(len(gauges), "gauge"), (len(failing), "provider")]
    if language == "ko":
        return ", ".join(f"{_LABELS[what]['ko']} {n}" for n, what in pairs if n)
    return ", ".join(
        f"{n} {_LABELS[what]['en'].removesuffix('s' if n == 1 else '')}" for n, what in pairs if n
    )


def and_more(lines: Mapping[Language, list[str]], count: int) -> None:
    """Add how many more gauges there are than are named."""
    if count > NAMED:
        lines["ko"].append(f"- 외 {count - NAMED}개 지점")
        lines["en"].append(f"- and {count - NAMED} more gauges")


def _stage_name(stage: int) -> str:
    return Stage(stage).name.lower()
