"""What goes wrong with simulated readings: silence, sentinels, spikes, a gauge that stands still.

Drawn for each stretch of time alone, as all else here: a fault does not depend on when it is asked
for. None reaches into the next stretch.
"""

from dataclasses import dataclass

import numpy as np

from data.schema import Flag

SENTINEL = -999.0
_STREAM = 3
_OFFSET = 1_000_000


@dataclass(frozen=True)
class Faults:
    """How often things go wrong, per gauge and stretch of 20 days.

    Attributes:
        silent: Times that nothing is reported, for some hours each.
        sentinels: Hours that report -999.
        spikes: Hours that report some metres too much or too little.
        stuck: Times that the same value is reported for a day or so.
        judged: True: a faulty value is taken out and flagged, as quality control should. False:
            it is reported as good, to try quality control on.
    """

    silent: float = 0.25
    sentinels: float = 0.05
    spikes: float = 0.05
    stuck: float = 0.02
    judged: bool = True


SOUND = Faults(0, 0, 0, 0)


def spoil(
    level: np.ndarray, faults: Faults, stretch: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return levels with faults, and a flag for each.

    Args:
        level: A whole stretch [m], dims (time, gauge); is not changed.
        stretch: Its number.
    """
    rng = np.random.default_rng([seed, _STREAM, stretch + _OFFSET])
    told, flags = level.copy(), np.zeros(level.shape, "int8")
    # the order of drawing is part of what a seed promises
    _stand_still(told, flags, faults.stuck, rng)
    _jump(told, flags, faults.spikes, rng)
    _say_sentinel(told, flags, faults.sentinels, rng)
    _fall_silent(told, flags, faults.silent, rng)
    if faults.judged:
        told[flags != Flag.GOOD] = np.nan
        return told, flags
    return told, np.where(flags == Flag.NOT_REPORTED, flags, np.int8(Flag.GOOD))


def _drawn(
    shape: tuple[int, ...], rate: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return first hours and gauges of some events."""
    hours, gauges = shape
    count = rng.poisson(rate * gauges)
    return rng.integers(0, hours, count), rng.integers(0, gauges, count)


def _stand_still(
    told: np.ndarray, flags: np.ndarray, rate: float, rng: np.random.Generator
) -> None:
    for hour, gauge in zip(*_drawn(told.shape, rate, rng), strict=True):
        end = hour + int(rng.integers(12, 48))
        told[hour + 1 : end, gauge] = told[hour, gauge]
        flags[hour + 1 : end, gauge] = Flag.FLAT_LINE


def _jump(told: np.ndarray, flags: np.ndarray, rate: float, rng: np.random.Generator) -> None:
    hour, gauge = _drawn(told.shape, rate, rng)
    far = rng.uniform(2, 8, len(hour)) * rng.choice([-1, 1], len(hour))
    told[hour, gauge] += far.astype("float32")
    flags[hour, gauge] = Flag.SPIKE


def _say_sentinel(
    told: np.ndarray, flags: np.ndarray, rate: float, rng: np.random.Generator
) -> None:
    hour, gauge = _drawn(told.shape, rate, rng)
    told[hour, gauge] = SENTINEL
    flags[hour, gauge] = Flag.SENTINEL


def _fall_silent(
    told: np.ndarray, flags: np.ndarray, rate: float, rng: np.random.Generator
) -> None:
    for hour, gauge in zip(*_drawn(told.shape, rate, rng), strict=True):
        end = hour + 1 + int(rng.geometric(0.15))
        told[hour:end, gauge] = np.nan
        flags[hour:end, gauge] = Flag.NOT_REPORTED
