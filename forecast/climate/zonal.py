"""Means over regions: weights of the grid's cells once, then one sparse product for everything.

A cell counts by the area of it that lies in the region: centre points alone would lose every
second 시군구 on a grid of 0.25 degrees. Cell areas go with the cosine of the latitude, which is
exact for a cell between two parallels. exactextract (Baston et al., isciences/exactextract) finds
the covered shares; its time goes with the polygons' corners, hardly with the number of cells.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from exactextract import exact_extract
from exactextract.feature import JSONFeature, JSONFeatureSource
from exactextract.raster import NumPyRasterSource
from scipy import sparse

from data.errors import InvalidData

KNOWN = 0.5  # share of a region's area that must have a value
_ROUNDING = 1e-6  # float32 shares: half a region is half
_UNEVEN = 1e-3  # of a step: float32 coordinates are regular, too
_POLYGON = 3  # shapely's type number


@dataclass(frozen=True)
class _Axis:
    """A regular axis of cells, made longer so that all regions lie on it.

    Attributes:
        low: Lower edge of the first cell, `step` its width, `size` the number of cells [degrees].
        before: How many cells were put before the grid's own, which are `own`.
    """

    low: float
    step: float
    size: int
    before: int
    own: int

    @property
    def high(self) -> float:
        return self.low + self.step * self.size

    def centre(self, cell: np.ndarray) -> np.ndarray:
        """Return the coordinate of the middle of a cell."""
        return np.asarray(self.low + self.step * (cell + 0.5))

    def holds(self, cell: np.ndarray) -> np.ndarray:
        """Say which cells are the grid's own."""
        return np.asarray((cell >= self.before) & (cell < self.before + self.own))


class _Shape(JSONFeature):  # type: ignore[misc]  # exactextract is untyped
    """A polygon as WKB: exactextract's own way by JSON text takes twice the time of all else."""

    def __init__(self, wkb: bytes) -> None:
        super().__init__()
        self.wkb = wkb

    def geometry(self) -> bytes:
        """Return the polygon."""
        return self.wkb


class _Shapes(JSONFeatureSource):  # type: ignore[misc]  # exactextract is untyped
    """Polygons as exactextract asks for them."""

    def __iter__(self) -> Iterator[_Shape]:
        yield from map(_Shape, self.src)


def weights(regions: gpd.GeoDataFrame, lat: np.ndarray, lon: np.ndarray) -> sparse.csr_array:
    """Return the share of each region's area that lies in each cell.

    Args:
        regions: Polygons in degrees, longitudes -180 .. 180; invalid ones are made valid.
        lat, lon: Cell centres of a regular grid, ascending [degrees].

    Returns:
        (region, cell), cells lat-major. A row adds up to 1, or to the share of the region that is
        on the grid; it is empty for a region outside.

    Raises:
        InvalidData: The grid is not regular and ascending, or the regions are not in degrees.
    """
    if regions.crs is not None and not regions.crs.is_geographic:
        raise InvalidData(
            f"The regions are in {regions.crs.to_string()}, expected degrees.",
            "Convert them: regions.to_crs('EPSG:4326').",
        )
    shapes = _polygons(regions.geometry.to_numpy())
    west, south, east, north = shapely.total_bounds(shapes)
    rows, columns = _axis("lat", lat, south, north), _axis("lon", lon, west, east)
    region, row, column, share = _covered(shapes, rows, columns)
    area = share * np.cos(np.deg2rad(rows.centre(row)))
    whole = np.bincount(region, area, minlength=len(shapes))
    here = rows.holds(row) & columns.holds(column)
    cell = (row - rows.before) * columns.own + column - columns.before
    return sparse.csr_array(
        ((area / whole[region])[here], (region[here], cell[here])),
        shape=(len(shapes), rows.own * columns.own),
    )


