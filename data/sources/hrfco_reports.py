"""The flood reports (홍수특보) that HRFCO has announced."""

import datetime
from dataclasses import dataclass
from math import nan
from typing import Any

import numpy as np

from data.quality import Limits
from data.reading import NAT
from data.schema import Flag
from data.sources.asking import Access, Answer
from data.sources.hrfco_asking import fetch
from data.sources.hrfco_body import NoRows, refuse_renamed, rows
from data.sources.hrfco_facts import LIMITS
from data.sources.hrfco_values import number, text, utc

EL = Limits(lowest=-20, highest=1500)  # m El.
KINDS = ("주의보", "경보")
Row = dict[str, object]


@dataclass(frozen=True)
class FloodReport:
    """One flood report, as announced; it names a place where people are in danger.

    Attributes:
        kind: 주의보 (watch) or 경보 (warning); what else stands there is kept as it is.
        number: Of the report, as written.
        station: HRFCO's code of the gauge; `name` its name.
        announced: UTC, as are all times; NaT where none can be read.
        reached: When the level `reaches` [m on the gauge] is expected; `reaches_el` [m El.].
        current: The level at `current_time` [m on the gauge]; `current_el` [m El.].
        trend: Of the level now, e.g. 상승.
        forecast: The level expected at `forecast_time` [m on the gauge]; `forecast_el` [m El.].
        area: Who must take care, in words; `warned_river` along which river.
        before: `prntdt` as written; HRFCO does not say what it is.
        remark: `rfrnc2` as written.
        notes: What cannot be read or is odd, a sentence each. A report is never left out for it.
    """

    kind: str
    number: str
    station: str
    name: str
    river: str
    announced: np.datetime64 = NAT
    office: str = ""
    reached: np.datetime64 = NAT
    reaches: float = nan
    reaches_el: float = nan
    current_time: np.datetime64 = NAT
    current: float = nan
    current_el: float = nan
    trend: str = ""
    forecast_time: np.datetime64 = NAT
    forecast: float = nan
    forecast_el: float = nan
    area: str = ""
    warned_river: str = ""
    before: str = ""
    remark: str = ""
    notes: tuple[str, ...] = ()


TEXTS = {
    "kind": "kind",
    "number": "no",
    "station": "sttnm",
    "name": "obsnm",
    "river": "rvrnm",
    "office": "ancnm",
    "trend": "sttcurcng",
    "area": "wrnaranm",
    "warned_river": "wrnrvrnm",
    "before": "prntdt",
    "remark": "rfrnc2",
}
TIMES = {
    "announced": "ancdt",
    "reached": "fctdt",
    "current_time": "sttcurdt",
    "forecast_time": "sttfctdt",
}
ON_GAUGE = {"reaches": "fcthgt", "current": "sttcurhgt", "forecast": "sttfcthgt"}
ABOVE_SEA = {
    "reaches_el": "fctsealvl",
    "current_el": "sttcursealvl",
    "forecast_el": "sttfctsealvl",
}
NEEDED = ("kind", "ancdt", "sttnm", "obsnm")


def flood_reports(access: Access, day: datetime.date | None = None) -> tuple[FloodReport, ...]:
    """Return the flood reports of the last 24 hours, or of a day (KST); () if there are none.

    Raises:
        SourceUnavailable: No answer: whether there are reports is not known.
        SourceError: HRFCO refuses, or the answer has another form than published.
    """
    path = "fldfct/list" if day is None else f"fldfct/list/{day:%Y%m%d}"
    return parse_flood_reports(fetch(access, path))


def parse_flood_reports(answer: Answer) -> tuple[FloodReport, ...]:
    """Return the flood reports of an answer in its order; () where HRFCO says there are none (990).

    Raises:
        SourceUnavailable: It was cut short or came empty: whether there are reports is not known.
        SourceError: HRFCO refuses, or the answer has another form than published.
    """
    try:
        found = rows(answer)
    except NoRows:
        return ()
    for field in NEEDED:
        refuse_renamed(found, field, answer)
    return tuple(_report(row) for row in found.distinct)


def _report(row: Row) -> FloodReport:
    notes: list[str] = []
    gauge = LIMITS["water_level"]
    facts: dict[str, Any] = {
        **{name: text(row.get(field), 1000) for name, field in TEXTS.items()},
        **{name: _time(row, field, notes) for name, field in TIMES.items()},
        **{name: _level(row, field, gauge, notes) for name, field in ON_GAUGE.items()},
        **{name: _level(row, field, EL, notes) for name, field in ABOVE_SEA.items()},
    }
    if facts["kind"] not in KINDS:
        notes.append(f"Its kind '{facts['kind']}' is not one of {', '.join(KINDS)}.")
    if not facts["station"]:
        notes.append("It names no station.")
    return FloodReport(**facts, notes=tuple(notes))


def _level(row: Row, field: str, limits: Limits, notes: list[str]) -> float:
    value, flag = number(row.get(field), limits)
    if flag not in {Flag.GOOD, Flag.NOT_REPORTED}:
        notes.append(f"'{field}' is '{text(row[field], 40)}', no level.")
    return value


def _time(row: Row, field: str, notes: list[str]) -> np.datetime64:
    time = utc(row.get(field))
    if np.isnat(time) and (text(row.get(field)) or field == "ancdt"):
        notes.append(f"'{field}' is '{text(row.get(field), 40)}', no time.")
    return time
