import gzip
import math
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np
import pytest

from data.errors import InvalidData
from data.stations import Stage
from flows import bench_site, bench_site_browser, bench_site_lighthouse, bench_site_naive
from flows import bench_site_table as tables
from flows.bench_site_server import served
from flows.bench_site_views import flood, forecast, view

ISSUE = np.datetime64("2026-07-01T00:00", "ns")
HOUR = np.timedelta64(1, "h")


@pytest.mark.slow
@pytest.mark.skipif(bool(bench_site_browser.absent()), reason=bench_site_browser.absent())
def test_the_bench_gives_every_figure_of_fourteen_gauges() -> None:
    told: list[str] = []
    wanted = bench_site.Asked(sizes=(14,), beside=(14,), rounds=1, phone=False)
    found = bench_site.run(lambda *said: told.append(said[2]), wanted)
    figures = found["figures"]
    assert sorted(figures) == [
        "axe_violations",
        "click_ms",
        "cycle_write_s_14",
        "first_load_kb_14",
        "naive_first_load_kb_14",
        "naive_usable_ms_14",
        "third_party_requests",
        "usable_ms_14",
        "usable_ratio_14",
    ]
    assert figures["third_party_requests"] == 0
    assert figures["axe_violations"] == 0
    assert all(math.isfinite(value) for value in figures.values())
    part = found["detail"]["sizes"]["14"]
    assert part["axe"]["states"] == 5 * 2 * 2 * 2
    assert len(part["click_ms_each"]) == 10
    assert 0 < part["cycle"]["written"] < part["cycle"]["files"]  # the rest was taken over
    assert any("leaflet" in name for name in part["ours"]["loaded"])
    assert found["detail"]["absent"] == {"lighthouse_mobile": "Not asked for."}
    assert told[-1] == "axe"


def test_without_a_browser_the_cycle_is_measured_and_the_rest_says_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bench_site_browser, "executable", lambda: None)
    found = bench_site.run(None, bench_site.Asked(sizes=(3,), beside=(), rounds=1))
    assert list(found["figures"]) == ["cycle_write_s_3"]
    assert "apt install chromium" in found["detail"]["absent"]["browser"]
    assert "apt install chromium" in found["detail"]["absent"]["lighthouse_mobile"]


def test_stock_folium_is_drawn_at_the_sizes_that_it_can_bear() -> None:
    asked = bench_site.asked("20000, 223", False, 5, True)
    assert (asked.sizes, asked.beside) == ((223, 20_000), (223, 2_000))
    assert bench_site.asked("223", True, 1, False).beside == (223, 20_000)
    for wrong in ("", "0", "many", "223,,5", "-3"):
        with pytest.raises(InvalidData, match="no numbers of gauges"):
            bench_site.asked(wrong, False, 5, True)


def test_the_same_flood_goes_on_from_one_forecast_to_the_next() -> None:
    rising = flood(20, ISSUE)
    early, late = forecast(rising, ISSUE), forecast(rising, ISSUE + HOUR)
    one = early.water_level.sel(quantile=0.5).isel(issue_time=0, lead_time=slice(1, None))
    other = late.water_level.sel(quantile=0.5).isel(issue_time=0, lead_time=slice(None, -1))
    assert float(abs(one.values - other.values)[~rising.silent].max()) < 0.3  # the noise of two


def test_a_silent_gauge_of_the_bench_is_unknown_and_the_others_are_not() -> None:
    rising = flood(200, ISSUE)
    shown = view(rising, ISSUE, "run")
    known = [s.thresholds is not None for s in rising.network.stations]
    unknown = [outlook.stage is Stage.UNKNOWN for outlook in shown.outlooks]
    assert 0 < rising.silent.sum() < 20
    assert unknown == [bool(quiet) or not k for quiet, k in zip(rising.silent, known, strict=True)]


def test_the_server_compresses_texts_and_leaves_its_folder_to_nobody(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("물길" * 100, encoding="utf-8")
    (tmp_path / "secret.txt").write_text("no")
    with served(tmp_path / "site") as home:
        with urllib.request.urlopen(home, timeout=5) as answer:  # noqa: S310  # loopback
            body = answer.read()
            assert answer.headers["Content-Encoding"] == "gzip"
            assert int(answer.headers["Content-Length"]) == len(body) < 600
        assert gzip.decompress(body).decode() == "물길" * 100
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{home}..%2fsecret.txt", timeout=5)  # noqa: S310


def test_stock_folium_s_page_asks_no_other_host_once_it_is_turned_to_loopback(
    tmp_path: Path,
) -> None:
    count = bench_site_naive.write(view(flood(3, ISSUE), ISSUE, "run"), tmp_path / "naive")
    text = (tmp_path / "naive" / "index.html").read_text(encoding="utf-8")
    assert count == 10  # files that stock folium links
    assert text.count("L.circleMarker") == 3
    assert 'src="https://' not in text
    assert 'href="https://' not in text.replace('href="https://www', "")
    assert "tile.openstreetmap.org/{z}" not in text
    assert (tmp_path / "naive" / "cdn" / "leaflet.js").stat().st_size > 100_000


def test_lighthouse_s_report_becomes_scores_of_a_hundred() -> None:
    report = {
        "categories": {name: {"score": 0.97} for name in bench_site_lighthouse.CATEGORIES},
        "audits": {key: {"numericValue": 5} for key in bench_site_lighthouse.AUDITS.values()},
    }
    told = bench_site_lighthouse.scores(report)
    assert (told["performance"], told["seo"], told["tbt_ms"]) == (97, 97, 5)
    failed = {"runtimeError": {"code": "NO_FCP", "message": "nothing was painted"}}
    assert bench_site_lighthouse.scores(failed) == {"reason": "NO_FCP: nothing was painted"}


def test_without_node_lighthouse_says_what_it_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert "Node is not on the PATH" in bench_site_lighthouse.ready(tmp_path)


def test_a_figure_is_told_with_its_goal() -> None:
    assert (tables.goal("click_ms"), tables.verdict("click_ms", 200)) == ("<= 200", "met")
    assert tables.verdict("first_load_kb_20000", 301) == "MISSED"
    assert tables.goal("lighthouse_mobile_20000") == ">= 90"
    assert tables.verdict("lighthouse_mobile_20000", 89) == "MISSED"
    assert tables.goal("naive_usable_ms_223") == ""
