"""Whether values can be what they say they are, before anything is learnt from them."""

from collections.abc import Mapping
from dataclasses import replace
from math import isnan

import numpy as np

from data.errors import SourceError
from data.limits import GENERAL
from data.own.lines import Key, Line
from data.stations import Station

_LEVELS = "They look like elevations or another unit. Elevations: --above-sea takes each station's "
_REMEDIES = {
    "water_level": f"{_LEVELS}gauge_zero off. Another unit: --unit water_level=cm",
    "tide": "Another unit? --unit tide=cm",
    "rainfall": "Rain is in mm of the time since the reading before, never the sum of a year.",
}


def above_gauge(lines: Mapping[Key, Line], stations: tuple[Station, ...]) -> dict[Key, Line]:
    """Return lines with water levels on the gauge, of levels above the sea.

    Raises:
        SourceError: A station has no gauge zero.
    """
    zeros = {station.id: station.gauge_zero for station in stations}
    for station, variable in lines:
        if variable == "water_level" and isnan(zeros[station]):
            raise SourceError(
                f"Station '{station}' has no gauge_zero, which --above-sea needs.",
                "Give it in the station table [m above sea level].",
            )
    return {
        key: _lowered(line, zeros[key[0]]) if key[1] == "water_level" else line
        for key, line in lines.items()
    }


def check(lines: Mapping[Key, Line]) -> None:
    """Refuse a series of which most values cannot be.

    Raises:
        SourceError: More than half of a series lies outside what its variable can be.
    """
    for (station, variable), line in lines.items():
        limits, values = GENERAL[variable], line.value[line.good]
        outside = (values < limits.lowest) | (values > limits.highest)
        if outside.sum() * 2 > values.size:
            span = f"{limits.lowest:g} to {limits.highest:g}"
            raise SourceError(
                f"Most {variable} of '{station}' cannot be: the middle one is "
                f"{np.median(values):g}, expected {span}.",
                _REMEDIES.get(variable, f"Another unit? --unit {variable}=.."),
            )


def _lowered(line: Line, zero: float) -> Line:
    earlier = None if line.earlier is None else _lowered(line.earlier, zero)
    return replace(line, value=line.value - zero, earlier=earlier)
