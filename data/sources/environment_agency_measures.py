"""What the Environment Agency calls a measure: one sensor of a station, told apart by its name.

`1491TH-level-stage-i-15_min-mASD` is station, parameter, qualifier, kind of value, period, unit.
A station may have several of one parameter: above and below a lock, two datums, a second sensor.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

LONGEST = 300  # characters of a measure's address
PARAMETERS = {"water_level": "level", "discharge": "flow", "rainfall": "rainfall"}
# unit in a measure's name -> (factor to SI, what a level is measured from); "---" is not there:
# a value in an unknown unit is no value
UNITS: dict[str, dict[str, tuple[float, str]]] = {
    "level": {
        "mASD": (1.0, "mASD"),  # above the stage datum: the gauge's zero
        "mAOD": (1.0, "mAOD"),  # above Ordnance Datum Newlyn, about sea level
        "m": (1.0, ""),
        "mm": (0.001, ""),
        "mBDAT": (-1.0, "mBDAT"),  # below the datum: a depth, turned round so that up is up
    },
    "flow": {"m3_s": (1.0, ""), "Ml_d": (1000 / 86400, ""), "l_s": (0.001, "")},
    "rainfall": {"mm": (1.0, "")},
}
# of one station the first of these that reports; others (downstage, logged, crest_tapping, a
# number ..) are another water or a second sensor, and never step in for them
_MAIN = {
    "level": ("stage", "tidal_level", "reservoir_level", "groundwater", "water", "height", ""),
    "flow": ("", "stage", "water", "logged"),
    "rainfall": ("tipping_bucket_raingauge", "water", ""),
}
_KINDS = {"level": ("i", "Mean"), "flow": ("i", "Mean"), "rainfall": ("t",)}
_NAME = re.compile(
    r"(?P<station>[\w. -]+?)-(?P<parameter>level|flow|rainfall|temperature|wind)"
    r"-(?P<qualifier>\w*)-(?P<kind>\w*)-(?P<period>\w*)-(?P<unit>[\w-]+)",
    re.ASCII,
)
_PERIOD = re.compile(r"(\d{1,4})_(min|h)")


@dataclass(frozen=True)
class Measure:
    """One sensor of a station; `id` is its whole name, `unit` as it stands there (m3_s, ---)."""

    id: str
    station: str
    parameter: str
    qualifier: str
    kind: str
    period: str
    unit: str

    @property
    def known(self) -> bool:
        """Whether its unit is one that can be turned into SI."""
        return self.unit in UNITS.get(self.parameter, {})

    @property
    def scale(self) -> tuple[float, str]:
        """The factor to SI and the datum of a measure whose unit is known."""
        return UNITS[self.parameter][self.unit]

    @property
    def main(self) -> bool:
        """Whether it may stand for its station without being named."""
        return self.qualifier in _MAIN.get(self.parameter, ())

    @property
    def minutes(self) -> int:
        """The spacing of its values [min]; 0 if it does not say."""
        found = _PERIOD.fullmatch(self.period)
        return int(found[1]) * (60 if found[2] == "h" else 1) if found else 0


def read(raw: object) -> Measure | None:
    """Return the measure of an address, a name, or an object with an `@id`; None if it is none."""
    name = raw.get("@id", raw.get("notation")) if isinstance(raw, dict) else raw
    if not isinstance(name, str) or len(name) > LONGEST:
        return None
    found = _NAME.fullmatch(name.rpartition("/measures/")[2])
    return Measure(found[0], **found.groupdict()) if found else None


def choose(measures: Iterable[Measure], step: np.timedelta64) -> Measure | None:
    """Return the one of a station's measures that stands for it; None if none may."""
    return best([measure for measure in measures if measure.main], step)


def best(measures: Iterable[Measure], step: np.timedelta64) -> Measure | None:
    """Return the measure to prefer, None if there is none; of the same ones always the same one.

    Known units first, then the main water before others, values before means, the wanted spacing,
    heights on the gauge before heights above the sea; at last the name decides.
    """
    return min(measures, key=lambda measure: _rank(measure, step), default=None)


def _rank(measure: Measure, step: np.timedelta64) -> tuple[object, ...]:
    kinds, units = _KINDS[measure.parameter], tuple(UNITS[measure.parameter])
    wanted = int(step / np.timedelta64(1, "m"))
    return (
        _place(measure.unit, units) == len(units),
        _place(measure.qualifier, _MAIN[measure.parameter]),
        _place(measure.kind, kinds),
        (measure.minutes != wanted, measure.minutes == 0, measure.minutes),
        _place(measure.unit, units),
        measure.id,
    )


def _place(item: str, order: tuple[str, ...]) -> int:
    return order.index(item) if item in order else len(order)
