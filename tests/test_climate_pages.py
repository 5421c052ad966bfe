"""The pages of the climate map: what they must say, and that all their numbers agree."""

import csv
import json
import re
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from forecast.climate.atlas import Atlas
from forecast.climate.catalogue import layer
from maps.climate import classes, geometry
from maps.climate.headline import headline
from maps.climate.published import change, integers, rounded, written
from maps.climate.site import draw

HOSTILE = """<img src=x onerror=alert(1)></script><script>alert(2)</script>"'&{{ 7 * 7 }}\u202e"""
# Machado, Oliveira & Fernandes (2009), doi:10.1109/TVCG.2009.113, severity 1, of linear RGB
SIM: dict[str, list[float]] = {
    "normal": [1, 0, 0, 0, 1, 0, 0, 0, 1],
    "protan": [
        *(0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216),
        *(-0.003882, -0.048116, 1.051998),
    ],
    "deutan": [
        *(0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413),
        *(-0.011820, 0.042940, 0.968881),
    ],
    "tritan": [
        *(1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602),
        *(0.004733, 0.691367, 0.303900),
    ],
}


@pytest.fixture
def site(tmp_path: Path, make_atlas: Callable[[], Atlas]) -> Path:
    draw(make_atlas(), tmp_path)
    return tmp_path


