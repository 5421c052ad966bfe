"""The site in a real Chromium: map, keyboard, both languages, staleness, accessibility."""

import functools
import gzip
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from data.network import Network
from data.sources import simulated
from maps.site import draw
from maps.view import View

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
RIVER = simulated.network(gauges=5)
PAST = replace(RIVER, name="past", title_ko="지난 홍수", title_en="Past flood")
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PAGES = [
    f"{page}{end}.html"
    for page in (
        "index",
        "about",
        "simulated/index",
        "simulated/skill",
        "simulated/gauge/S5",
        "past/index",
        "past/skill",
        "past/gauge/S1",
    )
    for end in ("", ".en")
]

Maker = Callable[[Network], View]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (Debian package `chromium`)"),
]


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def folder(tmp_path: Path, make_view: Maker, make_full_view: Maker) -> Path:
    """Return a site with a live network and a replay, below another folder."""
    draw([make_view(RIVER), make_full_view(PAST)], tmp_path / "rivers")
    return tmp_path / "rivers"


@pytest.fixture
def url(folder: Path) -> Iterator[str]:
    """Serve the site below a path, as beside other sites on one host."""
    handler = functools.partial(_Silent, directory=str(folder.parent))
    web = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{web.server_address[1]}/rivers/"
    web.shutdown()
    web.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


def in_time(page: Page) -> Page:
    """Let the page believe that its forecast was issued half an hour ago."""
    page.clock.install(time="2020-07-01T00:30:00Z")
    return page


def listen(page: Page) -> tuple[list[str], list[str]]:
    """Return what the page complains of and what it asks for, filled in as it goes."""
    complaints: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    return complaints, requests


def test_every_page_loads_in_silence_from_its_own_host_alone(browser: Browser, url: str) -> None:
    page = browser.new_page()
    complaints, requests = listen(page)
    for name in PAGES:
        page.goto(url + name)
    page.close()
    assert complaints == []
    assert [asked for asked in requests if not asked.startswith((url, "data:"))] == []


def test_the_map_shows_each_gauge_by_shape_and_leads_to_its_page(
    browser: Browser, url: str
) -> None:
    page = in_time(browser.new_page())
    page.goto(url + "simulated/index.en.html")
    assert page.locator(".leaflet-marker-icon").count() == 5
    shapes = page.locator(".leaflet-marker-icon svg").evaluate_all(
        "all => all.map(s => s.innerHTML)"
    )
    assert len(set(shapes)) == 5
    page.locator(".leaflet-marker-icon[title='Simulated 1']").press("Enter")
    page.locator(".leaflet-popup-content a").click()
    assert page.locator("h1").inner_text().startswith("Simulated 1")
    page.close()


def test_it_works_from_a_folder_without_any_server(browser: Browser, folder: Path) -> None:
    page = browser.new_page()
    complaints, _ = listen(page)
    page.goto((folder / "simulated" / "index.html").as_uri())
    assert page.locator(".leaflet-marker-icon").count() == 5
    page.close()
    assert complaints == []


