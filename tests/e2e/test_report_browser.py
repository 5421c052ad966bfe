"""The situation report in a real Chromium: readable on a phone, by everyone, and on paper (A4)."""

import functools
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from data.network import Network
from data.sources import simulated
from data.stations import Stage
from flows import report_pdf
from forecast.edits import Edit, apply
from maps.page import ending
from maps.review import Reviewed, record
from maps.site import draw
from maps.view import View
from maps.words import LANGUAGES

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
HOUR = np.timedelta64(1, "h")
RIVER = simulated.network(gauges=5)
LONG = replace(RIVER, name="long", title_ko="긴 이름의 하천", title_en="A river of long names")
A4 = (595, 842)  # points
PAPER = round(182 / 25.4 * 96)  # pixels of CSS: 210 mm less both margins of 14 mm
REPORTS = [
    f"{name}/report{ending(language)}.html"
    for name in ("simulated", "long")
    for language in LANGUAGES
]
Maker = Callable[[Network], View]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (Debian package `chromium`)"),
]


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def edited(view: View) -> View:
    """Return an approved view in which a person raised one gauge and lowered another."""
    issue = view.issue_time
    times: dict[str, Any] = {"created": issue, "issued": issue, "expires": issue + 6 * HOUR}
    why = "상류 수문을 21시에 열었습니다 / a gate was opened upstream at 21:00"
    edits = [
        Edit("e1", "S3", "offset", 0.5, why, "당직 수문관", **times),
        Edit("e2", "S2", "at_most", Stage.ATTENTION, why, "홍수예보관", **times),
    ]
    found = apply(view.forecast, view.outlooks, edits, view.network, issue)
    known = Reviewed(
        view.forecast, view.outlooks, "approved", "홍수예보관", issue + HOUR, changes=found.changes
    )
    manifest = view.manifest | {
        "review": record(known),
        "providers": {
            "hrfco water_level": "ok · 5 of 5 gauges",
            "kma rainfall": "failed · HTTP 503",
        },
        "warnings": ["in-sample: 2020"],
    }
    return replace(
        view,
        forecast=found.forecast,
        outlooks=found.outlooks,
        review=known,
        manifest=manifest,
    )


def long_names(view: View) -> View:
    """Return a view of gauges with names as long as they come, in a flood."""
    name = "한강홍수통제소관할구역내의아주긴이름을가진수위관측소 (Very-Long-Named-Gauging-Station)"
    stations = tuple(replace(s, name_ko=name, name_en=name) for s in view.network.stations)
    return replace(view, network=replace(view.network, stations=stations), replay=True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def folder(tmp_path: Path, make_view: Maker) -> Path:
    """Return a site with a live network that was edited, and one of long names."""
    draw([edited(make_view(RIVER)), long_names(make_view(LONG))], tmp_path)
    return tmp_path


@pytest.fixture
def url(folder: Path) -> Iterator[str]:
    web = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Silent, directory=str(folder)))
    threading.Thread(target=web.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{web.server_address[1]}/"
    web.shutdown()
    web.server_close()


def opened(browser: Browser, **given: Any) -> tuple[Page, list[str]]:
    """Return a page half an hour after the issue, and what it complains of as it goes."""
    page = browser.new_context(bypass_csp=True, **given).new_page()
    page.clock.install(time="2020-07-01T00:30:00Z")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390), ("light", 390)])
def test_a_report_has_no_accessibility_violation_and_fits_the_screen(
    browser: Browser, url: str, name: str, scheme: Any, width: int
) -> None:
    size: Any = {"width": width, "height": 800}
    page, complaints = opened(browser, color_scheme=scheme, viewport=size)
    page.goto(url + name)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []
    page.context.close()


def test_an_overdue_report_says_so_and_has_no_accessibility_violation(
    browser: Browser, url: str
) -> None:
    page, _ = opened(browser)
    page.clock.set_fixed_time("2020-07-01T06:00:00Z")
    page.goto(f"{url}simulated/report.html")
    page.locator("#stale").wait_for()
    assert violations(page) == []
    page.context.close()


def test_what_was_edited_and_by_whom_stands_in_the_report(browser: Browser, url: str) -> None:
    page, _ = opened(browser)
    page.goto(f"{url}simulated/report.en.html")
    told = page.locator(".part-review").inner_text()
    for said in ("당직 수문관", "홍수예보관", "Simulated 3", "Simulated 2"):
        assert said in told
    assert "kma rain" in page.locator(".part-health").inner_text()
    page.context.close()


def test_the_language_is_switched_from_the_report_to_the_report(browser: Browser, url: str) -> None:
    page, _ = opened(browser)
    page.goto(f"{url}simulated/report.html")
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/report.en.html")
    assert page.locator("html").get_attribute("lang") == "en"
    page.context.close()


@pytest.mark.parametrize("name", REPORTS)
def test_on_paper_nothing_is_cut_off_and_nothing_is_there_that_only_a_screen_needs(
    browser: Browser, url: str, name: str
) -> None:
    page, _ = opened(browser, viewport={"width": PAPER, "height": 1000})
    page.goto(url + name)
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER
    inner = "[...document.querySelectorAll('.scroll')].map(e => e.scrollWidth - e.clientWidth)"
    assert max(page.evaluate(inner)) <= 0
    assert not page.locator("nav").first.is_visible()
    assert not page.locator(".screen-only").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    sheets = pages_of(page.pdf(prefer_css_page_size=True))
    assert 1 <= len(sheets) <= 4
    assert set(sheets) == {A4}
    page.context.close()


def test_the_command_prints_the_same_on_a4(folder: Path, tmp_path: Path) -> None:
    made = tmp_path / "report.pdf"
    report_pdf.print_page(folder / "simulated" / "report.html", made)
    sheets = pages_of(made.read_bytes())
    assert 1 <= len(sheets) <= 4
    assert set(sheets) == {A4}


def pages_of(pdf: bytes) -> list[tuple[int, int]]:
    """Return the size of each page of a PDF that Chromium wrote [points]."""
    number = rb"([\d.]+)"
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 " + number + rb" " + number + rb"\s*\]", pdf)
    return [(round(float(width)), round(float(height))) for width, height in boxes]


def violations(page: Page) -> list[str]:
    """Return what axe finds, its rule on the size of targets included."""
    rules = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=rules).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found]
