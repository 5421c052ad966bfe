"""Read an answer of Open-Meteo: one object for one place, an array for several.

    {"latitude": 37.55, "longitude": 127.0, "utc_offset_seconds": 0, "timezone": "GMT",
     "hourly_units": {"precipitation": "mm"},
     "hourly": {"time": ["2026-07-20T00:00", ..], "precipitation": [0.00, null, ..]}}

The places come in the order of the request; what they say of where they are is the grid cell.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import asin, cos, isnan, nan, radians, sin, sqrt
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import numpy as np

from data.errors import SourceError
from data.reading import NAT
from data.schema import Flag
from data.sources import json_answer
from data.sources.asking import Answer, Wanted
from data.sources.open_meteo_asking import Where, is_somewhere, sites
from data.sources.open_meteo_refusals import refuse

LARGEST_OFFSET = 14 * 3600  # s
FARTHEST = 50.0  # km from a place to the cell that stands for it; cells are up to 28 km wide


@dataclass(frozen=True)
class Hour:
    """One value: the rain of the hour that ends at `time` [mm], NaN with a reason as `flag`."""

    time: np.datetime64
    value: float
    flag: Flag
    raw: str


@dataclass(frozen=True)
class Place:
    """One place of an answer: the sites there, the times (UTC, NaT if unreadable), the columns."""

    sites: tuple[str, ...]
    times: tuple[np.datetime64, ...]
    columns: Mapping[str, object]
    units: Mapping[str, object]

    def hours(self, column: str, complaints: list[str]) -> list[Hour]:
        """Return the values of a column by time; a sentence says how many cannot be used."""
        values, unit = self.columns.get(column), self.units.get(column)
        named = f"'{', '.join(self.sites)}': {column}"
        if not isinstance(values, list) or len(values) != len(self.times):
            complaints.append(f"{named} is not there for each of its {len(self.times)} hours.")
            return []
        if unit != "mm":
            complaints.append(f"{named} is in {json_answer.shown(unit)}, expected 'mm'.")
            return []
        hours = _by_time(_hour(*pair) for pair in zip(self.times, values, strict=True))
        bad = [hour for hour in hours if hour.flag not in {Flag.GOOD, Flag.NOT_REPORTED}]
        if bad:
            first = f"'{bad[0].raw}' at {str(bad[0].time)[:16]}Z"
            complaints.append(f"{named}: {len(bad)} values cannot be used, the first is {first}.")
        return hours


def places(answer: Answer, wanted: Wanted) -> tuple[list[Place], list[str]]:
    """Return the wanted places of an answer, and a sentence for each that cannot be used.

    Raises:
        SourceUnavailable: The answer breaks off, or too much was asked for now.
        SourceError: The provider refuses, or answers another number of places than were asked.
    """
    body = json_answer.load(answer)
    here, asked = sites(wanted.spots), _asked(answer, wanted)
    complaints = [
        f"'{spot.id}' has no place on Earth: {spot.latitude}, {spot.longitude}."
        for spot in wanted.spots
        if not is_somewhere(spot)
    ]
    refused = refuse(answer, body)
    if refused:
        return [], [*complaints, refused]
    found = body if isinstance(body, list) else [body]
    if len(found) != len(asked):
        raise SourceError(
            f"{answer.source}, {answer.what}: {len(found)} places for {len(asked)}.",
            "Which is which cannot be told: see whether the provider has changed its answers.",
        )
    usable = []
    for number, (item, where) in enumerate(zip(found, asked, strict=True)):
        names = tuple(here.get(where, ()))
        trouble = _trouble(number, item, where)
        if names and trouble:
            complaints.append(f"'{', '.join(names)}': {trouble}.")
        elif names:
            usable.append(_place(names, item, complaints))
    return usable, complaints


def _asked(answer: Answer, wanted: Wanted) -> list[Where]:
    """Return the places in the order of the request: as its address says, else as wanted."""
    query = parse_qs(urlsplit(answer.url).query)
    latitudes, longitudes = (
        ",".join(query.get(name, [])).split(",") for name in ("latitude", "longitude")
    )
    if latitudes != [""] and len(latitudes) == len(longitudes):
        return list(zip(latitudes, longitudes, strict=True))
    return list(sites(wanted.spots))


def _trouble(number: int, item: object, where: Where) -> str:
    """Return why a place cannot be used; "" if it can."""
    if not isinstance(item, dict):
        return f"its answer is {json_answer.shown(item)}"
    if item.get("location_id", number) != number:
        return f"place {number} answers as {json_answer.shown(item['location_id'])}"
    distance = _distance(item, where)
    if not distance <= FARTHEST:
        told = "nowhere" if isnan(distance) else f"{distance:.0f} km away"
        return f"the cell that answers is {told}, expected within {FARTHEST:.0f} km"
    for name in ("hourly", "hourly_units"):
        if not isinstance(item.get(name), dict):
            return f"its '{name}' is {json_answer.shown(item.get(name))}"
    if not isinstance(item["hourly"].get("time"), list):
        return f"its times are {json_answer.shown(item['hourly'].get('time'))}"
    return _zone_trouble(item)


def _distance(item: dict[str, Any], where: Where) -> float:
    """Return how far the cell is from the place [km], NaN if it does not say where it is."""
    cell = [json_answer.number(item.get(name)) for name in ("latitude", "longitude")]
    try:
        (south, west), (north, east) = (map(radians, pair) for pair in (map(float, where), cell))
    except ValueError:
        return nan
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(min(half, 1.0)))


def _zone_trouble(item: dict[str, Any]) -> str:
    """Return why local times cannot be turned into UTC; "" if they can.

    GMT is asked for. Another zone is taken only if its clock was never changed in these hours.
    """
    offset, name = json_answer.number(item.get("utc_offset_seconds")), item.get("timezone")
    if offset == 0 and name == "GMT":
        return ""
    offset_told = json_answer.shown(item.get("utc_offset_seconds"))
    told = f"its clock is {json_answer.shown(name)} ({offset_told} s), GMT was asked for"
    if not abs(offset) <= LARGEST_OFFSET:
        return told
    try:
        zone = ZoneInfo(name if isinstance(name, str) else "")
    except (ValueError, KeyError, OSError):
        return told
    times = [_moment(raw) for raw in item["hourly"]["time"]]
    return "" if all(t is None or _offset(t, zone) == offset for t in times) else told


def _offset(moment: datetime, zone: ZoneInfo) -> float:
    offset = moment.replace(tzinfo=zone).utcoffset()
    return nan if offset is None else offset.total_seconds()


def _moment(raw: object) -> datetime | None:
    time = _local(raw)
    return None if np.isnat(time) else time.astype("datetime64[s]").item()


def _local(raw: object) -> np.datetime64:
    """Return a time such as "2026-07-20T03:00", without a zone; NaT for anything else."""
    return json_answer.time(raw) if isinstance(raw, str) and len(raw) == 16 else NAT


def _place(names: tuple[str, ...], item: dict[str, Any], complaints: list[str]) -> Place:
    offset = np.timedelta64(int(json_answer.number(item["utc_offset_seconds"])), "s")
    written = item["hourly"]["time"]
    times = tuple(_local(raw) - offset for raw in written)
    wrong = [raw for raw, time in zip(written, times, strict=True) if np.isnat(time)]
    if wrong:
        first = json_answer.shown(wrong[0])
        complaints.append(f"'{', '.join(names)}': {len(wrong)} are no times, e.g. {first}.")
    return Place(names, times, item["hourly"], item["hourly_units"])


def _by_time(told: Iterable[Hour]) -> list[Hour]:
    """Return each hour once; one that came twice with two values has none."""
    found: dict[np.datetime64, Hour] = {}
    for hour in told:
        first = found.get(hour.time, hour)
        if first.raw != hour.raw:
            both = f"{first.raw} / {hour.raw}"
            hour = Hour(hour.time, nan, Flag.UNREADABLE, both)
        found[hour.time] = hour
    return [found[time] for time in sorted(time for time in found if not np.isnat(time))]


def _hour(time: np.datetime64, raw: object) -> Hour:
    value, written = json_answer.number(raw), json_answer.shown(raw)[1:-1]
    if raw is None:
        return Hour(time, nan, Flag.NOT_REPORTED, written)
    if isnan(value):
        return Hour(time, nan, Flag.UNREADABLE, written)
    if value < 0:
        return Hour(time, nan, Flag.OUT_OF_RANGE, written)
    return Hour(time, value, Flag.GOOD, written)
