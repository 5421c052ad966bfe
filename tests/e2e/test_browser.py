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
from playwright.sync_api import Browser, Page, expect, sync_playwright

from data.network import Network
from data.sources import simulated
from forecast.outlook import assess
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


def on_map(page: Page) -> Any:
    """Return the gauges that the map draws, by number, with their stages."""
    return page.evaluate(
        "() => { const layer = Object.values(map_flood._layers).find(one => one.seen);"
        " return Array.from(layer.seen.n.slice(0, layer.seen.count))"
        ".map(n => [n, Mulgil.stage(n, Mulgil.state().position)]); }"
    )


def place_of(page: Page, gauge: int) -> tuple[float, float]:
    """Return where a gauge lies on the screen."""
    x, y = page.evaluate(
        "n => { const all = Mulgil.stations(), frame = map_flood.getContainer();"
        " const box = frame.getBoundingClientRect();"
        " const at = map_flood.latLngToContainerPoint([all.latitude[n], all.longitude[n]]);"
        " return [at.x + box.left, at.y + box.top]; }",
        gauge,
    )
    return float(x), float(y)


def names(page: Page) -> list[str]:
    """Return the names in the list."""
    return page.locator("#gauges h3 a").all_inner_texts()


def listen(page: Page) -> tuple[list[str], list[str]]:
    """Return what the page complains of and what it asks for, filled in as it goes."""
    complaints: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    return complaints, requests


def many(view: View, count: int) -> View:
    """Return a view of many gauges, made of the five that there are."""
    stations = simulated.network(gauges=count).stations
    river = replace(view.network, stations=stations)
    places = [at % 5 for at in range(count)]
    forecast = view.forecast.isel(station=places).assign_coords(station=river.ids)
    observed = view.observations.isel(station=places).assign_coords(station=river.ids)
    outlooks = assess(forecast.isel(issue_time=0), river)
    return replace(view, network=river, forecast=forecast, observations=observed, outlooks=outlooks)


def test_every_page_loads_in_silence_from_its_own_host_alone(browser: Browser, url: str) -> None:
    page = browser.new_page()
    complaints, requests = listen(page)
    for name in PAGES:
        page.goto(url + name)
    page.close()
    assert complaints == []
    assert [asked for asked in requests if not asked.startswith((url, "data:"))] == []


def test_the_map_draws_each_gauge_the_worst_on_top_and_opens_it(browser: Browser, url: str) -> None:
    page = in_time(browser.new_page())
    page.goto(url + "simulated/index.en.html")
    assert on_map(page) == [[0, 4], [1, 2], [2, 1], [4, -1], [3, 0]]  # drawn from the last on
    page.locator("#map_flood").scroll_into_view_if_needed()
    page.mouse.click(*place_of(page, 1))
    page.locator("dialog svg").first.wait_for()
    assert page.locator("dialog h2").inner_text().startswith("Simulated 2")
    page.close()


def test_each_stage_has_its_own_shape(browser: Browser, url: str) -> None:
    page = in_time(browser.new_page())
    page.goto(url + "simulated/index.en.html")
    shapes = page.locator(".legend svg").evaluate_all("all => all.map(s => s.innerHTML)")
    assert len(set(shapes)) == 6
    page.close()


def test_it_works_from_a_folder_without_any_server(browser: Browser, folder: Path) -> None:
    page = browser.new_page()
    complaints, _ = listen(page)
    in_time(page).goto((folder / "simulated" / "index.html").as_uri())
    assert len(on_map(page)) == 5
    page.locator("#q").fill("s3")
    expect(page.locator("#gauges > li")).to_have_count(1)
    page.locator("#gauges a").click()
    page.locator("dialog svg").first.wait_for()
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


def test_the_keyboard_walks_the_map_opens_a_gauge_and_comes_back(
    browser: Browser, url: str
) -> None:
    page = in_time(browser.new_page())
    page.goto(url + "simulated/index.en.html")
    said = page.locator("#map-said")
    page.locator("#map_flood").focus()
    for key, told in (
        ("n", "Simulated 1 · Simulated River · severe. 1 of 5 in view"),
        ("n", "Simulated 2 · Simulated River · watch. 2 of 5 in view"),
        ("p", "Simulated 1 · Simulated River · severe. 1 of 5 in view"),
        ("p", "Simulated 4 · Simulated River · normal. 5 of 5 in view"),
    ):
        page.keyboard.press(key)
        expect(said).to_have_text(told)
    page.keyboard.press("Enter")
    page.locator("dialog svg").first.wait_for()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()
    assert page.evaluate("document.activeElement.id") == "map_flood"
    page.close()