def means(weights: sparse.csr_array | np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the mean of each region; cells without a value are left out.

    Args:
        weights: From `weights`, or any (region, place) whose rows add up to 1.
        values: (..., lat, lon) or (..., cell), NaN = missing.

    Returns:
        float64 (..., region); NaN where less than `KNOWN` of the region has a value.

    Raises:
        InvalidData: The values are on another grid.
    """
    table, lead = _by_cell(values, weights.shape[1])
    gaps = np.isnan(table)
    if gaps.any():
        total = weights @ np.where(gaps, 0, table)
        known = weights @ (~gaps).astype("float64")
    else:
        total = weights @ table
        known = np.asarray(weights.sum(axis=1)).reshape(-1, 1)
    enough = known >= KNOWN - _ROUNDING
    found = np.where(enough, total, np.nan) / np.where(enough, known, 1)
    return np.asarray(found.T.reshape(*lead, weights.shape[0]))


def _by_cell(values: np.ndarray, cells: int) -> tuple[np.ndarray, tuple[int, ...]]:
    """Return values as (cell, all others), and the shape of the others."""
    for lead in (values.shape[:-1], values.shape[:-2]):
        if values.size == cells * int(np.prod(lead)):
            return values.reshape(-1, cells).T, lead
    raise InvalidData(
        f"Values of shape {values.shape} are not on the weights' grid of {cells} cells.",
        "Give (..., lat, lon) or (..., cell) of the grid that the weights were made for.",
    )


def _axis(name: str, centres: np.ndarray, lowest: float, highest: float) -> _Axis:
    step = _step(name, np.asarray(centres, dtype="float64"))
    low, high = centres[0] - step / 2, centres[-1] + step / 2
    before = max(0, int(np.ceil((low - lowest) / step))) if np.isfinite(lowest) else 0
    after = max(0, int(np.ceil((highest - high) / step))) if np.isfinite(highest) else 0
    size = before + len(centres) + after
    return _Axis(float(low - before * step), step, size, before, len(centres))


def _step(name: str, centres: np.ndarray) -> float:
    """Return the width of a cell, or say why the axis will not do."""
    steps = np.diff(centres)
    if len(steps) == 0 or not (steps > 0).all():
        raise InvalidData(
            f"'{name}' is not ascending, or has fewer than two values: {centres[:3]}.",
            f"Sort the grid: ds.sortby('{name}').",
        )
    if np.ptp(steps) > _UNEVEN * steps.mean():
        raise InvalidData(
            f"'{name}' is not regular: steps from {steps.min():g} to {steps.max():g} degrees.",
            "Interpolate to a regular grid first: ds.interp(lat=.., lon=..).",
        )
    if name == "lon" and centres[-1] > 180:
        raise InvalidData(
            f"'lon' goes to {centres[-1]:g}, expected -180 .. 180.",
            "Turn it: ds.assign_coords(lon=(ds.lon + 180) % 360 - 180).sortby('lon').",
        )
    return float(steps.mean())


def _covered(shapes: np.ndarray, rows: _Axis, columns: _Axis) -> tuple[np.ndarray, ...]:
    """Return region, row, column and the covered share of every cell that a region touches."""
    blank = np.broadcast_to(np.float32(0), (rows.size, columns.size))  # takes no memory
    source = NumPyRasterSource(blank, columns.low, rows.low, columns.high, rows.high)
    there = np.flatnonzero(~shapely.is_empty(shapes))
    features = _Shapes(shapely.to_wkb(shapes[there]))
    found = exact_extract(source, features, ["cell_id", "coverage"], output="pandas")
    touched = [len(cells) for cells in found["cell_id"]]
    cell = np.concatenate([np.zeros(0, dtype="int64"), *found["cell_id"]])
    share = np.concatenate([np.zeros(0), *found["coverage"]])
    row, column = np.divmod(cell, columns.size)
    return np.repeat(there, touched), rows.size - 1 - row, column, share


def _polygons(shapes: np.ndarray) -> np.ndarray:
    """Return valid multipolygons; lines and points that mending leaves behind are dropped."""
    mended = np.where(shapely.is_valid(shapes), shapes, shapely.make_valid(shapes))
    parts, region = shapely.get_parts(mended, return_index=True)
    parts, inner = shapely.get_parts(parts, return_index=True)  # multipolygons of a collection
    flat = shapely.get_type_id(parts) == _POLYGON
    out = np.full(len(shapes), shapely.MultiPolygon(), dtype=object)
    if flat.any():
        shapely.multipolygons(parts[flat], indices=region[inner][flat], out=out)
    return out
