"""The JSON API: a file for the network, one for each gauge, their JSON Schemas, its description.

api/network.json           all gauges in short, worst first
api/gauge/<gauge>.json     one gauge: readings, quantiles, chances, files
api/schema/*.json          JSON Schema 2020-12 of both
api/openapi.json           the paths of this and of the GeoJSON, OpenAPI 3.1
"""

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files as resources
from typing import Any

from data.schema import Flag
from data.stations import Stage
from forecast.outlook import Outlook
from maps.feeds import geojson
from maps.feeds.label import label, marked, notice, notices
from maps.feeds.names import iso, number
from maps.feeds.series import Series
from maps.feeds.tables import KINDS
from maps.listing import credits_of, overdue_at, rows, shown
from maps.plain import file_name
from maps.view import View

SCHEMAS = ("network", "gauge")
Facts = Mapping[str, dict[str, Any]]


def schema(name: str) -> dict[str, Any]:
    """Return one of our JSON Schemas."""
    text = (resources("maps.feeds") / "schema" / f"{name}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def network(view: View, told: Facts) -> dict[str, Any]:
    """Return the file of the network.

    Args:
        told: `maps.feeds.facts.facts` by gauge.
    """
    river, manifest = view.network, view.manifest
    return {
        "$schema": "schema/network.json",
        "label": label(view),
        "notice_ko": notice(view, "ko"),
        "notice_en": notice(view, "en"),
        "network": river.name,
        "title_ko": river.title_ko,
        "title_en": river.title_en,
        "caveat_ko": river.caveat_ko,
        "caveat_en": river.caveat_en,
        "provenance": " ".join([river.provenance, *credits_of(river)]),
        "issue_time": iso(view.forecast.issue_time.values[0]),
        "overdue_at": None if view.replay else iso(overdue_at(view)),
        "model": str(manifest.get("model", "")),
        "run": str(manifest.get("run_id", "")),
        "warnings": [str(warning) for warning in manifest.get("warnings", [])],
        "stages": _counts(view),
        "gauges": [told[row["id"]] for row in rows(view, "ko")],
    }


def _counts(view: View) -> dict[str, int]:
    stages = [shown(outlook) for outlook in view.outlooks]
    return {stage.name.lower(): stages.count(stage) for stage in Stage}


def gauge(view: View, series: Series, place: int, told: dict[str, Any]) -> dict[str, Any]:
    """Return the file of one gauge.

    Args:
        place: Of the gauge in the network.
        told: Its `maps.feeds.facts.facts`.
    """
    station, name = view.network.stations[place], file_name(view.network.stations[place].id)
    return told | {
        "$schema": "../schema/gauge.json",
        "latitude": round(station.latitude, 5),
        "longitude": round(station.longitude, 5),
        "gauge_zero": number(station.gauge_zero),
        "upstream": list(station.upstream),
        "overdue_at": None if view.replay else iso(overdue_at(view)),
        "observed": _observed(view, series, place),
        "forecast": _forecast(series, place),
        "chances": _chances(view, view.outlooks[place], place),
        "files": _files(name),
    }


def _observed(view: View, series: Series, place: int) -> dict[str, Any]:
    name = view.network.quantity.value
    return {
        "time": series.moments,
        "value": [number(value) for value in series.observed[name][place]],
        "flag": [Flag(code).name.lower() for code in series.flags[name][place]],
    }


def _forecast(series: Series, place: int) -> dict[str, Any]:
    values = series.forecast[place]
    return {
        "lead_minutes": [int(lead) for lead in series.leads],
        "valid_time": series.valid,
        "quantiles": {
            f"{level:g}": [number(value) for value in values[:, at]]
            for at, level in enumerate(series.levels)
        },
    }


def _chances(view: View, outlook: Outlook, place: int) -> dict[str, list[float | None]]:
    """Return P(value >= threshold) by stage and lead; {} where nothing is known."""
    limits = view.network.stations[place].thresholds
    return {
        stage.name.lower(): [number(chance) for chance in row]
        for stage, row in zip(limits.alerts if limits else (), outlook.probability, strict=False)
    }


def _files(name: str) -> dict[str, str]:
    tables = {f"csv_{kind}": f"../../gauge/{name}.{kind}.csv" for kind in KINDS}
    pi = {
        f"pi_{kind}_{form}": f"../../pi/{name}.{kind}.{form}"
        for kind in ("observed", "forecast")
        for form in ("xml", "json")
    }
    pages = {"page_ko": f"../../gauge/{name}.html", "page_en": f"../../gauge/{name}.en.html"}
    item = f"../../ogc/collections/gauges/items/{name}.json"
    feed = f"../../alerts/gauge/{name}.atom"
    return pages | tables | pi | {"geojson": item, "atom": feed, "netcdf": "../../forecast.nc"}


def openapi(view: View) -> dict[str, Any]:
    """Return the description of all paths below the network's folder."""
    network_schema, gauge_schema = ({"$ref": f"schema/{name}.json"} for name in SCHEMAS)
    free: dict[str, Any] = {"type": "object"}
    paths = dict(_ogc_paths(free))
    paths["/api/network.json"] = _path("All gauges, worst first", network_schema)
    paths["/api/gauge/{gauge}.json"] = _path("One gauge", gauge_schema, "gauge")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": marked(label(view), f"Mulgil: {view.network.title_en}", "en"),
            "version": "1",
            "description": f"Static files, rewritten with each forecast. A missing value is null, "
            f"never 0; a gauge of which nothing is known has the stage `unknown`. {notices(view)}",
        },
        "servers": [{"url": ".."}],
        "paths": paths,
    }


def _ogc_paths(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, said in (
        ("index.json", "Landing page"),
        ("conformance.json", "Conformance"),
        ("collections.json", "Collections"),
        ("collections/gauges.json", "The collection of gauges"),
    ):
        yield f"/ogc/{path}", _path(said, schema)
    kind = "application/geo+json"
    yield f"/ogc/{geojson.ITEMS}", _path("All gauges as GeoJSON", schema, kind=kind)
    one = _path("One gauge as GeoJSON", schema, "gauge", kind)
    yield "/ogc/collections/gauges/items/{gauge}.json", one


def _path(
    said: str, schema: dict[str, Any], variable: str = "", kind: str = "application/json"
) -> dict[str, Any]:
    answer = {"description": said, "content": {kind: {"schema": schema}}}
    get: dict[str, Any] = {"summary": said, "responses": {"200": answer}}
    if variable:
        meant = "The gauge's id; what is no letter, digit or hyphen becomes _<code point>_"
        text = {"type": "string"}
        get["parameters"] = [
            {"name": variable, "in": "path", "required": True, "description": meant, "schema": text}
        ]
    return {"get": get}
