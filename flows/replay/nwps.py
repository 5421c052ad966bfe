"""NOAA NWPS: stage in feet and flow in kcfs of a gauge, observed and forecast; flood categories.

attention, watch, warning and severe are told as action, minor, moderate and major, in feet. An
observation comes every 15 minutes for 30 days, a forecast every 6 hours for 3 days, issued every 6
hours: it is the world's own future with an error added. Each gauge answers to its id and has no
other.
"""

from math import isnan
from typing import Any

import numpy as np

from data.stations import ALERTS, Quantity, Stage, Station
from flows.replay.messages import Provider, Reply, Request, as_json, not_found
from flows.replay.stamps import HOUR, every, floor, iso
from flows.replay.telling import Told

FEET = 1 / 0.3048
KCFS = FEET**3 / 1000
QUARTER = np.timedelta64(15, "m")
SIX = 6 * HOUR
UTC = np.timedelta64(0, "h")
NONE, NOT_SET, NEVER = -999, -9999, "0001-01-01T00:00:00Z"
CATEGORIES = dict(zip(ALERTS, ("action", "minor", "moderate", "major"), strict=True))
NAMES = {"water_level": ("Stage", "ft", FEET), "discharge": ("Flow", "kcfs", KCFS)}
Series = dict[str, Any]


def answer(told: Told, request: Request) -> Reply:
    """Answer like `https://api.water.noaa.gov/nwps/v1`."""
    _, found, rest = request.path.partition("/gauges")
    parts = rest.strip("/").split("/") if rest.strip("/") else []
    if not found:
        return not_found()
    if not parts:
        return Reply(as_json({"gauges": told.rows(_gauges(told, _inside(told, request)))}))
    number = told.world.index.get(parts[0])
    if number is None:
        return Reply(b"", status=404)
    if len(parts) == 1:
        return Reply(as_json(_gauges(told, [number])[0]))
    if parts[1] != "stageflow":
        return Reply(b"", status=404)
    return _stageflow(told, number, parts[2:])


def _stageflow(told: Told, number: int, kind: list[str]) -> Reply:
    told_of = {"observed": _observed, "forecast": _forecast}
    if not kind:
        return Reply(as_json({name: tell(told, number) for name, tell in told_of.items()}))
    if kind[0] not in told_of:
        return Reply(b"", status=404)
    return Reply(as_json(told_of[kind[0]](told, number)))


def _quantities(told: Told) -> tuple[str, str]:
    """Return which is primary, which secondary."""
    first = told.world.network.quantity
    return (first, Quantity.DISCHARGE if first is Quantity.WATER_LEVEL else Quantity.WATER_LEVEL)


def _code(told: Told, kind: str) -> str:
    letters = "HG" if _quantities(told)[0] == Quantity.WATER_LEVEL else "QR"
    return f"{letters}I{kind}"


def _observed(told: Told, number: int) -> Series:
    last = floor(told.latest, QUARTER, UTC)
    times = every(last - 30 * 24 * HOUR, last, QUARTER)
    station = np.array([number])
    values = [told.read(name, station, times)[0] for name in _quantities(told)]
    return _series(told, "RG", last, times, values)


def _forecast(told: Told, number: int) -> Series:
    issued = floor(told.latest, SIX, UTC)
    times = issued + np.arange(1, 13) * SIX
    station = np.array([number])
    values = [
        told.expect(told.world.read(name, station, times)[0], times, issued)
        for name in _quantities(told)
    ]
    return _series(told, "FF", issued, times, values)


def _series(
    told: Told, kind: str, issued: np.datetime64, times: np.ndarray, values: list[np.ndarray]
) -> Series:
    first, second = (NAMES[name] for name in _quantities(told))
    made = iso(np.array([told.now]))[0]
    rows = [
        {"validTime": time, "generatedTime": made, "primary": one, "secondary": two}
        for time, one, two in zip(
            iso(told.dated(times)),
            _numbers(values[0], first[2]),
            _numbers(values[1], second[2]),
            strict=True,
        )
    ]
    return {
        "pedts": _code(told, kind),
        "issuedTime": iso(told.dated(np.array([issued])))[0],
        "wfo": "",
        "timeZone": "UTC",
        "primaryName": first[0],
        "primaryUnits": first[1],
        "secondaryName": second[0],
        "secondaryUnits": second[1],
        "data": told.rows(rows),
    }


