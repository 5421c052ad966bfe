"""Hourly rain of KMA's synoptic stations, from its API hub (kma_sfctm2.php, kma_sfctm3.php).

`RN` is mm in the hour that ends at the row's time; -9.0 means "no rain" or "missing". It is read as
0 only where the row proves that the gauge was at work and dry: the day's rain is a number, the
station reports something else than -9, and the day's rain has not risen since the hour before.
Where the day's rain is -9 too, nothing tells the one from the other, and the hour is missing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import isnan, nan

import numpy as np

from data.errors import SourceError
from data.reading import Parsed, Reading
from data.schema import Flag
from data.sources import web
from data.sources.ahead import not_ahead
from data.sources.asking import Access, Answer, Question, Wanted
from data.sources.kma_amounts import Amount, observed, written
from data.sources.kma_gateway import quoted, with_plain_key
from data.sources.kma_table import RAIN, RAIN_DAY, STATION, TIME, WITNESSES, table
from data.sources.kma_times import stamp, utc

SOURCE = "kma_hub"
BASE_URL = "https://apihub.kma.go.kr"
PATH = "/api/typ01/url/"
VARIABLE = "rainfall"
FEW = 5  # stations; of more, all are asked for at once: a month of all is 17 MB
HOUR = np.timedelta64(1, "h")
LONGEST = np.timedelta64(31 * 24 - 1, "h")  # kma_sfctm3 gives 31 days at most
ACCEPT = (200, 400, 401, 403)  # the last three explain themselves in JSON
UNTOLD = "RN and RN_DAY are both -9, which may be dry as well."
_NUMBER = re.compile(r"[+-]?\d{1,6}(?:\.\d{1,4})?", re.ASCII)


@dataclass(frozen=True)
class _Row:
    """One hour of one station; `day` [mm] is NaN where the day's rain is not told."""

    station: str
    time: np.datetime64
    raw: str
    day: float
    alive: bool


def ask(access: Access, wanted: Wanted) -> Iterator[Answer]:
    """Ask for all full hours from `wanted.since` to `wanted.until`, 31 days at a time.

    A few stations are asked for one by one, more of them by way of all.

    Raises:
        SourceError: Another variable than rainfall, or see `web.ask`.
        SourceUnavailable: See `web.ask`.
    """
    _check(wanted)
    access = with_plain_key(access)
    ids = [spot.id for spot in wanted.spots]
    first = wanted.since.astype("datetime64[h]").astype("datetime64[ns]")
    first += HOUR if first < wanted.since else 0 * HOUR
    while first <= wanted.until:
        last = min(first + LONGEST, wanted.until)
        for station in ids if len(ids) <= FEW else ["0"]:
            yield web.ask(access, _question(access.key, station, first, last))
        first = first + LONGEST + HOUR


def parse(answer: Answer, wanted: Wanted) -> Parsed:
    """Return the hourly rain of the wanted stations; NaN with a flag where there is none.

    Raises:
        SourceUnavailable: See `kma_table.table`.
        SourceError: See `kma_table.table`; or another variable than rainfall.
    """
    _check(wanted)
    found = table(answer)
    rows, unread = _rows(found.rows, {spot.id.lstrip("0"): spot.id for spot in wanted.spots})
    rows, ahead_of_us = _dated(rows, answer)
    by_hour = {(row.station, row.time): row for row in rows}
    inside = [row for row in by_hour.values() if wanted.since <= row.time <= wanted.until]
    rains = [_rain(row, by_hour.get((row.station, row.time - HOUR))) for row in inside]
    readings = tuple(
        Reading(row.station, VARIABLE, row.time, rain.value(), rain.flag, written(row.raw))
        for row, (rain, _) in zip(inside, rains, strict=True)
    )
    told = [*unread, *ahead_of_us, *_twice(rows, by_hour), *_odd(inside, [why for _, why in rains])]
    silent = _meant(answer, wanted) - {row.station for row in rows}
    told += [f"no row of station {station}." for station in sorted(silent)]
    return Parsed(readings, (*found.complaints, *(f"{answer.what}: {t}" for t in told)))


def _check(wanted: Wanted) -> None:
    if wanted.variable != VARIABLE:
        raise SourceError(f"{SOURCE} has no '{wanted.variable}'.", f"Ask for '{VARIABLE}'.")


def _meant(answer: Answer, wanted: Wanted) -> set[str]:
    """Return the ids that an answer should tell of: one station's, or all that are wanted."""
    ids = {spot.id for spot in wanted.spots}
    one = answer.what.rpartition("-")[2]
    return {one} if one in ids else ids