def test_the_whole_page_can_be_used_with_the_keyboard_alone(browser: Browser, url: str) -> None:
    page = in_time(browser.new_page())
    page.goto(url + "simulated/index.en.html")
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.id || document.activeElement.textContent")
        )
        if reached[-1] == "map_flood":
            break
    order = ["play", "lead", "q", "river", "Simulated 1", "Simulated 2", "map_flood"]
    assert [place for place in reached if place in order] == order
    page.locator("#lead").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#lead-said")).to_have_text("Now · 09:00 KST")
    page.keyboard.press("Home")
    page.locator("#gauges a").first.focus()
    page.keyboard.press("Enter")
    page.locator("dialog svg").first.wait_for()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()
    assert page.evaluate("document.activeElement.textContent") == "Simulated 1"
    page.close()


def test_a_korean_keyboard_walks_the_map_by_the_same_keys(browser: Browser, url: str) -> None:
    page = in_time(browser.new_page())
    page.goto(url + "simulated/index.html")
    page.locator("#map_flood").focus()
    page.evaluate(
        "document.activeElement.dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'ㅜ', code: 'KeyN', bubbles: true}))"
    )
    expect(page.locator("#map-said")).to_contain_text("모의 1 · 모의강 · 심각")
    page.close()


def test_letters_typed_in_the_search_do_not_move_the_map(browser: Browser, url: str) -> None:
    page = in_time(browser.new_page())
    page.goto(url + "simulated/index.en.html")
    page.locator("#q").press_sequentially("n")
    assert page.locator("#map-said").inner_text() == ""
    page.close()


def test_the_legend_shows_only_the_chosen_stages(browser: Browser, url: str) -> None:
    page = in_time(browser.new_page())
    page.goto(url + "simulated/index.en.html")
    severe, unknown = (page.locator(f".legend button[data-stage='{s}']") for s in (4, -1))
    severe.click()
    unknown.press("Enter")
    expect(page.locator("#gauges > li")).to_have_count(2)
    assert names(page) == ["Simulated 1", "Simulated 5"]
    assert on_map(page) == [[0, 4], [4, -1]]
    assert severe.get_attribute("aria-pressed") == "true"
    assert page.url.endswith("#stage=unknown%2Csevere") or page.url.endswith(
        "#stage=severe%2Cunknown"
    )
    severe.click()
    unknown.click()
    expect(page.locator("#gauges > li")).to_have_count(5)
    assert page.locator(".legend button[data-stage='3']").is_disabled()  # no gauge is in it
    page.close()


def test_the_time_changes_map_list_and_counts_and_unknown_stays_unknown(
    browser: Browser, url: str
) -> None:
    page = in_time(browser.new_page())
    page.goto(url + "simulated/index.en.html")
    assert page.locator("#lead-said").inner_text() == "Worst in the forecast period"
    page.locator("#lead").fill("1")  # now: all have 1.00 m
    expect(page.locator("#lead-said")).to_have_text("Now · 09:00 KST")
    expect(page.locator("#gauges .badge").first).to_have_text("unknown")  # above the normal ones
    assert sorted(on_map(page)) == [[0, 0], [1, 0], [2, 0], [3, 0], [4, -1]]
    page.locator("#lead").fill("13")  # twelve hours ahead: S1 is at 3.25 m, S2 at 2.25 m
    expect(page.locator("#lead-said")).to_have_text("+12 hours · 21:00 KST")
    assert sorted(on_map(page)) == [[0, 2], [1, 1], [2, 0], [3, 0], [4, -1]]
    assert page.locator(".legend b").all_inner_texts() == ["0", "0", "1", "1", "1", "2"]
    assert names(page)[:3] == ["Simulated 1", "Simulated 2", "Simulated 5"]
    page.close()


