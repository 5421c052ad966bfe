"""HRFCO's Open API (한강홍수통제소): its lists, in JSON and XML, with its own error codes.

A reading is told at its own time in KST, in text, missing as one blank; rain as a number. Levels of
one day are its mean, rain of one day its sum so far. Where a station measures discharge, `wl` is
blank.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import isnan
from typing import Any

import numpy as np

from data.stations import Quantity
from flows.replay import hrfco_facts
from flows.replay.hrfco_facts import XML_NAMES, packed, refused
from flows.replay.messages import Provider, Reply, Request, not_found
from flows.replay.stamps import HOUR, digits, every, floor, of_digits
from flows.replay.telling import Told

BAD_KEY = "bad"  # the one key that this server refuses


@dataclass(frozen=True)
class Step:
    """One of the three spacings, and how many digits its times have."""

    span: np.timedelta64
    digits: int


STEPS = {
    "10M": Step(np.timedelta64(10, "m"), 12),
    "1H": Step(HOUR, 10),
    "1D": Step(np.timedelta64(24, "h"), 8),
}
Cells = dict[str, list[list[Any]]]  # field to values by station and time


def answer(told: Told, request: Request) -> Reply:
    """Answer like `https://api.hrfco.go.kr`."""
    path, _, form = request.path.strip("/").rpartition(".")
    key, *parts = path.split("/")
    if form not in {"json", "xml"} or len(parts) < 2:
        return not_found()
    if key in {"", BAD_KEY}:
        return refused("900", form)
    resource, what, *rest = parts
    if resource == "fldfct" and what == "list":
        return hrfco_facts.reports(told, rest[0] if rest else "", form)
    if resource not in XML_NAMES or what not in {"info", "list"} or len(rest) not in {0, 1, 2, 4}:
        return not_found()
    if what == "info":
        return hrfco_facts.info(told, resource, form)
    return _listed(told, resource, rest, form)


def _listed(told: Told, resource: str, rest: list[str], form: str) -> Reply:
    step = STEPS.get(rest[0] if rest else "")
    if step is None:
        return refused("910", form)
    ids = hrfco_facts.ids(told.world, resource)
    if len(rest) > 1:
        if not hrfco_facts.known(told.world, resource, rest[1]):
            return refused("920", form)
        ids = [rest[1]]
    times = _times(told, step, rest[2:])
    if times is None:
        return refused("930", form)
    if not times.size or not ids:
        return refused("990", form)
    return packed(told.rows(_rows(told, resource, ids, times, step)), XML_NAMES[resource], form)


def _times(told: Told, step: Step, period: list[str]) -> np.ndarray | None:
    """Return the times that are asked for and have appeared; None where a token is no time."""
    newest = floor(told.latest, step.span)
    if not period:
        return np.array([newest])
    first, last = (of_digits(text, step.digits) for text in period)
    if first is None or last is None:
        return None
    begin = floor(max(first, told.world.start), step.span)
    begin = begin if begin >= first else begin + step.span
    return every(begin, min(last, newest), step.span)


def _rows(
    told: Told, resource: str, ids: list[str], times: np.ndarray, step: Step
) -> list[dict[str, Any]]:
    stations = np.array([told.world.index.get(each, 0) for each in ids])
    cells = _CELLS[resource](told, stations, times, step)
    written = digits(told.dated(times), step.digits)
    code, names = hrfco_facts.CODES[resource], list(cells)
    columns = [cells[name] for name in names]
    return [
        {code: each, "ymdhm": when}
        | {name: column[row][tick] for name, column in zip(names, columns, strict=True)}
        | {"links": []}
        for row, each in enumerate(ids)
        for tick, when in enumerate(written)
    ]


def _text(values: np.ndarray, decimals: int) -> list[list[Any]]:
    form = f"%.{decimals}f"
    return [[" " if isnan(v) else form % v for v in row] for row in values.tolist()]


def _mean(told: Told, name: str, stations: np.ndarray, times: np.ndarray, step: Step) -> np.ndarray:
    """Return the value at each time; of a day the mean of its hours that are there."""
    if step.span == HOUR * 24:
        hours = (times[:, None] + np.arange(24) * HOUR).ravel()
        values = told.read(name, stations, hours).reshape(len(stations), times.size, 24)
        count = np.isfinite(values).sum(axis=-1)
        return np.asarray(np.nansum(values, axis=-1) / np.where(count, count, np.nan))
    return told.read(name, stations, times)


def _level(told: Told, stations: np.ndarray, times: np.ndarray, step: Step) -> Cells:
    level = _mean(told, "water_level", stations, times, step)
    if told.world.network.quantity is Quantity.DISCHARGE:
        level = np.full(level.shape, np.nan)
    return {
        "wl": _text(level, 2),
        "fw": _text(_mean(told, "discharge", stations, times, step), 2),
    }


def _rain(told: Told, stations: np.ndarray, times: np.ndarray, step: Step) -> Cells:
    if step.span == HOUR * 24:
        end = np.minimum(times + step.span, floor(told.latest, STEPS["10M"].span))
        rain = np.where(end > times, told.fell(stations, end, end - times), np.nan)
    else:
        rain = told.fell(stations, times, step.span)
    return {"rf": [[" " if isnan(v) else round(v, 1) for v in row] for row in rain.tolist()]}


def _dam(told: Told, stations: np.ndarray, times: np.ndarray, step: Step) -> Cells:
    first = np.zeros(len(stations), dtype=int)
    level, inflow, release = (
        _text(_mean(told, name, first, times, step), 3)
        for name in ("dam_level", "dam_inflow", "dam_release")
    )
    blank = [[" "] * times.size for _ in stations]
    return {"swl": level, "inf": inflow, "sfw": blank, "ecpc": blank, "tototf": release}


def _weir(told: Told, stations: np.ndarray, times: np.ndarray, step: Step) -> Cells:
    first, last = np.zeros(len(stations), dtype=int), np.full(len(stations), -1)
    flow = _text(_mean(told, "discharge", first, times, step), 3)
    blank = [[" "] * times.size for _ in stations]
    return {
        "swl": _text(_mean(told, "water_level", first, times, step), 3),
        "owl": _text(_mean(told, "water_level", last, times, step), 3),
        "sfw": blank,
        "ecpc": blank,
        "inf": flow,
        "tototf": flow,
    }


_CELLS: dict[str, Callable[[Told, np.ndarray, np.ndarray, Step], Cells]] = {
    "waterlevel": _level,
    "rainfall": _rain,
    "dam": _dam,
    "bo": _weir,
}
PROVIDER = Provider(
    source="hrfco",
    answer=answer,
    refusal=refused("940", "json"),
    too_many=Reply(b"Too Many Requests", "text/plain;charset=UTF-8", 429),
    renamed=(b'"ymdhm":', b'"obsdt":'),
    notice="서비스 점검 중입니다.",
)
