"""Write the files of single gauges: tables, Delft-FEWS PI, JSON API, GeoJSON."""

from maps.feeds import api, geojson, pi
from maps.feeds.facts import Facts, whole
from maps.feeds.head import Head
from maps.feeds.json_bytes import json_bytes
from maps.feeds.series import Series
from maps.feeds.tables import tables
from maps.plain import file_name
from maps.release import Draft
from maps.view import View


def write(view: View, draft: Draft, head: Head, series: Series, told: list[Facts]) -> None:
    """Write several files a gauge.

    Args:
        draft: The network's folder.
        told: `maps.feeds.facts.facts`.
    """
    full = [whole(view, head, one, place) for place, one in enumerate(told)]
    for place, one in enumerate(full):
        _gauge(view, draft, head, series, place, one)
    for path, content in geojson.files(view, head, full):
        draft.put(f"ogc/{path}", json_bytes(content) + b"\n")


def _gauge(view: View, draft: Draft, head: Head, series: Series, place: int, told: Facts) -> None:
    name = file_name(view.network.stations[place].id)
    for kind, text in tables(view, series, place):
        draft.put(f"gauge/{name}.{kind}.csv", text)
    both = {
        "observed": pi.observed(view, series, place),
        "forecast": pi.forecast(view, series, place),
    }
    for kind, found in both.items():
        draft.put(f"pi/{name}.{kind}.xml", pi.xml(found))
        draft.put(f"pi/{name}.{kind}.json", pi.json(found))
    content = api.gauge(view, head, series, place, told)
    draft.put(f"api/gauge/{name}.json", json_bytes(content) + b"\n")
