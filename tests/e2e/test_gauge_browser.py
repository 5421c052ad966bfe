"""Gauges in a real Chromium: what is said and shown there is what Python says and files hold."""

import functools
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from data.network import Network
from data.schema import QUANTILES
from data.sources import simulated
from data.stations import Quantity, Station, Thresholds
from forecast.edits import Edit, apply
from forecast.outlook import Language, assess, sentence
from forecast.wording import number
from maps.feeds import layout
from maps.page import ending
from maps.plain import plain_view
from maps.review import Reviewed
from maps.site import draw
from maps.view import View
from maps.words import LANGUAGES, QUANTILE_COLUMNS

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
ISSUE = np.datetime64("2020-07-01T00:00", "ns")
HOUR = np.timedelta64(1, "h")
HOSTILE = "<img src=x onerror=alert(1)> gate"
LIMITS = (
    (2.0, 3.0, 4.0, 5.0),
    (np.nan, 3.0, np.nan, 5.0),
    (2.0, np.nan, np.nan, np.nan),
    (np.nan, np.nan, np.nan, np.nan),
)
RIVER = simulated.network(gauges=70)
Maker = Callable[[Network], View]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (Debian package `chromium`)"),
]


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def various(quantity: Quantity, scale: float, name: str) -> View:
    """Return gauges of every kind: rising, falling, in flood, silent, without thresholds."""
    rng = np.random.default_rng(1)
    stations = tuple(_gauge(s, n, quantity, scale) for n, s in enumerate(RIVER.stations))
    river = replace(RIVER, name=name, quantity=quantity, stations=stations)
    count = len(stations)
    start, end = rng.uniform(0.5, 5.5, (2, count, 1))
    lead = np.arange(1, 25) / 24
    bow = rng.uniform(-1, 1, (count, 1)) * np.sin(np.pi * lead)
    spread = np.array([-0.8, -0.6, -0.3, -0.1, 0, 0.1, 0.3, 0.6, 0.8])
    median = start + lead * (end - start) + bow
    values = (scale * (median[..., None] + lead[:, None] * spread)).astype("float32")
    values[:, 5:8][3] = np.nan  # a part of one forecast
    silent = np.arange(count) % 7 == 6
    values[silent] = np.nan
    last = (scale * start[:, 0]).astype("float32")
    last[count // 2] = np.nan
    read = np.where(np.arange(count) % 5 == 4, ISSUE - 200 * np.timedelta64(1, "m"), ISSUE)
    reason = (
        "마지막 관측이 9시간 전입니다 (한도 3시간). The last reading is 9 h old, the limit is 3 h."
    )
    dims = ("issue_time", "station", "lead_time", "quantile")
    forecast = xr.Dataset(
        {
            quantity.value: (dims, values[None], {"units": quantity.unit}),
            "last_observed": (dims[:2], last[None]),
            "last_observed_time": (dims[:2], read[None]),
            "reason": (dims[:2], np.where(silent, reason, "")[None]),
        },
        coords={
            "issue_time": [ISSUE],
            "station": river.ids,
            "lead_time": river.lead_times,
            "quantile": list(QUANTILES),
            "valid_time": (("issue_time", "lead_time"), (ISSUE + river.lead_times)[None]),
        },
    )
    times = ISSUE - np.arange(47, -1, -1) * HOUR
    seen = (scale * rng.uniform(0.5, 2, (count, 48))).astype("float32")
    seen[rng.random(seen.shape) < 0.1] = np.nan
    seen[1] = np.nan
    observations = xr.Dataset(
        {quantity.value: (("station", "time"), seen)}, {"station": river.ids, "time": times}
    )
    found = assess(forecast.isel(issue_time=0), river)
    note = "모델이 없습니다. No model stands behind this forecast."
    outlooks = tuple(replace(o, note=note) if n % 6 == 5 else o for n, o in enumerate(found))
    manifest: dict[str, Any] = {"run_id": "run-1", "model": "abc"}
    return View(river, observations, forecast, outlooks, None, None, None, manifest, True)


def _gauge(station: Station, n: int, quantity: Quantity, scale: float) -> Station:
    attention, watch, warning, severe = (scale * limit for limit in LIMITS[n % 4])
    limits = Thresholds(attention, watch, warning, severe, "derived", "")
    north = 37.0 if quantity is Quantity.WATER_LEVEL else -30.0  # Korea's time, or UTC
    told = None if n % 11 == 10 else limits
    moved = replace(station, latitude=north + 0.01 * n, longitude=127.0)
    return replace(moved, quantity=quantity, thresholds=told)


VIEWS = (
    various(Quantity.WATER_LEVEL, 1.0, "levels"),
    various(Quantity.DISCHARGE, 1.0, "brook"),
    various(Quantity.DISCHARGE, 333.3, "river"),
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    draw(VIEWS, folder)
    return folder


@contextmanager
def served(folder: Path) -> Iterator[str]:
    handler = functools.partial(_Silent, directory=str(folder))
    web = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{web.server_address[1]}/"
    web.shutdown()
    web.server_close()


@pytest.fixture(scope="module")
def url(site: Path) -> Iterator[str]:
    with served(site) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    made = context.new_page()
    complaints: list[str] = []
    made.on("console", lambda message: complaints.append(message.text))
    made.on("pageerror", lambda error: complaints.append(str(error)))
    made.clock.install(time="2020-07-01T00:30:00Z")
    yield made
    context.close()
    assert complaints == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.network.name)
def test_the_browser_says_the_sentence_that_python_says(
    page: Page, url: str, view: View, language: Language
) -> None:
    page.goto(f"{url}{view.network.name}/index{ending(language)}.html")
    ask = "Promise.all([...Array(70).keys()].map(n => Mulgil.gaugeOf(n).then(Mulgil.sentence)))"
    said: list[str] = page.evaluate(ask)
    assert said == [sentence(o, view.network, language, view.zone) for o in view.outlooks]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.network.name)
