"""The climate map in a real Chromium: choices, address, hatches, keyboard, accessibility."""

import functools
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

from forecast.climate.atlas import Atlas
from maps.climate.site import draw

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
KINDS = ("index", "about", "stations", "region/KR", "region/11", "region/26140", "station/108")
RAIN = "#layer=PRCPTOT&level=sigungu&baseline=1991-2020"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (Debian package `chromium`)"),
]


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def folder(tmp_path: Path, make_atlas: Callable[[], Atlas]) -> Path:
    """Return the climate half of a site, below the site's own folder."""
    draw(make_atlas(), tmp_path / "site" / "climate")
    return tmp_path / "site" / "climate"


@pytest.fixture
def url(folder: Path) -> Iterator[str]:
    handler = functools.partial(_Silent, directory=str(folder.parent))
    web = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{web.server_address[1]}/climate/"
    web.shutdown()
    web.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


def listen(page: Page) -> tuple[list[str], list[str]]:
    """Return what the page complains of and what it asks for, filled in as it goes."""
    complaints: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    return complaints, requests


def settle(page: Page) -> None:
    """Wait until what the address asks for is shown; the page's policy forbids to wait by eval."""
    for _ in range(100):
        if page.evaluate("document.body.dataset.shown === location.hash && !!location.hash"):
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"not shown: {page.url}")


def opened(browser: Browser, address: str) -> Page:
    page = browser.new_page()
    page.goto(address)
    settle(page)
    return page


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f"#choose-{name}").select_option(value)
    settle(page)


def legend(page: Page, side: str) -> list[str]:
    return page.locator(f"#legend-{side} > ul").first.locator("li").all_inner_texts()


def test_every_page_loads_in_silence_from_its_own_host_alone(browser: Browser, url: str) -> None:
    page = browser.new_page()
    complaints, requests = listen(page)
    for kind in KINDS:
        for end in ("", ".en"):
            page.goto(f"{url}{kind}{end}.html")
            page.wait_for_timeout(100)
    page.close()
    assert complaints == []
    assert [asked for asked in requests if not asked.startswith((url, "data:"))] == []


def test_it_works_from_a_folder_without_any_server(browser: Browser, folder: Path) -> None:
    page = opened(browser, (folder / "index.html").as_uri())
    complaints, _ = listen(page)
    choose(page, "layer", "PRCPTOT")
    assert page.locator("#map_right path.region").count() == 4
    page.goto((folder / "region" / "11110.html").as_uri())
    assert page.locator("#chart path.line").count() == 4 + 2  # scenarios, trend, observed
    page.close()
    assert complaints == []


def test_the_table_is_the_same_with_and_without_javascript(browser: Browser, url: str) -> None:
    for end in ("", ".en"):
        plain = browser.new_context(java_script_enabled=False).new_page()
        plain.goto(f"{url}index{end}.html")
        page = opened(browser, f"{url}index{end}.html")
        for part in ("thead th", "tbody th, #table tbody td"):
            with_script = page.locator(f"#table {part}").all_text_contents()
            assert with_script == plain.locator(f"#table {part}").all_text_contents()
        assert (
            page.locator("#title-right").inner_text() == plain.locator("#title-right").inner_text()
        )
        page.close()
        plain.context.close()


def test_a_layer_changes_legend_and_table_and_rows_are_regions(browser: Browser, url: str) -> None:
    page = opened(browser, url + "index.en.html")
    before = legend(page, "left"), page.locator("#table tbody tr").first.inner_text()
    choose(page, "layer", "PRCPTOT")
    assert "rain [mm]" in page.locator("#legend-left .legend-title").inner_text()
    assert legend(page, "left") != before[0]
    assert page.locator("#table tbody tr").first.inner_text() != before[1]
    assert page.locator("#table tbody tr").count() == 4
    choose(page, "level", "sido")
    assert page.locator("#table tbody tr").count() == 2
    assert page.locator("#map_left path.region").count() == 2
    page.close()


def test_two_scenarios_of_one_layer_have_the_same_classes(browser: Browser, url: str) -> None:
    page = opened(browser, url + "index.html#left=ssp126:2021-2040:change")
    assert legend(page, "left") == legend(page, "right")
    choose(page, "right", "gwl:4:change")
    assert legend(page, "left") == legend(page, "right")
    page.close()


