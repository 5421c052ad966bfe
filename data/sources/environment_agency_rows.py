"""From the items of the Environment Agency to the readings of one measure for each site."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isnan, nan
from typing import Any

import numpy as np

from data.reading import Reading
from data.schema import Flag
from data.sources import environment_agency_measures as measures
from data.sources import json_answer
from data.sources.asking import Wanted
from data.sources.environment_agency_measures import Measure

STEP = np.timedelta64(15, "m")  # between most values


@dataclass(frozen=True)
class Row:
    """One value of one measure, as it was written."""

    measure: Measure
    time: np.datetime64
    raw: object

    def __str__(self) -> str:
        """Return which value it is."""
        return f"{self.measure.id} at {short(self.time)}"


def rows(found: list[dict[str, Any]], parameter: str, complaints: list[str]) -> Iterator[Row]:
    """Yield the values of one parameter; tell `complaints` of items that are none."""
    for item in _single(found, complaints):
        row = _row(item, complaints)
        if row and row.measure.parameter == parameter:
            yield row


def _single(found: list[dict[str, Any]], complaints: list[str]) -> Iterator[dict[str, Any]]:
    """Yield readings, also those that stand as the latest within stations and measures."""
    for item in _opened(found):
        latest = item.get("latestReading", item)
        if isinstance(latest, dict):
            yield item if latest is item else {"measure": item.get("@id")} | latest
        else:
            where = json_answer.shown(item.get("@id"))
            complaints.append(f"The latest reading of {where} is only an address.")


def _opened(found: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield items, and instead of a station its measures: a list, or an object if only one."""
    for item in found:
        inner = item.get("measures", item)
        for each in inner if isinstance(inner, list) else [inner]:
            if isinstance(each, dict):
                yield each


def _row(item: dict[str, Any], complaints: list[str]) -> Row | None:
    measure = measures.read(item.get("measure"))
    if measure is None:
        complaints.append(f"{json_answer.shown(item.get('measure'))} is no measure.")
        return None
    written = item.get("dateTime")
    time = json_answer.time(written) if isinstance(written, str) else np.datetime64("NaT", "ns")
    if np.isnat(time):
        complaints.append(f"{measure.id}: {json_answer.shown(written)} is no time.")
        return None
    return Row(measure, time, item.get("value"))


def of_site(site: str, rows: list[Row], wanted: Wanted, complaints: list[str]) -> list[Reading]:
    """Return one site's readings of one measure, in order of time."""
    present = sorted({row.measure for row in rows}, key=lambda measure: measure.id)
    if not present:
        return []
    named = [measure for measure in present if measure.id == site]
    chosen = named[0] if named else measures.choose(present, wanted.step)
    complaints += _told(site, present, chosen)
    if chosen is None:
        return []
    by_time: dict[np.datetime64, Reading] = {}
    for row in rows:
        if row.measure == chosen and wanted.since <= row.time <= wanted.until:
            reading = _reading(site, row, wanted.variable, complaints)
            by_time[row.time] = _agreed(by_time.get(row.time, reading), reading, complaints)
    return [by_time[time] for time in sorted(by_time)]


def _told(site: str, present: list[Measure], chosen: Measure | None) -> Iterator[str]:
    """Yield what a reader must know about the choice of a measure."""
    if chosen is None:
        names = ", ".join(measure.id for measure in present)
        yield f"'{site}' has only {names} here: name one of them as the site to use it."
        return
    others = [measure.id for measure in present if measure.known and measure != chosen]
    if others and chosen.id != site:
        yield f"'{site}': of several measures {chosen.id} is used, not {', '.join(others)}."
    if not chosen.known:
        yield f"{chosen.id}: its unit '{chosen.unit}' is not known, so it has no value."
    if chosen.parameter == "rainfall" and chosen.minutes != STEP / np.timedelta64(1, "m"):
        yield f"{chosen.id}: its sums are not of 15 minutes but of '{chosen.period}'."


def _reading(site: str, row: Row, variable: str, complaints: list[str]) -> Reading:
    factor, datum = row.measure.scale if row.measure.known else (nan, "")
    value = json_answer.number(_one(row, complaints)) * factor
    flag = _flag(row.raw, value, variable)
    if flag not in {Flag.GOOD, Flag.NOT_REPORTED} and row.measure.known:
        complaints.append(f"{row} cannot be used: {json_answer.shown(row.raw)}.")
    written = "" if row.raw is None else json_answer.shown(row.raw)[1:-1]
    good = value if flag is Flag.GOOD else nan
    return Reading(site, variable, row.time, good, flag, written, datum=datum)


def _one(row: Row, complaints: list[str]) -> object:
    """Return the value; of a list the one number that all of it is, or nothing that is one."""
    if not isinstance(row.raw, list):
        return row.raw
    complaints.append(f"{row} is a list: {json_answer.shown(row.raw)}.")
    numbers = {json_answer.number(each) for each in row.raw}
    return numbers.pop() if len(numbers) == 1 else None


def _flag(raw: object, value: float, variable: str) -> Flag:
    if raw is None:
        return Flag.NOT_REPORTED
    if isnan(value):
        return Flag.UNREADABLE
    return Flag.OUT_OF_RANGE if variable == "rainfall" and value < 0 else Flag.GOOD


def _agreed(first: Reading, second: Reading, complaints: list[str]) -> Reading:
    """Return what two readings of one time say together: nothing, if they differ."""
    if first.raw == second.raw:
        return first
    both = f"{first.raw} / {second.raw}"
    complaints.append(f"'{first.site}' at {short(first.time)} came twice: {both}.")
    return replace(first, value=nan, flag=Flag.UNREADABLE, raw=both)


def short(time: np.datetime64) -> str:
    """Return a time for a sentence."""
    return f"{str(time)[:16]}Z"
