"""A hydrologist's round in a real Chromium, by keyboard: draft, edit, approve, and the site."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from flows import issuing, publishing, pulling, settings, training
from flows.review_server import Server
from flows.settings import Settings
from forecast.model import ModelConfig
from forecast.train import TrainConfig

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
TINY = TrainConfig(updates=4, batch=8, model=ModelConfig(hidden=4, window=48, last=24))
SLOW = 60_000  # milliseconds

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (Debian package `chromium`)"),
]


@dataclass(frozen=True)
class Desk:
    settings: Settings
    address: str

    @property
    def base(self) -> str:
        return self.address.split("/?")[0]

    def site(self, name: str) -> str:
        path = self.settings.folders.site / "current" / "simulated" / name
        return path.read_text(encoding="utf-8")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("MULGIL_HOME", str(tmp_path))
    found = settings.read({"MULGIL_HOME": str(tmp_path)})
    pulling.pull("simulated", None, found.folders)
    training.train("simulated", found.folders, TINY)
    when = np.datetime64("2020-07-24T00:00", "ns")
    publishing.publish(issuing.issue("simulated", when, found.folders), found.folders)
    page = Server(found)
    with page.bind(0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield Desk(found, page.address(server))
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield found
        found.close()


def press(page: Page, button: str, then: str) -> None:
    """Press a button by keyboard and wait for what it brings."""
    page.focus(f"button[value={button}]")
    page.keyboard.press("Enter")
    page.wait_for_selector(then)


def fine(page: Page) -> None:
    """Check that nothing is cut off and that axe finds nothing."""
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_a_round_of_review_by_keyboard(
    desk: Desk, browser: Browser, width: int, scheme: str
) -> None:
    size = {"width": width, "height": 844}
    context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(SLOW)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(desk.address + "&lang=en")
    fine(page)
    page.focus("main h2 a")
    page.keyboard.press("Enter")
    page.wait_for_selector("table.desk-list")
    fine(page)
    page.goto(f"{desk.base}/n/simulated/g/S2?lang=en")
    fill(page, "gate <b>opened</b> upstream")
    page.fill("#value", "5.5")
    page.select_option("#level-kind", "peak")
    press(page, "levels", ".banner.done")
    fine(page)
    assert page.locator(".pair figure").count() == 2  # the automatic and the edited one
    assert "gate <b>opened</b> upstream" in page.inner_text(".edits")
    assert "gate &lt;b&gt;opened&lt;/b&gt; upstream" in desk.site("gauge/S2.en.html")
    page.goto(f"{desk.base}/n/simulated?lang=ko")
    page.fill("#reason", "확인함")
    press(page, "approve", ".banner.done")
    assert "당직 수문관 승인" in page.inner_text("main")
    assert "당직 수문관 승인" in desk.site("index.html")
    sent = sorted((desk.settings.folders.site / "current").glob("simulated/alerts/cap/*.S2.*"))
    assert "SEVERE" in sent[-1].read_text(encoding="utf-8")
    assert {url.split("/")[2] for url in asked if url.startswith("http")} == {
        desk.base.removeprefix("http://")
    }
    context.close()


def test_the_second_of_two_reviewers_keeps_what_they_typed(desk: Desk, browser: Browser) -> None:
    context = browser.new_context()
    first, second = context.new_page(), context.new_page()
    for page in (first, second):
        page.set_default_timeout(SLOW)
        page.goto(desk.address)
        page.goto(f"{desk.base}/n/simulated/g/S1?lang=en")
        fill(page, "what I know")
        page.fill("#value", "0.4")
    press(first, "levels", ".banner.done")
    press(second, "levels", "[role=alert]")
    assert "Meanwhile somebody else wrote: 당직 수문관 edited S1" in second.inner_text("header")
    assert second.input_value("#reason") == "what I know"
    assert second.input_value("#value") == "0.4"
    press(second, "levels", ".banner.done")  # having seen it
    assert second.locator(".one-edit").count() == 2
    context.close()


def fill(page: Page, reason: str) -> None:
    page.fill("#role", "당직 수문관")
    page.fill("#reason", reason)
    page.fill("#hours", "6")
