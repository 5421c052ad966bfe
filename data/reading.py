"""One reading as a provider gave it, in SI; and the facts of the site that it came from."""

from dataclasses import dataclass
from math import nan

import numpy as np

from data.schema import FORCINGS, Flag
from data.stations import Quantity

NAT = np.datetime64("NaT", "ns")
FORECAST_RAIN = "rainfall_forecast"  # mm in the step ending at its time, which lies ahead
UNITS = (
    FORCINGS
    | {q.value: q.unit for q in Quantity}
    | {
        FORECAST_RAIN: "mm",
        f"{FORECAST_RAIN}_low": "mm",  # the least and the most that an interval such as
        f"{FORECAST_RAIN}_high": "mm",  # "30.0~50.0mm" allows; infinite where it is open
    }
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of one variable at one site and time.

    Attributes:
        site: The provider's own id of the site.
        variable: One of `UNITS`, which also gives the unit of `value`.
        time: UTC, datetime64[ns]; the end of the step where the variable is summed or averaged.
        value: In SI; NaN where `flag` says that there is none. Never 0 for a missing value.
        flag: `data.schema.Flag`: GOOD, or why there is no value.
        raw: The value as it was written, e.g. " ", "강수없음", "-999".
        received: When it is taken to have been received, for hindcasts; NaT: with its answer.
        datum: What a level is measured from, as the provider calls it; "" if it does not say.
    """

    site: str
    variable: str
    time: np.datetime64
    value: float
    flag: Flag = Flag.GOOD
    raw: str = ""
    received: np.datetime64 = NAT
    datum: str = ""


@dataclass(frozen=True)
class Parsed:
    """What a parser made of one answer: readings, and a sentence for each row it cannot use."""

    readings: tuple[Reading, ...]
    complaints: tuple[str, ...] = ()


@dataclass(frozen=True)
class Site:
    """The facts that a provider tells of one of its sites.

    Attributes:
        kind: What it measures: a variable of `UNITS`, or `dam` or `weir`.
        latitude: WGS 84 [degrees]; NaN where the provider gives none that can be read.
        gauge_zero: [m El.]; NaN if unknown.
        attention: The level at which the stage begins [unit of the kind]; NaN where not announced.
        notes: What looks wrong or odd about these facts, a sentence each.
    """

    source: str
    id: str
    kind: str
    name: str
    river: str = ""
    agency: str = ""
    latitude: float = nan
    longitude: float = nan
    gauge_zero: float = nan
    attention: float = nan
    watch: float = nan
    warning: float = nan
    severe: float = nan
    notes: tuple[str, ...] = ()
