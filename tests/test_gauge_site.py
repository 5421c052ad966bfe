"""The gauges' pages: whole ones up to 300 gauges, above that pages that never change."""

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.network import Network
from data.sources import simulated
from maps import gauge_site
from maps.feeds import layout
from maps.plain import plain_view
from maps.publish import publish
from maps.release import Draft, fresh
from maps.shared_files import shared
from maps.view import View

RIVER = simulated.network(gauges=5)
HOUR = np.timedelta64(1, "h")
HOSTILE = """<img src=x onerror=alert(1)>"'{{ 7 * 7 }}\x00name\x00\u202e"""
Maker = Callable[[Network], View]


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let five gauges be a large network."""
    monkeypatch.setattr(layout, "LARGE", 4)


def written(view: View, folder: Path) -> Path:
    draft = fresh(folder)
    gauge_site.write(plain_view(view), draft / "simulated", shared(folder, []), {"names": "n.js"})
    return folder / "simulated"


def later(view: View) -> View:
    """Return a view of the next hour."""
    issue = view.forecast.issue_time.values + HOUR
    valid = (("issue_time", "lead_time"), view.forecast.valid_time.values + HOUR)
    forecast = view.forecast.assign_coords(issue_time=issue, valid_time=valid)
    outlooks = tuple(replace(o, issue_time=issue[0], peak=o.peak + 1) for o in view.outlooks)
    manifest = view.manifest | {"run_id": "run-2", "warnings": ["another"]}
    return replace(view, forecast=forecast, outlooks=outlooks, manifest=manifest)


def latest(folder: Path) -> dict[str, Any]:
    text = (folder / "data" / "latest.js").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text.removeprefix('Mulgil.put("latest",').strip()[:-2])
    return found


def digests(folder: Path) -> dict[str, str]:
    pages = sorted((folder / "gauge").iterdir())
    return {page.name: sha256(page.read_bytes()).hexdigest() for page in pages}


@pytest.mark.usefixtures("large")
def test_a_page_of_a_large_network_is_the_same_in_the_next_cycle(
    tmp_path: Path, make_view: Maker
) -> None:
    view = make_view(RIVER)
    first, second = (written(v, tmp_path / n) for v, n in ((view, "1"), (later(view), "2")))
    assert len(digests(first)) == 10  # five gauges in two languages
    assert digests(first) == digests(second)
    assert latest(first) != latest(second)


@pytest.mark.usefixtures("large")
def test_what_changes_lies_in_one_file_of_a_fixed_name(tmp_path: Path, make_view: Maker) -> None:
    told = latest(written(replace(make_view(RIVER), replay=True), tmp_path))
    assert told["issue"] == "2020-07-01T00:00Z"
    assert told["next"] == ""  # a replay is never overdue
    assert told["files"] == {"names": "n.js"}
    assert [text.split(":")[0] for text in told["banners"]["en"]] == [
        "SIMULATED",
        "REPLAY of the past, from what was known then. This is not the present situation.",
    ]


@pytest.mark.usefixtures("large")
def test_the_folder_of_pages_is_taken_over_until_a_station_changes(
    tmp_path: Path, make_view: Maker
) -> None:
    view, kept = make_view(RIVER), []

    def draw(shown: View, run: str) -> Path:
        def site(draft: Draft) -> None:
            own = draft / "simulated"
            gauge_site.write(plain_view(shown), own, shared(draft.folder, []), {})
            kept.append("simulated/gauge" in draft.book.kept)

        return publish(tmp_path, site, {"run_id": run})

    first, second = draw(view, "1"), draw(later(view), "2")
    page = "simulated/gauge/S1.html"
    assert (first / page).stat().st_ino == (second / page).stat().st_ino
    renamed = replace(RIVER.stations[0], name_ko="다른 이름")
    network = replace(RIVER, stations=(renamed, *RIVER.stations[1:]))
    third = draw(replace(later(view), network=network), "3")
    assert kept == [False, True, False]
    assert "다른 이름" in (third / page).read_text(encoding="utf-8")


@pytest.mark.usefixtures("large")
def test_a_hostile_name_fills_no_other_place_of_a_page(tmp_path: Path, make_view: Maker) -> None:
    stations = tuple(replace(s, name_en=HOSTILE, river_en=HOSTILE) for s in RIVER.stations)
    view = make_view(replace(RIVER, stations=stations, title_en=HOSTILE, provenance=HOSTILE))
    page = (written(view, tmp_path) / "gauge" / "S1.en.html").read_text(encoding="utf-8")
    assert "<img" not in page
    assert "\x00" not in page
    assert "\u202e" not in page
    assert unescape(page).count("{{ 7 * 7 }}name") >= 4  # no template ran, no mark was filled


@pytest.mark.usefixtures("large")
def test_a_page_without_script_leads_to_the_files_and_says_what_it_is(
    tmp_path: Path, make_view: Maker
) -> None:
    page = (written(make_view(RIVER), tmp_path) / "gauge" / "S2.en.html").read_text()
    assert "<noscript><p>The chart and the tables need JavaScript." in page
    assert 'href="../api/gauges/0.json"' in page  # the 64 gauges that it is one of
    assert 'href="../forecast.nc"' in page
    assert "SIMULATED: these are not real rivers." in page
    assert '<a href="S2.html" lang="ko"' in page
    assert 'data-n="1"' in page
    assert "2020" not in page  # no issue time


def test_a_small_network_s_pages_are_whole(tmp_path: Path, make_view: Maker) -> None:
    folder = written(make_view(RIVER), tmp_path)
    page = (folder / "gauge" / "S2.html").read_text(encoding="utf-8")
    assert page.count('<svg class="hydrograph') == 2
    data = latest(folder)["data"]
    block = page.split('id="config">')[1].split("</script>")[0]
    assert json.loads(block)["data"] == data
    assert (folder / data / "h" / "0.js").is_file()
