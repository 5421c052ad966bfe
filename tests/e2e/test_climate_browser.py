"""The climate map in a real Chromium: choices, legends, hatching, state in the address."""

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

from forecast.climate.atlas import Atlas
from maps.climate.site import draw

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
KINDS = ("index", "stations", "about", "region/11110", "region/KR", "station/108")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (Debian package `chromium`)"),
]


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None: ...


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        shown = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield shown
        shown.close()


@pytest.fixture
def folder(tmp_path: Path, make_atlas: Callable[..., Atlas]) -> Path:
    draw(make_atlas(), tmp_path / "climate")
    return tmp_path / "climate"


@pytest.fixture
def url(folder: Path) -> Iterator[str]:
    handler = functools.partial(_Silent, directory=str(folder.parent))
    web = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{web.server_address[1]}/climate/"
    web.shutdown()
    web.server_close()


def opened(browser: Browser, address: str, **context: Any) -> tuple[Page, list[str]]:
    """Return a page that is ready, and what it complains of or asks other hosts for."""
    page = browser.new_context(bypass_csp=False, **context).new_page()
    wrong: list[str] = []
    page.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: wrong.append(str(e)))
    host = address.split("/climate/")[0]
    page.on(
        "request",
        lambda r: None if r.url.startswith((host, "data:", "blob:")) else wrong.append(r.url),
    )
    page.goto(address)
    ready(page)
    return page, wrong


def ready(page: Page) -> None:
    """Wait until the page shows the state that its address names."""
    for _ in range(100):
        if page.evaluate(
            "!document.getElementById('map_left') || document.body.dataset.ready === location.hash"
        ):
            return
        page.wait_for_timeout(50)
    raise AssertionError(page.url)


def choose(page: Page, what: str, value: str) -> None:
    page.select_option(f"#choose-{what}", value)
    ready(page)


def cells(page: Page, code: str) -> list[str]:
    row = page.locator("#table tbody tr", has=page.locator(f"a[href='region/{code}.en.html']"))
    return row.locator("td").all_inner_texts()


def test_the_table_says_what_the_map_shows_for_every_region(browser: Browser, url: str) -> None:
    page, wrong = opened(browser, url + "index.en.html")
    assert page.locator("#table tbody tr").count() == 4
    assert page.locator("#map_left path.region").count() == 4
    assert cells(page, "21110") == ["12.50", "+2.00", "+1.00 – +3.00", "robust change", "4/5"]
    choose(page, "level", "sido")
    assert page.locator("#table tbody tr").count() == 2
    assert page.locator("#map_right path.region").count() == 2
    assert wrong == []


def test_another_index_changes_map_legend_and_table(browser: Browser, url: str) -> None:
    page, wrong = opened(browser, url + "index.en.html")
    before = page.locator("#legend-right").inner_text()
    choose(page, "layer", "PRCPTOT")
    after = page.locator("#legend-right").inner_text()
    assert "rain [%]" in after
    assert "SYNTHETIC" in after
    assert before != after
    assert cells(page, "21110") == ["1050", "+20.0", "+10.0 – +30.0", "models conflict", "4/5"]
    choose(page, "show", "level")
    assert cells(page, "21110")[1] == "1260"
    assert wrong == []


def test_scenarios_and_periods_of_a_layer_share_their_classes(browser: Browser, url: str) -> None:
    page, _ = opened(browser, url + "index.en.html")
    seen = set()
    for window in ("ssp126:2021-2040", "ssp585:2081-2100", "gwl:2"):
        choose(page, "right", window)
        seen.add(tuple(page.locator("#legend-right li").all_inner_texts()))
    assert len(seen) == 1


def test_hatching_lies_over_what_is_not_robust_and_is_explained(browser: Browser, url: str) -> None:
    page, _ = opened(browser, url + "index.en.html#layer=PRCPTOT")
    fills = page.locator("#map_right path.hatch").evaluate_all(
        "paths => paths.map(p => p.getAttribute('fill'))"
    )
    assert sorted(fills) == ["none", "none", "url(#hatch-3)", "url(#hatch-4)"]  # robust, no data
    choose(page, "level", "sido")
    assert page.locator("#map_right path.hatch[fill='url(#hatch-2)']").count() == 2
    assert page.locator("pattern#hatch-2").count() == 1
    told = page.locator("#legend-right").inner_text()
    assert "no change beyond natural variability" in told
    assert page.locator("#map_left path.hatch[fill^='url']").count() == 0  # observed


def test_the_address_holds_the_state_and_back_undoes_a_choice(browser: Browser, url: str) -> None:
    page, _ = opened(browser, url + "index.en.html")
    choose(page, "layer", "RL100")
    choose(page, "region", "11140")
    page.reload()
    ready(page)
    assert page.input_value("#choose-layer") == "RL100"
    assert page.locator("#readout a").inner_text() == "District 11140"
    assert "fewer than 20 independent samples" in page.locator("#readout").inner_text()
    page.go_back()
    ready(page)
    assert page.input_value("#choose-region") == ""
    page.locator("a[hreflang]").click()
    ready(page)
    assert page.input_value("#choose-layer") == "RL100"
    assert page.evaluate("document.documentElement.lang") == "ko"


