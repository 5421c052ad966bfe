"""Gauges as GeoJSON (RFC 7946), laid out as the paths of OGC API - Features, as static files.

    index.json                              landing page
    conformance.json                        what it conforms to
    collections.json                        the one collection
    collections/gauges.json                 its description
    collections/gauges/items.json           all gauges
    collections/gauges/items/<gauge>.json   one gauge

Static files answer no query: `limit` and `bbox` are not understood, so conformance to the Core is
not claimed. Longitude comes first, as the RFC asks.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from forecast.outlook import Outlook
from maps.feeds.label import label, marked, notice, notices
from maps.feeds.names import iso
from maps.plain import file_name
from maps.view import View

CONFORMS = ("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",)
CRS = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
ITEMS = "collections/gauges/items.json"
_DIGITS = 5  # about a metre
Facts = Mapping[str, dict[str, Any]]


def files(view: View, told: Facts) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each file's path and content.

    Args:
        told: `maps.feeds.facts.facts` by gauge.
    """
    yield "index.json", _landing(view)
    yield "conformance.json", {"conformsTo": list(CONFORMS)}
    described = _collection(view)
    yield "collections/gauges.json", described | {"links": _collection_links("gauges")}
    links = _collection_links("collections/gauges")
    about = {"label": label(view), "notice": notices(view)}
    self_link = _link("self", "collections.json", "application/json", "collections")
    listed = {"links": [self_link], "collections": [described | {"links": links}]}
    yield "collections.json", about | listed
    features = {o.station: _feature(view, o, told[o.station]) for o in view.outlooks}
    yield ITEMS, _items(view, list(features.values()))
    for gauge, feature in features.items():
        name = file_name(gauge)
        up = _link("collection", "../../gauges.json", "application/json", "gauges")
        this = _link("self", f"{name}.json", "application/geo+json", gauge)
        page = _link("alternate", f"../../../../gauge/{name}.html", "text/html", gauge)
        yield f"collections/gauges/items/{name}.json", feature | {"links": [this, up, page]}


def _link(rel: str, href: str, kind: str, title: str) -> dict[str, str]:
    return {"rel": rel, "href": href, "type": kind, "title": title}


def _landing(view: View) -> dict[str, Any]:
    return {
        "title": marked(label(view), f"{view.network.title_ko} / {view.network.title_en}", "en"),
        "description": "Static files in the layout of OGC API - Features; queries are not "
        f"understood. {notices(view)}",
        "label": label(view),
        "links": [
            _link("self", "index.json", "application/json", "this page"),
            _link("conformance", "conformance.json", "application/json", "conformance"),
            _link("data", "collections.json", "application/json", "collections"),
            _link(
                "service-desc",
                "../api/openapi.json",
                "application/vnd.oai.openapi+json;version=3.1",
                "the description of all paths",
            ),
            _link("alternate", "../index.html", "text/html", "the page"),
        ],
    }


def _collection(view: View) -> dict[str, Any]:
    issue, end = view.forecast.issue_time.values[0], view.forecast.valid_time.values.max()
    return {
        "id": "gauges",
        "title": marked(label(view), f"Gauges: {view.network.title_en}", "en"),
        "description": f"{view.network.provenance} {notices(view)}",
        "label": label(view),
        "itemType": "feature",
        "crs": [CRS],
        "extent": {
            "spatial": {"bbox": [_bbox(view)], "crs": CRS},
            "temporal": {"interval": [[iso(issue), iso(end)]]},
        },
    }


def _collection_links(before: str) -> list[dict[str, str]]:
    path = f"{before}/items.json"
    return [_link("items", path, "application/geo+json", "all gauges")]


def _bbox(view: View) -> list[float]:
    """Return west, south, east, north."""
    places = [_place(view, station.id) for station in view.network.stations]
    west, south = (min(place[axis] for place in places) for axis in (0, 1))
    east, north = (max(place[axis] for place in places) for axis in (0, 1))
    return [west, south, east, north]


def _place(view: View, gauge: str) -> list[float]:
    station = view.network.station(gauge)
    return [round(station.longitude, _DIGITS), round(station.latitude, _DIGITS)]


def _feature(view: View, outlook: Outlook, told: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": outlook.station,
        "geometry": {"type": "Point", "coordinates": _place(view, outlook.station)},
        "properties": told,
    }


def _items(view: View, features: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "label": label(view),
        "notice_ko": notice(view, "ko"),
        "notice_en": notice(view, "en"),
        "timeStamp": iso(view.forecast.issue_time.values[0]),
        "numberMatched": len(features),
        "numberReturned": len(features),
        "bbox": _bbox(view),
        "links": [
            _link("self", "items.json", "application/geo+json", "this file"),
            _link("collection", "../gauges.json", "application/json", "gauges"),
        ],
        "features": features,
    }
