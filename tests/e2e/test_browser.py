"""The site in a real Chromium: map, keyboard, both languages, staleness, accessibility."""

import functools
import shutil
import threading
from collections.abc import Callable, Iterator
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
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PAGES = [
    f"{page}{end}.html"
    for page in ("index", "about", "simulated/index", "simulated/skill", "simulated/gauge/S1")
    for end in ("", ".en")
]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (Debian package `chromium`)"),
]


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def folder(tmp_path: Path, make_view: Callable[[Network], View]) -> Path:
    draw([make_view(RIVER)], tmp_path)
    return tmp_path


@pytest.fixture
def url(folder: Path) -> Iterator[str]:
    handler = functools.partial(_Silent, directory=str(folder))
    web = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{web.server_address[1]}/"
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
    page = browser.new_page()
    page.goto(url + "simulated/index.en.html")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the skip link
    page.keyboard.press("Tab")
    focused: Any = page.evaluate("document.activeElement.textContent")
    assert focused == "Simulated 1"
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "fresh"), [(1280, True), (390, True), (390, False)])
def test_no_page_has_an_accessibility_violation(
    browser: Browser, url: str, scheme: Any, width: int, fresh: bool
) -> None:
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True
    )
    page = in_time(context.new_page()) if fresh else context.new_page()
    found = {}
    for name in PAGES:
        page.goto(url + name)
        violations = Axe().run(page).response["violations"]
        found[name] = [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in violations]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
    assert found == {name: [] for name in PAGES}
