"""Simulated gauges as stations: names that say 모의 or SIMULATED, gauge zeros, thresholds."""

from math import nan

import numpy as np

from data.sources.simulated_km import to_degrees
from data.sources.simulated_places import LAND_KM2, SEA, Known, Places
from data.stations import Quantity, Station, Thresholds

_SHARES = (0.45, 0.65, 0.82, 1.0)  # of the severe depth, where a stage begins that is made up
_FALL = (0.4, 3.0)  # m per km, of the gauge zeros on a main stem and off it
_COASTS = {
    "jeju": ("제주", "Jeju"),
    "south": ("남해안", "South Coast"),
    "east": ("동해안", "East Coast"),
    "west": ("서해안", "West Coast"),
}


def stations(where: Places) -> tuple[Station, ...]:
    """Return the gauges as stations, in the order of `where`."""
    latitude, longitude = (np.round(each, 4) for each in to_degrees(where.east, where.north))
    ids, zeros, names = _ids(where), _zeros(where), _Names(where)
    area = drained(where) * LAND_KM2 / len(where.down)
    return tuple(
        Station(
            id=ids[row],
            name_ko=names.ko(row),
            name_en=names.en(row),
            river_ko=f"{names.river(row)[0]} (모의)",
            river_en=f"{names.river(row)[1]} (SIMULATED)",
            latitude=float(latitude[row]),
            longitude=float(longitude[row]),
            gauge_zero=zeros[row],
            quantity=Quantity.WATER_LEVEL,
            upstream=tuple(ids[above] for above in where.above[row]),
            thresholds=_thresholds(where, row, float(area[row])),
        )
        for row in range(len(ids))
    )


def drained(where: Places) -> np.ndarray:
    """Return how many gauges lie at or above each."""
    count = np.ones(len(where.down), int)
    for row in reversed(where.seaward):
        if where.down[row] != SEA:
            count[where.down[row]] += count[row]
    return count


def _ids(where: Places) -> list[str]:
    known = [f"SIM{each.code}" for each in where.known]
    return known + [f"SIM{row:05d}" for row in range(len(known), len(where.down))]


def _zeros(where: Places) -> list[float]:
    """Return gauge zeros [m El.]: the known ones, else so much above the next one downstream."""
    zeros = [each.gauge_zero for each in where.known]
    zeros += [nan] * (len(where.down) - len(zeros))
    for row in where.seaward[:]:
        if row >= len(where.known):
            below = where.down[row]
            away = np.hypot(
                where.east[row] - where.east[below], where.north[row] - where.north[below]
            )
            fall = _FALL[0] if where.stem[row] >= 0 else _FALL[1]
            zeros[row] = round(zeros[below] + fall * float(away), 2) if below != SEA else 0.5
    return zeros


class _Names:
    """The names of gauges: the known ones as they are, all with the word 모의 or SIMULATED."""

    def __init__(self, where: Places) -> None:
        self._where = where
        self._roots = _roots(where)

    def river(self, row: int) -> tuple[str, str]:
        """Return the river that a gauge stands on or drains to, KO and EN."""
        root = self._roots[row]
        if isinstance(root, Known):
            off = self._where.stem[row] < 0
            return (
                (f"{root.river_ko} 지류", f"{root.river_en} tributary")
                if off
                else (
                    root.river_ko,
                    root.river_en,
                )
            )
        return _COASTS[root]

    def ko(self, row: int) -> str:
        """Return the Korean name."""
        if row < len(self._where.known):
            return f"{self._where.known[row].name_ko} 모의"
        return f"모의 {self.river(row)[0]} {row}"

    def en(self, row: int) -> str:
        """Return the English name."""
        if row < len(self._where.known):
            return f"{self._where.known[row].name_en} SIMULATED"
        return f"SIMULATED {self.river(row)[1]} {row}"


def _roots(where: Places) -> list[Known | str]:
    """Return for each gauge the known point whose stem it stands on or drains to, or its coast."""
    found: list[Known | str] = [""] * len(where.down)
    latitude, longitude = to_degrees(where.east, where.north)
    for row in where.seaward:
        if where.stem[row] >= 0:
            found[row] = where.known[where.stem[row]]
        elif where.down[row] == SEA:
            found[row] = _coast(float(latitude[row]), float(longitude[row]))
        else:
            found[row] = found[where.down[row]]
    return found


def _coast(latitude: float, longitude: float) -> str:
    if latitude < 33.9:
        return "jeju"
    if longitude > 128.3 and latitude > 35.3:
        return "east"
    return "south" if latitude < 35.3 and longitude > 126.6 else "west"


def _thresholds(where: Places, row: int, area: float) -> Thresholds:
    """Return the levels at which stages begin; none of them is official for a simulated river."""
    if row < len(where.known):
        method = "SIMULATED gauge; the levels that HRFCO announces for the real point of that name"
        return Thresholds(*where.known[row].levels, "derived", method)
    deep = round(1.5 + 1.6 * float(np.log10(max(area, 1.0))) + 0.03 * (row * 37 % 61), 1)
    attention, watch, warning, severe = (round(share * deep, 1) for share in _SHARES)
    method = "SIMULATED gauge; 45, 65, 82 and 100 % of a depth that grows with the land drained"
    return Thresholds(attention, watch, warning, severe, "derived", method)
