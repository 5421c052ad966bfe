"""The published pages: what they must say, and what nobody can make them say."""

import csv
import json
import re
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest

from data.network import Network
from data.sources import simulated
from maps.site import draw
from maps.view import View

RIVER = simulated.network(gauges=5)
HARMLESS = """<img src=x onerror=alert(1)></script><script>alert(2)</script>"'&{{ 7 * 7 }}{% x %}"""
HOSTILE = HARMLESS + "\u202e"  # and a mark that turns the direction of all that follows
Maker = Callable[[Network], View]


@pytest.fixture
def site(tmp_path: Path, make_view: Maker) -> Path:
    draw([make_view(RIVER)], tmp_path)
    return tmp_path


class Elements(HTMLParser):
    """Collects the elements of a page, and the text of its list items."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_the_worst_gauge_stands_first_and_the_unknown_before_the_normal(site: Path) -> None:
    page = Elements(site / "simulated" / "index.html")
    stages = [item["data-stage"] for item in page.all("li") if "data-stage" in item]
    assert stages == ["4", "2", "1", "-1", "0"]


def test_an_unknown_gauge_says_why_in_each_language_and_never_looks_normal(site: Path) -> None:
    korean = (site / "simulated" / "gauge" / "S5.html").read_text(encoding="utf-8")
    english = (site / "simulated" / "gauge" / "S5.en.html").read_text(encoding="utf-8")
    assert "판단 불가: 마지막 관측이 9시간 전입니다" in korean
    assert "Unknown: The last reading is 9 h old" in english
    for page in (korean, english):
        assert 'class="badge s-1"' in page
        assert 'class="badge s0"' not in page.split("<h2>")[0]


def test_every_page_of_a_simulated_network_says_so(site: Path) -> None:
    pages = [p for p in site.rglob("*.html") if "about" not in p.name]
    assert len(pages) == 2 + 2 * (3 + 5)
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert ("SIMULATED" in text) == page.name.endswith(".en.html")
        assert ("모의" in text) or page.name.endswith(".en.html")


def test_a_replay_says_so_on_every_page_and_in_every_row(tmp_path: Path, make_view: Maker) -> None:
    draw([replace(make_view(RIVER), replay=True)], tmp_path)
    for page in (tmp_path / "simulated").rglob("*.html"):
        assert 'class="banner">' in page.read_text(encoding="utf-8")
        assert re.search("재현|REPLAY", page.read_text(encoding="utf-8"))
    rows = table(tmp_path / "simulated" / "forecast.csv")
    assert {row["label"] for row in rows} == {"SIMULATED REPLAY, not an official flood warning"}


def test_the_csv_holds_the_numbers_of_the_forecast(site: Path) -> None:
    rows = table(site / "simulated" / "forecast.csv")
    last = next(r for r in rows if r["station"] == "S1" and r["valid_time"] == "2020-07-02T00:00Z")
    assert (last["q0.05"], last["q0.5"], last["q0.95"]) == ("4.700", "5.500", "6.300")
    assert last["unit"] == "m"
    assert {r["q0.5"] for r in rows if r["station"] == "S5"} == {""}


def test_the_same_view_gives_the_same_bytes(tmp_path: Path, make_view: Maker) -> None:
    digests = []
    for name in ("one", "two"):
        draw([make_view(RIVER)], tmp_path / name)
        files = sorted(p for p in (tmp_path / name).rglob("*") if p.is_file())
        digests.append([(p.name, sha256(p.read_bytes()).hexdigest()) for p in files])
    assert digests[0] == digests[1]


def test_a_hostile_name_is_shown_as_text_everywhere(tmp_path: Path, make_view: Maker) -> None:
    stations = tuple(
        replace(s, name_ko=HOSTILE, name_en=HOSTILE, river_ko=HOSTILE, river_en=HOSTILE)
        for s in RIVER.stations
    )
    river = replace(RIVER, stations=stations, title_ko=HOSTILE, title_en=HOSTILE)
    view = make_view(replace(river, caveat_ko=HOSTILE, caveat_en=HOSTILE, provenance=HOSTILE))
    outlooks = tuple(replace(outlook, reason=HOSTILE) for outlook in view.outlooks)
    manifest = view.manifest | {"warnings": [HOSTILE], "model": HOSTILE}
    draw([replace(view, outlooks=outlooks, manifest=manifest)], tmp_path)
    for path in tmp_path.rglob("*.html"):
        page = Elements(path)
        assert page.all("img") == []
        assert all("src" in script or "type" in script for script in page.all("script"))
        assert not any(key.startswith("on") for _, attrs in page.tags for key in attrs)
        assert "\u202e" not in path.read_text(encoding="utf-8")
        assert "{{ 7 * 7 }}" in path.read_text(encoding="utf-8")  # no template ran in a name
    assert "<" not in (tmp_path / "simulated" / "run.json").read_text(encoding="utf-8")


def test_the_scripts_get_a_hostile_name_as_data(tmp_path: Path, make_view: Maker) -> None:
    stations = tuple(replace(s, name_ko=HOSTILE) for s in RIVER.stations)
    draw([make_view(replace(RIVER, stations=stations))], tmp_path)
    (names,) = (tmp_path / "simulated" / "data").glob("names.*.js")
    text = names.read_text(encoding="utf-8")
    assert not set("<>&") & set(text)
    assert (
        json.loads(text.removeprefix('Mulgil.put("names",').removesuffix(");\n"))["ko"][0]
        == HARMLESS
    )


def test_no_page_asks_another_host_or_carries_a_script_or_style_of_its_own(site: Path) -> None:
    for path in site.rglob("*.html"):
        page = Elements(path)
        linked = [t.get("src") or t.get("href") for n, t in page.tags if n in ("script", "link")]
        assert not [url for url in linked if url and "//" in url]
        assert page.all("style") == []
        assert not any("style" in attrs for _, attrs in page.tags)
        policy = next(m for m in page.all("meta") if m.get("http-equiv"))["content"]
        assert policy is not None
        assert "unsafe" not in policy


def test_every_link_within_the_site_leads_to_a_file(site: Path) -> None:
    (site / "manifest.json").write_text("{}")  # the publisher writes it
    for path in site.rglob("*.html"):
        for tag, attrs in Elements(path).tags:
            url = attrs.get("href") if tag in ("a", "link") else attrs.get("src")
            if url and not url.startswith(("#", "data:", "https://")):
                assert (path.parent / url).resolve().is_file(), f"{path.name}: {url}"


def test_a_live_page_knows_when_it_is_overdue_and_a_replay_never_is(
    tmp_path: Path, make_view: Maker
) -> None:
    live = make_view(RIVER)
    for name, view in (("live", live), ("replay", replace(live, replay=True))):
        draw([view], tmp_path / name)
    texts = {n: (tmp_path / n / "simulated" / "index.html").read_text() for n in ("live", "replay")}
    assert 'data-next="2020-07-01T02:00Z"' in texts["live"]  # two hourly steps
    assert 'data-next=""' in texts["replay"]


def test_times_are_local_in_korea_and_name_their_zone(site: Path) -> None:
    page = (site / "simulated" / "index.html").read_text(encoding="utf-8")
    assert "2020-07-01 09:00 KST" in page  # 00:00 UTC
