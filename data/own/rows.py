"""What files told, as columns: one row per reading, of series that are numbered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

import numpy as np

from data.archive import VARIABLES
from data.own.clock import Clock
from data.own.numbers import Missing
from data.own.sieve import Refused
from data.reading import NAT
from data.stations import Quantity

WIDTH = len(VARIABLES)
_MEANT = {  # what others call them, in lower case
    "water_level": "level waterlevel water level stage gage_height gauge_height height wl h 수위",
    "discharge": "flow streamflow q runoff qobs flow_rate 유량",
    "rainfall": "rain precipitation precip p prcp rf 강수량 강우량 강우",
    "dam_inflow": "inflow 유입량",
    "dam_release": "release outflow dam_outflow 방류량",
    "dam_level": "reservoir_level pool_level 저수위",
    "tide": "tide_level sea_level 조위",
}


@dataclass(frozen=True)
class Known:
    """What a file may speak of.

    Attributes:
        stations: Their ids; the number after the last one stands for all of them.
        quantity: What the stations measure.
    """

    stations: tuple[str, ...]
    quantity: Quantity

    @property
    def shared(self) -> int:
        """The number that stands for all stations."""
        return len(self.stations)

    def named(self, series: int) -> tuple[str, str]:
        """Return station and variable of a series; the station is "" for a shared one."""
        station, variable = divmod(series, WIDTH)
        return (*self.stations, "")[station], VARIABLES[variable]


@dataclass(frozen=True)
class Form:
    """How files are written.

    Attributes:
        units: Of a variable that is not in SI where no unit is beside it.
        listed_only: Stations that are not in the table are left out without a complaint.
    """

    clock: Clock
    missing: Missing = field(default_factory=Missing)
    units: Mapping[str, str] = field(default_factory=dict)
    listed_only: bool = False


@dataclass(frozen=True)
class Rows:
    """Readings, of equal length: series (`Known.named`), UTC, SI, `Flag`, and NaT if untold."""

    series: np.ndarray
    time: np.ndarray
    value: np.ndarray
    flag: np.ndarray
    received: np.ndarray

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.series)

    def pick(self, which: np.ndarray) -> "Rows":
        """Return some of them."""
        columns = (self.series, self.time, self.value, self.flag, self.received)
        return Rows(*(column[which] for column in columns))


@dataclass(frozen=True)
class Part:
    """What one file told.

    Attributes:
        count: Rows in the file.
        lost: How many of them had something refused.
        refused: What, one for each reason.
        refused_of: How many readings of each series were refused.
        ignored: A sentence for each column that says nothing to us.
        naive: Whether it has times without an offset.
        whole_days: Whether its dates were taken to end their days.
    """

    file: str
    rows: Rows
    count: int
    lost: int = 0
    refused: tuple[Refused, ...] = ()
    refused_of: Mapping[int, int] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    naive: bool = False
    whole_days: bool = False


NONE = Rows(
    np.zeros(0, "int32"),
    np.zeros(0, "datetime64[ns]"),
    np.zeros(0),
    np.zeros(0, "int8"),
    np.zeros(0, "datetime64[ns]"),
)


def join(parts: Sequence[Rows]) -> Rows:
    """Put rows after each other."""
    names = ("series", "time", "value", "flag", "received")
    return Rows(*(np.concatenate([getattr(p, n) for p in (NONE, *parts)]) for n in names))


def untold(size: int) -> np.ndarray:
    """Return times that nobody told."""
    return np.full(size, NAT)


def nearest(word: str, known: Sequence[str]) -> str:
    """Suggest the known name that was probably meant."""
    meant = [name for name, words in _MEANT.items() if word.lower() in words.split()]
    meant += [name for name in known if name.lower() == word.lower()]
    close = [name for name in meant if name in known] or get_close_matches(word, known, 1, 0.6)
    if close:
        return f"did you mean '{close[0]}'?"
    some = ", ".join(known[:8]) + (", .." if len(known) > 8 else "")
    return f"known: {some}"
