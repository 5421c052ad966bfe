"""Atom feeds that link the CAP files."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data.network import Network
from data.sources import simulated
from maps.feeds.all import write
from maps.feeds.publisher import NOBODY, Publisher
from maps.view import View

etree = pytest.importorskip("lxml.etree", reason="lxml judges XML: pip install lxml")
RIVER = simulated.network(gauges=5)
GRAMMAR = Path(__file__).parent / "fixtures" / "feeds" / "atom.rng"
NS = {"a": "http://www.w3.org/2005/Atom"}
Maker = Callable[[Network], View]


def feeds(view: View, folder: Path, publisher: Publisher = NOBODY) -> dict[str, Any]:
    """Return all feeds, parsed, by their path."""
    write(view, folder, None, publisher)
    found = sorted((folder / "alerts").rglob("*.atom"))
    return {str(p.relative_to(folder / "alerts")): etree.parse(str(p)) for p in found}


def two_rivers(make_view: Maker) -> View:
    first, *others = RIVER.stations
    stations = (replace(first, river_ko="다른강", river_en="Other River"), *others)
    return make_view(replace(RIVER, stations=stations))


def entries(feed: Any) -> list[str]:
    return [element.text for element in feed.findall("a:entry/a:title", NS)]


def test_every_feed_is_valid_atom(tmp_path: Path, make_view: Maker) -> None:
    grammar = etree.RelaxNG(etree.parse(str(GRAMMAR)))
    found = feeds(make_view(RIVER), tmp_path)
    assert len(found) == 1 + 1 + 5
    for feed in found.values():
        assert grammar.validate(feed), grammar.error_log


@pytest.mark.parametrize("missing", ["id", "title", "updated", "author", "link"])
def test_the_grammar_rejects_a_feed_without_what_atom_asks(
    tmp_path: Path, make_view: Maker, missing: str
) -> None:
    feed = feeds(make_view(RIVER), tmp_path)["all.atom"]
    for element in feed.findall(f"a:{missing}", NS):
        element.getparent().remove(element)
    assert not etree.RelaxNG(etree.parse(str(GRAMMAR))).validate(feed)


def test_each_feed_holds_the_alerts_of_its_scope_the_worst_first(
    tmp_path: Path, make_view: Maker
) -> None:
    found = feeds(two_rivers(make_view), tmp_path)
    assert [title.split(":")[0] for title in entries(found["all.atom"])] == [
        "[모의] 모의 1",
        "[모의] 모의 2",
        "[모의] 모의 3",
    ]
    assert len(entries(found["river/Other_20_River.atom"])) == 1
    assert len(entries(found["river/Simulated_20_River.atom"])) == 2
    assert len(entries(found["gauge/S2.atom"])) == 1
    assert entries(found["gauge/S4.atom"]) == []


def test_every_link_of_a_feed_leads_to_a_file(tmp_path: Path, make_view: Maker) -> None:
    for path, feed in feeds(make_view(RIVER), tmp_path).items():
        for link in feed.iterfind(".//a:link", NS):
            if link.get("type") != "text/html":  # pages are drawn by maps.site
                assert ((tmp_path / "alerts" / path).parent / link.get("href")).is_file()


def test_with_an_address_links_are_full(tmp_path: Path, make_view: Maker) -> None:
    placed = Publisher(base_url="https://flood.example/")
    feed = feeds(make_view(RIVER), tmp_path, placed)["gauge/S1.atom"]
    assert [link.get("href") for link in feed.iterfind(".//a:link", NS)] == [
        "https://flood.example/simulated/alerts/gauge/S1.atom",
        "https://flood.example/simulated/gauge/S1.html",
        "https://flood.example/simulated/alerts/cap/simulated.S1.20200701T0000Z.1.xml",
    ]


def test_a_feed_without_entries_says_what_is_not_known(tmp_path: Path, make_view: Maker) -> None:
    feed = feeds(make_view(RIVER), tmp_path)["gauge/S5.atom"]
    said = feed.findtext("a:subtitle", namespaces=NS)
    assert entries(feed) == []
    assert "판단 불가 1곳" in said
    assert "Of 1 gauges 0 at an alert stage, 1 unknown" in said
    assert "No alert does not mean safe" in said


def test_a_feed_says_that_it_is_simulated_and_not_official(
    tmp_path: Path, make_view: Maker
) -> None:
    feed = feeds(make_view(RIVER), tmp_path)["gauge/S5.atom"]
    assert feed.findtext("a:title", namespaces=NS).startswith("[모의] 모의 5")
    assert "[SIMULATED]" in feed.findtext("a:title", namespaces=NS)
    assert "Not an official flood warning" in feed.findtext("a:subtitle", namespaces=NS)


def test_another_reader_of_feeds_reads_the_same(tmp_path: Path, make_view: Maker) -> None:
    reason = "feedparser is not installed: pip install feedparser"
    feedparser = pytest.importorskip("feedparser", reason=reason)
    write(make_view(RIVER), tmp_path, None)
    read = feedparser.parse(str(tmp_path / "alerts" / "all.atom"))
    assert not read.bozo
    assert read.version == "atom10"
    assert [entry.links[0].type for entry in read.entries] == ["application/cap+xml"] * 3
