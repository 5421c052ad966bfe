"""What is true in a replay: levels, flows and rain of every station, as a function of time.

Between two values of the record a level runs in a straight line, and rain falls evenly within a
step; so each provider can be answered at its own cadence. A gap stays a gap, and so does what lies
outside the record.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from data.network import Network

Span = np.timedelta64 | np.ndarray  # one for all times, or one for each


@dataclass(frozen=True)
class World:
    """The truth that a replay tells of.

    Attributes:
        label: What is replayed or simulated, in ASCII; the header of every answer says it.
        start: The time of the first value, UTC datetime64[ns], as the replay dates it.
        step: Between two values, timedelta64[ns].
        values: Variable to values [SI], dims (row, time); NaN = missing.
        rows: The row of each station of `network`.
        simulated: True where no river was measured.
    """

    network: Network
    label: str
    start: np.datetime64
    step: np.timedelta64
    values: Mapping[str, np.ndarray]
    rows: np.ndarray
    simulated: bool

    @cached_property
    def places(self) -> np.ndarray:
        """Latitude and longitude of the stations [degrees], dims (station, 2)."""
        return np.array([(s.latitude, s.longitude) for s in self.network.stations])

    @cached_property
    def ids(self) -> list[str]:
        """Station ids in order."""
        return self.network.ids

    @cached_property
    def index(self) -> dict[str, int]:
        """Station id to its number."""
        return {station: number for number, station in enumerate(self.ids)}

    def nearest(self, latitude: float, longitude: float) -> int:
        """Return the number of the station that is nearest to a place."""
        north, east = (self.places - (latitude, longitude)).T
        return int(np.argmin(north**2 + (east * np.cos(np.radians(latitude))) ** 2))

    def read(self, name: str, stations: np.ndarray, times: np.ndarray) -> np.ndarray:
        """Return a level or flow at times, dims (station, time); NaN where it is not known."""
        whole, part = self._position(times)
        rows, back = np.unique(self.rows[stations], return_inverse=True)
        here, after = self._pick(name, rows, whole), self._pick(name, rows, whole + 1)
        between = here * (1 - part) + after * part
        return np.asarray(np.where(part == 0, here, between)[back])

    def fell(self, stations: np.ndarray, times: np.ndarray, span: Span) -> np.ndarray:
        """Return the rain in the span that ends at each time [mm], dims (station, time).

        Args:
            span: timedelta64.
        """
        (begin, begun), (end, ended) = self._position(times - span), self._position(times)
        if not times.size:
            return np.empty((len(stations), 0))
        rows, back = np.unique(self.rows[stations], return_inverse=True)
        first, last = int(begin.min()), int(end.max())
        amounts = self._pick("rainfall", rows, np.arange(first + 1, last + 2))  # of each step
        unknown = np.isnan(amounts)

        def between(amount: np.ndarray) -> np.ndarray:
            total = np.concatenate([np.zeros((len(rows), 1)), amount.cumsum(axis=1)], axis=1)
            until = total[:, end - first] + ended * amount[:, end - first]
            before = total[:, begin - first] + begun * amount[:, begin - first]
            return np.asarray(until - before)

        rain = np.maximum(between(np.where(unknown, 0.0, amounts)), 0.0)
        missing = between(unknown.astype(float)) > 1e-9
        return np.asarray(np.where(missing, np.nan, rain)[back])

    def _position(self, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the number of the value at or before each time, and how far the next one is."""
        since = (times - self.start).astype("timedelta64[ns]").astype(np.int64)
        step = int(self.step / np.timedelta64(1, "ns"))
        whole, rest = np.divmod(since, step)
        return whole, rest / step

    def _pick(self, name: str, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        if name not in self.values:
            return np.full((len(rows), len(columns)), np.nan)
        table = self.values[name]
        inside = (columns >= 0) & (columns < table.shape[1])
        picked = table[rows[:, None], np.clip(columns, 0, table.shape[1] - 1)]
        return np.asarray(np.where(inside, picked, np.nan))
