"""Means over regions from a grid: the weights once, then one sparse product for everything.

The weight of a cell is the part of the region's area that lies in it (exactextract gives the
covered share of the cell, the cosine of latitude its area). Masking by cell centres instead loses
130 of 250 districts on a 0.25 degree grid.
"""

import exactextract
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from exactextract.raster import NumPyRasterSource
from pyproj import CRS
from scipy import sparse

from data.errors import InvalidData

KNOWN = 0.5  # share of a region's weight that must have values
_EVEN = 1e-4  # by which steps of a grid may differ, relative
_WGS84 = CRS.from_epsg(4326).to_wkt()
_POLYGONS = (3, 6)  # GeoJSON's Polygon and MultiPolygon, as shapely numbers them


def weights(regions: gpd.GeoDataFrame, lat: np.ndarray, lon: np.ndarray) -> sparse.csr_array:
    """Return (region, cell) weights; a row sums to 1, or is empty where a region is off the grid.

    Args:
        regions: Polygons in WGS 84; invalid ones are made valid.
        lat, lon: Centres of the cells [degrees], ascending and even, lon from -180 to 180. A cell
            is counted lat by lat.

    Raises:
        InvalidData: The grid is not like that.
    """
    source = NumPyRasterSource(
        np.zeros((len(lat), len(lon)), dtype="uint8"), *_extent(lat, lon), srs_wkt=_WGS84
    )
    shapes = gpd.GeoDataFrame(
        {"row": np.arange(len(regions))},
        geometry=[_polygons(shape) for shape in regions.geometry],
        crs="EPSG:4326",
    )
    covered = exactextract.exact_extract(
        source, shapes, ["cell_id", "coverage"], include_cols="row", output="pandas"
    )
    return _normalised(_from_north(covered, len(lat), len(lon)), lat, (len(regions), lon.size))


def means(by_area: sparse.csr_array | np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return (..., region) means of (..., cell) values.

    Missing cells are left out; a region of which less than `KNOWN` is known is NaN.
    """
    flat = values.reshape(-1, values.shape[-1]).astype("float64", copy=False)
    there = np.isfinite(flat)
    total = np.asarray(by_area.sum(axis=1)).ravel()
    if there.all():
        found = (by_area @ flat.T).T + np.where(total > 0, 0.0, np.nan)
    else:
        known = (by_area @ there.T.astype("float64")).T
        with np.errstate(invalid="ignore", divide="ignore"):
            found = (by_area @ np.where(there, flat, 0).T).T / known
        found = np.where(known >= KNOWN * np.where(total > 0, total, np.inf), found, np.nan)
    return np.asarray(found.reshape(*values.shape[:-1], by_area.shape[0]))


def _polygons(shape: shapely.Geometry) -> shapely.Geometry:
    """Return the areal parts of a geometry, made valid."""
    parts = shapely.get_parts(shapely.make_valid(shape))
    inner = shapely.get_parts(parts)  # of collections in it
    return shapely.multipolygons(
        [each for each in shapely.get_parts(inner) if shapely.get_type_id(each) in _POLYGONS]
    )


def _extent(lat: np.ndarray, lon: np.ndarray) -> tuple[float, float, float, float]:
    """Return west, south, east, north of a grid."""
    for name, axis in (("latitudes", lat), ("longitudes", lon)):
        steps = np.diff(axis)
        if len(axis) < 2 or (steps <= 0).any() or np.ptp(steps) > _EVEN * steps.mean():
            raise InvalidData(
                f"The {name} of the grid are not ascending in even steps: {axis[:3]} ...",
                "Sort them, or bring the field to a regular grid first.",
            )
    if lon[-1] > 180:
        raise InvalidData(
            f"The longitudes of the grid run to {lon[-1]:g}, expected -180 to 180.",
            "Read the file through data.climate.cf, which turns 0-360 around.",
        )
    dy, dx = (lat[1] - lat[0]) / 2, (lon[1] - lon[0]) / 2
    return lon[0] - dx, lat[0] - dy, lon[-1] + dx, lat[-1] + dy


def _from_north(covered: pd.DataFrame, rows: int, columns: int) -> sparse.csr_array:
    """Return (region, cell) coverage, cells counted from the south as our grids are."""
    lengths = [len(cells) for cells in covered["cell_id"]]
    cell = np.concatenate([*covered["cell_id"], np.zeros(0)]).astype("int64")
    from_south = (rows - 1 - cell // columns) * columns + cell % columns
    share = np.concatenate([*covered["coverage"], np.zeros(0)])
    region = np.repeat(covered["row"].to_numpy(), lengths)
    shape = (len(covered), rows * columns)
    return sparse.csr_array((share.astype("float64"), (region, from_south)), shape=shape)


def _normalised(
    coverage: sparse.csr_array, lat: np.ndarray, shape: tuple[int, int]
) -> sparse.csr_array:
    """Return coverage times the area of the cells, each row divided by its sum."""
    area = np.repeat(np.cos(np.radians(lat)), shape[1])
    pull = sparse.csr_array(coverage * area)
    total = np.asarray(pull.sum(axis=1)).ravel()
    scale = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)
    return sparse.csr_array(sparse.diags_array(scale) @ pull)
