"""Who has looked at a forecast, and where its numbers come from, in a situation report."""

from collections import Counter
from collections.abc import Iterator

from data.stations import Stage
from forecast.outlook import Language
from forecast.wording import in_language
from maps.feeds.label import NOT_OFFICIAL, marks
from maps.listing import credits_of
from maps.situation_facts import CHANGES, Facts
from maps.situation_particles import with_particle
from maps.situation_parts import Cell, Section, Table
from maps.situation_review import Edit
from maps.situation_times import both, told, told_parts, zone
from maps.situation_words import MARK, TITLES, gauges, head, said, verb
from maps.situation_worst import NONE, gauge
from maps.words import stage_word

_EDITS = ("gauge", "automatic", "edited", "who", "why", "until")


def standing(facts: Facts, language: Language) -> str:
    """Return whether a person has looked at the forecast."""
    found = facts.review
    who = found.role or said("somebody", language)
    when = told(facts.view, found.at) if found.at else said("some_time", language)
    given = {"who": who, "who_i": with_particle(who, "이/가"), "when": when}
    return said(found.state, language, **given)


def reviewed(facts: Facts, language: Language) -> Section:
    """Return who has approved, and what was edited by whom, why and until when."""
    found, title = facts.review, TITLES["review"][language]
    lines = [standing(facts, language)]
    lines += [said("note", language, note=found.reason)] if found.reason else []
    trouble = in_language(found.trouble, language)
    lines += [said("trouble", language, trouble=trouble)] if trouble else []
    count = len({edit.station for edit in found.edits})
    given = {"some": f"{count:,}", "gauges": gauges(count, language)}
    were = verb("was", "were", count)
    lines.append(said("edits" if count else "no_edits", language, were=were, **given))
    if not count:
        return Section("review", title, tuple(lines))
    rows = tuple(_edit(facts, edit, language) for edit in found.edits[:CHANGES])
    rest = len(found.edits) - len(rows)
    after = said("rest_changes", language, some=len(rows), rest=f"{rest:,}") if rest else ""
    heads = tuple(head(key, language) for key in _EDITS)
    return Section("review", title, tuple(lines), Table(title, heads, rows, after))


def _edit(facts: Facts, edit: Edit, language: Language) -> tuple[Cell, ...]:
    known = edit.station in facts.ids
    until, utc = told_parts(facts.view, edit.until)
    return (
        gauge(facts, edit.station, language) if known else Cell(edit.station),
        _stage(edit.automatic, language),
        _stage(edit.now, language, _effect(edit, language)),
        Cell(edit.role or NONE),
        Cell(edit.reason or NONE),
        Cell(until or NONE, utc),
    )


def _effect(edit: Edit, language: Language) -> str:
    """Return what must not be overlooked: that a stage was lowered, or that nothing changes."""
    if edit.lowered:
        return said("lowered", language)
    return said("idle", language) if edit.idle else ""


def _stage(name: str, language: Language, under: str = "") -> Cell:
    stage = {each.name.lower(): each for each in Stage}.get(name)
    if stage is None:
        return Cell(name or NONE, under)
    return Cell(stage_word(stage, language), under, int(stage))


def sources(facts: Facts, language: Language) -> Section:
    """Return what the numbers are and are not, and where they come from."""
    return Section("source", TITLES["source"][language], points=tuple(_points(facts, language)))


def _points(facts: Facts, language: Language) -> Iterator[str]:
    view, network = facts.view, facts.view.network
    yield NOT_OFFICIAL[language]
    yield _label(facts, language)
    yield _limits(facts, language)
    yield said("issued", language, time=both(view, view.issue_time))
    yield zone(view, language)
    yield said("chances", language)
    run = {key: str(view.manifest.get(name) or NONE) for key, name in _RUN.items()}
    yield said("run", language, **run)
    yield said("data", language, source=" ".join([network.provenance, *credits_of(network)]))
    caveat = network.caveat_ko if language == "ko" else network.caveat_en
    if caveat:
        yield said("caveat", language, caveat=caveat)


def _label(facts: Facts, language: Language) -> str:
    """Return what the numbers are: of a real and present river, or not."""
    found = [MARK[mark][language] for mark in marks(facts.view)]
    if not found:
        return said("real", language)
    return said("not_real", language, marks=", ".join(found))


_RUN = {"model": "model", "run": "run_id"}


def _limits(facts: Facts, language: Language) -> str:
    """Return how many gauges have official, derived or no thresholds."""
    counts = Counter(
        s.thresholds.origin if s.thresholds else "none" for s in facts.view.network.stations
    )
    numbers = {key: f"{counts[key]:,}" for key in ("official", "derived", "none")}
    text = said("limits", language, **numbers)
    return f"{text} {said('derived', language)}" if counts["derived"] else text
