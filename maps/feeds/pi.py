"""Delft-FEWS: observations and the forecast's quantiles as PI-XML, and the same tree as PI-JSON.

Quantiles are no members of an ensemble: a mean over them would mean nothing. They are told apart
by `qualifierId`, next to one that says what the numbers are. A value that a person changed is
marked (`maps.feeds.pi_edited`). All times are UTC.

Source: Delft-FEWS Published Interface, pi_timeseries 1.34 (fewsdocs.deltares.nl); the order of the
header's elements is that of its schema.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr  # written, never parsed

import numpy as np

from data.schema import FORCINGS, Flag
from data.stations import Quantity, Station
from maps.feeds import pi_edited
from maps.feeds.json_bytes import json_bytes
from maps.feeds.label import label, marks, notices
from maps.feeds.markup import attributes, clean
from maps.feeds.pi_edited import Marks
from maps.feeds.series import Series
from maps.view import View

NAMESPACE = "http://www.wldelft.nl/fews/PI"
VERSION = "1.34"
MISSING = "-999.0"
_ROOT = f'<TimeSeries xmlns="{NAMESPACE}" version="{VERSION}">'
_MISSING_FLAG = "9"
_FLAGS = {  # ours to FEWS's: 0 reliable, 3 doubtful, 6 unreliable, 9 missing
    Flag.GOOD: 0,
    Flag.NOT_REPORTED: 9,
    Flag.UNREADABLE: 9,
    Flag.SENTINEL: 6,
    Flag.OUT_OF_RANGE: 6,
    Flag.SPIKE: 6,
    Flag.RATE_OF_CHANGE: 3,
    Flag.FLAT_LINE: 3,
    Flag.NEIGHBOURS: 3,
}
_CODES = {int(flag): str(code) for flag, code in _FLAGS.items()}
_PARAMETERS = {
    "water_level": "H",
    "discharge": "Q",
    "rainfall": "P",
    "dam_inflow": "Q.inflow",
    "dam_release": "Q.release",
    "dam_level": "H.dam",
    "tide": "H.tide",
}
Header = dict[str, Any]
Events = list[tuple[str, str, str, str]]  # date, time, value, flag


@dataclass(frozen=True)
class Told:
    """One series as FEWS reads it: its header, in the order of the schema, and its events.

    Attributes:
        edited: What more stands at events that a person changed.
    """

    header: Header
    events: Events
    edited: Marks = field(default_factory=dict)


def observed(view: View, series: Series, place: int, of: Sequence[str] | None = None) -> list[Told]:
    """Return the observations of a gauge, variable by variable; by default of all."""
    return [
        Told(
            _header(view, series, place, name, []),
            _events(series.moments, series.observed[name][place], series.flags[name][place]),
        )
        for name in (of or series.observed)
        if series.moments
    ]


def forecast(
    view: View, series: Series, place: int, levels: Sequence[float] | None = None
) -> list[Told]:
    """Return the quantiles of a gauge's forecast; all of them by default."""
    name = view.network.quantity.value
    flags = np.zeros(len(series.valid), dtype="int8")
    return [
        _marked(
            _header(view, series, place, name, [f"q{level:g}"]),
            _events(series.valid, series.forecast[place, :, at], flags),
            pi_edited.marks(view, series, place, at),
        )
        for at, level in enumerate(series.levels.round(6).tolist())
        if levels is None or level in levels
    ]


def _marked(header: Header, events: Events, edited: Marks) -> Told:
    """Return a series in which what a person changed is flagged so."""
    if not edited:
        return Told(header, events)
    flagged = [
        (*event[:3], pi_edited.FLAG if at in edited else event[3])
        for at, event in enumerate(events)
    ]
    return Told(header, flagged, edited)


def xml(told: list[Told]) -> bytes:
    """Return a PI-XML file."""
    return file("".join(series_xml(one)) for one in told)


def file(series: Iterable[str]) -> bytes:
    """Return a PI-XML file of series that are written already."""
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n{_ROOT}\n <timeZone>0.0</timeZone>\n'
    return "".join([head, *series, "</TimeSeries>\n"]).encode()


