"""The state of the data in a situation report: providers, silent gauges, ages, stand-ins."""

from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np

from data.stations import Stage
from forecast.outlook import STALE_AFTER, Language
from forecast.wording import in_language, span
from maps.listing import name
from maps.plain import plain
from maps.situation_facts import Facts
from maps.situation_parts import Cell, Section, Table
from maps.situation_times import age
from maps.situation_words import PROVIDER, TITLES, every, gauges, head, said, verb
from maps.words import SOURCES, VARIABLES

REASONS = 5  # told one by one; the gauges with others are counted
NAMED = 10
FEEDS = 30  # rows of the table
_NOT_ASKED = "not asked in this run"


def health(facts: Facts, language: Language) -> Section:
    """Return how whole and how fresh the data are that the forecast stands on."""
    told = [*_late(facts, language), *_ages(facts, language), *_fallback(facts, language)]
    providers = _providers(facts)
    told.append(_asked(providers, language))
    points = [*_reasons(facts, language), *_warnings(facts)]
    title = TITLES["health"][language]
    table = _table(providers, language) if providers else None
    return Section("health", title, tuple(told), table, tuple(points))


def _late(facts: Facts, language: Language) -> Iterator[str]:
    if facts.view.manifest.get("late"):
        yield said("late", language)


def _ages(facts: Facts, language: Language) -> Iterator[str]:
    count, silent = len(facts.now.gauges), int(facts.silent.sum())
    if not count:
        return
    limit = span(STALE_AFTER, language)
    given = {"all": f"{count:,}", "some": f"{silent:,}", "gauges": gauges(count, language)}
    given |= {"every": every(count, language), "have": verb("has", "have", silent or count)}
    yield said("silent" if silent else "fresh", language, limit=limit, **given)
    known = facts.ages[~np.isnat(facts.ages)]
    if known.size < count:
        yield said("never_read", language, some=f"{count - known.size:,}")
    if not known.size:
        return
    if silent and known.max() > STALE_AFTER:
        oldest = int(np.argmax(np.where(np.isnat(facts.ages), np.timedelta64(0, "ns"), facts.ages)))
        called = name(facts.view.network.stations[oldest], language)
        yield said("oldest", language, name=called, age=age(facts.ages[oldest], language))
    middle = np.sort(known)[known.size // 2]
    yield said("median_age", language, age=age(middle, language))


def _fallback(facts: Facts, language: Language) -> Iterator[str]:
    given = facts.view.manifest.get("fallback")
    fallen = [s for s in given if s in facts.ids] if isinstance(given, Mapping) else []
    if not fallen:
        return
    network = facts.view.network
    names = ", ".join(name(network.station(station), language) for station in fallen[:NAMED])
    rest = len(fallen) - NAMED
    if rest > 0:
        names = said("and_more", language, names=names, rest=f"{rest:,}")
    count = {"some": f"{len(fallen):,}", "gauges": gauges(len(fallen), language)}
    yield said("fallback", language, names=names, **count)


def _providers(facts: Facts) -> dict[str, str]:
    given = facts.view.manifest.get("providers")
    return {plain(str(k)): str(v) for k, v in given.items()} if isinstance(given, Mapping) else {}


def _asked(providers: dict[str, str], language: Language) -> str:
    if not providers:
        return said("providers_unknown", language)
    if all(_state(told)[0] == _NOT_ASKED for told in providers.values()):
        return said("providers_not_asked", language)
    amiss = sum(_state(told)[0] != "ok" for told in providers.values())
    key = "providers_amiss" if amiss else "providers_fine"
    return said(key, language, all=f"{len(providers):,}", some=f"{amiss:,}")


def _state(told: str) -> tuple[str, str]:
    """Return the state of a feed, and what else was said of it (`data.live.Told`)."""
    state, _, rest = told.partition(" · ")
    return (state, rest) if state in PROVIDER else ("failed", told)


def _table(providers: dict[str, str], language: Language) -> Table:
    heads = tuple(head(key, language) for key in ("provider", "state", "told"))
    amiss_first = sorted(providers.items(), key=lambda item: _state(item[1])[0] == "ok")
    rows = tuple(_row(key, *_state(told), language) for key, told in amiss_first[:FEEDS])
    title = TITLES["health"][language]
    rest = len(providers) - len(rows)
    return Table(title, heads, rows, f"+ {rest:,}" if rest else "")


def _row(key: str, state: str, rest: str, language: Language) -> tuple[Cell, ...]:
    source, _, variable = key.partition(" ")
    who = SOURCES[source][language] if source in SOURCES else source
    what = VARIABLES[variable][language] if variable in VARIABLES else variable
    return Cell(f"{who} {what}".strip()), Cell(PROVIDER[state][language]), Cell(rest or "–")


def _reasons(facts: Facts, language: Language) -> Iterator[str]:
    """Yield why gauges cannot be judged, the commonest reason first."""
    places = np.flatnonzero(facts.now.stages == Stage.UNKNOWN).tolist()
    counts = Counter(facts.view.outlooks[n].reason for n in places)
    common = counts.most_common(REASONS)
    for reason, count in common:
        told = in_language(reason, language) or said("why_not", language)
        here = {"some": f"{count:,}", "gauges": gauges(count, language)}
        yield said("why_unknown", language, reason=told, **here)
    rest = len(places) - sum(count for _, count in common)
    if rest:
        here = {"some": f"{rest:,}", "gauges": gauges(rest, language)}
        yield said("why_rest", language, **here)


def _warnings(facts: Facts) -> Iterator[str]:
    given = facts.view.manifest.get("warnings")
    yield from (str(each) for each in (given if isinstance(given, list) else [])[:NAMED])
