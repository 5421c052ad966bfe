"""Delft-FEWS: many gauges in one PI-XML file; the same series as of `maps.feeds.pi`, but faster.

The series of one variable and quantile differ in what their gauge is called, where it stands, and
in the values: all else is put into words once, from the series of the first gauge.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from xml.sax.saxutils import escape

import numpy as np

from data.stations import Station
from maps.feeds import pi
from maps.feeds.markup import clean
from maps.feeds.series import Series
from maps.view import View

_OWN = re.compile("<(locationId|stationName|lat|lon|x|y)>[^<]*<")  # in the order of the header


def observed(view: View, series: Series, places: Sequence[int], variable: str) -> bytes:
    """Return the observations of one variable of some gauges as a PI-XML file."""
    frames = [_frame(one) for one in pi.observed(view, series, places[0], (variable,))]
    values, flags = series.observed[variable], series.flags[variable]
    return pi.file(
        _filled(frame, view.network.stations[n], values[n], flags[n])
        for n in places
        for frame in frames
    )


def forecast(view: View, series: Series, places: Sequence[int], levels: Sequence[float]) -> bytes:
    """Return quantiles of the forecasts of some gauges as a PI-XML file."""
    plain = replace(view, review=None)  # what a person edited has marks of its own
    frames = [_frame(one) for one in pi.forecast(plain, series, places[0], levels)]
    at = np.flatnonzero(np.isin(series.levels.round(6), levels))
    good = np.zeros(len(series.valid), dtype="int8")
    edited = view.review.by_gauge if view.review else {}

    def gauge(n: int) -> Iterator[str]:
        station = view.network.stations[n]
        if station.id in edited:
            return ("".join(pi.series_xml(one)) for one in pi.forecast(view, series, n, levels))
        found = zip(frames, at, strict=True)
        return (_filled(frame, station, series.forecast[n, :, q], good) for frame, q in found)

    return pi.file(one for n in places for one in gauge(n))


@dataclass(frozen=True)
class _Frame:
    """A series in which `%` stands for all that is a gauge's own.

    Attributes:
        good: Where every value is there and good, which is mostly so.
        mixed: Where each value has its own flag.
    """

    good: str
    mixed: str


def _frame(told: pi.Told) -> _Frame:
    good, mixed = (
        pi.series_xml(pi.Told(told.header, [(day, hour, *of) for day, hour, *_ in told.events]))
        for of in (("%.3f", "0"), ("%s", "%s"))
    )
    head = _OWN.sub(r"<\1>%s<", good[0].replace("%", "%%"))
    return _Frame(head + good[1] + good[2], head + mixed[1] + mixed[2])


def _filled(frame: _Frame, station: Station, values: np.ndarray, flags: np.ndarray) -> str:
    lon, lat = f"{station.longitude:.5f}", f"{station.latitude:.5f}"
    own = (escape(clean(station.id)), escape(clean(station.name_ko)), lat, lon, lon, lat)
    if not flags.any() and np.isfinite(values).all():
        return frame.good % (*own, *values.tolist())
    return frame.mixed % (*own, *chain(*zip(*pi.told_values(values, flags), strict=True)))
