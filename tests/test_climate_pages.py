import csv
import json
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
import xarray as xr

from forecast.climate.atlas import Atlas
from forecast.climate.catalogue import layer
from maps.climate import classes, geometry, map_page, published
from maps.climate.headline import headline
from maps.climate.site import draw

Make = Callable[..., Atlas]


@pytest.fixture
def site(tmp_path: Path, make_atlas: Make) -> Path:
    draw(make_atlas(), tmp_path / "climate")
    return tmp_path / "climate"


def loaded(path: Path) -> dict[str, object]:
    """Return what a value file hands over."""
    found: dict[str, object] = json.loads(path.read_text(encoding="utf-8").split(",", 1)[1][:-3])
    return found


def block(path: Path) -> dict[str, object]:
    text = re.search(r'id="atlas">(.*?)</script>', path.read_text(encoding="utf-8"), re.DOTALL)
    assert text
    found: dict[str, object] = json.loads(text[1])
    return found


def test_a_change_is_the_difference_of_published_levels_or_their_ratio() -> None:
    future, seen = np.array([14.26, np.nan]), np.array([12.61, 12.0])
    np.testing.assert_allclose(published.change(future, seen, layer("tas")), [1.65, np.nan])
    rain = published.change(np.array([150.0, 10.0]), np.array([120.0, 0.0]), layer("PRCPTOT"))
    np.testing.assert_allclose(rain, [25.0, np.nan])  # no percentage of nothing


def test_numbers_are_sent_as_whole_numbers_of_their_last_decimal() -> None:
    assert published.integers(np.array([12.341, np.nan, -0.5]), layer("tas")) == [1234, None, -50]


def test_map_table_csv_and_netcdf_hold_the_same_number(site: Path) -> None:
    values = loaded(next(site.glob("d-*/tas-ssp585.js")))
    sent = values["2081-2100"]["value"][1][5] / 100  # type: ignore[index]
    rows = list(csv.DictReader((site / "csv" / "tas.csv").open(encoding="utf-8")))
    row = next(r for r in rows if r["code"] == "21110" and r["span"] == "ssp585:2081-2100")
    with xr.open_dataset(site / "mulgil-climate.nc", engine="h5netcdf") as ds:
        held = ds["future"].sel(
            layer="tas", region="21110", window="ssp585:2081-2100", quantile=0.5
        )
        assert float(held) == pytest.approx(sent)
    assert float(row["value"]) == sent
    assert row["label"] == "SYNTHETIC"
    page = (site / "index.en.html").read_text(encoding="utf-8")
    seen = float(
        next(r for r in rows if r["code"] == "21110" and r["span"] == "1991-2020")["value"]
    )
    assert f"<td>+{sent - seen:.2f}</td>" in page


def test_a_missing_value_is_null_and_says_why_and_is_never_nought(site: Path) -> None:
    seen = loaded(next(site.glob("d-*/tas-obs.js")))
    assert seen["value"]["1961-1990"][3] is None  # type: ignore[index]
    assert seen["why"]["1961-1990"][3] == "1"  # type: ignore[index]
    rows = csv.DictReader((site / "csv" / "tas.csv").open(encoding="utf-8"))
    row = next(r for r in rows if r["code"] == "11110" and r["span"] == "1961-1990")
    assert (row["value"], row["note"]) == ("", "fewer than 80 % of the baseline's years")


def test_made_up_futures_are_labelled_on_the_page_in_the_legend_and_in_the_files(
    site: Path, make_atlas: Make, tmp_path: Path
) -> None:
    for name, word in (("index.html", "합성"), ("index.en.html", "SYNTHETIC")):
        text = (site / name).read_text(encoding="utf-8")
        assert word in text.split('class="banner"')[1][:80]
        assert block(site / name)["synthetic"] is True
    with xr.open_dataset(site / "mulgil-climate.nc", engine="h5netcdf") as ds:
        assert ds.attrs["synthetic"] == "true"
        assert ds.attrs["title"].startswith("SYNTHETIC")
    draw(make_atlas(synthetic=False), tmp_path / "real")
    text = (tmp_path / "real" / "index.en.html").read_text(encoding="utf-8")
    assert 'class="banner"' not in text
    assert "PROJECTION" in (tmp_path / "real" / "csv" / "tas.csv").read_text(encoding="utf-8")


def test_every_region_has_a_row_and_a_page_and_every_layer_a_csv(site: Path) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    assert page.count('<tr><th scope="row">') == 4  # districts
    assert sorted(p.name for p in (site / "region").glob("*.en.html")) == [
        f"{code}.en.html" for code in ("11", "11110", "11140", "21", "21110", "21140", "KR")
    ]
    assert {p.stem for p in (site / "csv").glob("*.csv")} == {"tas", "PRCPTOT", "RL100", "layers"}


