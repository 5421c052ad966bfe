"""US customary units to SI, exactly: a foot is 0.3048 m and an inch 25.4 mm, by definition.

Decimal arithmetic gives the double nearest to the true product: 11.52 ft is 3.511296 m, no more.
"""

from decimal import Decimal
from typing import Any

from data.errors import SourceError
from data.reading import UNITS
from data.sources.us_json import shown

FOOT, INCH = Decimal("0.3048"), Decimal("25.4")  # [m], [mm]
CFS = FOOT**3  # 0.028316846592 m3/s
FACTORS = {
    "m": {"ft": FOOT},
    "mm": {"in": INCH},
    "m3 s-1": {"cfs": CFS, "ft^3/s": CFS, "ft3/s": CFS, "kcfs": 1000 * CFS},
}


def fits(unit: Any, variable: str) -> bool:
    """Return whether a value in `unit` can be brought to the SI unit of `variable`."""
    return isinstance(unit, str) and unit in FACTORS.get(UNITS.get(variable, ""), {})


def to_si(value: float, unit: Any, variable: str) -> float:
    """Return a finite `value` in the unit that `data.reading.UNITS` gives for `variable`.

    Raises:
        SourceError: `unit` is unknown, or measures something else: nothing is converted by guess.
    """
    if not fits(unit, variable):
        known = sorted(FACTORS.get(UNITS.get(variable, ""), {}))
        raise SourceError(f"'{variable}' is in {shown(unit)}, expected one of {known}.")
    return float(Decimal(repr(value)) * FACTORS[UNITS[variable]][unit])
