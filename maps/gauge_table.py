"""All gauges in one CSV file, the worst first: for who has no JavaScript, and for machines."""

import pandas as pd

from maps.feeds.label import row_label
from maps.feeds.names import iso
from maps.feeds.tables import cell
from maps.listing import order, percent, shown
from maps.plain import file_name
from maps.view import View

NAME = "gauges.csv"


def text(view: View) -> str:
    """Return the table."""
    rows = [_row(view, place) for place in order(view)]
    table = pd.DataFrame(rows)
    table.insert(0, "label", row_label(view))
    table.insert(1, "issue_time", iso(view.forecast.issue_time.values[0]))
    table["unit"] = view.network.quantity.unit
    return str(table.to_csv(index=False, float_format="%.3f", lineterminator="\n"))


def _row(view: View, place: int) -> dict[str, object]:
    outlook = view.outlooks[place]
    station = view.network.station(outlook.station)
    return {
        "gauge": cell(station.id),
        "name_ko": cell(station.name_ko),
        "name_en": cell(station.name_en),
        "river_ko": cell(station.river_ko),
        "river_en": cell(station.river_en),
        "latitude": f"{station.latitude:.5f}",
        "longitude": f"{station.longitude:.5f}",
        "stage": shown(outlook).name.lower(),
        "stage_now": outlook.stage_now.name.lower(),
        "stage_forecast": outlook.stage.name.lower(),
        "stage_time": iso(outlook.stage_time),
        "chance_percent": percent(outlook) if outlook.probability.size else None,
        "last_observed": outlook.last_observed,
        "last_observed_time": iso(outlook.last_observed_time),
        "peak": outlook.peak,
        "peak_low": outlook.peak_low,
        "peak_high": outlook.peak_high,
        "peak_time": iso(outlook.peak_time),
        "reason": cell(outlook.reason),
        "page": f"gauge/{file_name(station.id)}.html",
    }