def test_drawing_twice_gives_the_same_bytes(site: Path, make_atlas: Make, tmp_path: Path) -> None:
    draw(make_atlas(), tmp_path / "again")
    for path in site.rglob("*"):
        twin = tmp_path / "again" / path.relative_to(site)
        if path.is_file() and path.suffix != ".nc":
            assert path.read_bytes() == twin.read_bytes(), path.name


def test_a_hostile_name_stays_text(make_atlas: Make, tmp_path: Path) -> None:
    bad = '<img src=x onerror="alert(1)">{{ 7 * 7 }}'
    draw(make_atlas(name=bad), tmp_path / "bad")
    for path in (tmp_path / "bad").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "<img src=x" not in text
        assert 'onerror="alert' not in text.replace("&#34;", "'")
    assert (
        "49" not in (tmp_path / "bad" / "region" / "11110.html").read_text(encoding="utf-8")[:900]
    )


def test_classes_are_the_same_for_all_scenarios_and_round(make_atlas: Make) -> None:
    told = map_page.block(make_atlas(), "en", "d")
    by_id = {each["id"]: each for each in told["layers"]}
    assert len(by_id["tas"]["levels"][0]) == len(by_id["tas"]["levels"][1]) - 1
    assert by_id["tas"]["changes"][0] == tuple(sorted(by_id["tas"]["changes"][0]))
    assert all(round(b, 2) == b for b in by_id["tas"]["changes"][0])


def test_changes_both_ways_are_symmetric_with_a_neutral_middle() -> None:
    found = classes.of_changes(np.linspace(-30, 35, 200), layer("PRCPTOT"))
    assert found.breaks == (-25.0, -15.0, -5.0, 5.0, 15.0, 25.0)
    assert found.colours[3] == "#f5f5f5"
    assert len(found.colours) == 7


def test_changes_one_way_take_no_class_that_nothing_uses() -> None:
    warmer = classes.of_changes(np.linspace(0, 7, 200), layer("tas"))
    assert warmer.breaks == (1.5, 3.0, 4.5, 6.0, 7.5)
    assert warmer.colours[-1] == classes.RED[-1]
    fewer = classes.of_changes(-np.linspace(0, 7, 200), layer("CD12"))  # fewer cold days: red too
    assert fewer.breaks == (-7.5, -6.0, -4.5, -3.0, -1.5)
    assert fewer.colours[0] == classes.RED[-1]


def test_neighbouring_classes_stay_apart_for_colour_blind_eyes() -> None:
    ramps = [classes.VIRIDIS, *(half for both in classes.HALVES.values() for half in both)]
    for matrix in SIMULATED.values():
        for ramp in ramps:
            seen = [lab(matrix @ linear(colour)) for colour in ramp]
            apart = [np.linalg.norm(a - b) for a, b in pairwise(seen)]
            assert min(apart) >= 8, (ramp, apart)


SIMULATED = {  # Machado, Oliveira & Fernandes (2009), severity 1, on linear RGB
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def linear(colour: str) -> np.ndarray:
    value = np.array([int(colour[n : n + 2], 16) for n in (1, 3, 5)]) / 255
    return np.asarray(np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4))


def lab(rgb: np.ndarray) -> np.ndarray:
    """Return CIELAB (D65) of linear RGB; distances are CIE76."""
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.clip(xyz @ rgb, 0, None) / (0.95047, 1.0, 1.08883)
    f = [t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z)]
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_rings_are_steps_from_the_first_corner(make_atlas: Make) -> None:
    ring = geometry.encoded(make_atlas())["shapes"]["11110"][0]
    x, y = np.cumsum(ring[::2]), np.cumsum(ring[1::2])
    corners = set(zip(x.tolist(), y.tolist(), strict=True))
    assert corners == {(126000, 37000), (126500, 37000), (126500, 37500), (126000, 37500)}


def test_geojson_goes_around_the_right_way_and_leaves_out_the_country(site: Path) -> None:
    found = gpd.read_file(site / "regions.geojson").set_index("code")
    assert "KR" not in found.index
    assert shapely.is_ccw(shapely.get_exterior_ring(found.geometry.to_numpy())).all()
    assert found.loc["11110", "name_en"] == "District 11110"


def test_the_front_page_is_told_the_warming_with_its_interval(make_atlas: Make) -> None:
    told = headline(make_atlas(), "en")
    assert told["said"][0] == (
        "Mean temperature of the country 12.0 °C in 1991–2020; +0.30 °C per decade "
        "(+0.20 … +0.40) in 1973–2023."
    )
    assert told["caveat"].startswith("SYNTHETIC")
