"""What a provider tells of the truth at one moment: no later than it knows, and with its faults."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from flows.replay.world import Span, World

AT_ONCE = np.timedelta64(0, "m")
LATE = np.timedelta64(40, "m")  # how much later rows appear with the fault `late`
SKEW = np.timedelta64(2, "h")  # how far ahead times are with the fault `clock_skew`
REVISED = 0.05  # what each further request adds to a value with the fault `revised`
TELLING = frozenset(
    {
        "late",
        "revised",
        "duplicated",
        "shuffled",
        "wrong_coordinates",
        "clock_skew",
        "blank_values",
    }
)

T = TypeVar("T")


@dataclass(frozen=True)
class Told:
    """What a provider can tell for one request.

    Attributes:
        now: UTC datetime64[ns], of the replay.
        delay: How long after its time a reading appears.
        faults: Those of `TELLING` that are in force.
        asked: How many requests came before this one.
    """

    world: World
    now: np.datetime64
    delay: np.timedelta64 = AT_ONCE
    faults: frozenset[str] = frozenset()
    asked: int = 0

    @property
    def latest(self) -> np.datetime64:
        """The last time whose reading has appeared."""
        late = LATE if "late" in self.faults else AT_ONCE
        return self.now - self.delay - late

    def read(self, name: str, stations: np.ndarray, times: np.ndarray) -> np.ndarray:
        """Return a level or flow, dims (station, time); NaN after `latest`."""
        values = self.world.read(name, stations, times)
        return self._spoilt(np.where(times > self.latest, np.nan, values))

    def fell(self, stations: np.ndarray, times: np.ndarray, span: Span) -> np.ndarray:
        """Return the rain in the span before each time [mm]; NaN after `latest`."""
        values = self.world.fell(stations, times, span)
        return self._spoilt(np.where(times > self.latest, np.nan, values))

    def expect(self, truth: np.ndarray, times: np.ndarray, issued: np.datetime64) -> np.ndarray:
        """Return a forecast issued at a time: the truth of the world, wrong by more with the lead.

        Args:
            truth: Of the world at `times`, dims (.., time); never negative.
        """
        hours = np.maximum((times - issued) / np.timedelta64(1, "h"), 0.0)
        seed = int((issued - np.datetime64("1970-01-01")) / np.timedelta64(1, "h"))
        noise = np.random.default_rng(seed).standard_normal(400)[np.minimum(hours, 399).astype(int)]
        return self._spoilt(truth * np.exp(0.3 * np.sqrt(hours / 24) * noise))

    def rows(self, rows: list[T]) -> list[T]:
        """Return rows in the order and number in which they are sent."""
        if "duplicated" in self.faults:
            rows = [row for row in rows for _ in range(2)]
        if "shuffled" in self.faults:
            rows = [rows[number] for number in np.random.default_rng(1).permutation(len(rows))]
        return rows

    def dated(self, times: np.ndarray) -> np.ndarray:
        """Return the times as the provider's clock writes them."""
        return times + SKEW if "clock_skew" in self.faults else times

    def place(self, station: int) -> tuple[float, float]:
        """Return latitude and longitude [degrees]; with the fault some 100 km from there."""
        latitude, longitude = self.world.places[station]
        wrong = 1.25 if "wrong_coordinates" in self.faults else 0.0
        return float(latitude) - wrong, float(longitude) + wrong

    def _spoilt(self, values: np.ndarray) -> np.ndarray:
        if "blank_values" in self.faults:
            return np.full(values.shape, np.nan)
        if "revised" in self.faults:
            return values + REVISED * (self.asked % 20)
        return values
