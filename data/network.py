"""A network: the gauges that are pulled, trained and forecast together."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import numpy as np

from data.feeds import Feed
from data.stations import Quantity, Station, Thresholds

AT_ONCE = np.timedelta64(0, "m")
Place = TypeVar("Place", str, int)  # the id of a station, or its row
Years = tuple[int, int]  # first and last calendar year (UTC), both included


@dataclass(frozen=True)
class Split:
    """Which years a model learns from, is chosen on, and is judged by; they never overlap."""

    train: Years
    validate: Years
    test: Years


@dataclass(frozen=True)
class Network:
    """Gauges with one quantity on one time grid.

    Attributes:
        step: Length of one time step; `time` marks the end of a step.
        horizon: Number of steps that a forecast looks ahead.
        source: The file of `data/sources/` that pulls it.
        provenance: Who measured and who published the data; shown on every page.
        caveat_ko: What a reader must know before trusting a number here; "" if nothing.
        caveat_en: The same in English.
        simulated: True where no river was measured; shown on every page, file and feed.
        live: True where new readings keep arriving. A forecast of a closed record is a replay,
            and every page says so.
        feeds: Who is asked for new readings; of one variable the first comes first, the next ones
            step in where it has nothing new. None: a closed record.
        delay: How long after its issue time a cycle waits for readings of that time. What arrives
            later is not in the forecast.
    """

    name: str
    title_ko: str
    title_en: str
    quantity: Quantity
    step: np.timedelta64
    horizon: int
    stations: tuple[Station, ...]
    split: Split
    source: str
    provenance: str
    caveat_ko: str = ""
    caveat_en: str = ""
    simulated: bool = False
    live: bool = False
    feeds: tuple[Feed, ...] = ()
    delay: np.timedelta64 = AT_ONCE

    @cached_property
    def ids(self) -> list[str]:
        """Station ids in order; made once, for it is asked for gauge by gauge."""
        return [station.id for station in self.stations]

    @property
    def lead_times(self) -> np.ndarray:
        """Lead times 1 step .. horizon, timedelta64[ns]."""
        return (np.arange(1, self.horizon + 1) * self.step).astype("timedelta64[ns]")

    def station(self, station_id: str) -> Station:
        """Return the station with that id."""
        return self._by_id[station_id]

    @cached_property
    def _by_id(self) -> dict[str, Station]:
        return {station.id: station for station in self.stations}

    def upstream(self, station_id: str) -> list[str]:
        """Return the ids upstream of a station, nearest first, as far as the network knows."""
        return reached(station_id, self._above)

    def downstream(self, station_id: str) -> list[str]:
        """Return the ids downstream of a station, nearest first: by its place in their upstream."""
        known = set(self.below(station_id))
        below = [s for s in self.ids if s in known]
        return sorted(below, key=lambda s: self.upstream(s).index(station_id))

    def below(self, station_id: str) -> list[str]:
        """Return the same ids by how many steps away they are: at no cost for each of them."""
        return reached(station_id, self._below)

    @cached_property
    def _above(self) -> dict[str, list[str]]:
        return {s.id: [u for u in s.upstream if u in self._by_id] for s in self.stations}

    @cached_property
    def _below(self) -> dict[str, list[str]]:
        below: dict[str, list[str]] = {station.id: [] for station in self.stations}
        for here, above in self._above.items():
            for there in above:
                below[there].append(here)
        return below

    def with_thresholds(self, thresholds: dict[str, Thresholds]) -> "Network":
        """Return this network with `thresholds` at the stations that have none yet."""
        stations = tuple(
            s if s.thresholds else replace(s, thresholds=thresholds.get(s.id))
            for s in self.stations
        )
        return replace(self, stations=stations)


def reached(start: Place, steps: Mapping[Place, Iterable[Place]]) -> list[Place]:
    """Return all that is reached from a place, by how many steps away it is.

    Args:
        steps: By place, those that are one step away.
    """
    found: dict[Place, None] = {}
    frontier = deque(steps[start])
    while frontier:
        here = frontier.popleft()
        if here not in found:
            found[here] = None
            frontier.extend(steps[here])
    return list(found)
