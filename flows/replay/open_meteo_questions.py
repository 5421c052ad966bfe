"""What a question to Open-Meteo asks for, and why it is refused, in the provider's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from flows.replay.stamps import HOUR, of_iso

DAY = 24 * HOUR
VARIABLES = {"hourly": ("precipitation", "rain"), "daily": ("river_discharge",)}
FORECAST_DAYS = 16
PAST_DAYS = 93
FIRST = np.datetime64("1940-01-01", "ns")
Query = Mapping[str, str]


class Wrong(Exception):
    """The provider's reason for refusing."""


@dataclass(frozen=True)
class Zone:
    """The zone in which times are written; `seconds` ahead of UTC."""

    name: str = "GMT"
    short: str = "GMT"
    seconds: int = 0

    @property
    def ahead(self) -> np.timedelta64:
        """How far its clock is ahead of UTC."""
        return np.timedelta64(self.seconds, "s")


@dataclass(frozen=True)
class Question:
    """What is asked for.

    Attributes:
        service: `forecast`, `archive` or `flood`.
        places: Latitude and longitude of each.
        span: First and last hour, UTC, both included.
        unix: Whether times are wanted as seconds.
    """

    service: str
    places: list[tuple[float, float]]
    hourly: list[str]
    daily: list[str]
    span: tuple[np.datetime64, np.datetime64]
    zone: Zone
    unix: bool

    @property
    def hours(self) -> np.ndarray:
        """The hours asked for, UTC."""
        return np.arange(self.span[0], self.span[1] + HOUR, HOUR).astype("datetime64[ns]")

    @property
    def days(self) -> np.ndarray:
        """The beginnings of the days asked for, UTC."""
        return np.arange(self.span[0], self.span[1], DAY).astype("datetime64[ns]")

    def written(self, times: np.ndarray, daily: bool) -> list[str]:
        """Return UTC times as they stand in the answer."""
        if self.unix:
            return [str(second) for second in times.astype("datetime64[s]").astype(int).tolist()]
        local = (times + self.zone.ahead).astype("datetime64[D]" if daily else "datetime64[m]")
        return [f'"{text}"' for text in np.datetime_as_string(local).tolist()]


def read(service: str, query: Query, now: np.datetime64) -> Question:
    """Return what is asked for.

    Raises:
        Wrong: The provider refuses that.
    """
    zone = _zone(query.get("timezone", "GMT"), now)
    return Question(
        service=service,
        places=_places(query),
        hourly=_variables(query, "hourly"),
        daily=_variables(query, "daily"),
        span=_span(service, query, zone, now),
        zone=zone,
        unix=query.get("timeformat") == "unixtime",
    )


def _places(query: Query) -> list[tuple[float, float]]:
    try:
        north, east = (
            [float(part) for part in query.get(name, "").split(",")]
            for name in ("latitude", "longitude")
        )
    except ValueError:
        raise Wrong("Value of type 'Float' required for key 'latitude'.") from None
    if len(north) != len(east):
        raise Wrong("Parameter 'latitude' and 'longitude' must have the same number of elements")
    for values, name, most in ((north, "Latitude", 90), (east, "Longitude", 180)):
        for value in values:
            if not abs(value) <= most:
                raise Wrong(f"{name} must be in range of -{most} to {most}°. Given: {value}.")
    return list(zip(north, east, strict=True))


def _variables(query: Query, kind: str) -> list[str]:
    names = [name for name in query.get(kind, "").split(",") if name]
    for name in names:
        if name not in VARIABLES[kind]:
            raise Wrong(
                "Data corrupted at path ''. Cannot initialize WeatherVariable from invalid String "
                f"value {name} for key {kind}."
            )
    return names


def _zone(name: str, now: np.datetime64) -> Zone:
    if name in {"GMT", "auto"}:
        return Zone()
    seconds = int(now.astype("datetime64[s]").astype(int))
    try:
        offset = datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(name)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError):
        raise Wrong("Invalid timezone") from None
    ahead = 0 if offset is None else int(offset.total_seconds())
    return Zone(name, f"GMT{ahead / 3600:+g}" if ahead else "GMT", ahead)


def _span(
    service: str, query: Query, zone: Zone, now: np.datetime64
) -> tuple[np.datetime64, np.datetime64]:
    """Return the first and the last hour that are asked for."""
    today = (now + zone.ahead).astype("datetime64[D]").astype("datetime64[ns]") - zone.ahead
    first, last = _bounds(service, today)
    if "start_hour" in query:
        begin, end = (_time(query, name) - zone.ahead for name in ("start_hour", "end_hour"))
    elif "start_date" in query or service == "archive":
        begin, end = (_time(query, name) - zone.ahead for name in ("start_date", "end_date"))
        end += DAY - HOUR
    else:
        begin = today - _count(query, "past_days", 0, PAST_DAYS) * DAY
        end = today + _count(query, "forecast_days", 7, FORECAST_DAYS) * DAY - HOUR
    for name, time in (("start_date", begin), ("end_date", end)):
        if not first <= time < last + DAY:
            days = f"{str(first + zone.ahead)[:10]} to {str(last + zone.ahead)[:10]}"
            raise Wrong(f"Parameter '{name}' is out of allowed range from {days}")
    if end < begin:
        raise Wrong("End-date must be larger or equals than start-date.")
    return begin, end


def _bounds(service: str, today: np.datetime64) -> tuple[np.datetime64, np.datetime64]:
    """Return the first and the last day that a service has."""
    if service == "archive":
        return FIRST, today - DAY
    first = FIRST if service == "flood" else today - PAST_DAYS * DAY
    return first, today + (FORECAST_DAYS - 1) * DAY


def _time(query: Query, name: str) -> np.datetime64:
    time = of_iso(query.get(name, ""))
    if time is None or np.isnat(time):
        raise Wrong(f"Parameter '{name}' is not a valid date")
    return time


def _count(query: Query, name: str, usual: int, most: int) -> int:
    text = query.get(name, str(usual))
    if not text.isdecimal() or int(text) > most:
        words = name.replace("_", " ").capitalize()
        raise Wrong(f"{words} is invalid. Allowed range 0 to {most}. Given {text}.")
    return int(text)
