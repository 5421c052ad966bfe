"""Which events a cycle makes: what differs from what people were told last. Pure."""

import re
from collections.abc import Mapping
from dataclasses import replace

from data.stations import Stage
from flows.notify_event import Event
from flows.notify_memory import Memory
from flows.notify_review import waiting
from flows.notify_seen import Seen
from flows.notify_words import Move, moved, said, troubled

FEW = 100  # of so many gauges each one without a forecast is news; of more, a hundredth of them


def decide(seen: Seen, before: Memory) -> tuple[list[Event], Memory]:
    """Return the events of a cycle, the gravest first, and what people know then."""
    if seen.state == "failed":
        return _failed(seen, before)
    if not seen.issued:  # overtaken, or another one was running: the next cycle tells
        return [], before
    rises, now = _stages(seen, before)
    waits, now = waiting(seen, now)
    gaps, now = _gaps(seen, now)
    late = _late(seen) if seen.state == "late" and before.state != "late" else []
    back = _back(seen, before, now)
    return rises + waits + gaps + late + back, replace(now, state=seen.state, why="")


def _failed(seen: Seen, before: Memory) -> tuple[list[Event], Memory]:
    """A failure is told once, and again when it fails for another reason."""
    why = re.sub(r"\d+", "", seen.told)
    now = replace(before, state="failed", why=why)
    if before.state == "failed" and before.why == why:
        return [], now
    titles = ("예보를 발표하지 못했습니다", "no forecast was issued")
    ko = f"예보를 발표하지 못했습니다. 사이트에는 이전 예보가 남아 있습니다.\n{seen.told}"
    en = f"No forecast was issued; the site still shows the one before.\n{seen.told}"
    return [said("failed", seen, titles, ko, en)], now


def _stages(seen: Seen, before: Memory) -> tuple[list[Event], Memory]:
    """Compare stages with those last known: a gauge that is unknown now is neither up nor down."""
    if seen.stages is None:
        return [], before
    moves = [
        Move(gauge, before.stages.get(gauge, 0), stage)
        for gauge, stage in seen.stages.items()
        if stage != Stage.UNKNOWN and stage != before.stages.get(gauge, 0)
    ]
    worst = sorted(moves, key=lambda move: (-move.after, -move.before))
    up, down = ([m for m in worst if (m.after > m.before) is rose] for rose in (True, False))
    events = [moved("raised", seen, up)] if up else []
    events += [moved("lowered", seen, down)] if down else []
    known = {gauge: stage for gauge, stage in seen.stages.items() if stage > 0}
    lost = {g: s for g, s in before.stages.items() if seen.stages.get(g) == Stage.UNKNOWN}
    return events, replace(before, stages=lost | known)


def _gaps(seen: Seen, before: Memory) -> tuple[list[Event], Memory]:
    """Tell of gauges and providers that are newly missing; what was told stays told.

    Of a large network a few gauges come and go in every cycle; they are told when they are many,
    and a gauge that was at an alert stage always.
    """
    new = [gauge for gauge in seen.reasons if gauge not in set(before.degraded)]
    failing = [who for who in seen.failing if who not in before.failing]
    grave = any(before.stages.get(gauge, 0) > 0 for gauge in new)
    enough = max(1, len(seen.network.stations) // FEW)
    told = bool(failing) or grave or len(new) >= enough
    known = tuple(g for g in seen.reasons if told or g in set(before.degraded))
    now = replace(before, degraded=known, failing=tuple(seen.failing))
    return ([troubled(seen, new, failing, before.stages)] if told else []), now


def _late(seen: Seen) -> list[Event]:
    titles = ("늦은 예보입니다", "the forecast is late")
    ko = f"놓친 시각의 예보를 나중에 채웠습니다.\n{seen.told}"
    en = f"The forecast of a missed cycle was filled in afterwards.\n{seen.told}"
    return [said("late", seen, titles, ko, en)]


def _back(seen: Seen, before: Memory, now: Memory) -> list[Event]:
    """Tell that something is over: failure, or every gap that was told."""
    whole = not (now.degraded or now.failing) and bool(before.degraded or before.failing)
    over = _over(before, whole)
    if not over["ko"]:
        return []
    ko, en = (", ".join(over[each]) for each in ("ko", "en"))
    titles = ("회복되었습니다", "recovered")
    return [
        said(
            "recovered", seen, titles, f"지나간 일: {ko}.\n{seen.told}", f"Over: {en}.\n{seen.told}"
        )
    ]


def _over(before: Memory, whole: bool) -> Mapping[str, list[str]]:
    parts = {
        ("예보가 나오지 않던 상태", "cycles without a forecast"): before.state == "failed",
        ("예보의 빈 곳", "gaps in the forecast"): whole,
    }
    over = [words for words, is_so in parts.items() if is_so]
    return {"ko": [ko for ko, _ in over], "en": [en for _, en in over]}
