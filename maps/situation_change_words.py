"""What a situation report says of the changes since the last issue."""

from collections import Counter
from typing import Final

import numpy as np

from data.stations import Stage
from forecast.outlook import Language
from maps.listing import name
from maps.situation_changes import KINDS, Change
from maps.situation_facts import CHANGES, Facts
from maps.situation_particles import with_particle
from maps.situation_parts import Cell, Section, Table
from maps.situation_state import State
from maps.situation_times import age, both
from maps.situation_words import COUNTED, KIND, TITLES, head, said
from maps.situation_worst import NONE, gauge
from maps.words import stage_word

_HEADS: Final = ("gauge", "change", "before", "after")


def changed(facts: Facts, language: Language) -> Section:
    """Return what has changed since the last issue; without one, that there is none."""
    title, then = TITLES["changes"][language], facts.then
    if then is None:
        return Section("changes", title, (said("first", language),))
    told = (_summary(facts, then, language), *_outstanding(facts, language))
    if not facts.changes:
        return Section("changes", title, told)
    rows = tuple(_row(facts, change, language) for change in facts.changes[:CHANGES])
    rest = len(facts.changes) - len(rows)
    after = said("rest_changes", language, some=len(rows), rest=f"{rest:,}") if rest else ""
    heads = tuple(head(key, language) for key in _HEADS)
    return Section("changes", title, told, Table(title, heads, rows, after))


def _summary(facts: Facts, then: State, language: Language) -> str:
    ago = np.timedelta64(facts.now.issue_time - then.issue_time)
    given = {"time": both(facts.view, then.issue_time), "ago": age(ago, language)}
    if not facts.changes:
        return said("same", language, **given)
    counts = Counter(change.kind for change in facts.changes)
    parts = [COUNTED[k][language].format(n=f"{counts[k]:,}") for k in KINDS if counts[k]]
    return said("changed", language, parts=", ".join(parts), **given)


def _outstanding(facts: Facts, language: Language) -> list[str]:
    """Return a sentence on the worst that rose, and on the worst that fell silent in an alert."""
    rose = next((c for c in facts.changes if c.kind == "raised"), None)
    lost = next((c for c in facts.changes if c.kind == "lost" and (c.before or 0) > 0), None)
    pairs = (("one_rose", rose), ("one_lost", lost))
    return [_sentence(facts, key, change, language) for key, change in pairs if change]


def _sentence(facts: Facts, key: str, change: Change, language: Language) -> str:
    called = name(facts.view.network.station(change.station), language)
    before, after = _word(change.before, language), _word(change.after, language)
    return said(
        key,
        language,
        name=called,
        name_i=with_particle(called, "이/가"),
        name_un=with_particle(called, "은/는"),
        before=before,
        after=after,
        after_to=with_particle(after, "으로/로"),
    )


def _row(facts: Facts, change: Change, language: Language) -> tuple[Cell, ...]:
    there = change.kind != "gone"
    return (
        gauge(facts, change.station, language) if there else Cell(change.station),
        Cell(KIND[change.kind][language]),
        _stage(change.before, language),
        _stage(change.after, language),
    )


def _stage(stage: Stage | None, language: Language) -> Cell:
    return Cell(NONE) if stage is None else Cell(_word(stage, language), stage=int(stage))


def _word(stage: Stage | None, language: Language) -> str:
    return NONE if stage is None else stage_word(stage, language)
