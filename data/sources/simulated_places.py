"""Where simulated gauges stand in Korea, and which way the water goes from one to the next.

Known points come first (`data/tables/korea_gauges.csv`: code, names, river, place, gauge zero and
announced levels of sixty flood-forecast points, public facts of the Han River Flood Control Office,
HRFCO; `next` and `via`, the way down to the next of them, are ours and rough). More gauges are put
along the ways between them, then all over the land; each of these drains to a neighbour by the
cheapest way to a main stem or to the sea. Such ways branch as rivers do, but they are no rivers.
"""

import csv
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from importlib.resources import files

import numpy as np

from data.sources.simulated_land import Land
from data.sources.simulated_ways import Stems, stems

LAND_KM2 = 100_400.0  # South Korea
SEA = -1  # there is no gauge further down


@dataclass(frozen=True)
class Known:
    """One row of the table: what is publicly known of a real flood-forecast point."""

    code: str
    name_ko: str
    name_en: str
    river_ko: str
    river_en: str
    place: tuple[float, float]  # latitude, longitude
    gauge_zero: float
    levels: tuple[float, float, float, float]  # attention .. severe [m on the gauge]
    next: str
    via: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Places:
    """Gauges as columns; the known ones first, then those of the main stems, then the rest.

    Attributes:
        known: The rows of the table that are in it, in order.
        east, north: Place [km], see `to_km`.
        down: The row of the next gauge downstream; `SEA` where there is none.
        stem: The known row whose way down a gauge stands on; -1 off the main stems.
    """

    known: tuple[Known, ...]
    east: np.ndarray
    north: np.ndarray
    down: np.ndarray
    stem: np.ndarray

    @cached_property
    def above(self) -> list[list[int]]:
        """The rows of the next gauges upstream, nearest first."""
        found: list[list[int]] = [[] for _ in self.down]
        near = np.hypot(self.east - self.east[self.down], self.north - self.north[self.down])
        for row in np.argsort(near, kind="stable").tolist():
            if self.down[row] != SEA:
                found[self.down[row]].append(row)
        return found

    @cached_property
    def seaward(self) -> list[int]:
        """All rows, each after the one that it drains to."""
        order = np.flatnonzero(self.down == SEA).tolist()
        for row in order:
            order.extend(self.above[row])
        return order


@lru_cache(maxsize=4)
def places(count: int) -> Places:
    """Return `count` gauges; the same for the same number.

    Raises:
        SourceError: More gauges than are known are asked for, and the package with the shape of
            the land is not installed.
    """
    known = first(count)
    main = stems(known, _spacing(count), room=(count - len(known)) // 2)
    if count <= len(known):
        return _joined(known, main)
    land = Land.read()
    main = main.on(land)
    rest = land.scatter(count - len(main.down), (main.east, main.north), _spacing(count))
    return _joined(known, main, *rest)


def first(count: int) -> tuple[Known, ...]:
    """Return the weightiest known points; `next` skips those that are not among them."""
    below = {each.code: each.next for each in table()}
    chosen = table()[:count]
    codes = {each.code for each in chosen}
    found = []
    for each in chosen:
        goal = each.next
        while goal and goal not in codes:
            goal = below[goal]
        found.append(replace(each, next=goal))
    return tuple(found)


def table() -> tuple[Known, ...]:
    """Return the known points, the weightiest first."""
    path = files("data").joinpath("tables", "korea_gauges.csv")
    with path.open(encoding="utf-8") as file:
        return tuple(map(_known, csv.DictReader(file)))


def _known(row: dict[str, str]) -> Known:
    attention, watch, warning, severe = (
        float(row[key]) for key in ("attention", "watch", "warning", "severe")
    )
    return Known(
        code=row["code"],
        name_ko=row["name_ko"],
        name_en=row["name_en"],
        river_ko=row["river_ko"],
        river_en=row["river_en"],
        place=(float(row["latitude"]), float(row["longitude"])),
        gauge_zero=float(row["gauge_zero"]),
        levels=(attention, watch, warning, severe),
        next=row["next"],
        via=tuple(_pair(text) for text in row["via"].split(";") if text),
    )


def _pair(text: str) -> tuple[float, float]:
    latitude, longitude = text.split()
    return float(latitude), float(longitude)


def _spacing(count: int) -> float:
    """Return how far apart so many gauges stand [km]."""
    return float(np.sqrt(LAND_KM2 / count))


def _joined(
    known: tuple[Known, ...],
    main: Stems,
    east: np.ndarray | None = None,
    north: np.ndarray | None = None,
    down: np.ndarray | None = None,
) -> Places:
    none = np.zeros(0)
    east, north = (none if part is None else part for part in (east, north))
    down = none.astype(int) if down is None else down
    return Places(
        known,
        np.concatenate([main.east, east]),
        np.concatenate([main.north, north]),
        np.concatenate([main.down, down]),
        np.concatenate([main.stem, np.full(len(down), -1)]),
    )
