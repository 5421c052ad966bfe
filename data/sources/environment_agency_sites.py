"""The stations of the Environment Agency: where they are, what they measure, what is odd.

    GET /id/stations?_view=full

Of 4,524 stations in one listing 438 had no place, 2,299 neither river nor status, 18 no measures,
and one had lists for status, town and RLOIid.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isnan, nan
from typing import Any

from data.reading import Site
from data.sources import environment_agency_measures as measures
from data.sources import json_answer, web
from data.sources.asking import Access, Answer, Question
from data.sources.environment_agency import SOURCE
from data.sources.environment_agency_items import LIMIT, alone, items, tail
from data.sources.environment_agency_measures import PARAMETERS, Measure
from data.sources.environment_agency_rows import STEP

AGENCY = "Environment Agency"
_SINGLE = ("label", "riverName", "status", "town", "RLOIid", "lat", "long")
_SCALES = {"stage": "stageScale", "downstage": "downstageScale"}


@dataclass(frozen=True)
class Listing:
    """The sites of an answer, and a sentence for each station that is none."""

    sites: tuple[Site, ...]
    complaints: tuple[str, ...] = ()


def ask_sites(access: Access) -> Answer:
    """Return the answer that lists all stations.

    Raises:
        SourceUnavailable: The provider did not answer.
        SourceError: It refused.
    """
    params = {"_view": "full", "_limit": str(LIMIT)}
    return web.ask(access, Question(SOURCE, "stations", "/id/stations", params))


def sites(answer: Answer) -> Listing:
    """Return one site for each station and variable that it measures.

    Where a station has several measures of a variable, or only one that must be named, the id is
    that of the measure, so that a series never changes its sensor or datum.

    Raises:
        SourceUnavailable: The answer breaks off.
        SourceError: It is not in the shape that this was written for.
    """
    found, complaints = items(answer)
    listed: list[Site] = []
    for item in found:
        station = alone(item.get("notation"))[0] or tail(item.get("@id"))
        inner = item.get("measures")
        here = inner if isinstance(inner, list) else [inner] if inner else []
        known = [measure for measure in map(measures.read, here) if measure]
        if not station:
            complaints.append(f"{json_answer.shown(item)} is no station.")
        elif not here:
            complaints.append(f"Station '{station}' has no measures.")
        elif len(known) < len(here):
            complaints.append(f"Station '{station}': {len(here) - len(known)} measures unreadable.")
        if station:
            listed += _sites(station, item, known)
    return Listing(tuple(listed), tuple(complaints))


def _sites(station: str, item: dict[str, Any], here: list[Measure]) -> Iterator[Site]:
    for variable, parameter in PARAMETERS.items():
        present = [measure for measure in here if measure.parameter == parameter]
        usable = [measure for measure in present if measure.known]
        best = measures.best(usable or present, STEP)
        if best:
            plain = len(usable or present) == 1 and best.main
            yield _site(variable, item, best, station if plain else best.id, usable)


def _site(
    variable: str, item: dict[str, Any], best: Measure, named: str, usable: list[Measure]
) -> Site:
    latitude, longitude = _place(item)
    zero, odd = _gauge_zero(item, best)
    name = alone(item.get("label"))[0]
    return Site(
        SOURCE,
        named,
        variable,
        f"{name} ({best.qualifier}, {best.unit})" if named == best.id else name,
        river=alone(item.get("riverName"))[0],
        agency=AGENCY,
        latitude=latitude,
        longitude=longitude,
        gauge_zero=zero,
        notes=(*_notes(item, best, usable), *odd),
    )


def _place(item: dict[str, Any]) -> tuple[float, float]:
    """Return latitude and longitude; NaN both, where one of them is none."""
    latitude, longitude = (json_answer.number(item.get(name)) for name in ("lat", "long"))
    right = abs(latitude) <= 90 and abs(longitude) <= 180
    return (latitude, longitude) if right else (nan, nan)


def _gauge_zero(item: dict[str, Any], best: Measure) -> tuple[float, tuple[str, ...]]:
    """Return the height of the stage datum [m El.], which only the view of one station tells."""
    scale = item.get(_SCALES.get(best.qualifier, ""))
    if best.unit != "mASD" or not isinstance(scale, dict):
        return nan, ()
    zero = json_answer.number(scale.get("datum"))
    if zero == 0:
        return nan, ("Its stage datum is given as 0 m, which is taken as not known.",)
    return zero, ()


def _notes(item: dict[str, Any], best: Measure, usable: list[Measure]) -> Iterator[str]:
    if isnan(_place(item)[0]):
        yield "It has no place on the map."
    for name in _SINGLE:
        text, several = alone(item.get(name))
        if several:
            yield f"Its '{name}' is a list: {text}."
    status = item.get("status")
    for state in map(tail, status if isinstance(status, list) else [status]):
        if state not in {"", "statusActive"}:
            yield f"Its status is '{state.removeprefix('status')}'."
    yield from _unit_notes(best)
    for other in usable:
        if other != best:
            yield f"It also measures {other.id}."


def _unit_notes(best: Measure) -> Iterator[str]:
    if not best.known:
        yield f"The unit of its values is not known: '{best.unit}'."
    if best.unit == "mBDAT":
        yield "It measures depths below a datum; they are turned into heights."
