"""What HRFCO tells besides readings: its sites, its flood reports, its errors; and its envelope."""

from typing import Any
from xml.sax.saxutils import escape

import numpy as np

from data.stations import Stage, Station, Thresholds
from flows.replay.messages import XML, Reply, as_json
from flows.replay.stamps import HOUR, digits, every, floor
from flows.replay.telling import Told
from flows.replay.world import World

CODES = {"waterlevel": "wlobscd", "rainfall": "rfobscd", "dam": "dmobscd", "bo": "boobscd"}
XML_NAMES = {"waterlevel": "Waterlevel", "rainfall": "Rainfall", "dam": "Dam", "bo": "Bo"}
DAM, WEIR = "1017310", "1018801"  # the ids of the one dam and the one weir of a world
ERRORS = {
    "900": "인증키가 유효하지 않습니다.",
    "910": "Time Type 파라미터 입력 형식이 잘못되었습니다.",
    "920": "잘못된 관측소 코드입니다.",
    "930": "잘못된 날짜 형식입니다.",
    "940": "API 인증에 실패하였습니다.",
    "990": "검색된 자료가 없습니다.",
}
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_NONE = Thresholds(np.nan, np.nan, np.nan, np.nan, "", "")
_KINDS = {Stage.WATCH: "주의보", Stage.WARNING: "경보", Stage.SEVERE: "경보"}


def refused(code: str, form: str) -> Reply:
    """Return one of its own errors, in HTTP 200."""
    if form == "json":
        return Reply(as_json({"code": code, "message": ERRORS[code], "links": []}))
    result = f"<result><code>{code}</code><message>{ERRORS[code]}</message></result>"
    return Reply(f"{_HEAD}{result}".encode(), XML)


def packed(rows: list[Any], name: str, form: str) -> Reply:
    """Return rows in its envelope; `name` is what XML calls each."""
    if form == "json":
        return Reply(as_json({"links": [], "content": rows}))
    cells = (
        "".join(f"<{k}>{escape(str(v))}</{k}>" for k, v in row.items() if k != "links")
        for row in rows
        if row
    )
    content = "".join(f"<{name}>{row}</{name}>" for row in cells)
    return Reply(f"{_HEAD}<entities><content>{content}</content></entities>".encode(), XML)


def ids(world: World, resource: str) -> list[str]:
    """Return the codes of all sites of a resource; each station has a rain gauge of its code."""
    if resource == "dam":
        return [DAM] if "dam_level" in world.values else []
    if resource == "bo":
        return [WEIR] if world.simulated else []
    return world.ids


def known(world: World, resource: str, code: str) -> bool:
    """Return whether there is such a site.

    The one dam and weir answer to every code; so does the first station's rain to any code of a
    rain gauge (eight digits), as a live network asks gauges that are no station of its own.
    """
    if resource in {"dam", "bo"}:
        return bool(ids(world, resource))
    gauge = resource == "rainfall" and len(code) == 8 and code.isdigit()
    return code in world.index or gauge


def info(told: Told, resource: str, form: str) -> Reply:
    """Return the facts of all sites of a resource."""
    codes = ids(told.world, resource)
    if not codes:
        return refused("990", form)
    rows: list[Any]
    if resource in {"dam", "bo"}:
        rows = [_structure(told, resource, codes[0]), None]
    else:
        rows = [_site(told, resource, number) for number in range(len(codes))]
    return packed(told.rows(rows), f"{XML_NAMES[resource]}Info", form)


def _agency(world: World) -> str:
    return "모의(SIMULATED)" if world.simulated else "재현(REPLAY)"


def _site(told: Told, resource: str, number: int) -> dict[str, Any]:
    station = told.world.network.stations[number]
    latitude, longitude = told.place(number)
    site = {
        CODES[resource]: station.id,
        "agcnm": _agency(told.world),
        "obsnm": station.name_ko,
        "addr": station.river_ko,
        "etcaddr": " ",
        "lon": dms(longitude),
        "lat": dms(latitude),
    }
    levels = _levels(station, told.world) if resource == "waterlevel" else {}
    return site | levels | {"links": []}


