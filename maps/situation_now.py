"""The headline of a situation report, and how many gauges are in which stage, UNKNOWN too."""

from data.stations import ALERTS, Stage
from forecast.outlook import Language, sentence
from forecast.wording import span
from maps.listing import URGENCY, name
from maps.situation_facts import Facts
from maps.situation_parts import Cell, Section, Table
from maps.situation_words import TITLES, every, gauges, head, said, verb
from maps.words import stage_word


def headline(facts: Facts, language: Language) -> str:
    """Return what a reader must know if there is time for no more."""
    count, unknown = len(facts.now.gauges), facts.counts[Stage.UNKNOWN]
    if not count:
        return said("no_gauges", language)
    if unknown == count:
        return said("all_unknown", language, every=every(count, language))
    parts = [_alert(facts, language) if facts.top > Stage.NORMAL else _quiet(facts, language)]
    if unknown:
        here = {"all": f"{count:,}", "some": f"{unknown:,}", "gauges": gauges(count, language)}
        parts.append(said("and_unknown", language, **here))
    edited = len(facts.now.edited)
    if edited:
        here = {"some": f"{edited:,}", "gauges": gauges(edited, language)}
        parts.append(said("by_person", language, were=verb("was", "were", edited), **here))
    if facts.top > Stage.NORMAL:
        parts.append(_worst(facts, language))
    return " ".join(parts)


def _alert(facts: Facts, language: Language) -> str:
    count = len(facts.now.gauges)
    some = sum(facts.counts[stage] for stage in ALERTS)
    return said(
        "alert" if facts.top > Stage.ATTENTION else "alert_mild",
        language,
        ahead=_ahead(facts, language),
        all=f"{count:,}",
        some=f"{some:,}",
        gauges=gauges(count, language),
        are=verb("is", "are", some),
        mildest=stage_word(Stage.ATTENTION, language),
        top=stage_word(facts.top, language),
        most=_most(facts.counts[facts.top], language),
    )


def _most(count: int, language: Language) -> str:
    return f"{count:,}" if language == "ko" else gauges(count, language)


def _quiet(facts: Facts, language: Language) -> str:
    count, known = len(facts.now.gauges), facts.counts[Stage.NORMAL]
    key = "quiet" if known == count else "quiet_known"
    return said(
        key,
        language,
        ahead=_ahead(facts, language),
        every=every(known, language),
        known=f"{known:,}",
        gauges=gauges(known, language),
        are=verb("is", "are", known),
    )


def _worst(facts: Facts, language: Language) -> str:
    network, outlook = facts.view.network, facts.worst[0]
    told = sentence(outlook, network, language, facts.view.zone)
    called = name(network.station(outlook.station), language)
    return said("worst_is", language, name=called, sentence=told)


def happening(facts: Facts, language: Language) -> Section:
    """Return how many gauges are in which stage."""
    return Section(
        "now", TITLES["now"][language], tuple(_said(facts, language)), _table(facts, language)
    )


def _said(facts: Facts, language: Language) -> list[str]:
    outlooks, count = facts.view.outlooks, len(facts.now.gauges)
    above = sum(facts.counts_now[stage] for stage in ALERTS)
    rising = sum(_rises(o.stage_now, o.stage) for o in outlooks)
    silent = facts.counts_now[Stage.UNKNOWN]
    blind = sum(o.stage is Stage.UNKNOWN for o in outlooks)
    rise = "will_rise_edited" if rising and facts.now.edited else "will_rise"
    told = [
        _counted("above_now", above, (count - silent, count), language),
        _counted(rise, rising, (count - blind, count), language, _ahead(facts, language)),
        _counted("unknown_now", silent, (0, count), language),
    ]
    return [text for text in told if text]


def _rises(now: Stage, ahead: Stage) -> bool:
    """Say whether a forecast leads to a higher alert than is there now, as far as that is known."""
    return ahead > max(now, Stage.NORMAL)


def _counted(
    key: str, count: int, known: tuple[int, int], language: Language, ahead: str = ""
) -> str:
    """Return a sentence about some gauges; "" if there are none and nothing can be said of that.

    Args:
        known: Of how many gauges it is known, and how many there are: that there are none is told
            of those that are known, and of nobody where none is.
    """
    if not count:
        if not known[0]:
            return ""
        none = {"above_now": "above_none"}.get(key, f"{key}_none")
        key = none if known[0] == known[1] else f"{none}_known"
    told = {
        "some": f"{count:,}",
        "gauges": gauges(count, language),
        "known": f"{known[0]:,}",
        "gauges_known": gauges(known[0], language),
        "are": verb("is", "are", count),
        "stand": verb("stands", "stand", count),
    }
    return said(key, language, ahead=ahead, **told)


def _table(facts: Facts, language: Language) -> Table:
    stages = sorted(Stage, key=lambda stage: -URGENCY[stage])
    heads = (head(key, language) for key in ("stage", "gauges_ahead", "gauges_now"))
    return Table(
        TITLES["now"][language],
        tuple(heads),
        tuple(
            (
                Cell(stage_word(stage, language), stage=int(stage)),
                Cell(f"{facts.counts[stage]:,}"),
                Cell(f"{facts.counts_now[stage]:,}"),
            )
            for stage in stages
        ),
    )


def _ahead(facts: Facts, language: Language) -> str:
    network = facts.view.network
    return span(network.horizon * network.step, language)
