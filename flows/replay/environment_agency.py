"""The Environment Agency's flood-monitoring API: stations, measures, readings, as Jena writes JSON.

A station has a measure of its level (above its datum) or flow, and one of rain; values come every
15 minutes. Without a limit 500 items come, 10,000 at most.
"""

from typing import Any

import numpy as np

from flows.replay import environment_agency_facts as facts
from flows.replay.environment_agency_facts import BASE, MEASURES, QUARTER, UTC, packed
from flows.replay.messages import HTML, Provider, Reply, Request, not_found
from flows.replay.stamps import HOUR, every, floor, iso, of_iso
from flows.replay.telling import Told

LIMIT, MOST = 500, 10_000
DAY = 24 * HOUR
Item = dict[str, Any]
Series = tuple[int, str]  # the number of a station, and a parameter


def answer(told: Told, request: Request) -> Reply:
    """Answer like `https://environment.data.gov.uk/flood-monitoring`."""
    path = request.path.rstrip("/")
    for kind in ("/data/readings", "/id/stations", "/id/measures", "/id/floods"):
        before, found, rest = path.partition(kind)
        if found and "/id/" not in before:
            return _ANSWERS[kind](told, request, rest.strip("/").split("/"))
    return not_found()


def _of_stations(told: Told, request: Request, rest: list[str]) -> Reply:
    query = request.query
    if not rest[0]:
        reference = query.get("stationReference")
        numbers = range(len(told.world.network.stations))
        listed = [
            facts.station(told, number, full="_view" in query)
            for number in numbers
            if reference in {None, told.world.ids[number]}
        ]
        return _limited(told.rows(listed), request)
    number = told.world.index.get(rest[0])
    if number is None:
        return _unknown()
    series = [(number, parameter) for parameter in facts.parameters(told.world)]
    if rest[1:] == ["readings"]:
        return _readings(told, request, series)
    if rest[1:] == ["measures"]:
        return packed([facts.measure(told, *each) for each in series])
    return packed(facts.station(told, number, full=True))


def _of_measures(told: Told, request: Request, rest: list[str]) -> Reply:
    series = _all(told, request)
    if rest[0]:
        series = [each for each in series if facts.name(told.world, *each) == rest[0]]
        if not series:
            return _unknown()
    if rest[1:] == ["readings"]:
        return _readings(told, request, series)
    found = [facts.measure(told, *each) for each in series]
    return packed(found[0]) if rest[0] else _limited(told.rows(found), request)


def _of_data(told: Told, request: Request, _: list[str]) -> Reply:
    return _readings(told, request, _all(told, request))


def _of_floods(told: Told, request: Request, _: list[str]) -> Reply:
    return _limited(told.rows(facts.floods(told)), request)


_ANSWERS = {
    "/data/readings": _of_data,
    "/id/stations": _of_stations,
    "/id/measures": _of_measures,
    "/id/floods": _of_floods,
}


def _unknown() -> Reply:
    return Reply(b"<html><body><h1>404 Not Found</h1></body></html>", HTML, 404)


def _all(told: Told, request: Request) -> list[Series]:
    reference, wanted = (request.query.get(k) for k in ("stationReference", "parameter"))
    return [
        (number, parameter)
        for number, station in enumerate(told.world.ids)
        for parameter in facts.parameters(told.world)
        if reference in {None, station} and wanted in {None, parameter}
    ]


def _limited(items: list[Item], request: Request) -> Reply:
    """Return a listing, which is not limited unless a limit is asked for."""
    limit = request.query.get("_limit", "")
    return packed(items[: int(limit)], int(limit)) if limit.isdecimal() else packed(items)


def _readings(told: Told, request: Request, series: list[Series]) -> Reply:
    query = request.query
    asked = query.get("_limit", "")
    limit = min(int(asked), MOST) if asked.isdecimal() else LIMIT
    items: list[Item] = []
    if "latest" in query:
        limit = MOST
    times = _times(told, query)
    for parameter in MEASURES:
        numbers = [number for number, measured in series if measured == parameter]
        if numbers and times.size:
            items += _values(told, np.array(numbers), parameter, times)
    if "_sorted" in query:
        items.sort(key=lambda item: str(item["dateTime"]), reverse=True)
    return packed(told.rows(items)[:limit], None if "latest" in query else limit)


def _times(told: Told, query: Any) -> np.ndarray:
    """Return the times that are asked for; of nothing in particular the last day and a half."""
    newest = floor(told.latest, QUARTER, UTC)
    today = floor(told.now, DAY, UTC)
    first, last = newest - 36 * HOUR, newest
    if "latest" in query:
        first = newest
    elif "today" in query:
        first = today
    elif "date" in query:
        first = of_iso(query["date"]) or newest
        last = first + DAY - QUARTER
    elif "since" in query:
        first = (of_iso(query["since"]) or newest) + np.timedelta64(1, "s")
    elif "startdate" in query:
        first = of_iso(query["startdate"]) or newest
        last = (of_iso(query.get("enddate", "")) or newest) + DAY - QUARTER
    begun = floor(first, QUARTER, UTC)
    return every(begun if begun >= first else begun + QUARTER, min(last, newest), QUARTER)


def _values(told: Told, numbers: np.ndarray, parameter: str, times: np.ndarray) -> list[Item]:
    if parameter == "rainfall":
        values = told.fell(numbers, times, QUARTER)
    else:
        values = told.read(MEASURES[parameter][0], numbers, times)
    stamps = iso(told.dated(times))
    return [
        _reading(facts.name(told.world, number, parameter), stamp, value)
        for number, row in zip(numbers.tolist(), values.tolist(), strict=True)
        for stamp, value in zip(stamps, row, strict=True)
        if not np.isnan(value) or "blank_values" in told.faults
    ]


def _reading(measure: str, stamp: str, value: float) -> Item:
    item: Item = {
        "@id": f"{BASE}/data/readings/{measure}/{stamp.replace(':', '-')}",
        "dateTime": stamp,
        "measure": f"{BASE}/id/measures/{measure}",
    }
    return item if np.isnan(value) else item | {"value": round(value, 3)}


PROVIDER = Provider(
    source="environment_agency",
    answer=answer,
    refusal=packed(None),
    too_many=Reply(b"<html><body><h1>429 Too Many Requests</h1></body></html>", HTML, 429),
    renamed=(b'"dateTime" :', b'"dateAndTime" :'),
)