def test_the_state_is_in_the_address_and_the_back_button_undoes(browser: Browser, url: str) -> None:
    page = opened(browser, url + "index.en.html")
    choose(page, "layer", "HD33")
    choose(page, "left", "ssp245:2041-2060:level")
    choose(page, "region", "26110")
    assert page.url.endswith(
        "&left=ssp245:2041-2060:level&right=ssp585:2081-2100:change&region=26110"
    )
    page.reload()
    settle(page)
    assert page.locator("#choose-layer").input_value() == "HD33"
    assert "Jung-gu (Na-do)" in page.locator("#readout").inner_text()
    page.locator("nav a[hreflang=ko]").click()
    settle(page)
    assert page.locator("#choose-left").input_value() == "ssp245:2041-2060:level"
    page.go_back()
    settle(page)
    page.go_back()
    settle(page)
    assert page.locator("#choose-region").input_value() == ""
    page.close()


def test_unknown_values_in_the_address_fall_back(browser: Browser, url: str) -> None:
    page = opened(
        browser, url + "index.html#layer=x&level=<img>&left=ssp999&region=99999&baseline=0"
    )
    assert page.url.endswith(
        "#layer=tas&level=sigungu&baseline=1991-2020&left=observed"
        "&right=ssp585:2081-2100:change&region="
    )
    page.close()


def test_hatches_are_drawn_and_no_data_is_grey_without_any(browser: Browser, url: str) -> None:
    page = opened(browser, url + "index.en.html" + RAIN)
    fills = page.locator("#map_right path.hatch").evaluate_all(
        "all => all.map(p => p.getAttribute('fill'))"
    )
    assert fills == ["none", "none", "url(#hatch-3)", "url(#hatch-4)"]
    assert page.locator("#map_right path.hatch").nth(2).bounding_box() is not None
    for name in ("hatch-2", "hatch-3", "hatch-4"):
        assert page.locator(f"pattern#{name} [stroke='#fff'], pattern#{name} [fill='#fff']").count()
    choose(page, "layer", "HD33")
    grey = page.locator("#map_right path.region").nth(3).get_attribute("fill")
    assert grey == "#9aa"
    choose(page, "region", "26140")
    assert "no data" in page.locator("#readout").inner_text()
    page.close()


def test_the_readout_tells_value_range_models_and_robustness(browser: Browser, url: str) -> None:
    page = opened(browser, url + "index.en.html#region=26110")
    told = page.locator("#readout").inner_text()
    assert "Observed mean 1991–2020: 16.50 °C" in told
    assert "[SYNTHETIC] SSP5-8.5 2081–2100 · change from 1991–2020: +12.50 °C" in told
    assert "10–90 %: +12.00 … +13.00 · 4 of 5 models agree on the sign · models conflict" in told
    page.locator("#readout a").click()
    assert page.locator("h1").inner_text() == "Jung-gu (Na-do)"
    page.close()


def test_a_region_is_found_by_press_list_and_search(browser: Browser, url: str) -> None:
    page = opened(browser, url + "index.en.html")
    page.locator("#map_left path.region").nth(1).dispatch_event("click")
    settle(page)
    assert page.locator("#choose-region").input_value() == "11140"
    assert page.locator("path.chosen").count() == 2  # on both maps
    page.locator("#find").fill("Seo-gu (Na-do)")
    page.locator("#find").press("Enter")
    settle(page)
    assert page.locator("#choose-region").input_value() == "26140"
    page.close()


def test_a_part_of_a_name_finds_its_region_and_an_unknown_name_is_told(
    browser: Browser, url: str
) -> None:
    page = opened(browser, url + "index.en.html")
    for typed, code in (("seo", "26140"), ("(na-do", "26110"), ("NA-DO", "26")):
        page.locator("#find").fill(typed)
        page.locator("#find").press("Enter")
        settle(page)
        assert page.locator("#choose-region").input_value() == code, typed
    page.locator("#find").fill("Atlantis")
    page.locator("#find").press("Enter")
    assert "No region has that name." in page.locator("#readout").inner_text()
    page.close()


def test_a_region_out_of_sight_is_moved_into_view_when_it_is_chosen(
    browser: Browser, url: str
) -> None:
    page = opened(browser, url + "index.html")
    page.evaluate("map_left.setView([36.5, 126.5], 9, { animate: false })")
    seen = "map_right.getBounds().contains([36.5, 129.5])"
    assert page.evaluate(seen) is False
    choose(page, "region", "26140")
    assert page.evaluate(seen) is True
    page.close()


