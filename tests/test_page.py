"""The frame of a page, and how folium's elements stand in it."""

import json
from pathlib import Path
from typing import Any

from maps.flood_map import SiteMap, flood_map
from maps.page import Page, ending, json_block, json_text
from maps.shared_files import Assets, shared

FRONT: dict[str, Any] = {"views": [], "climate": None, "other": "index.en.html"}


def test_the_script_of_folium_elements_becomes_a_file(tmp_path: Path) -> None:
    assets = shared(tmp_path, [])
    page = Page("front.html", "ko", "", assets)
    page.add_child(flood_map())
    text = page.render(**FRONT)
    assert "<script>" not in text
    assert "<style>" not in text
    assert (tmp_path / assets.paths["map.js"]).read_text().split() == [
        "var",
        "map_flood",
        "=",
        'Mulgil.map("map_flood");',
        "Mulgil.land(map_flood);",
        "Mulgil.gauges(map_flood);",
    ]


def test_a_page_without_elements_has_no_script_of_its_own(tmp_path: Path) -> None:
    assets = shared(tmp_path, [])
    Page("front.html", "en", "", assets).render(**FRONT)
    assert "map.js" not in assets.paths


def test_one_map_leaves_no_trace_in_the_next() -> None:
    first = SiteMap()
    first.add_js_link("other", "https://example.org/x.js")
    assert "other" not in dict(flood_map().default_js)


def test_korean_is_the_first_language() -> None:
    assert (ending("ko"), ending("en")) == ("", ".en")


def test_no_text_in_json_can_be_taken_for_html() -> None:
    hostile = {"name": "</script><b>&amp;"}
    assert not set("<>&") & set(json_text(hostile))
    assert json.loads(json_block(hostile)) == hostile


def test_an_asset_changes_its_name_with_its_content(tmp_path: Path) -> None:
    assets = Assets(tmp_path)
    first, second = (assets.add("site.css", text) for text in (b"a", b"b"))
    assert first == "assets/site.ca978112ca.css"  # sha256 of "a"
    assert second != first
    assert (tmp_path / first).read_bytes() == b"a"
