"""From rows as USGS writes them to readings, the same for its new API and for its old one.

A value is a text, or missing: null, "", or -999999. Beside it stand its approval (Approved or
Provisional) and qualifiers; all are kept in `Reading.raw`. A number marked as estimated or as
affected by ice is USGS's word and stays; one marked as from broken, discontinued or seasonal
equipment is no reading. A site may have several series of one variable (two sensors): one is
taken, and said.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import nan
from typing import Any

import numpy as np

from data.errors import SourceError
from data.reading import Parsed, Reading
from data.schema import Flag
from data.sources.asking import Wanted
from data.sources.us_json import number, rows, shown, utc, written
from data.sources.us_series import counted, once
from data.sources.us_units import to_si

CODES = {"water_level": "00065", "discharge": "00060", "rainfall": "00045"}
INSTANT = "00011"  # the statistic of an instantaneous value; 00003 is a mean
NO_DATA = -999999.0
SILENT = frozenset(  # qualifiers of both APIs under which a number is none, in upper case
    ("DIS", "DISCONTINUED", "EQP", "EQUIP", "MNT", "MAINT", "FLD", "SSN", "SEASONAL", "***", "--")
)


@dataclass(frozen=True, slots=True)
class Row:
    """One value as it was written.

    Attributes:
        series: Tells apart several sensors of one site; with the time it names the value.
        notes: Approval and qualifiers.
        modified: When the row was last written, as written.
        none: What this series writes where it has no value.
    """

    series: str
    time: Any
    value: Any
    unit: Any
    notes: tuple[str, ...] = ()
    statistic: str = INSTANT
    modified: Any = None
    none: float = NO_DATA


def code(source: str, variable: str) -> str:
    """Return the parameter code of a variable.

    Raises:
        SourceError: USGS has none of it.
    """
    if variable not in CODES:
        raise SourceError(f"{source} offers no '{variable}', only {sorted(CODES)}.")
    return CODES[variable]


def location(site: str) -> str:
    """Return a site as the new API names it: "06904500" is "USGS-06904500"."""
    return site if "-" in site else f"USGS-{site}"


def words(qualifier: Any) -> tuple[str, ...]:
    """Return the single qualifiers of a list, or of a text such as "A e" or '["ICE"]'."""
    found: list[str] = []
    for part in [qualifier] if isinstance(qualifier, str) else rows(qualifier):
        if isinstance(part, str):
            found += re.findall(r"[^\s,;\[\]\"']+", written(part))
    return tuple(found)


def readings(by_site: Mapping[str, Sequence[Row]], wanted: Wanted) -> Parsed:
    """Return what rows tell of what is wanted; by_site: the rows of each site's `Spot.id`."""
    found: list[Reading] = []
    complaints: list[str] = []
    for site, written_rows in by_site.items():
        series, said = _one_series(written_rows)
        dated: list[tuple[np.datetime64, Reading]] = []
        for row in series:
            try:
                dated += _read(site, row, wanted)
            except SourceError as error:
                said.append(error.problem)
        kept, doubled = once(dated)
        found += kept
        complaints += [f"{site}: {sentence}" for sentence in said + _silenced(series, wanted)]
        complaints += doubled
    return Parsed(tuple(found), counted(complaints))


def _one_series(written_rows: Iterable[Row]) -> tuple[list[Row], list[str]]:
    """Return the rows of one series: of those with any number, instantaneous first, by its id."""
    series: dict[tuple[str, str], list[Row]] = {}
    for row in written_rows:
        series.setdefault((row.statistic, row.series), []).append(row)
    if len(series) < 2:
        return [row for some in series.values() for row in some], []
    order = sorted(series, key=lambda key: (_empty(series[key]), key[0] != INSTANT, key[1], key[0]))
    named = ", ".join(shown(name) for _, name in order[1:4]) + (", .." if len(order) > 4 else "")
    return series[order[0]], [
        f"of {len(order)} series {shown(order[0][1])} is taken, and {named} left."
    ]


def _empty(series: Iterable[Row]) -> bool:
    return all(number(row.value) in (None, row.none, NO_DATA) for row in series)


def _read(site: str, row: Row, wanted: Wanted) -> list[tuple[np.datetime64, Reading]]:
    """Return the row's reading with the time it was written; none if its time is not wanted.

    Raises:
        SourceError: Its time is none, or its unit is not one of this variable.
    """
    time = utc(row.time)
    if np.isnat(time):
        raise SourceError(f"the time {shown(row.time)} is none in ISO 8601 with an offset.")
    if not wanted.since <= time <= wanted.until:
        return []
    value, flag = _judged(row, wanted.variable)
    raw = " ".join([written(row.value), *row.notes])
    reading = Reading(site, wanted.variable, time, value, flag, raw)
    return [(utc(row.modified), reading)]


def _judged(row: Row, variable: str) -> tuple[float, Flag]:
    if row.value is None or row.value == "":
        return nan, Flag.NOT_REPORTED
    value = number(row.value)
    if value is None:
        return nan, Flag.UNREADABLE
    if value in (NO_DATA, row.none):
        return nan, Flag.SENTINEL
    if _silent(row):
        return nan, Flag.NOT_REPORTED
    return to_si(value, row.unit, variable), Flag.GOOD


def _silent(row: Row) -> bool:
    return not SILENT.isdisjoint(note.upper() for note in row.notes)


def _silenced(series: Iterable[Row], wanted: Wanted) -> list[str]:
    """Return a sentence for each wanted number that is not used because of its qualifiers."""
    return [
        f"a number marked {' '.join(row.notes)} is taken as missing."
        for row in series
        if _silent(row)
        and number(row.value) not in (None, NO_DATA, row.none)
        and wanted.since <= utc(row.time) <= wanted.until
    ]