def _numbers(values: np.ndarray, factor: float) -> list[float]:
    return [_number(value) for value in (values * factor).tolist()]


def _number(value: float) -> float:
    return NONE if isnan(value) else round(value, 2)


def _inside(told: Told, request: Request) -> list[int]:
    """Return the gauges within the box that is asked for; all without one."""
    query = request.query
    try:
        west, south, east, north = (
            float(query.get(f"bbox.{name}", default))
            for name, default in (("xmin", -180), ("ymin", -90), ("xmax", 180), ("ymax", 90))
        )
    except ValueError:
        return []
    return [
        number
        for number, (latitude, longitude) in enumerate(told.world.places)
        if south <= latitude <= north and west <= longitude <= east
    ]


def _gauges(told: Told, numbers: list[int]) -> list[Series]:
    """Return the facts of some gauges, and where each stands now."""
    time = np.array([floor(told.latest, QUARTER, UTC)])
    now = [told.read(name, np.array(numbers, int), time)[:, 0] for name in _quantities(told)]
    when = iso(told.dated(time))[0]
    return [
        _gauge(told, number, _status(told, number, (float(first), float(second)), when))
        for number, first, second in zip(numbers, *now, strict=True)
    ]


def _gauge(told: Told, number: int, observed: Series) -> Series:
    station = told.world.network.stations[number]
    latitude, longitude = told.place(number)
    what = "Simulated" if told.world.simulated else "Replayed"
    return {
        "lid": station.id,
        "usgsId": "",
        "reachId": "",
        "name": station.name_en,
        "description": what,
        "rfc": {"abbreviation": "", "name": ""},
        "wfo": {"abbreviation": "", "name": what},
        "state": {"abbreviation": "", "name": ""},
        "county": "",
        "timeZone": "UTC",
        "latitude": latitude,
        "longitude": longitude,
        "pedts": {"observed": _code(told, "RG"), "forecast": _code(told, "FF")},
        "status": {"observed": observed, "forecast": _nothing("fcst_not_current")},
        "flood": _flood(station),
        "inService": {"enabled": True, "message": ""},
    }


def _status(told: Told, number: int, values: tuple[float, float], when: str) -> Series:
    if isnan(values[0]):
        return _nothing("obs_not_current")
    (_, unit, factor), (_, other_unit, other) = (NAMES[name] for name in _quantities(told))
    return {
        "primary": _number(values[0] * factor),
        "primaryUnit": unit,
        "secondary": _number(values[1] * other),
        "secondaryUnit": other_unit,
        "floodCategory": _category(told.world.network.stations[number], values[0]),
        "validTime": when,
    }


def _nothing(why: str) -> Series:
    empty = {"primary": NONE, "primaryUnit": "", "secondary": NONE, "secondaryUnit": ""}
    return empty | {"floodCategory": why, "validTime": NEVER}


def _category(station: Station, value: float) -> str:
    stage = station.thresholds.stage(value) if station.thresholds else Stage.UNKNOWN
    if stage is Stage.UNKNOWN:
        return "not_defined"
    return CATEGORIES.get(stage, "no_flooding")


def _flood(station: Station) -> Series:
    level = station.quantity is Quantity.WATER_LEVEL
    field, factor = ("stage", FEET) if level else ("flow", KCFS * 1000)
    categories = {}
    for stage, name in reversed(CATEGORIES.items()):
        begins = station.thresholds.of(stage) if station.thresholds else np.nan
        here = NOT_SET if np.isnan(begins) else round(begins * factor, 2)
        categories[name] = {"stage": NOT_SET, "flow": NOT_SET} | {field: here}
    return {"stageUnits": "ft", "flowUnits": "cfs", "categories": categories}


PROVIDER = Provider(
    source="nwps",
    answer=answer,
    refusal=Reply(as_json({"code": 13, "message": "upstream request failed", "details": []})),
    too_many=Reply(as_json({"code": 8, "message": "rate limit exceeded", "details": []})),
    renamed=(b'"primary":', b'"stage":'),
)