def test_the_list_is_there_without_javascript(browser: Browser, url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(url + "simulated/index.en.html")
    assert page.locator("li.gauge").count() == 5
    assert "Simulated 1" in page.locator("li.gauge").first.inner_text()
    context.close()


@pytest.mark.parametrize(("now", "overdue"), [("00:30", False), ("03:00", True)])
def test_a_page_turns_unknown_by_itself_when_the_next_forecast_is_overdue(
    browser: Browser, url: str, now: str, overdue: bool
) -> None:
    page = browser.new_page()
    page.clock.set_fixed_time(f"2020-07-01T{now}:00Z")
    for name in ("simulated/index.en.html", "simulated/gauge/S1.en.html"):
        page.goto(url + name)
        assert page.locator("#stale").is_visible() is overdue
        words = page.locator(".gauge .badge").all_inner_texts()
        assert (set(words) == {"unknown"}) is overdue
    page.close()


def test_the_other_language_is_one_click_away_on_every_page(browser: Browser, url: str) -> None:
    page = browser.new_page()
    for name in PAGES[::2]:
        page.goto(url + name)
        page.locator("nav a[hreflang=en]").click()
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.url == url + name.replace(".html", ".en.html")
    page.close()


def test_the_keyboard_reaches_the_list_first(browser: Browser, url: str) -> None:
    page = in_time(browser.new_page())
    page.goto(url + "simulated/index.en.html")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the skip link
    page.keyboard.press("Tab")
    focused: Any = page.evaluate("document.activeElement.textContent")
    assert focused == "Simulated 1"
    page.close()


def test_the_keyboard_opens_and_closes_a_gauge_on_the_map(browser: Browser, url: str) -> None:
    page = in_time(browser.new_page())
    page.goto(url + "simulated/index.en.html")
    page.locator(".leaflet-marker-icon[title='Simulated 2']").press("Enter")
    assert "watch" in page.locator(".leaflet-popup-content").inner_text()
    page.keyboard.press("Escape")
    page.locator(".leaflet-popup-content").wait_for(state="detached")
    page.close()


def test_the_legend_shows_only_the_chosen_stages(browser: Browser, url: str) -> None:
    page = in_time(browser.new_page())
    page.goto(url + "simulated/index.en.html")
    severe, unknown = (page.locator(f".legend button[data-stage='{s}']") for s in (4, -1))
    severe.click()
    unknown.press("Enter")
    assert page.locator("li.gauge:visible h3 a").all_inner_texts() == ["Simulated 1", "Simulated 5"]
    assert page.locator(".leaflet-marker-icon").count() == 2
    assert severe.get_attribute("aria-pressed") == "true"
    severe.click()
    unknown.click()
    assert page.locator("li.gauge:visible").count() == 5
    assert page.locator(".legend button[data-stage='3']").is_disabled()  # no gauge is in it
    page.close()


def test_only_the_overdue_network_of_the_front_page_turns_unknown(
    browser: Browser, url: str
) -> None:
    page = browser.new_page()
    page.clock.set_fixed_time("2020-07-03T00:00:00Z")
    page.goto(url + "index.en.html")
    live, past = page.locator("section.network").all()
    assert live.locator(".badge").all_inner_texts() == ["unknown"]
    assert live.locator(".stale").is_visible()
    assert past.locator(".badge").first.inner_text() == "severe 1"
    assert not past.locator(".stale").is_visible()
    page.close()


def test_a_replay_is_never_overdue(browser: Browser, url: str) -> None:
    page = browser.new_page()  # years later
    page.goto(url + "past/index.en.html")
    assert not page.locator("#stale").is_visible()
    assert page.locator(".gauge .badge").first.inner_text() == "severe"
    assert page.locator(".ago").inner_text() == ""
    page.close()


def test_a_hostile_name_runs_nothing(browser: Browser, tmp_path: Path, make_view: Maker) -> None:
    bad = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"
    stations = tuple(replace(s, name_en=bad, river_en=bad) for s in RIVER.stations)
    draw([make_view(replace(RIVER, stations=stations, title_en=bad))], tmp_path)
    page = in_time(browser.new_page())
    complaints, _ = listen(page)
    page.goto((tmp_path / "simulated" / "index.en.html").as_uri())
    page.locator(".leaflet-marker-icon").first.press("Enter")
    assert page.locator(".leaflet-popup-content a").inner_text() == bad
    page.goto((tmp_path / "simulated" / "gauge" / "S1.en.html").as_uri())
    assert page.title().startswith(bad)
    page.close()
    assert complaints == []


def test_the_policy_stops_a_script_that_slipped_in(browser: Browser, url: str) -> None:
    page = browser.new_page()
    page.goto(url + "index.html")
    page.evaluate(
        "document.body.appendChild(Object.assign(document.createElement('script'),"
        " {textContent: 'document.title = 1'}))"
    )
    assert page.title() != "1"
    page.close()


def test_the_map_stands_still_for_who_asks_for_less_motion(browser: Browser, url: str) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(url + "past/index.html")
    animated: Any = page.evaluate("[map_flood.options.zoomAnimation, map_flood.options.inertia]")
    assert animated == [False, False]
    context.close()


def test_a_first_visit_is_light(browser: Browser, url: str, folder: Path) -> None:
    page = browser.new_page()
    _, requests = listen(page)
    page.goto(url + "past/index.html")
    page.close()
    asked = [folder / name.removeprefix(url) for name in requests if name.startswith(url)]
    weight = sum(len(gzip.compress(path.read_bytes())) for path in asked)
    assert len(asked) <= 12
    assert weight < 120_000


@pytest.mark.parametrize(
    ("scheme", "width", "ending"),
    [("light", 1280, ""), ("dark", 390, ""), ("light", 390, ".en"), ("dark", 1280, ".en")],
)
def test_no_page_has_an_accessibility_violation(
    browser: Browser, url: str, scheme: Any, width: int, ending: str
) -> None:
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True
    )
    page = in_time(context.new_page())
    found = {}
    for name in (name for name in PAGES if (".en." in name) == bool(ending)):
        page.goto(url + name)
        found[name] = violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_an_overdue_page_has_no_accessibility_violation(browser: Browser, url: str) -> None:
    context = browser.new_context(color_scheme="dark", bypass_csp=True)
    page = context.new_page()
    for name in ("index.html", "simulated/index.en.html", "simulated/gauge/S5.html"):
        page.goto(url + name)
        assert violations(page) == []
    context.close()


def test_an_open_map_has_no_accessibility_violation(browser: Browser, url: str) -> None:
    context = browser.new_context(bypass_csp=True)
    page = in_time(context.new_page())
    page.goto(url + "simulated/index.html")
    page.locator(".legend button").first.click()
    page.locator(".leaflet-marker-icon").first.press("Enter")
    assert violations(page) == []
    context.close()


def violations(page: Page) -> list[str]:
    """Return what axe finds, its rule on the size of targets included."""
    rules = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=rules).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found]
