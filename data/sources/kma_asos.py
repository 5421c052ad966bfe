"""Hourly rain of KMA's synoptic stations from data.go.kr: checked, but only up to yesterday.

An empty `rn` means "no rain" or "missing": it is read as 0 only where its flag does not say
missing (9) or error (1) and the station reports something else in that hour. `rn` is mm in the hour
that ends at `tm` (KST).
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from math import nan
from typing import Any

import numpy as np

from data.errors import SourceError
from data.reading import Parsed, Reading
from data.schema import Flag
from data.sources import kma_gateway
from data.sources.asking import Access, Answer, Question, Wanted
from data.sources.kma_amounts import Amount, observed, written
from data.sources.kma_gateway import quoted
from data.sources.kma_refusals import stays_refused
from data.sources.kma_times import KST, stamp, utc

SOURCE = "kma_asos"
BASE_URL = kma_gateway.BASE_URL
PATH = "/1360000/AsosHourlyInfoService/getWthrDataList"
ROWS = 999  # the most that a page may hold
VARIABLE = "rainfall"
OUT_AT = np.timedelta64(11, "h")  # KST; yesterday's hours are there from then on
_ELSE = ("ta", "hm", "ws", "pa", "ps", "td")  # a station at work gives one of these
_NAMES = ("tm", "stnId", "rn", "rnQcflg")


def ask(access: Access, wanted: Wanted, now: np.datetime64 | None = None) -> Iterator[Answer]:
    """Ask for the hours of each station, as far as they are out at `now` (UTC; else the clock).

    Raises:
        SourceError: Another variable than rainfall, or see `web.ask`.
        SourceUnavailable: See `web.ask`.
    """
    _check(wanted)
    now = now or np.datetime64(datetime.now(UTC).replace(tzinfo=None), "ns")
    first, last = wanted.since, min(wanted.until, newest_hour(now))
    for spot in wanted.spots if first <= last else ():
        answer = None
        for answer in kma_gateway.pages(access, _question(spot.id, first, last), ROWS):
            yield answer
        if answer and stays_refused(kma_gateway.refusal(answer)):
            return


def newest_hour(now: np.datetime64) -> np.datetime64:
    """Return the last hour (UTC) that is out at `now`: 23:00 KST, of yesterday after 11:00 KST."""
    today = (now + KST - OUT_AT).astype("datetime64[D]").astype("datetime64[ns]")
    return np.datetime64(today - np.timedelta64(1, "h") - KST, "ns")


def parse(answer: Answer, wanted: Wanted) -> Parsed:
    """Return the hourly rain of the wanted stations; NaN with a flag where there is none.

    Raises:
        SourceUnavailable: A refusal that may pass, or a cut answer.
        SourceError: A refusal that stays, or another shape; or another variable than rainfall.
    """
    _check(wanted)
    page = kma_gateway.page(answer)
    kma_gateway.require(answer, page.items, _NAMES)
    ids = frozenset(spot.id for spot in wanted.spots)
    parts = [_parse_item(item, ids, wanted) for item in page.items]
    readings = [reading for part in parts for reading in part.readings]
    told = [f"{answer.what}: {text}" for part in parts for text in part.complaints]
    return Parsed(tuple(readings), (*page.complaints, *told))


def _check(wanted: Wanted) -> None:
    if wanted.variable != VARIABLE:
        raise SourceError(f"{SOURCE} has no '{wanted.variable}'.", f"Ask for '{VARIABLE}'.")


def _question(station: str, first: np.datetime64, last: np.datetime64) -> Question:
    start, end = stamp(first), stamp(last)
    span = {"startDt": start[:8], "startHh": start[8:10], "endDt": end[:8], "endHh": end[8:10]}
    params = {"dataCd": "ASOS", "dateCd": "HR", "stnIds": station} | span
    what = f"getWthrDataList-{station}-{start[:10]}-{end[:10]}"
    return Question(SOURCE, what, PATH, params)


def _parse_item(item: Mapping[str, Any], ids: frozenset[str], wanted: Wanted) -> Parsed:
    gone = [name for name in _NAMES if name not in item]
    if gone:
        return Parsed((), (f"an item has no {', '.join(gone)}; it has {quoted(', '.join(item))}.",))
    station = written(item["stnId"]).strip()
    if station not in ids:
        return Parsed(())
    try:
        time = utc(written(item["tm"]))
    except ValueError as error:
        return Parsed((), (f"an item of station {station} cannot be read: {error}.",))
    if not wanted.since <= time <= wanted.until:
        return Parsed(())
    rain, why = _rain(item)
    raw = written(item["rn"])
    reading = Reading(station, VARIABLE, time, rain.value(), rain.flag, raw)
    where = f"station {station} at {time.astype('datetime64[m]')}Z"
    return Parsed((reading,), (f"{where}: {why}",) if why else ())


def _rain(item: Mapping[str, Any]) -> tuple[Amount, str]:
    """Return the rain of an hour, and a sentence if that needs one."""
    raw, check = item["rn"], written(item["rnQcflg"]).strip()
    if check == "9":
        return _missing(Flag.NOT_REPORTED), ""
    if check not in {"", "0"}:
        return _missing(Flag.OUT_OF_RANGE), f"rn {quoted(raw)} has flag {quoted(check)}."
    if isinstance(raw, str) and not raw.strip() and item["rnQcflg"] is not None:
        if any(written(item.get(name)).strip() for name in _ELSE):
            return Amount(0.0, 0.0), ""
        return _missing(Flag.NOT_REPORTED), "the station reports nothing at all."
    amount = observed(raw)
    odd = amount.flag in {Flag.UNREADABLE, Flag.OUT_OF_RANGE}
    return amount, f"rn {quoted(raw)} is no amount of rain." if odd else ""


def _missing(flag: Flag) -> Amount:
    return Amount(nan, nan, flag)
