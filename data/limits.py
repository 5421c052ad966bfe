"""What a reading of one site can be, and how fast, how long and how alone it can be so.

`GENERAL` serves a site without a record, in SI; `data.record_limits` learns a site's own from its
training years. `to_dict` and `of_dict` let a store remember them as JSON.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from math import inf
from typing import Any

import numpy as np

from data.cadence import TEN_MINUTES


@dataclass(frozen=True)
class Limits:
    """The limits of one site and one variable, in the unit of the readings.

    Attributes:
        sentinels: Values that stand for "no value".
        jump: Largest credible change in 10 minutes, or between two readings that lie closer.
        flat: Hours after which a value that stands still is a stuck sensor; inf = never.
        moves: The smallest change that the sensor shows; less than half of it is standing still.
        rests: At or below it a value may stand still for ever: no rain, a river in drought.
        alone: Rain in a step that is absurd if no neighbour had a tenth of it within an hour.
        felt: A movement of all neighbours that must be felt here within 3 hours.
    """

    sentinels: tuple[float, ...] = ()
    lowest: float = -inf
    highest: float = inf
    jump: float = inf
    flat: float = inf
    moves: float = 0.0
    rests: float = -inf
    alone: float = inf
    felt: float = inf


# Rain is in 10 minutes; `general` makes of it 234 mm in an hour and 1,060 mm in a day, above
# Korea's records, 146 mm (Eocheongdo, 2024-07-10) and 870.5 mm (Gangneung, 2002-08-31).
STEPS = 36  # that rain may be the same: the Han had 16 of 1.0 mm, its gauges' smallest
GENERAL = {
    "water_level": Limits(lowest=-10, highest=40, jump=0.5, moves=0.01, felt=0.2),  # on the gauge
    "discharge": Limits(highest=400_000),  # the Amazon carries less; negative where the tide turns
    "rainfall": Limits(lowest=0, highest=100, flat=STEPS / 6, moves=0.1, rests=0, alone=50),
    "dam_inflow": Limits(lowest=0, highest=400_000),
    "dam_release": Limits(lowest=0, highest=400_000),
    "dam_level": Limits(lowest=-10, highest=5000, jump=0.5, moves=0.01),
    "tide": Limits(lowest=-12, highest=20, jump=1.0, flat=3, moves=0.01),
}
ENVELOPE = 0.475  # slope of the world's largest rains by duration: Paulhus (1965), 422 mm x h^0.475


def general(variable: str, every: np.timedelta64 = TEN_MINUTES) -> Limits:
    """Return the limits of a variable without a record, read every so often."""
    limits = GENERAL[variable]
    if variable != "rainfall":
        return limits
    growth = float((every / TEN_MINUTES) ** ENVELOPE)
    return replace(
        limits,
        highest=limits.highest * growth,
        alone=limits.alone * growth,
        flat=STEPS * float(every / np.timedelta64(1, "h")),
    )


def to_dict(limits: Limits) -> dict[str, Any]:
    """Return what differs from no limit at all, ready for JSON, which knows no infinity."""
    nothing = Limits()
    told = {f.name: getattr(limits, f.name) for f in fields(Limits)}
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in told.items()
        if value != getattr(nothing, name)
    }


def of_dict(told: dict[str, Any]) -> Limits:
    """Return the limits that `to_dict` told."""
    sentinels = tuple(told.get("sentinels", ()))
    return Limits(**told | {"sentinels": sentinels})


def by_site(limits: Limits | Sequence[Limits], sites: int) -> list[Limits]:
    """Return one `Limits` for each site, of one for all or one each."""
    return [limits] * sites if isinstance(limits, Limits) else list(limits)


def column(limits: Sequence[Limits], name: str) -> np.ndarray:
    """Return one number of every site's limits, dims (site,)."""
    return np.array([getattr(each, name) for each in limits], dtype="float64")