def _levels(station: Station, world: World) -> dict[str, str]:
    announced = station.thresholds if _announces(station.thresholds, world) else None
    limits = (
        (announced.attention, announced.watch, announced.warning, announced.severe)
        if announced
        else (np.nan,) * 4
    )
    names = ("attwl", "wrnwl", "almwl", "srswl")
    return (
        {"gdt": _number(station.gauge_zero)}
        | {name: _number(limit) for name, limit in zip(names, limits, strict=True)}
        | {"pfh": " ", "fstnyn": "Y" if announced else "N"}
    )


def _announces(thresholds: Thresholds | None, world: World) -> bool:
    """Return whether the office would announce them: its own, not those that we derived."""
    return thresholds is not None and (world.simulated or thresholds.origin == "official")


def _structure(told: Told, resource: str, code: str) -> dict[str, Any]:
    latitude, longitude = told.place(0)
    facts = {
        CODES[resource]: code,
        "obsnm": "모의댐" if told.world.simulated else "재현댐",
        "agcnm": _agency(told.world),
        "addr": " ",
        "etcaddr": " ",
        "lat": dms(latitude),
        "lon": dms(longitude),
    }
    rest = {"fldlmtwl": " ", "pfh": " "} if resource == "dam" else {"spcwl": " "}
    return facts | rest | {"links": []}


def dms(degrees: float) -> str:
    """Return degrees, minutes and seconds like 126-57-34."""
    minutes, seconds = divmod(round(abs(degrees) * 3600), 60)
    sign = "-" if degrees < 0 else ""
    return f"{sign}{minutes // 60}-{minutes % 60:02d}-{seconds:02d}"


def _number(value: float) -> str:
    return f"{value:g}" if np.isfinite(value) else " "


def reports(told: Told, day: str, form: str) -> Reply:
    """Return the flood reports of the last 24 hours, or of one day.

    Only a simulated office reports: what the real one said at the time is not in a record.
    """
    begin = floor(told.latest, HOUR * 24) if day else told.latest - HOUR * 24
    if day and digits(np.array([begin]), 8)[0] != day:
        return refused("990", form)
    times = every(floor(begin, HOUR) + HOUR, floor(told.latest, HOUR), HOUR)
    rows = [_report(told, number, times, levels) for number, levels in _high(told, times)]
    found = told.rows(rows)
    if form == "xml":
        found = [{k.upper(): v for k, v in row.items() if k != "links"} for row in found]
    return packed(found, "Fldfct", form) if found else refused("990", form)


def _high(told: Told, times: np.ndarray) -> list[tuple[int, np.ndarray]]:
    """Return the stations that reached watch in `times`, and their levels [m]."""
    world = told.world
    if not world.simulated or not times.size:
        return []
    stations = world.network.stations
    watch = np.array([s.thresholds.watch if s.thresholds else np.nan for s in stations])
    levels = told.read("water_level", np.arange(len(stations)), times)
    reached = np.flatnonzero((levels >= watch[:, None]).any(axis=1))
    return [(int(number), levels[number]) for number in reached]


def _report(told: Told, number: int, times: np.ndarray, levels: np.ndarray) -> dict[str, Any]:
    station = told.world.network.stations[number]
    limits = station.thresholds or _NONE
    high = np.flatnonzero(levels >= limits.watch)
    first, last = digits(told.dated(times[[high[0], -1]]))
    level, peak = levels[-1], levels[high].max()
    zero = station.gauge_zero
    forecast = {"fctdt": first, "fcthgt": _height(peak), "fctsealvl": _height(peak + zero)}
    return {
        "ancdt": first,
        "ancnm": _agency(told.world),
        **forecast,
        "kind": _KINDS[limits.stage(float(peak))],
        "no": "1",
        "obsnm": station.name_ko,
        "prntdt": " ",
        "rfrnc2": " ",
        "rvrnm": station.river_ko,
        "sttcurcng": "상승" if level > levels[-2:][0] else "하강",
        "sttcurdt": last,
        "sttcurhgt": _height(level),
        "sttcursealvl": _height(level + zero),
        **{f"stt{name}": value for name, value in forecast.items()},
        "sttnm": station.id,
        "wrnaranm": station.river_ko,
        "wrnrvrnm": station.river_ko,
        "links": [],
    }


def _height(value: float) -> str:
    return f"{value:.2f}" if np.isfinite(value) else " "