def test_every_value_of_the_table_is_the_netcdf_s(
    page: Page, url: str, site: Path, view: View
) -> None:
    name, quantity = view.network.name, view.network.quantity
    with xr.open_dataset(site / name / "forecast.nc", engine="h5netcdf") as file:
        held = _quantiles(file, quantity.value, view)
    page.goto(f"{url}{name}/index.html")
    ask = """Promise.all([...Array(70).keys()].map(n => Mulgil.gaugeOf(n).then(
        g => g.quantiles.map(row => row.map(Mulgil.tell.number)))))"""
    told: list[list[list[str]]] = page.evaluate(ask)
    for gauge, expected in zip(told, held, strict=True):
        for row, values in zip(gauge, expected, strict=True):
            assert row == ["–" if np.isnan(v) else number(float(v), quantity) for v in values]


def _quantiles(file: xr.Dataset, quantity: str, view: View) -> np.ndarray:
    """Return (gauge, quantile, lead) of a forecast's file."""
    values = file[quantity].sel(quantile=list(QUANTILE_COLUMNS)).squeeze()
    by_gauge = next(dim for dim in values.dims if values.sizes[dim] == len(view.network.ids))
    by_lead = next(dim for dim in values.dims if dim not in (by_gauge, "quantile"))
    return np.asarray(values.transpose(by_gauge, "quantile", by_lead).values)


def test_a_gauge_opens_beside_the_list_and_escape_gives_the_focus_back(
    page: Page, url: str
) -> None:
    page.goto(f"{url}levels/index.en.html")
    link = page.locator("li.gauge h3 a").nth(2)
    name = link.inner_text()
    link.focus()
    page.evaluate("Mulgil.openGauge(Number(document.activeElement.closest('li').dataset.n))")
    page.locator("#gauge svg.live").wait_for()
    assert page.evaluate("document.activeElement.id") == "gauge-name"
    assert page.locator("#gauge h2").inner_text().startswith(name)
    page.keyboard.press("Escape")
    assert not page.locator("#gauge").is_visible()
    assert page.evaluate("document.activeElement.textContent") == name