def test_the_time_runs_by_itself_and_can_be_stopped(browser: Browser, url: str) -> None:
    page = browser.new_page()
    page.clock.install(time="2020-07-01T00:30:00Z")
    page.goto(url + "simulated/index.en.html")
    play = page.locator("#play")
    play.click()
    assert (play.inner_text(), page.locator("#lead").input_value()) == ("Stop", "1")
    page.clock.run_for(1500)
    expect(page.locator("#lead")).to_have_value("3")
    play.click()
    page.clock.run_for(3000)
    assert (play.inner_text(), page.locator("#lead").input_value()) == ("Play", "3")
    play.click()
    page.clock.run_for(30_000)
    assert (play.inner_text(), page.locator("#lead").input_value()) == ("Play", "25")
    page.close()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("모의 3", ["Simulated 3"]),  # a Korean name on the English page
        ("simulated 4", ["Simulated 4"]),
        ("s2", ["Simulated 2"]),  # the code
        ("river 5", ["Simulated 5"]),  # a word of the river, one of the name
        ("nothing", []),
    ],
)
def test_a_search_finds_names_in_both_languages_rivers_and_codes(
    browser: Browser, url: str, asked: str, found: list[str]
) -> None:
    page = in_time(browser.new_page())
    page.goto(url + "simulated/index.en.html")
    page.locator("#q").fill(asked)
    expect(page.locator("#gauges > li")).to_have_count(len(found))
    assert names(page) == found
    told = f"{len(found)} of 5 gauges" if found else "No gauge matches."
    assert page.locator("#found").inner_text() == told
    assert len(on_map(page)) == len(found)
    page.locator("#clear").click()
    expect(page.locator("#gauges > li")).to_have_count(5)
    page.close()


def test_a_link_shows_what_it_was_made_of_in_either_language(browser: Browser, url: str) -> None:
    page = in_time(browser.new_page())
    page.goto(url + "simulated/index.en.html#q=simulated&stage=watch,unknown&lead=12h&river=모의강")
    expect(page.locator("#gauges > li")).to_have_count(2)
    assert names(page) == ["Simulated 1", "Simulated 5"]
    assert page.locator("#river").evaluate("s => s.selectedOptions[0].text") == "Simulated River"
    page.locator("nav a[hreflang=ko]").click()
    page.locator("#lead-said", has_text="+12시간").wait_for()
    expect(page.locator("#gauges > li")).to_have_count(2)
    assert names(page) == ["모의 1", "모의 5"]
    page.close()


def test_of_many_gauges_the_page_holds_fifty_and_makes_the_others(
    browser: Browser, tmp_path: Path, make_view: Maker
) -> None:
    draw([many(make_view(RIVER), 120)], tmp_path)
    page = in_time(browser.new_page())
    complaints, _ = listen(page)
    page.goto((tmp_path / "simulated" / "index.en.html").as_uri())
    written = page.locator("#gauges > li")
    assert written.count() == 50
    assert page.locator("#found").inner_text() == "All 120 gauges"
    first = page.locator("#gauges .said").nth(0).inner_text()
    page.locator("#more").click()
    expect(written).to_have_count(100)
    assert page.locator("#gauges .badge").nth(99).inner_text() == "normal"
    assert "5 % or less chance" in page.locator("#gauges > li").nth(99).inner_text()
    page.locator(".legend button[data-stage='-1']").click()
    expect(written).to_have_count(24)
    assert "unknown: The last reading is 9 h old" in written.nth(23).inner_text()
    page.locator(".legend button[data-stage='-1']").click()
    expect(written).to_have_count(50)
    assert page.locator("#gauges .said").nth(0).inner_text() == first
    page.close()
    assert complaints == []


def test_without_javascript_the_rest_of_many_gauges_is_a_file_away(
    browser: Browser, tmp_path: Path, make_view: Maker
) -> None:
    draw([many(make_view(RIVER), 120)], tmp_path)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((tmp_path / "simulated" / "index.en.html").as_uri())
    assert page.locator("li.gauge").count() == 50
    assert page.locator("#found").inner_text().startswith("The worst 50 of 120 gauges.")
    assert page.locator("a[href='gauges.csv']").is_visible()
    assert not page.locator("#choices").is_visible()
    context.close()


