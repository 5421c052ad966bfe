"""What if the rain had fallen elsewhere: taken from one station, or moved by some km."""

import numpy as np
import xarray as xr

from data.errors import InvalidData
from data.network import Network

KM = 111.2  # of a degree of latitude
FAR = 30.0  # km: rain measured that far away may be another rain


def taken_from(place: str, rain: xr.DataArray, network: Network) -> tuple[xr.DataArray, str]:
    """Return rain (station, time) as it fell elsewhere, and what was done.

    Args:
        place: A station, whose rain falls everywhere; or km east and north that the rain is moved
            by, e.g. `12,-5`: each gauge gets the rain of the gauge nearest to where it comes from.

    Raises:
        InvalidData: It is neither.
    """
    if place in network.ids:
        one = rain.sel(station=place, drop=True)
        said = (
            f"모든 지점에 {place} 지점의 강우를 넣었습니다. "
            f"The rain of {place} falls at every gauge."
        )
        return one.broadcast_like(rain).transpose(*rain.dims), said
    east, north = _kilometres(place, network)
    rows, far = _nearest(network, east, north)
    moved = rain.isel(station=rows).assign_coords(station=rain.station.values)
    said_ko = f"강우를 동쪽으로 {east:g} km, 북쪽으로 {north:g} km 옮겼습니다"
    said_en = f"Rain was moved {east:g} km east and {north:g} km north"
    if bool(_same(moved, rain)):
        return moved, f"{said_ko}만 바뀐 것이 없습니다. {said_en}, which changes nothing here."
    if far > FAR:
        return moved, (
            f"{said_ko}. 가장 먼 대체 지점은 {far:.0f} km 떨어져 있습니다. "
            f"{said_en}; the farthest gauge that stands in lies {far:.0f} km away."
        )
    return moved, f"{said_ko}. {said_en}."


def _same(moved: xr.DataArray, rain: xr.DataArray) -> bool:
    return bool(np.array_equal(moved.values, rain.values, equal_nan=True))


def _kilometres(place: str, network: Network) -> tuple[float, float]:
    parts = place.replace("−", "-").split(",")
    try:
        east, north = (float(part) for part in parts)
    except ValueError as e:
        known = ", ".join(network.ids[:5])
        raise InvalidData(
            f"'{place}' is no station of '{network.name}' and no distance.",
            f"Write one of {known}, or km east and north such as 12,-5.",
        ) from e
    if not (abs(east) <= 500 and abs(north) <= 500):
        raise InvalidData(f"Rain cannot be moved by {place} km.", "Stay within 500 km.")
    return east, north


def _nearest(network: Network, east: float, north: float) -> tuple[list[int], float]:
    """Return for each gauge the row that its rain comes from, and the largest distance [km]."""
    latitude = np.array([station.latitude for station in network.stations])
    longitude = np.array([station.longitude for station in network.stations])
    across = KM * np.cos(np.deg2rad(latitude.mean()))
    x, y = across * longitude, KM * latitude
    apart = np.hypot(x - (x[:, None] - east), y - (y[:, None] - north))  # (to, from)
    rows = apart.argmin(axis=1)
    return [int(row) for row in rows], float(apart.min(axis=1).max())
