"""The land under the gauges, from a file of our own: no tiles, no other host."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import shapely

from data.network import Network

LAND = Path(__file__).parent / "assets" / "land.json"  # Natural Earth 1:50m, public domain
AROUND = 30.0  # degrees of land beyond the outermost gauges; its cut edge is out of sight


def land(network: Network) -> list[Any]:
    """Return the land around a network's gauges: rings of [latitude, longitude]."""
    longitudes = [station.longitude for station in network.stations]
    latitudes = [station.latitude for station in network.stations]
    window = shapely.box(
        min(longitudes) - AROUND,
        min(latitudes) - AROUND,
        max(longitudes) + AROUND,
        max(latitudes) + AROUND,
    )
    near = shapely.intersection(_world(), window)
    parts = [part for part in shapely.get_parts(near) if isinstance(part, shapely.Polygon)]
    return [[[round(y, 2), round(x, 2)] for x, y in part.exterior.coords] for part in parts]


@cache
def _world() -> shapely.Geometry:
    return shapely.make_valid(shapely.geometry.shape(json.loads(LAND.read_text())["geometry"]))