def test_the_slider_reads_the_hydrograph_by_key(page: Page, url: str) -> None:
    page.goto(f"{url}levels/index.en.html")
    page.evaluate("Mulgil.openGauge(0)")
    slider = page.locator("#gauge input[type=range]")
    slider.focus()
    page.keyboard.press("Home")
    observed = float(VIEWS[0].observations.water_level.values[0, 0])
    told = page.locator("#gauge output").inner_text()
    assert told == f"10:00 KST on 29 Jun: observed {observed:.2f} m"
    assert slider.get_attribute("aria-valuetext") == told
    page.keyboard.press("End")
    values = VIEWS[0].forecast.water_level.values[0, 0, -1]
    assert f"forecast median {values[4]:.2f} m (90 % {values[0]:.2f}–{values[8]:.2f})" in (
        page.locator("#gauge output").inner_text()
    )


def test_the_picture_is_drawn_in_pixels_of_the_screen(page: Page, url: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{url}levels/gauge/S1.html")
    box = page.locator("svg.live").bounding_box()
    assert box is not None
    view = page.locator("svg.live").get_attribute("viewBox")
    assert view is not None
    assert float(view.split()[2]) == pytest.approx(box["width"], abs=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_page_is_whole_without_a_script(browser: Browser, url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{url}levels/gauge/S1.en.html")
    assert page.locator("svg.hydrograph:visible").count() == 1
    said = sentence(VIEWS[0].outlooks[0], VIEWS[0].network, "en", VIEWS[0].zone)
    assert page.locator("p.said").inner_text() == said
    assert page.locator("#gauge-page figcaption li").count() >= 3
    context.close()


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a site whose gauges' pages fill themselves."""
    monkeypatch.setattr(layout, "LARGE", 10)
    draw(VIEWS[:1], tmp_path)
    return tmp_path


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_of_a_large_network_fills_itself_even_from_a_folder(
    page: Page, many: Path, language: Language
) -> None:
    page.goto((many / "levels" / "gauge" / f"S66{ending(language)}.html").as_uri())
    page.locator("svg.live").wait_for()
    view = VIEWS[0]
    told = sentence(view.outlooks[65], view.network, language, view.zone)
    assert page.locator("p.said").inner_text() == told
    assert page.locator("header .banner:visible").count() == 2  # simulated, replay


def test_a_page_of_a_large_network_turns_unknown_when_it_is_overdue(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "LARGE", 10)
    draw([replace(VIEWS[0], replay=False)], tmp_path)
    page.clock.set_fixed_time("2020-07-01T03:00:00Z")
    page.goto((tmp_path / "levels" / "gauge" / "S1.en.html").as_uri())
    page.locator("svg.live").wait_for()
    assert page.locator("#stale").is_visible()
    assert page.locator(".headline .badge").inner_text() == "unknown"


def test_a_gauge_whose_numbers_are_gone_says_so(browser: Browser, many: Path) -> None:
    for shard in (many / "levels" / "data").glob("*/h/0.js"):
        shard.unlink()
    page = browser.new_page()
    page.goto((many / "levels" / "gauge" / "S1.en.html").as_uri())
    page.locator("#gone").wait_for(state="visible")
    assert "could not be read" in page.locator("#gauge-page").inner_text()
    page.close()


def test_a_page_that_filled_itself_has_no_accessibility_violation(page: Page, many: Path) -> None:
    with served(many) as address:
        page.goto(f"{address}levels/gauge/S1.html")
        page.locator("svg.live").wait_for()
        assert violations(page) == []


def edited(view: View) -> View:
    """Return a view in which a person added half a metre at the first gauge."""
    times: dict[str, Any] = {"created": ISSUE, "issued": ISSUE, "expires": ISSUE + 6 * HOUR}
    own = Edit("e1", "S1", "offset", 0.5, HOSTILE, "당직 수문관", **times)
    found = apply(view.forecast, view.outlooks, [own], view.network, ISSUE)
    known = Reviewed(view.forecast, view.outlooks, changes=found.changes)
    return replace(view, forecast=found.forecast, outlooks=found.outlooks, review=known)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_edited_gauge_of_a_large_network_shows_both_forecasts_and_who_changed_it(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: Language
) -> None:
    monkeypatch.setattr(layout, "LARGE", 10)
    draw([edited(VIEWS[0])], tmp_path)
    page.set_viewport_size({"width": 390, "height": 800})
    with served(tmp_path) as address:
        page.goto(f"{address}levels/gauge/S1{ending(language)}.html")
        page.locator(".edits svg.live").nth(1).wait_for()
        assert violations(page) == []
    told = page.locator(".edits .edit").inner_text()
    assert told.startswith("+0.50 m")
    assert "당직 수문관" in told
    assert HOSTILE in told
    before, after = page.locator(".edits figcaption").all()
    captions = {"ko": ("자동 산출", "수정 후 (게시)"), "en": ("Automatic", "Edited (shown)")}
    assert before.inner_text().startswith(captions[language][0])
    assert after.inner_text().startswith(captions[language][1])
    peak = VIEWS[0].outlooks[0].peak
    assert before.inner_text().endswith(f"{peak:.2f} m")
    assert after.inner_text().endswith(f"{peak + 0.5:.2f} m")
    ticks = "svg => [...svg.querySelectorAll('.label.end')].map(text => text.textContent)"
    scales = [svg.evaluate(ticks) for svg in page.locator(".edits svg.live").all()]
    assert scales[0] == scales[1]  # one scale: the two can be compared
    assert page.locator("p.review").get_attribute("data-state") == "automatic"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.goto((tmp_path / "levels" / "gauge" / f"S2{ending(language)}.html").as_uri())
    page.locator("svg.live").wait_for()
    assert page.locator(".edits").count() == 0  # nobody edited this one


def test_an_edited_gauge_that_is_opened_beside_the_list_shows_both_forecasts(
    page: Page, tmp_path: Path
) -> None:
    draw([edited(VIEWS[0])], tmp_path)
    with served(tmp_path) as address:
        page.goto(f"{address}levels/index.en.html")
        page.evaluate("Mulgil.openGauge(0)")
        page.locator("#gauge .edits svg.live").nth(1).wait_for()
        assert violations(page) == []
    assert page.locator("#gauge .edits h3").inner_text().startswith("Edited")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_an_open_gauge_has_no_accessibility_violation(
    page: Page, url: str, scheme: Any, width: int
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{url}river/index.en.html")
    for n in (0, 6, 10):  # with all there is, silent, without thresholds
        page.evaluate(f"Mulgil.openGauge({n})")
        page.locator("#gauge svg.live").wait_for()
        assert violations(page) == []


def test_a_hostile_name_is_shown_as_text(page: Page, tmp_path: Path) -> None:
    bad = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"
    first = replace(VIEWS[0].network.stations[0], name_en=bad, river_en=bad)
    stations = (first, *VIEWS[0].network.stations[1:])
    view = replace(VIEWS[0], network=replace(VIEWS[0].network, stations=stations))
    draw([plain_view(view)], tmp_path)
    page.goto((tmp_path / "levels" / "index.en.html").as_uri())
    page.evaluate("Mulgil.openGauge(0)")
    page.locator("#gauge svg.live").wait_for()
    assert page.locator("#gauge h2 bdi").first.inner_text() == bad
    assert page.title() != "run"


def violations(page: Page) -> list[str]:
    """Return what axe finds, its rule on the size of targets included."""
    rules = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=rules).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found]