def test_an_overdue_map_draws_every_gauge_as_unknown_and_so_does_a_search(
    browser: Browser, url: str
) -> None:
    page = browser.new_page()
    page.clock.set_fixed_time("2020-07-01T03:00:00Z")
    page.goto(url + "simulated/index.en.html#lead=12h&stage=severe")
    assert {stage for _, stage in on_map(page)} == {-1}
    assert not page.locator("#time").is_visible()
    page.locator("#q").fill("s1")
    expect(page.locator("#gauges > li")).to_have_count(1)
    assert page.locator("#gauges .badge").inner_text() == "unknown"
    page.close()


def test_a_page_that_grows_old_while_it_is_read_turns_unknown_without_a_network(
    browser: Browser, url: str
) -> None:
    context = browser.new_context()
    page = in_time(context.new_page())
    page.goto(url + "simulated/index.en.html")
    assert page.locator("#gauges .badge").first.inner_text() == "severe"
    context.set_offline(True)
    page.clock.fast_forward("02:00:00")
    expect(page.locator("#gauges .badge").first).to_have_text("unknown")
    assert {stage for _, stage in on_map(page)} == {-1}
    context.close()


def test_a_page_whose_data_are_gone_says_so(browser: Browser, folder: Path) -> None:
    page = in_time(browser.new_page())
    page.goto((folder / "simulated" / "index.en.html").as_uri())
    for gone in (folder / "simulated" / "data").glob("names.*.js"):
        gone.unlink()  # another forecast took its place
    page.locator("#q").fill("s1")
    expect(page.locator("#gone")).to_be_visible()
    assert not page.locator("#newer").is_visible()  # it may be the connection
    page.close()


def test_without_the_data_of_the_others_a_list_still_shows_what_the_page_holds(
    browser: Browser, tmp_path: Path, make_view: Maker
) -> None:
    draw([many(make_view(RIVER), 120)], tmp_path)
    page = in_time(browser.new_page())
    page.goto((tmp_path / "simulated" / "index.en.html").as_uri())
    for gone in (tmp_path / "simulated" / "data").glob("values.*.js"):
        gone.unlink()
    page.locator(".legend button[data-stage='1']").click()  # 24 gauges, 2 of them in the page
    expect(page.locator("#gone")).to_be_visible()
    expect(page.locator("#gauges")).to_have_attribute("aria-busy", "false")
    assert set(page.locator("#gauges .badge").all_inner_texts()) == {"attention"}
    assert page.locator("#found").inner_text() == "24 of 120 gauges"
    page.close()


def test_a_reader_is_told_of_a_newer_forecast_and_keeps_the_page(
    browser: Browser, folder: Path
) -> None:
    page = in_time(browser.new_page())
    page.goto((folder / "simulated" / "index.en.html").as_uri())
    page.locator("#lead").fill("13")
    latest = folder / "simulated" / "data" / "latest.js"
    page.clock.run_for("35:00")
    assert not page.locator("#newer").is_visible()  # the same forecast still
    text = latest.read_text(encoding="utf-8")
    latest.write_text(text.replace("2020-07-01T00:00Z", "2020-07-01T01:00Z"), encoding="utf-8")
    page.clock.run_for("05:00")
    expect(page.locator("#newer")).to_be_visible()
    assert page.locator("#lead").input_value() == "13"
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
    page.locator("#map_flood").focus()
    page.keyboard.press("n")
    expect(page.locator("#map-said")).to_contain_text(bad)
    page.mouse.move(*place_of(page, 1))
    expect(page.locator(".leaflet-tooltip")).to_contain_text(bad)
    page.locator("#q").fill("img")
    expect(page.locator("#found")).to_have_text("All 5 gauges")
    page.keyboard.press("Escape")
    page.locator("#gauges a").first.click()
    expect(page.locator("dialog h2")).to_contain_text(bad)
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
    assert weight < 110_000


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
    page.locator("#lead").fill("13")
    page.locator(".legend button[data-stage='1']").click()
    page.locator("#map_flood").focus()
    page.keyboard.press("n")
    page.keyboard.press("Enter")
    page.locator("dialog svg").first.wait_for()
    assert violations(page) == []
    context.close()


def violations(page: Page) -> list[str]:
    """Return what axe finds, its rule on the size of targets included."""
    rules = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=rules).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found]
