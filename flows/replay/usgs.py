"""USGS Water Data, OGC API v1: continuous values in feet, cubic feet and inches, as GeoJSON.

A value is a text, missing is null with a qualifier; rows come every 15 minutes; the id of a row is
new at every request, as with USGS. A multi-value question may come as a POST in CQL2, as USGS's
own client sends it.
"""

import json
import uuid
from math import isnan
from typing import Any
from urllib.parse import urlencode

import numpy as np

from flows.replay import usgs_questions
from flows.replay.messages import Provider, Reply, Request, as_json, not_found
from flows.replay.stamps import iso
from flows.replay.telling import Told
from flows.replay.usgs_questions import FOOT, STEP, Question

GEOJSON = "application/geo+json"
PARAMETERS = {  # code: variable, unit, factor from SI
    "00065": ("water_level", "ft", 1 / FOOT),
    "00060": ("discharge", "ft^3/s", FOOT**-3),
    "00045": ("rainfall", "in", 1 / 25.4),
}
FIELDS = (
    "time_series_id",
    "monitoring_location_id",
    "parameter_code",
    "statistic_id",
    "time",
    "value",
    "unit_of_measure",
    "approval_status",
    "qualifier",
    "method_category",
    "last_modified",
)
Feature = dict[str, Any]


def answer(told: Told, request: Request) -> Reply:
    """Answer like `https://api.waterdata.usgs.gov/ogcapi/v1`."""
    *_, collection, what = ["", "", *request.path.strip("/").split("/")]
    if "collections" not in request.path:
        return not_found()
    if what in {"schema", "queryables"}:
        return Reply(as_json({"type": "object", "properties": {name: {} for name in FIELDS}}))
    question = usgs_questions.read(told, request)
    if question is None:
        return _refused("time or cursor cannot be read")
    if collection in {"continuous", "latest-continuous"}:
        return _values(told, request, question, latest=collection != "continuous")
    if collection == "monitoring-locations":
        return _collection(told, request, _locations(told, question), question)
    return not_found()


def _refused(why: str) -> Reply:
    code = "InvalidParameterValue"
    return Reply(as_json({"code": code, "type": code, "description": why}), status=400)


def _values(told: Told, request: Request, question: Question, latest: bool) -> Reply:
    times = question.times(told.latest, latest)
    features = [
        feature
        for code in question.codes
        if code in PARAMETERS and PARAMETERS[code][0] in told.world.values
        for feature in _parameter(told, question.stations, code, times)
    ]
    return _collection(told, request, features, question)


def _parameter(told: Told, stations: list[int], code: str, times: np.ndarray) -> list[Feature]:
    """Return the series of one parameter."""
    name, unit, factor = PARAMETERS[code]
    numbers = np.array(stations, dtype=int)
    if name == "rainfall":
        values = told.fell(numbers, times, STEP) * factor
    else:
        values = told.read(name, numbers, times) * factor
    stamps, appeared = iso(told.dated(times), "+00:00"), iso(times + told.delay, ".123456+00:00")
    return [
        _row(told, station, (code, unit), value, stamp)
        for station, row in zip(stations, values.tolist(), strict=True)
        for value, stamp in zip(row, zip(stamps, appeared, strict=True), strict=True)
    ]


def _row(
    told: Told, station: int, kind: tuple[str, str], value: float, stamp: tuple[str, str]
) -> Feature:
    """Return one value; its time and when it was last modified are `stamp`."""
    (code, unit), (time, modified) = kind, stamp
    site = f"USGS-{told.world.ids[station]}"
    series = uuid.uuid5(uuid.NAMESPACE_URL, f"{site}/{code}").hex
    facts = {
        "time_series_id": series,
        "monitoring_location_id": site,
        "parameter_code": code,
        "statistic_id": "00011",
        "time": time,
        "value": None if isnan(value) else _text(value),
        "unit_of_measure": unit,
        "approval_status": "Provisional",
        "qualifier": ["EQUIP"] if isnan(value) else None,
        "method_category": "STNRD",
        "last_modified": modified,
    }
    return _feature(told.place(station), facts, f"{series}/{time}/{told.now}/{told.asked}")


def _text(value: float) -> str:
    """Return a value as USGS writes it: two decimals, of large flows three digits."""
    return f"{value:.2f}" if abs(value) < 100 else f"{float(f'{value:.3g}'):.0f}"


def _feature(place: tuple[float, float], facts: Feature, name: str) -> Feature:
    return {
        "type": "Feature",
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, name)),
        "geometry": {"type": "Point", "coordinates": [place[1], place[0]]},
        "properties": facts,
    }


def _locations(told: Told, question: Question) -> list[Feature]:
    stations = told.world.network.stations
    return [
        _feature(
            told.place(number),
            {
                "agency_code": "USGS",
                "monitoring_location_number": stations[number].id,
                "monitoring_location_name": stations[number].name_en.upper(),
                "site_type": "Stream",
                "site_type_code": "ST",
                "state_name": None,
                "vertical_datum": None,
            },
            stations[number].id,
        )
        | {"id": f"USGS-{stations[number].id}"}
        for number in question.stations
    ]


def _collection(told: Told, request: Request, found: list[Feature], question: Question) -> Reply:
    ordered = told.rows(found)
    page = ordered[question.offset : question.offset + question.limit]
    links = []
    if question.offset + question.limit < len(ordered):
        query = dict(request.query) | {"cursor": str(question.offset + question.limit)}
        href = f"{request.base}{request.path}?{urlencode(query)}"
        links = [{"type": GEOJSON, "rel": "next", "title": "Items (next)", "href": href}]
    content = {
        "type": "FeatureCollection",
        "features": [_chosen(feature, question) for feature in page],
        "numberReturned": len(page),
        "links": links,
        "timeStamp": iso(np.array([told.now]), ".000000Z")[0],
    }
    return Reply(json.dumps(content, separators=(",", ":")).encode(), GEOJSON)


def _chosen(feature: Feature, question: Question) -> Feature:
    """Return a feature with the properties that are asked for, and its place unless unwanted."""
    facts = feature["properties"]
    chosen = [name for name in question.properties if name in facts] or list(facts)
    place = None if question.placeless else feature["geometry"]
    return feature | {"geometry": place, "properties": {name: facts[name] for name in chosen}}


PROVIDER = Provider(
    source="usgs",
    answer=answer,
    refusal=Reply(as_json({"code": "ServerError", "description": "query error (check logs)"})),
    too_many=Reply(
        as_json(
            {
                "error": {
                    "code": "OVER_RATE_LIMIT",
                    "message": "You have exceeded your rate limit. Try again later.",
                }
            }
        )
    ),
    renamed=(b'"value":', b'"result":'),
)
