"""The ways of the main stems, and the simulated gauges along them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from data.sources.simulated_km import to_degrees, to_km

SEA = -1
_CLOSE = 0.6  # of the spacing: nearer than that a way has met another one, and joins it
_BENDS = 0.35  # of the spacing: how far a gauge stands from the straight way


class Point(Protocol):
    """What a way needs of a known gauge."""

    @property
    def code(self) -> str:
        """Its id."""

    @property
    def place(self) -> tuple[float, float]:
        """Latitude, longitude."""

    @property
    def next(self) -> str:
        """The code of the next one downstream; "" if there is none."""

    @property
    def via(self) -> tuple[tuple[float, float], ...]:
        """Places on the way there, or to the sea."""


class Within(Protocol):
    """What says whether a place is on land."""

    def has(self, latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
        """Say of each place whether it is on land."""


@dataclass(frozen=True)
class Stems:
    """Gauges of the main stems as columns, the known ones first.

    Attributes:
        east, north: Place [km].
        down: The row of the next gauge downstream; `SEA` where there is none.
        stem: The known row whose way down a gauge stands on.
    """

    east: np.ndarray
    north: np.ndarray
    down: np.ndarray
    stem: np.ndarray

    def on(self, land: Within) -> "Stems":
        """Return them without the gauges that would stand in the sea; who drained there goes on."""
        latitude, longitude = to_degrees(self.east, self.north)
        known = np.arange(len(self.down)) <= self.stem.max()
        stays = land.has(latitude, longitude) | known
        row = np.where(stays, np.cumsum(stays) - 1, SEA)
        down = self.down.copy()
        while (lost := (down != SEA) & ~stays[down]).any():
            down[lost] = self.down[down[lost]]
        down = np.where(down == SEA, SEA, row[down])
        return Stems(self.east[stays], self.north[stays], down[stays], self.stem[stays])


@dataclass
class _Growing:
    """Stems as they are laid, a way after the other."""

    east: list[float]
    north: list[float]
    down: list[int]
    stem: list[int]
    laid: list[int] = field(default_factory=list)  # rows of the gauges between known ones

    def near(self, place: tuple[float, float], reach: float, start: int) -> int:
        """Return the row of another way that passes within `reach`, and not back to its start."""
        if not self.laid:
            return SEA
        east = np.array([self.east[row] for row in self.laid])
        north = np.array([self.north[row] for row in self.laid])
        away = np.hypot(east - place[0], north - place[1])
        row = self.laid[int(away.argmin())]
        return row if away.min() < reach and start not in self.below(row) else SEA

    def below(self, row: int) -> list[int]:
        """Return the rows downstream of one."""
        found = []
        while (row := self.down[row]) != SEA:
            found.append(row)
        return found


def stems(known: Sequence[Point], spacing: float, room: int) -> Stems:
    """Lay the ways between known gauges, with at most some `room` gauges along them.

    Args:
        known: A `next` that is not among them is left out: the water goes to the sea.
        spacing: Of all gauges [km]; those on a stem stand a little closer.
    """
    row = {point.code: number for number, point in enumerate(known)}
    lines = [_line(point, known[row[point.next]] if point.next in row else None) for point in known]
    total = sum(float(np.hypot(*np.diff(line, axis=1)).sum()) for line in lines)
    apart = max(0.8 * spacing, total / room) if room else np.inf
    first = [line[:, 0] for line in lines]
    down = [row.get(point.next, SEA) for point in known]
    grown = _Growing(
        [float(p[0]) for p in first], [float(p[1]) for p in first], down, list(range(len(known)))
    )
    for number, line in enumerate(lines):
        _lay(grown, number, _along(line, apart), _CLOSE * min(spacing, apart))
    columns = (grown.east, grown.north, grown.down, grown.stem)
    return Stems(*(np.array(column) for column in columns))


def _line(point: Point, goal: Point | None) -> np.ndarray:
    """Return the corners of a way, dims (2, corner) [km]."""
    corners = [point.place, *point.via, *([goal.place] if goal else [])]
    return np.array(to_km(*np.array(corners).T))


def _lay(grown: _Growing, start: int, way: list[tuple[float, float]], reach: float) -> None:
    """Put gauges along one way, until it ends or meets another one."""
    mine: list[int] = []
    goal, meets = grown.down[start], SEA
    for place in way:
        meets = grown.near(place, reach, start)
        if meets != SEA:
            break
        mine.append(len(grown.down))
        grown.east.append(place[0])
        grown.north.append(place[1])
        grown.stem.append(start)
        grown.down.append(SEA)
    chain = [start, *mine]
    for here, there in zip(chain, [*mine, goal if meets == SEA else meets], strict=True):
        grown.down[here] = there
    grown.laid.extend(mine)


def _along(line: np.ndarray, apart: float) -> list[tuple[float, float]]:
    """Return places between the ends of a way, in bends to its left and right."""
    legs = np.hypot(*np.diff(line, axis=1))
    so_far = np.concatenate([[0.0], np.cumsum(legs)])
    parts = int(so_far[-1] // apart)
    at = so_far[-1] * np.arange(1, parts) / max(parts, 1)
    leg = np.clip(np.searchsorted(so_far, at) - 1, 0, len(legs) - 1)
    ahead = np.diff(line, axis=1)[:, leg] / np.maximum(legs[leg], 1e-9)
    aside = _BENDS * apart * np.sin(2.4 * np.arange(1, parts))
    east = np.interp(at, so_far, line[0]) - aside * ahead[1]
    north = np.interp(at, so_far, line[1]) + aside * ahead[0]
    return list(zip(east.tolist(), north.tolist(), strict=True))
