"""What the columns of a folder of CSV files hold, in which unit, and what a value can be."""

from dataclasses import dataclass, replace
from typing import Any

from data.limits import GENERAL, Limits


@dataclass(frozen=True)
class Kind:
    """What a column holds.

    Attributes:
        variable: Of `data.limits.GENERAL`.
        known: What it can be, in SI, before its record is seen.
        per_unit: How many of the column's units make one of SI.
    """

    variable: str
    known: Limits
    per_unit: float = 1.0


def _kind(variable: str, per_unit: float = 1.0, **known: Any) -> Kind:
    return Kind(variable, replace(GENERAL[variable], **known), per_unit)


LEVEL = _kind("water_level", 100, sentinels=(0, -9.9), lowest=-3, highest=30)
RAIN = _kind("rainfall", sentinels=(-990,))
FORCINGS = {
    "swl": _kind("dam_level", sentinels=(0, -990), lowest=20, highest=40),
    "inf": _kind("dam_inflow", sentinels=(-990,), jump=5000),
    "tototf": _kind("dam_release", sentinels=(-990,), jump=5000),
    "tide_level": _kind("tide", 100, sentinels=(-9.9,), lowest=-2, highest=12),
}
