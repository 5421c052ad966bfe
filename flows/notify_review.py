"""The event `review`: alerts of the newest forecast wait until a hydrologist has approved it."""

from dataclasses import replace

from data.stations import Stage
from flows.notify_event import Event
from flows.notify_memory import Memory
from flows.notify_seen import Seen
from flows.notify_words import LISTED, NAMED, and_more, event
from forecast.wording import STAGE_WORDS, Language

_BOTH: tuple[Language, ...] = ("ko", "en")


def waiting(seen: Seen, before: Memory) -> tuple[list[Event], Memory]:
    """Return the event of alerts that newly wait, and what people know then.

    What waits on unchanged is not told again, and a gauge that is unknown for a while stays told.
    A site that was not published tells nothing of what waits.
    """
    if seen.waits is None or seen.stages is None:
        return [], before
    if not seen.waits:
        return [], replace(before, waiting={})
    stages, told = seen.stages, before.waiting
    now = {gauge: max(stage, told.get(gauge, 0)) for gauge, stage in stages.items() if stage > 0}
    lost = {gauge: stage for gauge, stage in told.items() if stages.get(gauge) == Stage.UNKNOWN}
    new = [gauge for gauge in now if stages[gauge] > told.get(gauge, 0)]
    after = replace(before, waiting=lost | now)
    return ([_event(seen, new)] if new else []), after


def _event(seen: Seen, new: list[str]) -> Event:
    """Return the event.

    Args:
        new: Gauges whose alert newly waits, at least one.
    """
    stages = seen.stages or {}
    worst = sorted(new, key=lambda gauge: -stages[gauge])
    count = len(worst)
    titles = (
        f"{seen.network.title_ko}: 경보 {count}건이 승인을 기다립니다",
        f"{seen.network.title_en}: {count} alert{'s wait' if count > 1 else ' waits'} for approval",
    )
    lines = {each: [_line(gauge, seen, each) for gauge in worst[:NAMED]] for each in _BOTH}
    and_more(lines, count)
    for each in _BOTH:
        lines[each] += _what_to_do(seen.network.name, each)
    gauges = [{"id": g, "stage": Stage(stages[g]).name.lower()} for g in worst[:LISTED]]
    return event("review", seen, titles, lines, {"count": count, "gauges": gauges})


def _line(gauge: str, seen: Seen, language: Language) -> str:
    station, stage = seen.network.station(gauge), Stage((seen.stages or {})[gauge])
    name = {"ko": station.name_ko, "en": station.name_en}[language]
    told = dict(zip(_BOTH, seen.sentences.get(gauge, ("", "")), strict=True))[language]
    return f"- {name}: {STAGE_WORDS[stage][language]}. {told}".rstrip()


def _what_to_do(network: str, language: Language) -> list[str]:
    """Return what it means, and the commands that end it."""
    said = {
        "ko": "승인하기 전에는 이 경보(CAP)가 나가지 않습니다. 보기와 승인:",
        "en": "Until it is approved this alert (CAP) does not go out. To see and to approve it:",
    }
    return [said[language], f"mulgil review {network}", f"mulgil review approve {network}"]