def _question(key: str, station: str, first: np.datetime64, last: np.datetime64) -> Question:
    start, end = stamp(first), stamp(last.astype("datetime64[h]"))
    place = "all" if station == "0" else station
    common = {"stn": station, "help": "0", "authKey": key}
    if start == end:
        what, params = f"kma_sfctm2-{start}-{place}", {"tm": start}
    else:
        what, params = f"kma_sfctm3-{start}-{end}-{place}", {"tm1": start, "tm2": end}
    return Question(SOURCE, what, f"{PATH}{what[:10]}.php", params | common, accept=ACCEPT)


def _rows(
    table_rows: Iterable[dict[str, str]], ids: dict[str, str]
) -> tuple[list[_Row], list[str]]:
    """Return the rows of the wanted stations, and a sentence for each that has no time."""
    rows, unread = [], []
    for row in table_rows:
        station = ids.get(row[STATION].lstrip("0"))
        if station is None:
            continue
        try:
            time = utc(row[TIME])
        except ValueError as error:
            unread.append(f"a row of station {station} cannot be read: {error}.")
            continue
        day = _number(row[RAIN_DAY])
        alive = any(_told(row[name]) for name in WITNESSES if name in row)
        rows.append(_Row(station, time, row[RAIN], day if 0 <= day < 2000 else nan, alive))
    return rows, unread


def _dated(rows: list[_Row], answer: Answer) -> tuple[list[_Row], list[str]]:
    """Return the rows that are not dated ahead, and a sentence for each station with such."""
    kept, told = list[_Row](), list[str]()
    for station in dict.fromkeys(row.station for row in rows):
        here = [row for row in rows if row.station == station]
        dated, said = not_ahead(here, lambda row: row.time, answer.fetched)
        kept += dated
        told += [f"station {station}: {said}"] if said else []
    return kept, told


def _twice(rows: list[_Row], by_hour: dict[tuple[str, np.datetime64], _Row]) -> Iterator[str]:
    """Yield a sentence for each row that another one of its hour contradicts: the last is kept."""
    for row in rows:
        kept = by_hour[row.station, row.time]
        if kept.raw != row.raw:
            where = f"station {row.station} at {_shown(row.time)}"
            yield f"{where} is told twice, {quoted(row.raw)} and then {quoted(kept.raw)}."


def _odd(rows: list[_Row], whys: list[str]) -> Iterator[str]:
    """Yield what is odd about hours, those of a station that cannot be told apart in one line."""
    untold = Counter(row.station for row, why in zip(rows, whys, strict=True) if why == UNTOLD)
    for station, hours in untold.items():
        yield f"station {station}: {hours} h are missing: {UNTOLD}"
    for row, why in zip(rows, whys, strict=True):
        if why not in {"", UNTOLD}:
            yield f"station {row.station} at {_shown(row.time)}: {why}"


def _rain(row: _Row, before: _Row | None) -> tuple[Amount, str]:
    """Return the rain of an hour, and a sentence if that needs one."""
    number = _number(row.raw)
    if number == -9.0:
        return _dry_or_missing(row, before)
    if number == -99.0:
        return _missing(Flag.SENTINEL), ""
    amount = observed(row.raw)
    odd = amount.flag in {Flag.UNREADABLE, Flag.OUT_OF_RANGE}
    return amount, f"{quoted(row.raw)} is no amount of rain." if odd else ""


def _dry_or_missing(row: _Row, before: _Row | None) -> tuple[Amount, str]:
    """Tell what -9.0 means: 0 where the row proves it, else missing."""
    nothing = _missing(Flag.SENTINEL)
    if not row.alive:
        return nothing, ""
    if isnan(row.day):
        return nothing, UNTOLD
    if before and before.alive and row.day > (0.0 if isnan(before.day) else before.day):
        return nothing, f"RN is -9, yet the day's rain has risen to {row.day:g} mm."
    return Amount(0.0, 0.0), ""


def _missing(flag: Flag) -> Amount:
    return Amount(nan, nan, flag)


def _number(text: str) -> float:
    return float(text) if _NUMBER.fullmatch(text) else nan


def _told(text: str) -> bool:
    """Return whether a column other than rain holds a measurement."""
    number = _number(text)
    return -90 < number < 5000 and number != -9.0


def _shown(time: np.datetime64) -> str:
    return f"{time.astype('datetime64[m]')}Z"
