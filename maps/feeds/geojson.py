"""Gauges as GeoJSON (RFC 7946), laid out as the paths of OGC API - Features, as static files.

    index.json                              landing page
    conformance.json                        what it conforms to
    collections.json                        the one collection
    collections/gauges.json                 its description
    collections/gauges/items.json           all gauges; of a large network the first page of them
    collections/gauges/items.<page>.json    the next pages, each linked by the one before
    collections/gauges/items/<gauge>.json   one gauge; not of a large network

Static files answer no query: `limit` and `bbox` are not understood, so conformance to the Core is
not claimed. Longitude comes first, as the RFC asks.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from data.stations import Station
from maps.feeds.facts import Facts
from maps.feeds.head import Head
from maps.feeds.label import marked
from maps.feeds.layout import PAGE, large, shards
from maps.feeds.names import iso
from maps.plain import file_name
from maps.view import View

CONFORMS = ("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",)
CRS = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
ITEMS = "collections/gauges/items.json"
_DIGITS = 5  # about a metre
Box = tuple[float, float, float, float]  # west, south, east, north
File = tuple[str, Mapping[str, Any]]


def files(view: View, head: Head, told: Sequence[Facts]) -> Iterator[File]:
    """Yield each file's path and content.

    Args:
        told: Of each gauge, `maps.feeds.facts`.
    """
    yield "index.json", _landing(view, head)
    yield "conformance.json", {"conformsTo": list(CONFORMS)}
    described = _collection(view, head)
    yield "collections/gauges.json", described | {"links": _collection_links("gauges")}
    links = _collection_links("collections/gauges")
    about = {"label": head.label, "notice": f"{head.notice_ko} {head.notice_en}"}
    self_link = _link("self", "collections.json", "application/json", "collections")
    listed = {"links": [self_link], "collections": [described | {"links": links}]}
    yield "collections.json", about | listed
    if large(view.network):
        yield from _pages(view, head, told)
    else:
        yield from _one_by_one(view, head, told)


def _one_by_one(view: View, head: Head, told: Sequence[Facts]) -> Iterator[File]:
    features = [_feature(s, t) for s, t in zip(view.network.stations, told, strict=True)]
    yield ITEMS, _items(head, features, len(features), [_link_to(1, "self", "all gauges")])
    for feature in features:
        gauge = feature["id"]
        name = file_name(gauge)
        up = _link("collection", "../../gauges.json", "application/json", "gauges")
        this = _link("self", f"{name}.json", "application/geo+json", gauge)
        page = _link("alternate", f"../../../../gauge/{name}.html", "text/html", gauge)
        yield f"collections/gauges/items/{name}.json", feature | {"links": [this, up, page]}


def _pages(view: View, head: Head, told: Sequence[Facts]) -> Iterator[File]:
    count = len(view.network.stations)
    last = -(-count // PAGE)
    for number, part in shards(view.network, PAGE):
        rows = zip(view.network.stations[part], told[part], strict=True)
        page = number + 1
        links = [_link_to(page, "self", f"page {page} of {last}")]
        links += [_link_to(page - 1, "prev", "the page before")] if page > 1 else []
        links += [_link_to(page + 1, "next", "the next page")] if page < last else []
        features = [_feature(station, one) for station, one in rows]
        yield f"collections/gauges/{_page(page)}", _items(head, features, count, links)


def _page(number: int) -> str:
    return "items.json" if number == 1 else f"items.{number}.json"


def _link_to(page: int, rel: str, title: str) -> dict[str, str]:
    return _link(rel, _page(page), "application/geo+json", title)


def _link(rel: str, href: str, kind: str, title: str) -> dict[str, str]:
    return {"rel": rel, "href": href, "type": kind, "title": title}


def _landing(view: View, head: Head) -> dict[str, Any]:
    return {
        "title": marked(head.label, f"{view.network.title_ko} / {view.network.title_en}", "en"),
        "description": "Static files in the layout of OGC API - Features; queries are not "
        f"understood. {head.notice_ko} {head.notice_en}",
        "label": head.label,
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


def _collection(view: View, head: Head) -> dict[str, Any]:
    end = view.forecast.valid_time.values.max()
    return {
        "id": "gauges",
        "title": marked(head.label, f"Gauges: {view.network.title_en}", "en"),
        "description": f"{view.network.provenance} {head.notice_ko} {head.notice_en}",
        "label": head.label,
        "itemType": "feature",
        "crs": [CRS],
        "extent": {
            "spatial": {"bbox": [box(view.network.stations)], "crs": CRS},
            "temporal": {"interval": [[head.issued, iso(end)]]},
        },
    }


def _collection_links(before: str) -> list[dict[str, str]]:
    path = f"{before}/items.json"
    return [_link("items", path, "application/geo+json", "all gauges")]


def box(stations: Sequence[Station]) -> Box:
    """Return west, south, east, north of the gauges."""
    east, north = ([getattr(s, axis) for s in stations] for axis in ("longitude", "latitude"))
    west, south, far, top = min(east), min(north), max(east), max(north)
    return round(west, _DIGITS), round(south, _DIGITS), round(far, _DIGITS), round(top, _DIGITS)


def _feature(station: Station, told: Facts) -> dict[str, Any]:
    place = [round(station.longitude, _DIGITS), round(station.latitude, _DIGITS)]
    return {
        "type": "Feature",
        "id": station.id,
        "geometry": {"type": "Point", "coordinates": place},
        "properties": told,
    }


def _items(
    head: Head, features: list[dict[str, Any]], count: int, links: list[dict[str, str]]
) -> dict[str, Any]:
    places = [feature["geometry"]["coordinates"] for feature in features]
    east, north = zip(*places, strict=True)
    return {
        "type": "FeatureCollection",
        **head.said,
        "timeStamp": head.issued,
        "numberMatched": count,
        "numberReturned": len(features),
        "bbox": [min(east), min(north), max(east), max(north)],
        "links": [*links, _link("collection", "../gauges.json", "application/json", "gauges")],
        "features": features,
    }
