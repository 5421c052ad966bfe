"""A CSV file beside every chart: what was observed, the forecast's quantiles, the chances."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

import numpy as np

from data.schema import Flag
from data.stations import Thresholds
from forecast.outlook import Outlook
from maps.feeds.label import row_label
from maps.feeds.names import iso
from maps.feeds.series import Series
from maps.view import View

Row = Iterable[object]
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
KINDS = ("observed", "forecast", "chances")


def tables(view: View, series: Series, place: int) -> Iterator[tuple[str, str]]:
    """Yield each table of a gauge: its kind and its text.

    Args:
        place: Of the gauge in the network.
    """
    outlook = view.outlooks[place]
    yield "observed", _observed(view, series, place)
    yield "forecast", _forecast(view, series, place)
    yield "chances", _chances(view, outlook, series, place)


def _observed(view: View, series: Series, place: int) -> str:
    names = list(series.observed)
    heads = ["time", *(head for name in names for head in (name, f"{name}_flag"))]
    columns = [series.moments]
    for name in names:
        columns.append([_number(value) for value in series.observed[name][place]])
        columns.append([Flag(code).name.lower() for code in series.flags[name][place]])
    return _written(view, place, heads, zip(*columns, strict=True), "OBSERVATIONS")


def _forecast(view: View, series: Series, place: int) -> str:
    heads = ["issue_time", "valid_time", "lead_minutes", *(f"q{q:g}" for q in series.levels)]
    issue = iso(view.forecast.issue_time.values[0])
    rows = (
        [issue, valid, int(lead), *(_number(value) for value in values)]
        for valid, lead, values in zip(
            series.valid, series.leads, series.forecast[place], strict=True
        )
    )
    return _written(view, place, heads, rows)


def _chances(view: View, outlook: Outlook, series: Series, place: int) -> str:
    limits = view.network.stations[place].thresholds
    heads = ["issue_time", "valid_time", "lead_minutes", "stage", "threshold", "probability"]
    rows = _stages(outlook, limits, series) if limits else []
    return _written(view, place, heads, rows)


def _stages(outlook: Outlook, limits: Thresholds, series: Series) -> Iterator[Row]:
    unknown = np.full((len(limits.alerts), series.leads.size), np.nan)
    likely = outlook.probability if outlook.probability.size else unknown
    issue = iso(outlook.issue_time)
    for row, stage in zip(likely, limits.alerts, strict=True):
        for valid, lead, chance in zip(series.valid, series.leads, row, strict=True):
            told = (stage.name.lower(), f"{limits.of(stage):g}", _number(chance))
            yield [issue, valid, int(lead), *told]


def _written(
    view: View, place: int, heads: list[str], rows: Iterable[Row], of: str = "FORECAST"
) -> str:
    """Return a table whose rows all say what they are and what the numbers mean."""
    station, quantity = view.network.stations[place], view.network.quantity
    told = (row_label(view, of), cell(station.id))
    text = StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(["label", "station", *heads, "quantity", "unit"])
    lines.writerows([*told, *row, quantity.value, quantity.unit] for row in rows)
    return text.getvalue()


def _number(value: float) -> str:
    """Return a number; nothing where there is none, never 0."""
    return f"{value:.3f}" if np.isfinite(value) else ""


def cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_STARTS_FORMULA) else text
