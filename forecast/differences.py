"""What two forecasts of one moment say differently, gauge by gauge."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from data.network import Network
from data.stations import Stage
from forecast.outlook import Outlook


@dataclass(frozen=True)
class Told:
    """What one forecast says of one gauge.

    Attributes:
        peak: Highest median [unit of the quantity]; NaN without a forecast.
        chances: By alert stage, the highest P(>= stage) at any lead; NaN where unknown.
    """

    peak: float
    peak_time: np.datetime64
    stage: Stage
    reason: str
    chances: dict[Stage, float]


@dataclass(frozen=True)
class Difference:
    """One gauge in two forecasts: as they are, and as they would be."""

    station: str
    before: Told
    after: Told

    @property
    def rise(self) -> float:
        """By how much the peak is higher; NaN where one of them has none."""
        return self.after.peak - self.before.peak

    def as_dict(self) -> dict[str, Any]:
        """Return a JSON-ready copy: no number is NaN, a time that is none is None."""
        return {
            "station": self.station,
            "automatic": _plain(self.before),
            "what_if": _plain(self.after),
            "peak_difference": _number(self.rise),
        }


def compare(
    before: Sequence[Outlook], after: Sequence[Outlook], network: Network
) -> tuple[Difference, ...]:
    """Return the difference of each gauge, in the order of the network."""
    return tuple(
        Difference(one.station, _told(one, network), _told(other, network))
        for one, other in zip(before, after, strict=True)
    )


def _told(outlook: Outlook, network: Network) -> Told:
    limits = network.station(outlook.station).thresholds
    alerts = limits.alerts if limits else ()
    rows = outlook.probability if len(outlook.probability) else np.full((len(alerts), 1), np.nan)
    most = [float(np.nanmax(row)) if np.isfinite(row).any() else np.nan for row in rows]
    chances = dict(zip(alerts, most, strict=True))
    return Told(outlook.peak, outlook.peak_time, outlook.stage, outlook.reason, chances)


def _plain(told: Told) -> dict[str, Any]:
    return {
        "peak": _number(told.peak),
        "peak_time": None if np.isnat(told.peak_time) else f"{str(told.peak_time)[:16]}Z",
        "stage": told.stage.name,
        "reason": told.reason,
        "chance": {stage.name: _number(value) for stage, value in told.chances.items()},
    }


def _number(value: float) -> float | None:
    return round(float(value), 4) if np.isfinite(value) else None
