"""Gauges as GeoJSON, laid out as OGC API - Features."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data.network import Network
from data.sources import simulated
from maps.feeds.all import write
from maps.view import View

RIVER = simulated.network(gauges=5)
Maker = Callable[[Network], View]


@pytest.fixture
def ogc(tmp_path: Path, make_view: Maker) -> Path:
    write(make_view(RIVER), tmp_path, None)
    return tmp_path / "ogc"


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_the_items_are_valid_geojson(ogc: Path) -> None:
    kept = pytest.importorskip("geojson", reason="geojson is not installed: pip install geojson")
    one = (ogc / "collections" / "gauges" / "items" / "S1.json").read_text(encoding="utf-8")
    everything = (ogc / "collections" / "gauges" / "items.json").read_text(encoding="utf-8")
    assert kept.loads(one).is_valid
    assert kept.loads(everything).is_valid
    assert len(kept.loads(everything).features) == 5


def test_longitude_stands_before_latitude(ogc: Path) -> None:
    items = read(ogc / "collections" / "gauges" / "items.json")
    assert items["features"][0]["geometry"] == {"type": "Point", "coordinates": [127.4, 37.45]}
    assert items["bbox"] == [127.0, 37.25, 127.4, 37.45]


def test_a_gauge_without_data_is_unknown_and_has_no_number(ogc: Path) -> None:
    told = read(ogc / "collections" / "gauges" / "items" / "S5.json")["properties"]
    assert (told["stage"], told["stage_number"], told["peak"]) == ("unknown", -1, None)
    assert told["reason_en"] == "The last reading is 9 h old."
    assert told["reason_ko"] == "마지막 관측이 9시간 전입니다."
    assert "normal" not in json.dumps(told)


def test_a_gauge_in_flood_says_so(ogc: Path) -> None:
    told = read(ogc / "collections" / "gauges" / "items" / "S1.json")["properties"]
    assert (told["stage"], told["stage_number"], told["peak"]) == ("severe", 4, 5.5)
    assert (told["peak_low"], told["peak_high"], told["peak_time"]) == (
        4.7,
        6.3,
        "2020-07-02T00:00:00Z",
    )
    assert told["thresholds"] == {"attention": 2, "watch": 3, "warning": 4, "severe": 5}
    assert told["label"] == "SIMULATED FORECAST"


def test_every_link_leads_to_a_file(ogc: Path) -> None:
    for path in ogc.rglob("*.json"):
        found = read(path)
        links = found.get("links", []) + [
            link for c in found.get("collections", []) for link in c["links"]
        ]
        for link in links:
            if link["type"] != "text/html":  # pages are drawn by maps.site
                assert (path.parent / link["href"]).is_file(), f"{path}: {link['href']}"


def test_the_landing_page_leads_to_the_items_as_the_standard_says(ogc: Path) -> None:
    links = {link["rel"]: link["href"] for link in read(ogc / "index.json")["links"]}
    assert {"self", "service-desc", "conformance", "data"} <= set(links)
    collection = read(ogc / links["data"])["collections"][0]
    items = next(link for link in collection["links"] if link["rel"] == "items")
    assert items["type"] == "application/geo+json"
    assert read(ogc / items["href"])["numberReturned"] == 5


def test_no_query_is_promised(ogc: Path) -> None:
    conforms = read(ogc / "conformance.json")["conformsTo"]
    assert not [uri for uri in conforms if uri.endswith("/core")]
    assert "queries are not understood" in read(ogc / "index.json")["description"]
