"""What a gauge's forecast looked at: variables, how old their last values were, who gave them."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from maps.curves import MINUTE
from maps.view import View

Input = tuple[str, int | None, str | None]  # variable, age of its last value [min], who gave it


@dataclass(frozen=True)
class Inputs:
    """What the forecast looked at, by gauge.

    Attributes:
        last: By gauge and variable, when its last value was read.
        given: By gauge and variable, who gave it.
    """

    last: dict[str, dict[str, str | None]]
    given: dict[str, dict[str, str]]
    issue: np.datetime64

    def of(self, station: str) -> tuple[Input, ...]:
        """Return variable, age of its last value [min] and who gave it."""
        last, given = self.last.get(station, {}), self.given.get(station, {})
        return _told(tuple(last.items()), tuple(given.items()), self.issue)


@lru_cache(maxsize=4096)  # most gauges have the same
def _told(
    last: tuple[tuple[str, str | None], ...],
    given: tuple[tuple[str, str], ...],
    issue: np.datetime64,
) -> tuple[Input, ...]:
    by = dict(given)
    return tuple(
        (name, _minutes(time, issue) if time else None, by.get(name)) for name, time in last
    )


def _minutes(time: str, issue: np.datetime64) -> int:
    """Return how long before the issue time a reading was."""
    return int((issue - np.datetime64(time.rstrip("Z"), "ns")) / MINUTE)


def inputs_of(view: View) -> Inputs:
    """Return what the forecasts of a view looked at."""
    inputs = view.manifest.get("inputs", {})
    issue = view.forecast.issue_time.values[0]
    return Inputs(inputs.get("last_value", {}), inputs.get("source", {}), issue)
