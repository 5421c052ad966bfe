"""All gauges in one CSV file, the worst first: for who has no JavaScript, and for machines."""

import csv
from collections.abc import Iterator
from io import StringIO

import numpy as np

from forecast.outlook import Outlook
from maps.feeds.label import row_label
from maps.feeds.names import iso
from maps.feeds.tables import cell
from maps.listing import order, percents, shown
from maps.plain import file_name
from maps.view import View

NAME = "gauges.csv"
_STATION = ("gauge", "name_ko", "name_en", "river_ko", "river_en", "latitude", "longitude")
_STAGES = ("stage", "stage_now", "stage_forecast", "stage_time", "chance_percent")
_VALUES = ("last_observed", "last_observed_time", "peak", "peak_low", "peak_high", "peak_time")
HEADS = ("label", "issue_time", *_STATION, *_STAGES, *_VALUES, "unit", "reason", "page")


def text(view: View) -> str:
    """Return the table."""
    written = StringIO()
    lines = csv.writer(written, lineterminator="\n")
    lines.writerow(HEADS)
    given = (row_label(view), iso(view.forecast.issue_time.values[0]))
    chances, unit = percents(view.outlooks), view.network.quantity.unit
    for place in order(view):
        outlook = view.outlooks[place]
        station = view.network.station(outlook.station)
        names = (station.id, station.name_ko, station.name_en, station.river_ko, station.river_en)
        at = (f"{station.latitude:.5f}", f"{station.longitude:.5f}")
        told = (*_stages(outlook), "" if chances[place] < 0 else chances[place], *_values(outlook))
        page = f"gauge/{file_name(station.id)}.html"
        lines.writerow((*given, *map(cell, names), *at, *told, unit, cell(outlook.reason), page))
    return written.getvalue()


def _stages(outlook: Outlook) -> Iterator[str]:
    for stage in (shown(outlook), outlook.stage_now, outlook.stage):
        yield stage.name.lower()
    yield _time(outlook.stage_time)


def _values(outlook: Outlook) -> Iterator[str]:
    yield _number(outlook.last_observed)
    yield _time(outlook.last_observed_time)
    for value in (outlook.peak, outlook.peak_low, outlook.peak_high):
        yield _number(value)
    yield _time(outlook.peak_time)


def _number(value: float) -> str:
    """Return a number; nothing where there is none, never 0."""
    return f"{value:.3f}" if np.isfinite(value) else ""


def _time(time: np.datetime64) -> str:
    return iso(time) or ""