class Elements(HTMLParser):
    """Collects the elements of a page."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def block(page: Path, name: str = "atlas") -> Any:
    found = re.search(rf'id="{name}">(.*?)</script>', page.read_text(encoding="utf-8"))
    assert found is not None
    return json.loads(found[1])


def loaded(path: Path) -> Any:
    text = path.read_text(encoding="utf-8")
    return json.loads(text[text.index(",") + 1 : text.rindex(")")])


def table(site: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((site / "csv" / f"{name}.csv").read_text("utf-8").splitlines()))


def test_a_change_is_computed_from_rounded_levels() -> None:
    warm, rain = layer("tas"), layer("PRCPTOT")
    assert change(np.array([12.35]), np.array([10.0]), warm).tolist() == [2.35]
    assert change(np.array([1200.0]), np.array([1000.0]), rain).tolist() == [20.0]
    assert np.isnan(change(np.array([5.0, 5.0]), np.array([0.0, np.nan]), rain)).all()


def test_numbers_are_rounded_once_and_never_minus_zero() -> None:
    assert written(rounded(np.array([-0.004]), 2).item(), 2) == "0.00"
    assert written(1.5, 1, signed=True) == "+1.5"
    assert written(-2.0, 1) == "−2.0"
    assert integers(np.array([1.25, np.nan, np.inf]), 2) == [125, None, None]


def test_page_values_and_csv_hold_the_same_numbers(site: Path) -> None:
    rows = {(r["code"], r["span"]): r for r in table(site, "tas")}
    window = loaded(site / "data" / "tas-ssp585.js")["2081-2100"]
    codes = [row[0] for row in block(site / "index.html")["regions"]]
    at = codes.index("11110")
    row = rows["11110", "ssp585:2081-2100"]
    told = [f"{window['value'][q][at] / 100:.2f}" for q in range(3)]
    assert told == [row["p10"], row["value"], row["p90"]] == ["26.50", "27.00", "27.50"]
    assert (row["label"], row["models_agree"], row["models"]) == ("SYNTHETIC", "4", "5")
    page = (site / "index.en.html").read_text(encoding="utf-8")
    line = re.search(r'<tr><th scope="row"><a href="region/11110.en.html">.*?</tr>', page)
    assert line is not None
    cells = re.findall("<td>(.*?)</td>", line[0])
    assert cells == ["14.50", "27.00", "+12.50", "+12.00", "+13.00", "robust change", "4 of 5"]


def test_a_missing_value_has_its_reason_and_never_a_zero(site: Path) -> None:
    rows = {(r["code"], r["span"]): r for r in table(site, "tas")}
    assert rows["26110", "1961-1990"]["value"] == ""
    assert rows["26110", "1961-1990"]["note"] == "fewer than 80 % of the baseline's years"
    assert rows["26140", "1961-1990"]["note"] == "no station near"
    seen = loaded(site / "data" / "tas-observed.js")
    assert seen["value"]["1961-1990"][5:] == [None, None]
    assert seen["why"]["1961-1990"] == "0000012"
    gone = next(r for r in table(site, "HD33") if (r["code"], r["span"]) == ("26140", "gwl:2"))
    assert (gone["value"], gone["robustness_word"]) == ("", "no data")


def test_an_index_that_no_model_has_gives_that_as_the_reason(
    tmp_path: Path, make_atlas: Callable[[], Atlas]
) -> None:
    atlas = make_atlas()
    told = atlas.values["future"].where(atlas.values["layer"] != "HD33")
    draw(replace(atlas, values=atlas.values.assign(future=told)), tmp_path)
    notes = {r["note"] for r in table(tmp_path, "HD33") if r["label"] == "SYNTHETIC"}
    assert notes == {"no model run has this index"}


def test_the_netcdf_holds_the_same_numbers(site: Path) -> None:
    with xr.open_dataset(site / "data" / "mulgil-climate.nc", engine="h5netcdf") as ds:
        found = ds["future"].sel(layer="tas", region="11110", window="ssp585:2081-2100")
        assert found.values.round(2).tolist() == [26.5, 27.0, 27.5]
        assert ds.attrs["title"].startswith("SYNTHETIC")
        meanings = dict(
            zip(
                ds["robustness"].attrs["flag_values"].tolist(),
                ds["robustness"].attrs["flag_meanings"].split(),
                strict=True,
            )
        )
        assert meanings[1] == "robust_change"
        assert len(ds["observed_reason"].attrs["flag_meanings"].split()) == 4


def test_every_category_of_robustness_reaches_the_files(site: Path) -> None:
    words = {r["robustness_word"] for r in table(site, "tas") + table(site, "RL100")}
    words |= {r["robustness_word"] for r in table(site, "HD33")}
    assert words - {""} == {
        "no data",
        "robust change",
        "no change beyond natural variability",
        "models conflict",
        "one model only",
        "fewer than 20 effectively independent samples",
    }


def test_one_layer_has_the_same_breaks_for_all_scenarios_and_periods(site: Path) -> None:
    for each in block(site / "index.html")["layers"]:
        for breaks, colours in (each["levels"], each["changes"]):
            assert breaks == sorted(set(breaks))
            assert len(colours) == len(breaks) + 1 <= 7


def test_changes_both_ways_are_symmetric_around_a_neutral_middle() -> None:
    found = classes.of_changes(np.linspace(-8, 10, 100), layer("tas"))
    assert list(found.breaks) == [-b for b in reversed(found.breaks)]
    assert found.colours[3] == "#f7f7f7"
    assert len(found.colours) == 7


@pytest.mark.parametrize("eyes", list(SIM))
def test_neighbouring_classes_stay_apart_for_all_eyes(eyes: str) -> None:
    both, one = np.linspace(-8, 10, 100), np.linspace(0, 10, 100)
    ramps: list[tuple[str, ...]] = [classes.VIRIDIS, classes.WARMTH]
    for name in ("tas", "FD", "PRCPTOT", "CDD"):
        ramps += [classes.of_changes(v, layer(name)).colours for v in (both, one, -one)]
    for ramp in ramps:
        seen = [lab(colour, eyes) for colour in ramp]
        assert min(float(np.linalg.norm(a - b)) for a, b in pairwise(seen)) >= 8


def lab(colour: str, eyes: str) -> np.ndarray:
    """Return CIE L*a*b* (D65) of a colour as such eyes see it."""
    srgb = np.array([int(colour[n : n + 2], 16) for n in (1, 3, 5)]) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(np.reshape(SIM[eyes], (3, 3)) @ linear, 0, 1)
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    share = np.asarray(to_xyz) @ linear / np.array([0.95047, 1.0, 1.08883])
    f = np.where(share > 0.008856, np.cbrt(share), 7.787 * share + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_neighbours_share_every_corner_of_their_border(make_atlas: Callable[[], Atlas]) -> None:
    shapes = geometry.encoded(make_atlas())["shapes"]
    assert "KR" not in shapes

    def edges(code: str) -> set[frozenset[tuple[int, int]]]:
        walked = np.cumsum(np.reshape(shapes[code][0][0], (-1, 2)), axis=0)
        corners = [(int(x), int(y)) for x, y in walked]
        return {frozenset(pair) for pair in pairwise(corners)}

    assert edges("11110") & edges("11140") == {frozenset({(127_000, 36_000), (127_000, 37_000)})}


def test_a_station_says_which_years_are_missing_and_why(site: Path) -> None:
    seoul = (site / "station" / "108.en.html").read_text(encoding="utf-8")
    assert "<li>1995: only 71 % of the days</li>" in seoul
    assert "<li>2000: a month has less than 80 % of its days</li>" in seoul
    sokcho = (site / "station" / "90.en.html").read_text(encoding="utf-8")
    assert "<li>1990–1999: outside 2000–2023: not operating</li>" in sokcho
    assert "<td>2000-03-01 – 2023-12-31</td><td>18 m</td>" in (site / "stations.html").read_text()


def test_a_region_page_tells_every_layer_with_trend_range_and_robustness(site: Path) -> None:
    page = (site / "region" / "26110.en.html").read_text(encoding="utf-8")
    assert page.count("<tr>") == 1 + 5
    assert "+0.200 (+0.100 … +0.300)" in page
    assert "29.00 (28.50 – 29.50) · models conflict" in page
    assert "[SYNTHETIC] SSP5-8.5 2081–2100" in page
    assert "Jung-gu (Na-do)" in page


def test_a_series_is_small_whole_numbers_from_which_all_ends_follow(site: Path) -> None:
    series = loaded(site / "data" / "region" / "KR.js")
    assert set(series["layers"]) == {"tas", "PRCPTOT", "HD33"}  # no season
    middle, down, up = series["layers"]["tas"]["future"]["ssp126"]
    assert (middle[0], down[0], up[0]) == (1340, 100, 100)  # 2024: 13.4, 12.4 .. 14.4
    assert series["layers"]["tas"]["observed"][0] == 1000


def test_every_page_with_futures_says_that_they_are_made_up(site: Path) -> None:
    for path in site.rglob("*.html"):
        if "station" in str(path.relative_to(site)):
            continue
        text = path.read_text(encoding="utf-8")
        assert ("SYNTHETIC: made up." in text) == path.name.endswith(".en.html")
        assert ("합성 자료입니다." in text) == (not path.name.endswith(".en.html"))


def test_real_futures_are_not_called_made_up(
    tmp_path: Path, make_atlas: Callable[[], Atlas]
) -> None:
    atlas = make_atlas()
    facts = replace(atlas.facts, synthetic=False, futures_caveat_ko="", futures_caveat_en="")
    draw(replace(atlas, facts=facts), tmp_path)
    assert "[SYNTHETIC]" not in (tmp_path / "index.en.html").read_text(encoding="utf-8")
    assert {r["label"] for r in table(tmp_path, "tas")} == {"OBSERVED", "PROJECTION"}


def test_the_same_atlas_gives_the_same_bytes(
    tmp_path: Path, make_atlas: Callable[[], Atlas]
) -> None:
    digests = []
    for name in ("one", "two"):
        draw(make_atlas(), tmp_path / name)
        files = sorted(p for p in (tmp_path / name).rglob("*") if p.is_file())
        digests.append([(p.name, sha256(p.read_bytes()).hexdigest()) for p in files])
    assert digests[0] == digests[1]


def test_a_hostile_name_is_text_everywhere(tmp_path: Path, make_atlas: Callable[[], Atlas]) -> None:
    atlas = make_atlas()
    bad = atlas.stations.assign_coords(name_ko=("station", [HOSTILE] * 2))
    draw(replace(atlas, regions=atlas.regions.assign(name_ko=HOSTILE), stations=bad), tmp_path)
    for path in tmp_path.rglob("*.html"):
        page = Elements(path)
        assert page.all("img") == []
        assert all("src" in script or "type" in script for script in page.all("script"))
        assert not any(key.startswith("on") for _, attrs in page.tags for key in attrs)
        assert "\u202e" not in path.read_text(encoding="utf-8")


def test_no_page_asks_another_host_or_carries_script_or_style(site: Path) -> None:
    for path in site.rglob("*.html"):
        page = Elements(path)
        linked = [t.get("src") or t.get("href") for n, t in page.tags if n in ("script", "link")]
        assert not [url for url in linked if url and "//" in url]
        assert page.all("style") == []
        assert not any("style" in attrs for _, attrs in page.tags)


def test_every_link_leads_to_a_file(tmp_path: Path, make_atlas: Callable[[], Atlas]) -> None:
    site = tmp_path / "climate"
    draw(make_atlas(), site)
    others = ("../index.html", "../index.en.html", "../about.html", "../about.en.html")
    for given in others:  # written by the site's other half
        (site / given).write_text("")
    for path in site.rglob("*.html"):
        for tag, attrs in Elements(path).tags:
            url = attrs.get("href") if tag in ("a", "link") else attrs.get("src")
            if url and not url.startswith(("#", "data:", "https://")):
                there = path.parent / re.sub("[?#].*", "", url)
                assert there.resolve().is_file(), f"{path.name}: {url}"


def test_the_geojson_names_and_places_every_region_but_the_country(site: Path) -> None:
    found = json.loads((site / "regions.geojson").read_text(encoding="utf-8"))["features"]
    assert [f["id"] for f in found] == ["11", "26", "11110", "11140", "26110", "26140"]
    assert found[2]["properties"]["name_en"] == "Jung-gu"


def test_the_headline_tells_mean_trend_and_future(make_atlas: Callable[[], Atlas]) -> None:
    told = headline(make_atlas(), "en")
    assert told["link"] == "climate/index.en.html"
    assert told["synthetic"] == "SYNTHETIC"
    assert "11.50 °C, +0.200 °C per decade (+0.100 … +0.300)" in told["said"][0]
    assert told["said"][1].startswith("[SYNTHETIC] SSP5-8.5 2081–2100: Mean temperature +12.50")
    assert headline(make_atlas(), "ko")["said"][0].startswith("전국 평균기온 1991–2020년 11.50")
