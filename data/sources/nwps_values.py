"""What a column of NOAA NWPS measures, told by the unit beside it, and what its values mean.

The unit decides, not the place or the name: a gauge's status gives flow in kcfs while its flood
categories give it in cfs. A unit that is not known is refused. -999 and -9999 stand for "none";
other negative values are real (a tide pushes a river back).
"""

from math import nan
from typing import Any

import numpy as np

from data.errors import SourceError
from data.reading import Reading
from data.schema import Flag
from data.sources.us_json import dig, number, shown, utc, written
from data.sources.us_units import fits, to_si

SOURCE = "nwps"
BASE_URL = "https://api.water.noaa.gov/nwps/v1"
OFFERED = ("water_level", "discharge")
NONE = frozenset({-999.0, -9999.0})


def refuse_unknown(variable: str) -> None:
    """Refuse a variable that NWPS has not.

    Raises:
        SourceError: It is neither water_level nor discharge.
    """
    if variable not in OFFERED:
        raise SourceError(f"{SOURCE} offers no '{variable}', only {list(OFFERED)}.")


def column(units: dict[str, Any], variable: str) -> str:
    """Return the column ("primary" or "secondary") whose unit fits `variable`.

    Raises:
        SourceError: None does.
    """
    for name, unit in units.items():
        if fits(unit, variable):
            return name
    said = " and ".join(shown(unit) for unit in units.values())
    raise SourceError(f"no column has '{variable}': they are in {said}.")


def reading(site: str, variable: str, value: Any, unit: Any, time: Any) -> Reading:
    """Return one value as a reading.

    Raises:
        SourceError: `time` is none; 0001-01-01 is how NWPS says so.
    """
    when = utc(time)
    if np.isnat(when):
        raise SourceError(f"the time {shown(time)} is none.")
    found, flag = _judged(value, unit, variable)
    return Reading(site, variable, when, found, flag, written(value))


def threshold(value: Any, unit: Any, variable: str) -> float:
    """Return where a flood category begins, in SI; NaN where it is not set (0, -999 or -9999).

    Raises:
        SourceError: It is set, in a unit that does not fit.
    """
    found = number(value)
    return nan if found is None or found in NONE | {0.0} else to_si(found, unit, variable)


def named(row: Any, name: str, variable: str) -> str:
    """Return what a level's column is called (Stage, Pool, Tailwater ..); "" for a discharge."""
    label = dig(row, f"{name}Name")
    return written(label) if variable == "water_level" and isinstance(label, str) else ""


def _judged(value: Any, unit: Any, variable: str) -> tuple[float, Flag]:
    if value is None or value == "":
        return nan, Flag.NOT_REPORTED
    found = number(value)
    if found is None:
        return nan, Flag.UNREADABLE
    if found in NONE:
        return nan, Flag.SENTINEL
    return to_si(found, unit, variable), Flag.GOOD
