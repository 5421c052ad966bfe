"""Gauges of NOAA NWPS: where they are, where flood begins, and the newest reading of each.

    BASE_URL/gauges/TSTI4      one gauge
    BASE_URL/gauges            {"gauges": [..]}, about 12,900 of them, 13 MB

action, minor, moderate and major are our attention, watch, warning and severe. A gauge whose series
begins with Q is told by its flow, every other by its stage. A category that is not set (0, -999,
-9999, null) stays NaN; so does one whose unit is not the expected one, and a note says it.
"""

from collections.abc import Iterator
from math import isnan, nan
from typing import Any
from urllib.parse import quote

from data.errors import SourceError
from data.reading import Parsed, Reading, Site
from data.sources import web
from data.sources.asking import Access, Answer, Question, Wanted
from data.sources.nwps_values import SOURCE, column, reading, refuse_unknown, threshold
from data.sources.us_json import dig, loads, number, written
from data.sources.us_series import counted

CATEGORIES = ("action", "minor", "moderate", "major")
CURRENT = frozenset({"no_flooding", *CATEGORIES})  # other flood categories say what is amiss
FIELDS = {"water_level": ("stage", "stageUnits"), "discharge": ("flow", "flowUnits")}


def ask_sites(access: Access, gauges: tuple[str, ...] = ()) -> Iterator[Answer]:
    """Yield one answer for each gauge, or the one of all gauges if none is named.

    Raises:
        SourceUnavailable: NWPS does not answer.
        SourceError: It refuses what is asked.
    """
    listing = [Question(SOURCE, "gauges", "/gauges")]
    single = [
        Question(SOURCE, f"gauge-{gauge}", f"/gauges/{quote(gauge, safe='')}", accept=(200, 404))
        for gauge in gauges
    ]
    for question in single or listing:
        yield web.ask(access, question)


def sites(answer: Answer) -> tuple[tuple[Site, ...], tuple[str, ...]]:
    """Return the gauges of an answer, and a sentence for each entry that is none.

    Raises:
        SourceUnavailable: It is no JSON.
        SourceError: The gauge is unknown, or the answer holds none.
    """
    entries = _entries(answer)
    found = tuple(_site(entry) for entry in entries if _id(entry))
    nameless = ["an entry has no 'lid'." for entry in entries if not _id(entry)]
    return found, counted(nameless)


def parse_status(answer: Answer, wanted: Wanted) -> Parsed:
    """Return the newest reading of each wanted gauge (by either id), and what is amiss with it.

    Raises:
        SourceUnavailable: It is no JSON.
        SourceError: The gauge is unknown, the answer holds none, or NWPS has no such variable.
    """
    refuse_unknown(wanted.variable)
    spots = {spot.id: spot.id for spot in wanted.spots}
    found: list[Reading] = []
    complaints: list[str] = []
    for entry in _entries(answer):
        site = spots.get(_id(entry)) or spots.get(written(dig(entry, "usgsId")))
        if site is None:
            continue
        try:
            found += _newest(dig(entry, "status", "observed"), site, wanted)
        except SourceError as error:
            complaints.append(f"{site}: {error.problem}")
        complaints += [f"{site}: {note}" for note in _amiss(entry)]
    return Parsed(tuple(found), counted(complaints))


def _entries(answer: Answer) -> list[Any]:
    if answer.status == 404:
        raise SourceError(f"{SOURCE} knows no '{answer.what}'.", "Check its id at water.noaa.gov.")
    body = loads(answer)
    if isinstance(dig(body, "gauges"), list):
        return list(body["gauges"])
    if _id(body):
        return [body]
    raise SourceError(
        f"{SOURCE}, {answer.what}: the answer has neither 'gauges' nor 'lid'.",
        "See what the provider has changed.",
    )


def _id(entry: Any) -> str:
    lid = dig(entry, "lid")
    return written(lid) if isinstance(lid, str) else ""


def _site(entry: Any) -> Site:
    series = dig(entry, "pedts", "observed")
    kind = "discharge" if isinstance(series, str) and series.startswith("Q") else "water_level"
    levels, notes = _levels(dig(entry, "flood"), kind)
    latitude = _degrees(dig(entry, "latitude"), 90)
    longitude = _degrees(dig(entry, "longitude"), 180)
    if isnan(latitude + longitude):
        notes.append("it has no place on earth.")
    return Site(
        source=SOURCE,
        id=_id(entry),
        kind=kind,
        name=_text(dig(entry, "name")),
        agency=_text(dig(entry, "wfo", "name")),
        latitude=latitude,
        longitude=longitude,
        attention=levels[0],
        watch=levels[1],
        warning=levels[2],
        severe=levels[3],
        notes=tuple(notes + _amiss(entry)),
    )


def _levels(flood: Any, kind: str) -> tuple[list[float], list[str]]:
    """Return where the four categories begin [unit of the kind], and what is odd about them."""
    field, units = FIELDS[kind]
    unit, notes = dig(flood, units), []
    try:
        values = [
            threshold(dig(flood, "categories", name, field), unit, kind) for name in CATEGORIES
        ]
    except SourceError as error:
        values = [nan] * len(CATEGORIES)
        notes.append(f"its thresholds are not taken: {error.problem}")
    announced = [value for value in values if not isnan(value)]
    if not announced:
        notes.append("no threshold is set.")
    if announced != sorted(announced):
        notes.append(f"its thresholds do not rise: {', '.join(f'{v:g}' for v in values)}.")
    return values, notes


def _newest(status: Any, site: str, wanted: Wanted) -> list[Reading]:
    """Return the observed status as a reading, if its time is wanted.

    Raises:
        SourceError: It has no time, or no column with a unit of the variable.
    """
    units = {name: dig(status, f"{name}Unit") for name in ("primary", "secondary")}
    name = column(units, wanted.variable)
    value, time = dig(status, name), dig(status, "validTime")
    found = reading(site, wanted.variable, value, units[name], time)
    return [found] if wanted.since <= found.time <= wanted.until else []


def _amiss(entry: Any) -> list[str]:
    """Return what NWPS itself says is amiss with a gauge."""
    notes = []
    for kind in ("observed", "forecast"):
        category = dig(entry, "status", kind, "floodCategory")
        if isinstance(category, str) and category not in CURRENT:
            notes.append(f"{kind}: {written(category)}.")
    if dig(entry, "inService", "enabled") is False:
        message = _text(dig(entry, "inService", "message"))
        notes.append(f"out of service{': ' if message else ''}{message}.")
    return notes


def _degrees(value: Any, most: float) -> float:
    found = number(value)
    return nan if found is None or abs(found) > most else found


def _text(value: Any) -> str:
    return written(value) if isinstance(value, str) else ""
