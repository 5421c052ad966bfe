"""What stands on the page of one gauge: plain lists and texts, ready for its template."""

from typing import Any

import numpy as np

from data.network import Network
from data.stations import Quantity, Station
from forecast.outlook import Language, Outlook, sentence
from forecast.wording import chance, number, span
from maps import skill_rolling
from maps.curves import MINUTE, Course, Curves
from maps.feeds import links
from maps.hydrograph import SIZES, hydrograph
from maps.local_time import local_moment
from maps.review_panel import panel
from maps.skill import OURS, of_station
from maps.skill_texts import SKILL
from maps.skill_words import sentences
from maps.view import View
from maps.words import QUANTILE_COLUMNS, SOURCES, VARIABLES, stage_word, word

TOLD = (10, 30, 60, 180, 360, 720, 1440, 2880, 4320)  # lead times of the table [min]


def gauge(curves: Curves, n: int, language: Language) -> dict[str, Any]:
    """Return everything on the page of one gauge.

    Args:
        n: Its place in the network.
    """
    view, course, outlook = curves.view, curves.of(n), curves.view.outlooks[n]
    station = course.station
    said = sentence(outlook, view.network, language, view.zone)
    values = _values(course, view.network, language)
    return {
        "pictures": [hydrograph(course, said, language, size) for size in SIZES],
        "key": _key(course, bool(values), language),
        "edited": panel(view, n, language),
        "thresholds": _thresholds(station, language),
        "origin": origin(station, language),
        "chances": _chances(view, station, outlook, language),
        "values": values,
        "quantiles": QUANTILE_COLUMNS,
        "inputs": _inputs(view, station.id, language),
        "providers": list(view.manifest.get("providers", {}).items()),
        "skill": of_station(view, station, language),
        "said": _said(view, station, language),
        "rolling": skill_rolling.of_gauge(view, n, language),
        "s": {key: told[language] for key, told in SKILL.items()},
        "files": links.of_gauge(station.id, language),
    }


def _said(view: View, station: Station, language: Language) -> list[str]:
    """Return what the published scores of a gauge say; [] where it was not verified."""
    scores = view.scores
    if scores is None or station.id not in scores.station.values or OURS not in scores.model.values:
        return []
    return sentences(scores.sel(station=station.id, model=OURS), language)


def _key(course: Course, has_forecast: bool, language: Language) -> list[tuple[str, str]]:
    """Return the entries of the hydrograph's key: what is drawn, and its name."""
    there = {
        "observed": bool(np.isfinite(course.observed).any()),
        "median": has_forecast,
        "bands": has_forecast,
        "earlier": bool(np.isfinite(course.earlier).any()),
        "outcome": bool(np.isfinite(course.outcome).any()),
    }
    entries = [(drawn, word(drawn, language)) for drawn, on in there.items() if on]
    limits = course.station.thresholds
    if limits and limits.alerts:
        said = f"{word('threshold', language)} ({_kind(limits.origin, language)})"
        entries.append(("threshold", said))
    return entries


def _thresholds(station: Station, language: Language) -> list[tuple[int, str, str]]:
    limits = station.thresholds
    if limits is None:
        return []
    return [(int(s), stage_word(s, language), f"{limits.of(s):g}") for s in limits.alerts]


def origin(station: Station, language: Language) -> str:
    """Return who set the thresholds or how they were derived."""
    limits = station.thresholds
    return (
        word("none", language) if limits is None else told(limits.origin, limits.method, language)
    )


def told(origin: str, method: str, language: Language) -> str:
    """Return who set thresholds or how they were derived."""
    return f"{_kind(origin, language)}: {method}"


def _kind(origin: str, language: Language) -> str:
    return word("official" if origin == "official" else "derived", language)


def _chances(view: View, station: Station, outlook: Outlook, language: Language) -> dict[str, Any]:
    """Return P(>= stage) at the lead times that are told; {} where nothing is known."""
    if not outlook.probability.size or station.thresholds is None:
        return {}
    leads = view.network.lead_times
    at = np.flatnonzero(np.isin(leads / MINUTE, TOLD))
    return {
        "leads": [span(lead, language) for lead in leads[at]],
        "rows": [
            (int(stage), stage_word(stage, language), [_chance(p, language) for p in row[at]])
            for stage, row in zip(station.thresholds.alerts, outlook.probability, strict=True)
        ],
    }


def _chance(probability: float, language: Language) -> str:
    return "–" if np.isnan(probability) else chance(float(probability), language)


def _values(course: Course, network: Network, language: Language) -> list[list[str]]:
    """Return lead time, valid time and the quantiles in words; [] without a forecast."""
    if np.isnan(course.quantiles).all():
        return []
    leads = [span(lead, language) for lead in network.lead_times]
    return [
        [lead, local_moment(course.zone, valid), *(_number(v, network.quantity) for v in row)]
        for lead, valid, row in zip(leads, course.ahead, course.quantiles.T.tolist(), strict=True)
    ]


def _number(value: float, quantity: Quantity) -> str:
    return "–" if np.isnan(value) else number(float(value), quantity)


def _inputs(view: View, station_id: str, language: Language) -> list[tuple[str, str]]:
    """Return what the forecast looked at; time and giver of the last value, "" if it has none."""
    inputs = view.manifest.get("inputs", {})
    last = inputs.get("last_value", {}).get(station_id, {})
    given = inputs.get("source", {}).get(station_id, {})
    return [
        (VARIABLES.get(name, {}).get(language, name), _told(view, time, given.get(name), language))
        for name, time in last.items()
    ]


def _told(view: View, time: str | None, source: str | None, language: Language) -> str:
    if not time:
        return ""
    when = local_moment(view.zone, np.datetime64(time.rstrip("Z")))
    return f"{when} · {SOURCES[source][language]}" if source in SOURCES else when
