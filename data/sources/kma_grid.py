"""The cell of KMA's forecast grid in which a place lies.

Lambert conformal conic on a sphere, cells of 5 km, standard parallels 30 and 60 N; cell (43, 136)
is centred on 38 N, 126 E. Source: KMA, guide to VilageFcstInfoService_2.0.
"""

from collections.abc import Iterable
from math import cos, floor, log, pi, radians, sin, tan

from data.sources.asking import Spot

RADIUS = 6371.00877 / 5.0  # of the earth, in cells
ORIGIN = (38.0, 126.0)  # latitude, longitude of the centre of cell (43, 136)
ORIGIN_CELL = (43, 136)
SIZE = (149, 253)  # cells from west to east, from south to north


def _opening(latitude: float) -> float:
    return tan(pi / 4 + radians(latitude) / 2)


CONE = log(cos(radians(30)) / cos(radians(60))) / log(_opening(60) / _opening(30))
SCALE = RADIUS * cos(radians(30)) * _opening(30) ** CONE / CONE


def cell(latitude: float, longitude: float) -> tuple[int, int] | None:
    """Return (nx, ny) of a place in WGS 84 [degrees]; None if it lies outside KMA's grid."""
    if not (-80 < latitude < 89 and -180 <= longitude <= 180):
        return None
    distance = SCALE / _opening(latitude) ** CONE
    angle = CONE * radians((longitude - ORIGIN[1] + 180) % 360 - 180)
    x = distance * sin(angle) + ORIGIN_CELL[0]
    y = SCALE / _opening(ORIGIN[0]) ** CONE - distance * cos(angle) + ORIGIN_CELL[1]
    nx, ny = floor(x + 0.5), floor(y + 0.5)
    return (nx, ny) if 1 <= nx <= SIZE[0] and 1 <= ny <= SIZE[1] else None


def spots_by_cell(
    spots: Iterable[Spot],
) -> tuple[dict[tuple[int, int], list[str]], tuple[str, ...]]:
    """Return the ids of the spots in each cell, and a sentence for each spot that is in none."""
    cells: dict[tuple[int, int], list[str]] = {}
    lost = []
    for spot in spots:
        here = cell(spot.latitude, spot.longitude)
        if here is None:
            place = f"({spot.latitude}, {spot.longitude})"
            lost.append(f"{spot.id}: its place {place} is not in KMA's forecast grid.")
        else:
            cells.setdefault(here, []).append(spot.id)
    return cells, tuple(lost)
