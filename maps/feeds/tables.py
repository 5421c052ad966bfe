"""A CSV file beside every chart: what was observed, the forecast's quantiles, the chances."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from math import isfinite

import numpy as np

from data.stations import Thresholds
from forecast.outlook import Outlook
from maps.feeds.label import row_label
from maps.feeds.series import FLAGS, Series
from maps.view import View

Row = Iterable[str]
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
        columns.append([_number(value) for value in series.observed[name][place].tolist()])
        columns.append([FLAGS[code] for code in series.flags[name][place].tolist()])
    return _written(view, place, heads, zip(*columns, strict=True), "OBSERVATIONS")


def _forecast(view: View, series: Series, place: int) -> str:
    heads = ["issue_time", "valid_time", "lead_minutes", *(f"q{q:g}" for q in series.levels)]
    times = zip(series.valid, series.leads.tolist(), strict=True)
    rows = (
        [series.issued, valid, str(lead), *[_number(value) for value in values]]
        for (valid, lead), values in zip(times, series.forecast[place].tolist(), strict=True)
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
    leads = [str(lead) for lead in series.leads.tolist()]
    for row, stage in zip(likely.tolist(), limits.alerts, strict=True):
        begins = (stage.name.lower(), f"{limits.of(stage):g}")
        for valid, lead, chance in zip(series.valid, leads, row, strict=True):
            yield (series.issued, valid, lead, *begins, _number(chance))


def _written(
    view: View, place: int, heads: list[str], rows: Iterable[Row], of: str = "FORECAST"
) -> str:
    """Return a table whose rows all say what they are and what the numbers mean.

    Args:
        rows: Numbers, times and words of ours, which need no quotes.
    """
    station, quantity = view.network.stations[place], view.network.quantity
    label = row_label(view, of) + (_edited(view, station.id) if of == "FORECAST" else "")
    before = f"{_quoted(label)},{_quoted(cell(station.id))},"
    end = f",{quantity.value},{quantity.unit}\n"
    head = ",".join(["label", "station", *heads, "quantity", "unit\n"])
    return head + "".join([f"{before}{','.join(row)}{end}" for row in rows])


def _edited(view: View, station: str) -> str:
    """Return who edited the forecast of a gauge, for its label."""
    change = view.review.by_gauge.get(station) if view.review else None
    if change is None:
        return ""
    roles = ", ".join(dict.fromkeys(edit.role for edit in change.edits))
    return f", EDITED by {roles}"


def _quoted(text: str) -> str:
    """Return a text as one cell of a table."""
    line = StringIO()
    csv.writer(line, lineterminator="").writerow([text])
    return line.getvalue()


def _number(value: float) -> str:
    """Return a number; nothing where there is none, never 0."""
    return f"{value:.3f}" if isfinite(value) else ""


def cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_STARTS_FORMULA) else text
