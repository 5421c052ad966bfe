"""Stations and their thresholds: who measures what, where, and when it becomes dangerous."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from math import isnan


class Stage(IntEnum):
    """How dangerous a water level is. No data is UNKNOWN, never NORMAL."""

    UNKNOWN = -1
    NORMAL = 0
    ATTENTION = 1
    WATCH = 2
    WARNING = 3
    SEVERE = 4


ALERTS = (Stage.ATTENTION, Stage.WATCH, Stage.WARNING, Stage.SEVERE)


class Quantity(StrEnum):
    """What a gauge measures; the name of the variable in datasets."""

    WATER_LEVEL = "water_level"
    DISCHARGE = "discharge"

    @property
    def unit(self) -> str:
        """The CF unit: metres on the gauge, or cubic metres per second."""
        return "m" if self is Quantity.WATER_LEVEL else "m3 s-1"


@dataclass(frozen=True)
class Thresholds:
    """The values at which stages begin, in the unit of the station's quantity; NaN where unset.

    Attributes:
        origin: `official` (an authority set them) or `derived` (from the record, see `method`).
        method: Who set them, or how they were derived; shown beside them everywhere.
    """

    attention: float
    watch: float
    warning: float
    severe: float
    origin: str
    method: str

    def of(self, stage: Stage) -> float:
        """Return the value at which `stage` (ATTENTION .. SEVERE) begins."""
        return (self.attention, self.watch, self.warning, self.severe)[stage - 1]

    @property
    def alerts(self) -> tuple[Stage, ...]:
        """The stages that have a threshold here, mildest first."""
        return tuple(stage for stage in ALERTS if not isnan(self.of(stage)))

    def stage(self, value: float) -> Stage:
        """Return the stage of `value`; a missing value, or no threshold at all, is UNKNOWN."""
        if isnan(value) or not self.alerts:
            return Stage.UNKNOWN
        return max((s for s in self.alerts if value >= self.of(s)), default=Stage.NORMAL)


@dataclass(frozen=True)
class Station:
    """One gauge.

    Attributes:
        gauge_zero: Height of the gauge's zero [m El.]; NaN where it has none (discharge).
        upstream: Ids of the next stations upstream, nearest first.
        thresholds: None where nobody set or derived any: its stage is then UNKNOWN.
    """

    id: str
    name_ko: str
    name_en: str
    river_ko: str
    river_en: str
    latitude: float
    longitude: float
    gauge_zero: float
    quantity: Quantity
    upstream: tuple[str, ...] = ()
    thresholds: Thresholds | None = None