def test_nonsense_in_the_address_falls_back(browser: Browser, url: str) -> None:
    page, wrong = opened(browser, url + "index.en.html#layer=<b>&right=ssp999:1&region=zz")
    assert page.input_value("#choose-layer") == "tas"
    assert page.input_value("#choose-right") == "ssp585:2081-2100"
    assert wrong == []


def test_a_missing_value_is_grey_and_told_with_its_reason(browser: Browser, url: str) -> None:
    page, _ = opened(browser, url + "index.en.html#base=1961-1990&region=11110")
    assert page.locator("#map_left path.region[fill='#9aa5ab']").count() == 1
    assert "fewer than 80 % of the baseline's years" in page.locator("#readout").inner_text()


def test_the_keyboard_reaches_every_region_by_a_list(browser: Browser, url: str) -> None:
    page, _ = opened(browser, url + "index.en.html")
    page.locator("#choose-region").focus()
    page.keyboard.type("District 21140")
    page.keyboard.press("Enter")
    ready(page)
    assert "District 21140" in page.locator("#readout").inner_text()
    assert page.locator("#map_left path.chosen").count() == 1
    page.locator("#table thead button").nth(1).press("Enter")
    ready(page)
    assert page.locator("#table th[aria-sort]").get_attribute("aria-sort") == "descending"
    assert page.locator("#table tbody tr").first.inner_text().startswith("District 21140")


def test_a_click_on_either_map_chooses_and_both_move_together(browser: Browser, url: str) -> None:
    page, _ = opened(browser, url + "index.en.html")
    page.locator("#map_right path.region").nth(2).click()
    ready(page)
    assert "District 21110" in page.locator("#readout").inner_text()
    page.locator("#map_left .leaflet-control-zoom-in").click()
    page.wait_for_timeout(400)
    zooms: Any = page.evaluate("[map_left.getZoom(), map_right.getZoom()]")
    assert zooms[0] == zooms[1]


def test_downloads_hold_what_is_shown(browser: Browser, url: str, tmp_path: Path) -> None:
    page, _ = opened(browser, url + "index.en.html")
    with page.expect_download() as waiting:
        page.locator("#save-csv").click()
    waiting.value.save_as(tmp_path / "shown.csv")
    text = (tmp_path / "shown.csv").read_text(encoding="utf-8-sig")
    assert '"21110","District 21110","12.50","+2.00","+1.00 – +3.00","robust change","4/5"' in text
    assert "SYNTHETIC" in text
    with page.expect_download() as waiting:
        page.locator("#save-geojson").click()
    waiting.value.save_as(tmp_path / "shown.geojson")
    assert '"right":2,"right_p10":1,"right_p90":3' in (tmp_path / "shown.geojson").read_text()


def test_a_region_page_draws_past_and_futures_and_tells_the_trend(
    browser: Browser, url: str
) -> None:
    page, wrong = opened(browser, url + "region/11110.en.html")
    assert page.locator("#chart path.seen").get_attribute("d", timeout=3000)
    assert page.locator("#chart path.band").count() == 2
    assert "trend per decade (95 % interval): 0.300 / 0.200 / 0.400 °C" in page.inner_text("figure")
    assert "SYNTHETIC SSP5-8.5" in page.inner_text("figure")
    assert page.locator("#stripes rect").count() == 34
    page.locator("summary").click()
    assert page.locator("#series tr").count() == 1 + 34 + 7
    page.select_option("#chart-layer", "PRCPTOT")
    assert page.url.endswith("#layer=PRCPTOT")
    assert wrong == []


def test_a_station_page_names_missing_years(browser: Browser, url: str) -> None:
    page, _ = opened(browser, url + "station/108.en.html")
    assert "1993 · temperature: only 71 % of the year's days" in page.inner_text("main")


def test_everything_works_from_a_folder_without_a_server(browser: Browser, folder: Path) -> None:
    page = browser.new_page()
    page.goto((folder / "index.en.html").as_uri())
    ready(page)
    choose(page, "layer", "PRCPTOT")
    assert page.locator("#table tbody tr").count() == 4
    page.goto((folder / "region" / "11.en.html").as_uri())
    assert page.locator("#chart path.seen").count() == 1
    page.close()


def test_without_javascript_the_table_and_the_files_are_there(browser: Browser, url: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(url + "index.en.html")
    assert page.locator("#table tbody tr").count() == 4
    assert page.locator("a[href='csv/tas.csv']").count() == 1
    page.close()


def test_a_hostile_name_runs_nothing(
    browser: Browser, tmp_path: Path, make_atlas: Callable[..., Atlas]
) -> None:
    bad = "<img src=x onerror=\"document.title='run'\">"
    draw(make_atlas(name=bad), tmp_path / "bad")
    page = browser.new_page()
    page.goto((tmp_path / "bad" / "index.en.html").as_uri() + "#region=11110")
    ready(page)
    assert page.locator("#readout a").inner_text() == bad
    assert page.title() != "run"
    page.close()


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
    page = context.new_page()
    found = {}
    for kind in KINDS:
        page.goto(f"{url}{kind}{ending}.html")
        ready(page)
        rules = {"rules": {"target-size": {"enabled": True}}}
        violations = Axe().run(page, options=rules).response["violations"]
        found[kind] = [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in violations]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
