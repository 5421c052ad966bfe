"""The description of all paths below a network's folder, OpenAPI 3.1."""

from collections.abc import Iterator
from typing import Any

from maps.feeds import api, geojson
from maps.feeds.head import Head
from maps.feeds.label import marked
from maps.feeds.layout import SHARD, large
from maps.view import View

GEO = "application/geo+json"
_GAUGE = "The gauge's id; what is no letter, digit or hyphen becomes _<code point>_"
_PART = f"n // {SHARD}, where n is the gauge's place in api/index.json"
_PAGE = "2 and up; the first page is items.json"
Path = tuple[str, dict[str, Any]]


def openapi(view: View, head: Head) -> dict[str, Any]:
    """Return the description."""
    many = large(view.network)
    paths = dict(_ogc(many)) | dict(_shards() if many else _gauges())
    return {
        "openapi": "3.1.0",
        "info": {
            "title": marked(head.label, f"Mulgil: {view.network.title_en}", "en"),
            "version": "1",
            "description": "Static files, rewritten with each forecast. A missing value is null, "
            "never 0; a gauge of which nothing is known has the stage `unknown`. "
            f"{head.notice_ko} {head.notice_en}",
        },
        "servers": [{"url": ".."}],
        "paths": paths,
    }


def _gauges() -> Iterator[Path]:
    network, gauge = (_schema(name) for name in api.SCHEMAS)
    yield "/api/network.json", _path("All gauges, worst first", network)
    yield "/api/gauge/{gauge}.json", _path("One gauge", gauge, ("gauge", _GAUGE))


def _shards() -> Iterator[Path]:
    network, gauges, stations, index = (_schema(name) for name in api.SCHEMAS_OF_SHARDS)
    part = ("part", _PART)
    yield "/api/network.json", _path("The network and its worst gauges", network)
    yield "/api/index.json", _path("The ids of all gauges, in their order", index)
    yield "/api/stations/{part}.json", _path("64 gauges: what does not change", stations, part)
    yield "/api/gauges/{part}.json", _path("64 gauges: readings and forecast", gauges, part)


def _ogc(many: bool) -> Iterator[Path]:
    free: dict[str, Any] = {"type": "object"}
    for path, said in (
        ("index.json", "Landing page"),
        ("conformance.json", "Conformance"),
        ("collections.json", "Collections"),
        ("collections/gauges.json", "The collection of gauges"),
    ):
        yield f"/ogc/{path}", _path(said, free)
    yield f"/ogc/{geojson.ITEMS}", _path("Gauges as GeoJSON; `next` links more", free, kind=GEO)
    if many:
        path = "/ogc/collections/gauges/items.{page}.json"
        yield path, _path("A page of gauges", free, ("page", _PAGE), GEO)
    else:
        path = "/ogc/collections/gauges/items/{gauge}.json"
        yield path, _path("One gauge as GeoJSON", free, ("gauge", _GAUGE), GEO)


def _schema(name: str) -> dict[str, str]:
    return {"$ref": f"schema/{name}.json"}


def _path(
    said: str,
    schema: dict[str, Any],
    variable: tuple[str, str] | None = None,
    kind: str = "application/json",
) -> dict[str, Any]:
    answer = {"description": said, "content": {kind: {"schema": schema}}}
    get: dict[str, Any] = {"summary": said, "responses": {"200": answer}}
    if variable:
        name, meant = variable
        text = {"type": "string"}
        get["parameters"] = [
            {"name": name, "in": "path", "required": True, "description": meant, "schema": text}
        ]
    return {"get": get}
