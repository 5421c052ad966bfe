"""KMA's short-term forecasts of rain and its analysis of the last hour, by cells of 5 km.

`rainfall_forecast` comes from getVilageFcst (PCP, five days) and then from getUltraSrtFcst (RN1,
six hours, newer: where both speak of one time the later answer is the better); its `_low` and
`_high` are the ends of the class that KMA names. `rainfall` comes from getUltraSrtNcst (RN1). All
are mm in the hour that ends at the time given; that KMA's hour ends there is unverified.

Several spots in one cell are asked for once. Until an issue can be asked for, the one before is.
The analysis of an hour is an issue of its own: all wanted hours of the last day are asked for, the
newest first, so that none is lost where an answer failed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from data.errors import SourceError
from data.reading import FORECAST_RAIN, Parsed, Reading
from data.schema import Flag
from data.sources import kma_amounts, kma_gateway
from data.sources.ahead import not_ahead
from data.sources.asking import Access, Answer, Question, Wanted
from data.sources.kma_amounts import OPEN_END, Amount, written
from data.sources.kma_gateway import quoted
from data.sources.kma_grid import spots_by_cell
from data.sources.kma_refusals import stays_refused
from data.sources.kma_times import newest_bases, stamp, utc

SOURCE = "kma_forecast"
BASE_URL = kma_gateway.BASE_URL
PATH = "/1360000/VilageFcstInfoService_2.0/"
ROWS = 1000  # the most that a page may hold
OBSERVED = "rainfall"
HOUR = np.timedelta64(1, "h")
KEPT = np.timedelta64(23, "h")  # before the newest analysis; older ones are said to be refused
RAIN = frozenset({"PCP", "RN1"})  # categories; RN1 is both a forecast and an observation

Cell = tuple[int, int]


@dataclass(frozen=True)
class _Asked:
    """What is asked for, ready for looking up: ids by cell, variable, span, value of open ends."""

    cells: Mapping[Cell, list[str]]
    wanted: Wanted
    open_end: float

    @property
    def ahead(self) -> bool:
        """Whether forecasts are wanted, not observations."""
        return self.wanted.variable != OBSERVED


def ask(access: Access, wanted: Wanted, now: np.datetime64 | None = None) -> Iterator[Answer]:
    """Ask for what is wanted in each cell; stop where further questions would be refused too.

    Args:
        now: UTC; the clock's time if not given.

    Raises:
        SourceError: The variable is none of KMA's, or no spot lies in its grid.
        SourceUnavailable: See `web.ask`.
    """
    now = now or np.datetime64(datetime.now(UTC).replace(tzinfo=None), "ns")
    cells, lost = spots_by_cell(wanted.spots)
    operations = _operations(wanted.variable)
    if not cells:
        problem = f"{SOURCE}: none of {len(wanted.spots)} spots lies in KMA's grid. "
        raise SourceError(problem + " ".join(lost[:3]), "Give each its latitude and longitude.")
    for operation in operations:
        for cell, bases in _rounds(operation, cells, wanted, now):
            answer = None
            for answer in _first(access, operation, cell, bases):
                yield answer
            if answer and stays_refused(kma_gateway.refusal(answer)):
                return


def parse(answer: Answer, wanted: Wanted, open_end: float = OPEN_END) -> Parsed:
    """Return the rain of one answer for each wanted spot of its cell.

    Args:
        open_end: What "50.0mm 이상" is taken to be [mm]; each use is told as a complaint.

    Raises:
        SourceUnavailable: A refusal that may pass, or a cut answer.
        SourceError: A refusal that stays, or another shape.
    """
    _operations(wanted.variable)
    page = kma_gateway.page(answer)
    cells, lost = spots_by_cell(wanted.spots)
    asked = _Asked(cells, wanted, open_end)
    rain = [item for item in page.items if written(item.get("category")) in RAIN]
    kma_gateway.require(answer, page.items, ["category"])
    kma_gateway.require(answer, rain, ["nx", "ny", *_names(asked.ahead)])
    parts = [_parse_item(item, asked) for item in rain]
    readings = [reading for part in parts for reading in part.readings]
    told = [f"{answer.what}: {text}" for part in parts for text in part.complaints]
    if not asked.ahead:
        readings, said = not_ahead(readings, lambda reading: reading.time, answer.fetched)
        told += [f"{answer.what}: {said}"] if said else []
    if page.items and not rain and "-page-" not in answer.what:
        found = sorted({written(item.get("category")) for item in page.items})
        told.append(f"{answer.what}: no PCP or RN1, only {quoted(', '.join(found))}.")
    return Parsed(tuple(readings), tuple(dict.fromkeys((*page.complaints, *lost, *told))))


def _operations(variable: str) -> tuple[str, ...]:
    """Return the operations that give a variable.

    Raises:
        SourceError: None does.
    """
    if variable == OBSERVED:
        return ("getUltraSrtNcst",)
    if variable == FORECAST_RAIN:
        return ("getVilageFcst", "getUltraSrtFcst")
    known = f"'{OBSERVED}' or '{FORECAST_RAIN}'"
    raise SourceError(f"{SOURCE} has no '{variable}'.", f"Ask for {known}.")


def _rounds(
    operation: str, cells: Mapping[Cell, list[str]], wanted: Wanted, now: np.datetime64
) -> Iterator[tuple[Cell, tuple[np.datetime64, ...]]]:
    """Yield cells with the issues of which one is needed; every cell before any older hour."""
    newest, before = newest_bases(operation, now)
    if wanted.variable != OBSERVED:
        yield from ((cell, (newest, before)) for cell in cells)
        return
    first = max(min(wanted.since, newest), newest - KEPT)
    for back in range(int((newest - first) / HOUR) + 1):
        yield from ((cell, (newest - back * HOUR,)) for cell in cells)


def _first(
    access: Access, operation: str, cell: Cell, bases: tuple[np.datetime64, ...]
) -> Iterator[Answer]:
    """Ask for the first of some issues that is there."""
    for base in bases:
        answers = kma_gateway.pages(access, _question(operation, cell, base), ROWS)
        first = next(answers)
        yield first
        yield from answers
        if kma_gateway.refusal(first) or kma_gateway.page(first).items:
            return


def _question(operation: str, cell: Cell, base: np.datetime64) -> Question:
    when, (nx, ny) = stamp(base), cell
    params = {"base_date": when[:8], "base_time": when[8:], "nx": str(nx), "ny": str(ny)}
    return Question(SOURCE, f"{operation}-{nx}-{ny}-{when}", PATH + operation, params)


def _parse_item(item: Mapping[str, Any], asked: _Asked) -> Parsed:
    try:
        cell, time = _cell(item), _time(item, asked.ahead)
    except (KeyError, ValueError) as error:
        return Parsed((), (f"an item cannot be read: {_why(error)}.",))
    if cell not in asked.cells:
        return Parsed((), (f"cell {cell} was not asked for.",))
    if not asked.wanted.since <= time <= asked.wanted.until:
        return Parsed(())
    raw = item[_names(asked.ahead)[2]]
    read = kma_amounts.forecast if asked.ahead else kma_amounts.observed
    amount = read(raw)
    complaints = _odd(amount, raw, time, asked)
    readings = [
        r for site in asked.cells[cell] for r in _readings(site, time, amount, written(raw), asked)
    ]
    return Parsed(tuple(readings), complaints)


def _readings(
    site: str, time: np.datetime64, amount: Amount, raw: str, asked: _Asked
) -> Iterator[Reading]:
    values = {asked.wanted.variable: amount.value(asked.open_end)}
    if asked.ahead:
        values |= {f"{FORECAST_RAIN}_low": amount.low, f"{FORECAST_RAIN}_high": amount.high}
    for variable, value in values.items():
        yield Reading(site, variable, time, value, amount.flag, raw)


def _odd(amount: Amount, raw: object, time: np.datetime64, asked: _Asked) -> tuple[str, ...]:
    """Return what is to be said of an amount: that it is open above, or cannot be used."""
    if amount.flag in {Flag.UNREADABLE, Flag.OUT_OF_RANGE}:
        return (f"{quoted(raw)} at {_shown(time)} is no amount of rain known here.",)
    if amount.high == np.inf:
        taken = amount.value(asked.open_end)
        return (f"{quoted(raw)} at {_shown(time)} is open above; {taken:g} mm is taken.",)
    return ()


def _cell(item: Mapping[str, Any]) -> Cell:
    nx, ny = (written(item[name]).strip() for name in ("nx", "ny"))
    return int(nx), int(ny)


def _names(ahead: bool) -> tuple[str, str, str]:
    """Return how date, time and value are called."""
    return ("fcstDate", "fcstTime", "fcstValue") if ahead else ("baseDate", "baseTime", "obsrValue")


def _time(item: Mapping[str, Any], ahead: bool) -> np.datetime64:
    date, time, value = _names(ahead)
    if value not in item:
        raise KeyError(value)
    return utc(f"{written(item[date])} {written(item[time]).zfill(4)}")


def _why(error: KeyError | ValueError) -> str:
    return f"no {error}" if isinstance(error, KeyError) else str(error)


def _shown(time: np.datetime64) -> str:
    return f"{time.astype('datetime64[m]')}Z"