def series_xml(told: Told) -> tuple[str, str, str]:
    """Return a series as XML: its header, its events, its end."""
    more = {at: attributes(**given) for at, given in told.edited.items()}
    events = [
        f'  <event date="{date}" time="{time}" value="{value}" flag="{flag}"{more.get(at, "")}/>\n'
        for at, (date, time, value, flag) in enumerate(told.events)  # numbers: nothing to clean
    ]
    head = f" <series>\n  <header>\n{_header_xml(told.header)}  </header>\n"
    return head, "".join(events), " </series>\n"


def json(told: list[Told]) -> bytes:
    """Return a PI-JSON file: the same tree, every scalar a text."""
    series = b",".join(_series_json(one) for one in told)
    head = f'{{"version":"{VERSION}","timeZone":"0.0","timeSeries":['.encode()
    return head + series + b"]}\n"


def _series_json(told: Told) -> bytes:
    more = {at: _more_json(given) for at, given in told.edited.items()}
    events = [
        f'{{"date":"{date}","time":"{time}","value":"{value}","flag":"{flag}"{more.get(at, "")}}}'
        for at, (date, time, value, flag) in enumerate(told.events)
    ]
    return b'{"header":%b,"events":[%b]}' % (json_bytes(told.header), ",".join(events).encode())


def _more_json(given: dict[str, str]) -> str:
    told = json_bytes({name: clean(text) for name, text in given.items()}).decode()
    return f",{told[1:-1]}"


def _header_xml(header: Header) -> str:
    return "".join(
        _element(name, each)
        for name, value in header.items()
        for each in (value if isinstance(value, list) else [value])
    )


def _element(name: str, value: str | dict[str, str]) -> str:
    if isinstance(value, dict):
        given = " ".join(f"{key}={quoteattr(clean(text))}" for key, text in value.items())
        return f"   <{name} {given}/>\n"
    return f"   <{name}>{escape(clean(value))}</{name}>\n"


def _header(view: View, series: Series, place: int, variable: str, qualifiers: list[str]) -> Header:
    kind, station = ("fcst" if qualifiers else "obs"), view.network.stations[place]
    times = series.valid if qualifiers else series.moments
    header = {
        "type": "accumulative" if variable == "rainfall" else "instantaneous",
        "moduleInstanceId": "Mulgil",
        "locationId": clean(station.id),
        "parameterId": f"{_PARAMETERS[variable]}.{kind}",
        "qualifierId": [*qualifiers, *marks(view)],
        "timeStep": {"unit": "second", "multiplier": str(series.step)},
        "startDate": _moment(times[0]),
        "endDate": _moment(times[-1]),
    }
    if qualifiers:
        header["forecastDate"] = _moment(series.issued)
    told = label(view, "FORECAST" if qualifiers else "OBSERVATIONS")
    edited = pi_edited.said(view, place) if qualifiers else ""
    said = _said(variable, view.network.provenance, f"{told}. {notices(view)} {edited}".strip())
    return header | {"missVal": MISSING} | _place(station) | said


def _place(station: Station) -> Header:
    lon, lat = f"{station.longitude:.5f}", f"{station.latitude:.5f}"
    return {"stationName": clean(station.name_ko), "lat": lat, "lon": lon, "x": lon, "y": lat}


@lru_cache
def _said(variable: str, provenance: str, told: str) -> Header:
    units = FORCINGS | {quantity.value: quantity.unit for quantity in Quantity}
    return {
        "units": units[variable].replace("m3 s-1", "m3/s"),
        "sourceOrganisation": clean(provenance),
        "sourceSystem": "Mulgil",
        "fileDescription": clean(told),
    }


def _events(times: list[str], values: np.ndarray, flags: np.ndarray) -> Events:
    days, hours = [time[:10] for time in times], [time[11:19] for time in times]
    return list(zip(days, hours, *told_values(values, flags), strict=True))


def told_values(values: np.ndarray, flags: np.ndarray) -> tuple[list[str], list[str]]:
    """Return values and flags as FEWS reads them."""
    known = np.isfinite(values).tolist()
    codes = [
        _CODES[code] if here else _MISSING_FLAG
        for code, here in zip(flags.tolist(), known, strict=True)
    ]
    told = [
        f"{value:.3f}" if here else MISSING
        for value, here in zip(values.tolist(), known, strict=True)
    ]
    return told, codes


def _moment(time: str) -> dict[str, str]:
    return {"date": time[:10], "time": time[11:19]}
