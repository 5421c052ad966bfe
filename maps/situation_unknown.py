"""The gauges of a situation report that cannot be judged: why, since when, how they stood then."""

from collections.abc import Iterator

import numpy as np

from data.stations import Stage
from forecast.outlook import Language
from forecast.wording import in_language
from maps.situation_facts import LISTED, Facts
from maps.situation_parts import Cell, Section, Table
from maps.situation_times import age, parts
from maps.situation_words import TITLES, gauges, head, said
from maps.situation_worst import NONE, gauge, reading
from maps.words import stage_word

_HOUR = np.timedelta64(1, "h")
_UNKNOWN = ("gauge", "level", "age", "then", "why")


def unknown(facts: Facts, language: Language) -> Section:
    """Return the gauges that cannot be judged, those that were highest when last read first."""
    title, count = TITLES["unknown"][language], facts.counts[Stage.UNKNOWN]
    if not count:
        return Section(
            "unknown", title, (said("all_judged", language),) if facts.now.gauges else ()
        )
    places = _by_last(facts)
    heads = tuple(head(key, language) for key in _UNKNOWN)
    rows = tuple(_silent(facts, n, stage, language) for n, stage in places[:LISTED])
    rest = count - len(rows)
    after = said("worst_of", language, some=len(rows), rest=f"{rest:,}") if rest else ""
    told = said("unknown_of", language, some=f"{count:,}", gauges=gauges(count, language))
    return Section("unknown", title, (told,), Table(title, heads, rows, after))


def _silent(facts: Facts, place: int, stage: Stage, language: Language) -> tuple[Cell, ...]:
    outlook = facts.view.outlooks[place]
    read = reading(facts, outlook, language)
    time = parts(facts.view, outlook.last_observed_time)[0]
    return (
        gauge(facts, outlook.station, language),
        Cell(read.text, time),
        Cell(NONE if np.isnat(facts.ages[place]) else age(facts.ages[place], language)),
        Cell(stage_word(stage, language), stage=int(stage)),
        Cell(in_language(outlook.reason, language) or NONE),
    )


def _by_last(facts: Facts) -> list[tuple[int, Stage]]:
    """Return places of unknown gauges with the stage of their last reading, the worst first."""
    places = np.flatnonzero(facts.now.stages == Stage.UNKNOWN)
    stages = np.array(list(_last_stages(facts, places)), dtype="int8")
    age = facts.ages[places] / _HOUR
    order = np.lexsort((np.where(np.isnan(age), np.inf, age), -stages))
    return [(int(places[at]), Stage(int(stages[at]))) for at in order[:LISTED]]


def _last_stages(facts: Facts, places: np.ndarray) -> Iterator[Stage]:
    for place in places.tolist():
        outlook = facts.view.outlooks[place]
        limits = facts.view.network.station(outlook.station).thresholds
        value = outlook.last_observed
        yield limits.stage(value) if limits and np.isfinite(value) else Stage.UNKNOWN