def test_an_index_that_no_model_has_says_so_instead_of_robust(
    browser: Browser, tmp_path: Path, make_atlas: Callable[[], Atlas]
) -> None:
    atlas = make_atlas()
    values = atlas.values
    kept = values["layer"] != "HD33"
    draw(
        replace(atlas, values=values.assign(future=values["future"].where(kept))), tmp_path / "some"
    )
    address = (tmp_path / "some" / "index.en.html").as_uri()
    page = opened(browser, f"{address}#layer=HD33&region=11110")
    assert "no model run has this index" in page.locator("#legend-right").inner_text()
    assert "robust change" not in page.locator("#legend-right").inner_text()
    assert "no data · no model run has this index" in page.locator("#readout").inner_text()
    page.close()


def test_both_maps_move_together_and_no_polygon_is_a_tab_stop(browser: Browser, url: str) -> None:
    page = opened(browser, url + "index.html")
    page.locator("#map_left .leaflet-control-zoom-in").click()
    zooms: Any = page.evaluate("[map_left.getZoom(), map_right.getZoom()]")
    assert zooms[0] == zooms[1]
    assert page.locator(".map path[tabindex]").count() == 0
    page.close()


def test_the_table_sorts_by_its_buttons(browser: Browser, url: str) -> None:
    page = opened(browser, url + "index.en.html")
    button = page.locator("#table thead button").nth(1)
    button.press("Enter")
    assert page.locator("#table thead th").nth(1).get_attribute("aria-sort") == "descending"
    first: Any = page.locator("#table tbody td").first.inner_text()
    assert first == "17.50"
    assert page.evaluate("document.activeElement.closest('th').cellIndex") == 1
    page.close()


def test_downloads_hold_what_is_shown(browser: Browser, url: str) -> None:
    page = opened(browser, url + "index.en.html" + RAIN)
    with page.expect_download() as caught:
        page.locator("#save-csv").click()
    lines = Path(caught.value.path()).read_text("utf-8-sig").splitlines()
    assert len(lines) == 1 + 4
    shown = page.locator("#table tbody tr").first.locator("td").all_inner_texts()
    assert lines[1].split(",")[2] == shown[0]
    with page.expect_download() as caught:
        page.locator("#save-geojson").click()
    assert '"left_value":34,' in Path(caught.value.path()).read_text("utf-8")
    page.close()


def test_the_chart_follows_its_choice_and_says_its_stripes_in_words(
    browser: Browser, url: str
) -> None:
    page = browser.new_page()
    page.goto(url + "region/11110.en.html")
    assert "highest 2023 (13.30 °C)" in page.locator("#stripes-said").inner_text()
    page.locator("#chart-layer").select_option("HD33")
    assert "heat days" in page.locator("#chart-said").inner_text()
    assert "[SYNTHETIC] SSP5-8.5" in page.locator("#chart-said").inner_text()
    page.locator("details summary").click()
    assert page.locator("#series tr").count() == 1 + 111
    page.close()


def test_a_hostile_name_runs_nothing(
    browser: Browser, tmp_path: Path, make_atlas: Callable[[], Atlas]
) -> None:
    bad, atlas = "<img src=x onerror=\"document.title='run'\">", make_atlas()
    draw(replace(atlas, regions=atlas.regions.assign(name_en=bad)), tmp_path / "bad")
    page = opened(browser, (tmp_path / "bad" / "index.en.html").as_uri() + "#region=11110")
    complaints, _ = listen(page)
    assert page.locator("#readout a").inner_text() == f"{bad} ({bad})"
    assert page.locator("main img").count() == 0
    assert page.title() != "run"
    page.close()
    assert complaints == []


@pytest.mark.parametrize(
    ("scheme", "width", "end"),
    [("light", 1280, ""), ("dark", 390, ""), ("light", 390, ".en"), ("dark", 1280, ".en")],
)
def test_no_page_has_an_accessibility_violation(
    browser: Browser, url: str, scheme: Any, width: int, end: str
) -> None:
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True
    )
    page = context.new_page()
    found = {}
    for kind in KINDS:
        page.goto(f"{url}{kind}{end}.html{'#region=26110' if kind == 'index' else ''}")
        page.wait_for_timeout(200)
        page.locator("details summary").evaluate_all("all => all.forEach(s => s.click())")
        found[kind] = violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
    assert {kind: wrong for kind, wrong in found.items() if wrong} == {}


def violations(page: Page) -> list[str]:
    """Return what axe finds, its rule on the size of targets included."""
    asked = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=asked).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found]
