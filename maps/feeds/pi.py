"""Delft-FEWS: observations and the forecast's quantiles as PI-XML, and the same tree as PI-JSON.

Quantiles are no members of an ensemble: a mean over them would mean nothing. They are told apart
by `qualifierId`, next to one that says what the numbers are. All times are UTC.

Source: Delft-FEWS Published Interface, pi_timeseries 1.34 (fewsdocs.deltares.nl); the order of the
header's elements is that of its schema.
"""

from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import SubElement  # written, never parsed

import numpy as np

from data.schema import FORCINGS, Flag
from data.stations import Quantity, Station
from maps.feeds.label import label, marks, notices
from maps.feeds.markup import add, clean, root, written
from maps.feeds.names import iso
from maps.feeds.series import Series
from maps.page import json_text
from maps.view import View

NAMESPACE = "http://www.wldelft.nl/fews/PI"
VERSION = "1.34"
MISSING = "-999.0"
_MISSING_FLAG = 9
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
    """One series as FEWS reads it: its header, in the order of the schema, and its events."""

    header: Header
    events: Events


def observed(view: View, series: Series, place: int) -> list[Told]:
    """Return the observations of a gauge, variable by variable."""
    return [
        Told(
            _header(view, place, name, series.moments, []),
            _events(series.moments, series.observed[name][place], series.flags[name][place]),
        )
        for name in series.observed
        if series.moments
    ]


def forecast(view: View, series: Series, place: int) -> list[Told]:
    """Return the quantiles of a gauge's forecast."""
    name = view.network.quantity.value
    flags = np.zeros(len(series.valid), dtype="int8")
    return [
        Told(
            _header(view, place, name, series.valid, [f"q{level:g}"]),
            _events(series.valid, series.forecast[place, :, at], flags),
        )
        for at, level in enumerate(series.levels)
    ]


def xml(told: list[Told]) -> bytes:
    """Return a PI-XML file."""
    file = root("TimeSeries", NAMESPACE, version=VERSION)
    add(file, "timeZone", "0.0")
    for one in told:
        series = add(file, "series")
        header = add(series, "header")
        for name, value in one.header.items():
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, dict):
                    add(header, name, **each)
                else:
                    add(header, name, each)
        for event in one.events:
            SubElement(series, "event", _event(event))  # numbers and times: nothing to clean
    return written(file)


def json(told: list[Told]) -> str:
    """Return a PI-JSON file: the same tree, every scalar a text."""
    series = [{"header": one.header, "events": [_event(e) for e in one.events]} for one in told]
    return json_text({"version": VERSION, "timeZone": "0.0", "timeSeries": series}) + "\n"


def _event(event: tuple[str, str, str, str]) -> dict[str, str]:
    return dict(zip(("date", "time", "value", "flag"), event, strict=True))


def _header(
    view: View, place: int, variable: str, times: list[str], qualifiers: list[str]
) -> Header:
    station, issue = view.network.stations[place], view.forecast.issue_time.values[0]
    step = int(view.network.step / np.timedelta64(1, "s"))
    kind = "fcst" if qualifiers else "obs"
    header = {
        "type": "accumulative" if variable == "rainfall" else "instantaneous",
        "moduleInstanceId": "Mulgil",
        "locationId": clean(station.id),
        "parameterId": f"{_PARAMETERS[variable]}.{kind}",
        "qualifierId": [*qualifiers, *marks(view)],
        "timeStep": {"unit": "second", "multiplier": str(step)},
        "startDate": _moment(times[0]),
        "endDate": _moment(times[-1]),
    }
    if qualifiers:
        header["forecastDate"] = _moment(str(iso(issue)))
    return header | {"missVal": MISSING} | _place(station) | _said(view, variable, kind)


def _place(station: Station) -> Header:
    lon, lat = f"{station.longitude:.5f}", f"{station.latitude:.5f}"
    return {"stationName": clean(station.name_ko), "lat": lat, "lon": lon, "x": lon, "y": lat}


def _said(view: View, variable: str, kind: str) -> Header:
    told = label(view, "FORECAST" if kind == "fcst" else "OBSERVATIONS")
    units = FORCINGS | {quantity.value: quantity.unit for quantity in Quantity}
    return {
        "units": units[variable].replace("m3 s-1", "m3/s"),
        "sourceOrganisation": clean(view.network.provenance),
        "sourceSystem": "Mulgil",
        "fileDescription": clean(f"{told}. {notices(view)}"),
    }


def _events(times: list[str], values: np.ndarray, flags: np.ndarray) -> Events:
    known = np.isfinite(values)
    codes = [
        _FLAGS[Flag(code)] if here else _MISSING_FLAG
        for code, here in zip(flags, known, strict=True)
    ]
    told = [f"{value:.3f}" if here else MISSING for value, here in zip(values, known, strict=True)]
    return [
        (time[:10], time[11:19], value, str(code))
        for time, value, code in zip(times, told, codes, strict=True)
    ]


def _moment(time: str) -> dict[str, str]:
    return {"date": time[:10], "time": time[11:19]}
