"""Simulated levels for the bench of the archive: what gauges report every ten minutes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from data.schema import Flag

SEED: Final = 20260701
DAY: Final = 144  # cycles
STEP: Final = np.timedelta64(10, "m")
START: Final = np.datetime64("2026-07-01T00:00", "ns")
_GAPS = 0.03  # of readings are not reported, as in the specs' measurement
Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Cycle:
    """One value per gauge [m, whole mm], NaN and its flag where it was not reported."""

    time: np.datetime64
    received: np.datetime64
    value: Array
    flag: Array


def names(gauges: int) -> list[str]:
    """Return ids as long as those of Korean gauges."""
    return [f"{1_000_000 + number}" for number in range(gauges)]


def cycles(gauges: int, steps: int) -> Iterator[Cycle]:
    """Return levels that go on from cycle to cycle, around a level of each gauge."""
    chance = np.random.default_rng(SEED)
    around = chance.gamma(2.0, 1.0, gauges)
    level = around.copy()
    for step in range(steps):
        level = around + 0.995 * (level - around) + chance.normal(0.0, 0.01, gauges)
        gap = chance.random(gauges) < _GAPS
        value = np.where(gap, np.nan, np.round(level, 3)).astype("float32")
        flag = np.where(gap, Flag.NOT_REPORTED, Flag.GOOD).astype("int8")
        time = START + step * STEP
        yield Cycle(time, time + np.timedelta64(3, "m"), value, flag)
