"""Boundaries, loaded once by a page: rings of whole-number steps, and GeoJSON for others."""

import json
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from forecast.climate.atlas import Atlas

SCALE = 1_000  # steps in a degree: some 100 m; corners shared by neighbours stay shared
DECIMALS = 4  # of GeoJSON
LEAST = 4  # corners of a ring, the first repeated at the end


def encoded(atlas: Atlas) -> dict[str, Any]:
    """Return {scale, shapes: code -> parts -> rings [x, y, dx, dy, ..]}; without the country."""
    shapes = {
        str(code): _parts(shape) for code, shape in atlas.regions.geometry.items() if code != "KR"
    }
    return {"scale": SCALE, "shapes": shapes}


def geojson(atlas: Atlas) -> str:
    """Return all regions but the country as GeoJSON (RFC 7946), four decimals."""
    features = [
        {
            "type": "Feature",
            "id": str(code),
            "properties": {"code": str(code), **row[["name_ko", "name_en", "parent"]]},
            "geometry": _geometry(row.geometry),
        }
        for code, row in atlas.regions.iterrows()
        if code != "KR"
    ]
    whole = {"type": "FeatureCollection", "attribution": atlas.facts.attribution}
    return json.dumps(whole | {"features": features}, ensure_ascii=False, separators=(",", ":"))


def _geometry(shape: BaseGeometry) -> dict[str, Any]:
    """Return a geometry with right-handed rings, as RFC 7946 asks."""
    turned = shapely.orient_polygons(shapely.set_precision(shape, 10**-DECIMALS))
    found: dict[str, Any] = json.loads(shapely.to_geojson(turned))
    return found


def _parts(shape: BaseGeometry) -> list[list[list[int]]]:
    """Return a shape's parts as [outer ring, holes ..]; those that fall into a line are left out.

    The largest part stays, however small, so that no region disappears.
    """
    by_size = sorted(shapely.get_parts(shape), key=shapely.area, reverse=True)
    parts = [[_steps(ring) for ring in _rings(part)] for part in by_size]
    kept = [[ring for ring in part if len(ring) >= 2 * LEAST] for part in parts]
    return [part for part in kept if part] or parts[:1]


def _rings(part: BaseGeometry) -> list[np.ndarray]:
    """Return the outer ring of a polygon, then its holes, each as (corner, 2) degrees."""
    return [shapely.get_coordinates(ring) for ring in shapely.get_rings(part)]


def _steps(ring: np.ndarray) -> list[int]:
    """Return the first corner and the steps to the others, corners that fall together left out."""
    corners = np.round(ring * SCALE).astype(int)
    moved = np.r_[True, (np.diff(corners, axis=0) != 0).any(axis=1)]
    corners = corners[moved]
    return [int(v) for v in np.diff(corners, axis=0, prepend=np.zeros((1, 2), int)).ravel()]
