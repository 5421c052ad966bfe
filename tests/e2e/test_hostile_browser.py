"""Hostile names in a real Chromium: nothing of them runs, all of them can be read and searched."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from data.network import Network
from data.sources import simulated
from forecast.outlook import assess
from maps.site import draw
from maps.view import View

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
CORPUS: list[str] = json.loads(
    (Path(__file__).parent.parent / "fixtures" / "hostile_names.json").read_text(encoding="utf-8")
)
RIVER = simulated.network(gauges=5)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (Debian package `chromium`)"),
]


def named(view: View) -> View:
    """Return a view with one gauge, on a river of its own, for each name of the corpus."""
    ids = simulated.network(gauges=len(CORPUS)).stations
    stations = tuple(
        replace(s, name_ko=name, name_en=name, river_ko=name, river_en=name)
        for s, name in zip(ids, CORPUS, strict=True)
    )
    river = replace(RIVER, stations=stations)
    places = [at % 5 for at in range(len(CORPUS))]
    forecast = view.forecast.isel(station=places).assign_coords(station=river.ids)
    return replace(
        view,
        network=river,
        forecast=forecast,
        observations=view.observations.isel(station=places).assign_coords(station=river.ids),
        outlooks=assess(forecast.isel(issue_time=0), river),
    )


def test_no_name_runs_in_list_map_search_river_or_dialog(
    tmp_path: Path, make_view: Callable[[Network], View]
) -> None:
    draw([named(make_view(RIVER))], tmp_path)
    complaints: list[str] = []
    requests: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page()
        page.clock.install(time="2020-07-01T00:30:00Z")
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on("request", lambda request: requests.append(request.url))
        page.goto((tmp_path / "simulated" / "index.en.html").as_uri())
        title = page.title()
        page.locator("#more").click()
        page.locator("#more").click()
        expect(page.locator("#gauges > li")).to_have_count(len(CORPUS))
        assert page.locator("#river option").count() == len(CORPUS) + 1
        page.locator("#map_flood").focus()
        for _ in range(30):
            page.keyboard.press("n")
        for n in range(0, len(CORPUS), 12):
            page.locator("#gauges a").nth(n).click()
            page.locator("dialog svg").first.wait_for()
        page.locator("#q").fill("onerror")
        expect(page.locator("#found")).to_contain_text(f"of {len(CORPUS)} gauges")
        assert page.locator("#gauges img, #gauges script, dialog img, dialog script").count() == 0
        assert page.title() == title
        browser.close()
    assert complaints == []
    assert [asked for asked in requests if not asked.startswith(("file:", "data:"))] == []
