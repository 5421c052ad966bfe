"""NOAA National Water Prediction Service: stage and flow of one gauge, observed and forecast.

    BASE_URL/gauges/TSTI4/stageflow/observed      (or /forecast; the id of NWS or of USGS)
    {"pedts": "HGIRG", "issuedTime": .., "primaryName": "Stage", "primaryUnits": "ft",
     "secondaryName": "Flow", "secondaryUnits": "kcfs",
     "data": [{"validTime": .., "generatedTime": .., "primary": 5.03, "secondary": 20.6}]}

No key. The body does not name the gauge: `Answer.what` does. An unknown gauge is 404 with an empty
body. The third part of `pedts` is R for readings, F for a forecast: one never passes for the other,
and a forecast is `Issued`, which nothing takes for readings. All of about the last 30 days comes,
whatever is wanted. Flow may differ from USGS's at the same site by a factor; it is another rating.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

import numpy as np

from data.errors import SourceError
from data.reading import Parsed, Reading
from data.sources import web
from data.sources.ahead import not_ahead
from data.sources.asking import Access, Answer, Question, Wanted
from data.sources.nwps_values import BASE_URL, SOURCE, column, named, reading, refuse_unknown
from data.sources.us_json import dig, loads, rows, shown, utc
from data.sources.us_series import counted, once

__all__ = ["BASE_URL", "SOURCE", "Issued", "ask", "ask_forecast", "parse", "parse_forecast"]

OBSERVED, FORECAST = "observed", "forecast"


@dataclass(frozen=True)
class Issued:
    """An official forecast: what lies ahead, by those who issued it; never an observation.

    Attributes:
        issued: When it was issued, UTC datetime64[ns]; NaT if it does not say.
        ahead: Its values; their `time` is the valid time.
    """

    issued: np.datetime64
    ahead: Parsed


def ask(access: Access, wanted: Wanted) -> Iterator[Answer]:
    """Yield what was observed at each wanted gauge; of an unknown one the empty 404.

    Raises:
        SourceUnavailable: NWPS does not answer.
        SourceError: It refuses what is asked, or has no such variable.
    """
    yield from _ask(access, wanted, OBSERVED)


def ask_forecast(access: Access, wanted: Wanted) -> Iterator[Answer]:
    """Yield the official forecast of each wanted gauge; raises as `ask`."""
    yield from _ask(access, wanted, FORECAST)


def parse(answer: Answer, wanted: Wanted) -> Parsed:
    """Return the wanted variable and times of one gauge's observations.

    Raises:
        SourceUnavailable: It is no JSON.
        SourceError: The gauge is unknown or not wanted, the body has another shape or holds a
            forecast, or no column has a unit of the variable.
    """
    return _parsed(answer, wanted, OBSERVED)


def parse_forecast(answer: Answer, wanted: Wanted) -> Issued:
    """Return the wanted variable and times of one gauge's official forecast; raises as `parse`."""
    ahead = _parsed(answer, wanted, FORECAST)
    return Issued(utc(dig(_part(loads(answer), FORECAST), "issuedTime")), ahead)


def _ask(access: Access, wanted: Wanted, kind: str) -> Iterator[Answer]:
    refuse_unknown(wanted.variable)
    return (web.ask(access, _question(spot.id, kind)) for spot in wanted.spots)


def _question(gauge: str, kind: str) -> Question:
    path = f"/gauges/{quote(gauge, safe='')}/stageflow/{kind}"
    return Question(SOURCE, _what(gauge, kind), path, accept=(200, 404))


def _what(gauge: str, kind: str) -> str:
    return f"stageflow-{kind}-{gauge}"


def _parsed(answer: Answer, wanted: Wanted, kind: str) -> Parsed:
    refuse_unknown(wanted.variable)
    site = next((s.id for s in wanted.spots if answer.what == _what(s.id, kind)), None)
    if site is None:
        raise SourceError(f"{SOURCE}: '{answer.what}' is of no wanted gauge, or no {kind}.")
    if answer.status == 404:
        raise SourceError(f"{SOURCE} knows no gauge '{site}'.", "Check its id at water.noaa.gov.")
    part = _part(loads(answer), kind)
    if not isinstance(part, dict) or "data" not in part:
        raise SourceError(
            f"{SOURCE}, {answer.what}: the answer has no 'data'.",
            "See what the provider has changed.",
        )
    _refuse_other(part, answer, kind)
    data, said = rows(part["data"]), ""
    if kind == OBSERVED:
        data, said = not_ahead(data, lambda row: utc(dig(row, "validTime")), answer.fetched)
    try:
        found = _series(part | {"data": data}, site, wanted)
    except SourceError as error:
        raise SourceError(f"{SOURCE}, {answer.what}: {error.problem}", error.remedy) from None
    return replace(found, complaints=(f"{site}: {said}", *found.complaints)) if said else found


def _part(body: Any, kind: str) -> Any:
    """Return one kind's part of an answer that holds both, or the answer itself."""
    return body[kind] if isinstance(body, dict) and kind in body else body


def _refuse_other(part: dict[str, Any], answer: Answer, kind: str) -> None:
    """Refuse a forecast in place of observations, and the other way round.

    Raises:
        SourceError: The code of the series says that it is the other.
    """
    pedts = part.get("pedts")
    if not isinstance(pedts, str) or len(pedts) < 4:
        return  # a gauge without such a series has ""
    if (pedts[3] == "F") != (kind == FORECAST):
        raise SourceError(
            f"{SOURCE}, {answer.what}: the series {shown(pedts)} is no {kind}.",
            "See what the provider has changed.",
        )


def _series(part: dict[str, Any], site: str, wanted: Wanted) -> Parsed:
    data = rows(part["data"])
    if not data:
        return Parsed((), (f"{site}: there is nothing in the answer.",))
    units = {name: part.get(f"{name}Units") for name in ("primary", "secondary")}
    name = column(units, wanted.variable)
    datum = named(part, name, wanted.variable)
    dated: list[tuple[np.datetime64, Reading]] = []
    complaints = []
    for row in data:
        value, time = dig(row, name), dig(row, "validTime")
        try:
            found = reading(site, wanted.variable, value, units[name], time)
        except SourceError as error:
            complaints.append(f"{site}: {error.problem}")
            continue
        if wanted.since <= found.time <= wanted.until:
            dated.append((utc(dig(row, "generatedTime")), replace(found, datum=datum)))
    kept, doubled = once(dated)
    return Parsed(tuple(kept), counted([*complaints, *doubled]))
