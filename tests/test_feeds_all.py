"""All feeds and files together: labels, escaping, the same bytes, the road between releases."""

import csv
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from data.network import Network
from data.sources import simulated
from data.stations import Station
from maps.feeds.all import STATE, previous, write
from maps.plain import plain_view
from maps.site import draw
from maps.view import View

etree = pytest.importorskip("lxml.etree", reason="lxml judges XML: pip install lxml")
RIVER = simulated.network(gauges=5)
HOSTILE = "<script>alert(1)</script>\"'&]]>{{ 7 * 7 }}\x00\x1b\ud800\u202e" + "긴" * 10_000
Maker = Callable[[Network], View]


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): sha256(p.read_bytes()).hexdigest() for p in files}


def texts(folder: Path) -> dict[str, str]:
    """Return every file as text; of the NetCDF what is in its header."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): p.read_bytes().decode("utf-8", "replace") for p in files}


@pytest.mark.parametrize(
    ("simulated_", "replay", "replayed", "expected"),
    [
        (True, False, "", ["SIMULATED"]),
        (False, True, "", ["REPLAY"]),
        (False, False, "flood of 2020", ["DRILL"]),
        (True, True, "flood of 2020", ["SIMULATED", "DRILL", "REPLAY"]),
        (False, False, "", []),
    ],
)
def test_every_file_says_what_it_is_and_that_it_is_not_official(
    tmp_path: Path,
    make_view: Maker,
    simulated_: bool,
    replay: bool,
    replayed: str,
    expected: list[str],
) -> None:
    view = make_view(replace(RIVER, simulated=simulated_, provenance="Measured."))
    view = replace(view, replay=replay, manifest=view.manifest | {"replayed": replayed})
    write(view, tmp_path, None)
    plain = ("api/schema/", "ogc/conformance.json")  # they hold no data
    found = {name: text for name, text in texts(tmp_path).items() if not name.startswith(plain)}
    assert len(found) > 60
    for name, text in found.items():
        assert all(mark in text for mark in expected), name
        assert "ot an official flood warning" in text, name
        if not expected:
            assert "REPLAY" not in text, name
            assert "DRILL" not in text, name


def test_nothing_says_normal_of_a_gauge_without_data(tmp_path: Path, make_view: Maker) -> None:
    write(make_view(RIVER), tmp_path, None)
    for name, text in texts(tmp_path).items():
        if "S5" in name and not name.endswith("atom"):
            assert "normal" not in text.lower(), name
            assert "평상" not in text, name


def test_the_same_view_and_state_give_the_same_bytes(tmp_path: Path, make_view: Maker) -> None:
    view = make_view(RIVER)
    first = write(view, tmp_path / "first", None)
    for name in ("one", "two"):
        write(make_view(RIVER), tmp_path / name, first)
    assert digests(tmp_path / "one") == digests(tmp_path / "two") == digests(tmp_path / "first")


def _hostile(station: Station) -> Station:
    return replace(station, name_ko=HOSTILE, name_en=HOSTILE, river_ko=HOSTILE, river_en=HOSTILE)


@pytest.mark.slow
def test_hostile_text_is_text_in_every_file(tmp_path: Path, make_view: Maker) -> None:
    river = replace(
        RIVER,
        stations=tuple(_hostile(station) for station in RIVER.stations),
        title_ko=HOSTILE,
        title_en=HOSTILE,
        provenance=HOSTILE,
        caveat_en=HOSTILE,
    )
    view = make_view(river)
    outlooks = tuple(replace(outlook, reason=HOSTILE) for outlook in view.outlooks)
    manifest = view.manifest | {"warnings": [HOSTILE], "model": HOSTILE, "run_id": HOSTILE}
    write(plain_view(replace(view, outlooks=outlooks, manifest=manifest)), tmp_path, None)
    for path in (p for p in tmp_path.rglob("*") if p.is_file()):
        if path.suffix in (".xml", ".atom"):
            etree.parse(str(path))
        elif path.suffix in (".json", ".jsonld"):
            text = path.read_text(encoding="utf-8")
            json.loads(text)
            assert "<" not in text
        elif path.suffix == ".csv":
            list(csv.DictReader(path.read_text(encoding="utf-8").splitlines(), strict=True))
        assert b"<script" not in path.read_bytes() or path.suffix == ".nc", path
        assert "\u202e".encode() not in path.read_bytes(), path


@pytest.mark.slow
def test_an_alert_goes_on_from_release_to_release(tmp_path: Path, make_view: Maker) -> None:
    river = replace(RIVER, live=True)
    draw([make_view(river)], tmp_path / "one")
    draw([make_view(river)], tmp_path / "two", before=tmp_path / "one")
    assert digests(tmp_path / "two") == digests(tmp_path / "one")
    fewer = make_view(replace(simulated.network(gauges=1), live=True))
    hour = fewer.network.step
    later = fewer.forecast.assign_coords(issue_time=fewer.forecast.issue_time.values + hour)
    moved = tuple(
        replace(o, issue_time=o.issue_time + hour, stage_time=o.stage_time + hour)
        for o in fewer.outlooks
    )
    view = replace(fewer, forecast=later, outlooks=moved)
    draw([view], tmp_path / "three", before=tmp_path / "two")
    kept = json.loads((tmp_path / "three" / "simulated" / STATE).read_text(encoding="utf-8"))
    assert [m["msg_type"] for m in kept["chains"]["S1"]["messages"]] == ["Alert"]
    assert [m["msg_type"] for m in kept["chains"]["S2"]["messages"]] == ["Alert", "Cancel"]


def test_a_broken_state_stops_no_cycle_but_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert previous(None, "simulated") is None
    assert previous(tmp_path, "simulated") is None
    path = tmp_path / "simulated" / STATE
    path.parent.mkdir(parents=True)
    path.write_text("{")
    with caplog.at_level(logging.ERROR, logger="mulgil.feeds"):
        assert previous(tmp_path, "simulated") is None
    assert "alerts of 'simulated' begin anew" in caplog.text


def _alternates(page: Path) -> dict[str, str]:
    root: Any = etree.parse(str(page), etree.HTMLParser())
    links = root.findall(".//link[@rel='alternate']")
    return {link.get("type"): link.get("href") for link in links}


def test_pages_name_their_feeds_in_their_head(tmp_path: Path, make_view: Maker) -> None:
    draw([make_view(RIVER)], tmp_path)
    front = _alternates(tmp_path / "index.html")
    assert front["application/atom+xml"] == "simulated/alerts/all.atom"
    network = _alternates(tmp_path / "simulated" / "index.en.html")
    assert network["application/geo+json"] == "../simulated/ogc/collections/gauges/items.json"
    gauge = tmp_path / "simulated" / "gauge" / "S1.html"
    hrefs = [
        link.get("href")
        for link in etree.parse(str(gauge), etree.HTMLParser()).findall(".//link[@rel='alternate']")
    ]
    assert "../alerts/gauge/S1.atom" in hrefs
    assert all((gauge.parent / href).is_file() for href in hrefs)


def test_the_about_page_lists_the_files(tmp_path: Path, make_view: Maker) -> None:
    draw([make_view(RIVER)], tmp_path)
    for name in ("about.html", "about.en.html"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        for path in ("alerts/all.atom", "api/network.json", "forecast.nc", "dcat.jsonld"):
            assert f'href="simulated/{path}"' in text
