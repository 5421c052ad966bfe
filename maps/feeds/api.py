"""The JSON API: a file for the network, one for each gauge, their JSON Schemas.

    api/network.json            all gauges in short, worst first; of a large network the worst
    api/gauge/<gauge>.json      one gauge: readings, quantiles, chances, files
    api/schema/*.json           JSON Schema 2020-12 of them
    api/openapi.json            the paths of this and of the GeoJSON, see `maps.feeds.openapi`

Of a large network the files of gauges are those of `maps.feeds.api_shards`.
"""

from collections.abc import Sequence
from importlib.resources import files as resources
from typing import Any

import orjson

from data.stations import Stage
from forecast.outlook import Outlook
from maps.feeds.facts import Facts
from maps.feeds.head import Head
from maps.feeds.layout import SHARD, WORST, large
from maps.feeds.names import iso, number
from maps.feeds.series import FLAGS, Series
from maps.feeds.tables import KINDS
from maps.listing import credits_of, order, shown
from maps.plain import file_name
from maps.view import View

SCHEMAS = ("network", "gauge")
SCHEMAS_OF_SHARDS = ("network", "gauges", "stations", "index")


def schemas(view: View) -> tuple[str, ...]:
    """Return the names of the schemas that the files of a network fit."""
    return SCHEMAS_OF_SHARDS if large(view.network) else SCHEMAS


def schema(name: str) -> dict[str, Any]:
    """Return one of our JSON Schemas."""
    found: dict[str, Any] = orjson.loads(schema_bytes(name))
    return found


def schema_bytes(name: str) -> bytes:
    """Return one of our JSON Schemas as its file holds it."""
    return (resources("maps.feeds") / "schema" / f"{name}.json").read_bytes()


def worst(view: View) -> list[int]:
    """Return the places of the gauges that the file of the network tells of, worst first."""
    found = order(view)
    return found[:WORST] if large(view.network) else found


def network(view: View, head: Head, told: Sequence[Facts]) -> dict[str, Any]:
    """Return the file of the network.

    Args:
        told: `maps.feeds.facts.whole` of the gauges of `worst`, in their order.
    """
    river, manifest = view.network, view.manifest
    return {
        "$schema": "schema/network.json",
        **head.said,
        "network": river.name,
        "title_ko": river.title_ko,
        "title_en": river.title_en,
        "caveat_ko": river.caveat_ko,
        "caveat_en": river.caveat_en,
        "provenance": " ".join([river.provenance, *credits_of(river)]),
        "issue_time": head.issued,
        "overdue_at": head.overdue,
        "model": str(manifest.get("model", "")),
        "run": str(manifest.get("run_id", "")),
        "warnings": [str(warning) for warning in manifest.get("warnings", [])],
        "stages": _counts(view),
        "count": len(river.stations),
        **_review(view),
        **({"shards": _shards()} if large(river) else {}),
        "gauges": list(told),
    }


def _review(view: View) -> dict[str, Any]:
    """Return who has approved or held the forecast; {} where nobody was asked."""
    review = view.review
    if review is None:
        return {}
    told = {
        "state": review.state,
        "role": review.role,
        "at": iso(review.at) or "",
        "reason": review.reason,
        "alerts_wait": review.waits,
        "trouble": review.trouble,
    }
    return {"review": told}


def _shards() -> dict[str, Any]:
    """Return where the files of gauges are: n is a gauge's place in `index.json`."""
    return {
        "size": SHARD,
        "index": "index.json",
        "gauges": "gauges/{n // size}.json",
        "stations": "stations/{n // size}.json",
    }


def _counts(view: View) -> dict[str, int]:
    stages = [shown(outlook) for outlook in view.outlooks]
    return {stage.name.lower(): stages.count(stage) for stage in Stage}


def gauge(view: View, head: Head, series: Series, place: int, told: Facts) -> dict[str, Any]:
    """Return the file of one gauge.

    Args:
        place: Of the gauge in the network.
        told: Its `maps.feeds.facts.whole`.
    """
    station, name = view.network.stations[place], file_name(view.network.stations[place].id)
    return told | {
        "$schema": "../schema/gauge.json",
        "latitude": round(station.latitude, 5),
        "longitude": round(station.longitude, 5),
        "gauge_zero": number(station.gauge_zero),
        "upstream": list(station.upstream),
        "overdue_at": head.overdue,
        "observed": _observed(view, series, place),
        "forecast": _forecast(series, place),
        "chances": chances(view, view.outlooks[place], place),
        "files": _files(name),
    }


def _observed(view: View, series: Series, place: int) -> dict[str, Any]:
    name = view.network.quantity.value
    return {
        "time": series.moments,
        "value": series.observed[name][place].round(3),
        "flag": [FLAGS[code] for code in series.flags[name][place].tolist()],
    }


def _forecast(series: Series, place: int) -> dict[str, Any]:
    values = series.forecast[place].T.round(3)
    return {
        "lead_minutes": series.leads.tolist(),
        "valid_time": series.valid,
        "quantiles": {
            f"{level:g}": row.tolist() for level, row in zip(series.levels, values, strict=True)
        },
    }


def chances(view: View, outlook: Outlook, place: int) -> dict[str, Any]:
    """Return P(value >= threshold) by stage and lead; {} where nothing is known."""
    limits = view.network.stations[place].thresholds
    if limits is None or not outlook.probability.size:
        return {}
    rows = outlook.probability.round(3).tolist()
    return {s.name.lower(): row for s, row in zip(limits.alerts, rows, strict=True)}


def _files(name: str) -> dict[str, str]:
    tables = {f"csv_{kind}": f"../../gauge/{name}.{kind}.csv" for kind in KINDS}
    pi = {
        f"pi_{kind}_{form}": f"../../pi/{name}.{kind}.{form}"
        for kind in ("observed", "forecast")
        for form in ("xml", "json")
    }
    pages = {"page_ko": f"../../gauge/{name}.html", "page_en": f"../../gauge/{name}.en.html"}
    item = f"../../ogc/collections/gauges/items/{name}.json"
    feed = f"../../alerts/gauge/{name}.atom"
    return pages | tables | pi | {"geojson": item, "atom": feed, "netcdf": "../../forecast.nc"}
