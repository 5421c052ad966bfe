"""All gauges in one CSV file, the worst first: for who has no JavaScript, and for machines."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import Any

import numpy as np

from data.stations import Stage, Station
from forecast.outlook import Outlook
from maps.feeds.label import row_label
from maps.feeds.names import iso
from maps.feeds.tables import cell
from maps.listing import order, percents, shown
from maps.plain import file_name
from maps.review import FIELDS, fields
from maps.view import View

NAME = "gauges.csv"
_STATION = ("gauge", "name_ko", "name_en", "river_ko", "river_en", "latitude", "longitude")
_STAGES = ("stage", "stage_now", "stage_forecast", "stage_time", "chance_percent")
_VALUES = ("last_observed", "last_observed_time", "peak", "peak_low", "peak_high", "peak_time")
HEADS = ("label", "issue_time", *_STATION, *_STAGES, *_VALUES, "unit", "reason", "page", *FIELDS)
_WORDS = {stage: stage.name.lower() for stage in Stage}
Column = Iterable[Any]


def text(view: View) -> str:
    """Return the table."""
    at = order(view)
    outlooks = [view.outlooks[place] for place in at]
    stations = [view.network.station(outlook.station) for outlook in outlooks]
    given = [row_label(view), iso(view.forecast.issue_time.values[0])]
    columns = [
        *([same] * len(at) for same in given),
        *_stations(stations),
        *_stages(outlooks),
        ["" if chance < 0 else chance for chance in percents(outlooks).tolist()],
        *(_times(outlooks, n) if n.endswith("_time") else _numbers(outlooks, n) for n in _VALUES),
        [view.network.quantity.unit] * len(at),
        [cell(outlook.reason) for outlook in outlooks],
        [f"gauge/{file_name(station.id)}.html" for station in stations],
        *_edited(view, outlooks),
    ]
    written = StringIO()
    lines = csv.writer(written, lineterminator="\n")
    lines.writerow(HEADS)
    lines.writerows(zip(*columns, strict=True))
    return written.getvalue()


def _edited(view: View, outlooks: Sequence[Outlook]) -> Iterator[Column]:
    """Yield what the automatic forecast says and who edited it; nothing where nobody did."""
    review = view.review
    told = [fields(review, outlook) if review else {} for outlook in outlooks]
    for name in FIELDS:
        yield ["" if row.get(name) is None else cell(str(row[name])) for row in told]


def _stations(stations: Sequence[Station]) -> Iterator[Column]:
    for name in ("id", "name_ko", "name_en", "river_ko", "river_en"):
        yield [cell(getattr(station, name)) for station in stations]
    for axis in ("latitude", "longitude"):
        yield [f"{getattr(station, axis):.5f}" for station in stations]


def _stages(outlooks: Sequence[Outlook]) -> Iterator[Column]:
    yield [_WORDS[shown(outlook)] for outlook in outlooks]
    yield [_WORDS[outlook.stage_now] for outlook in outlooks]
    yield [_WORDS[outlook.stage] for outlook in outlooks]
    yield _times(outlooks, "stage_time")


def _numbers(outlooks: Sequence[Outlook], name: str) -> Column:
    """Return a column of numbers; nothing where there is none, never 0."""
    values = [getattr(outlook, name) for outlook in outlooks]
    known = np.isfinite(np.array(values, dtype="float64")).tolist()
    return [f"{value:.3f}" if there else "" for value, there in zip(values, known, strict=True)]


def _times(outlooks: Sequence[Outlook], name: str) -> Column:
    """Return a column of UTC times as RFC 3339; nothing where there is none."""
    times = np.array([getattr(outlook, name) for outlook in outlooks], dtype="datetime64[s]")
    return ["" if t == "NaT" else f"{t}Z" for t in np.datetime_as_string(times).tolist()]
