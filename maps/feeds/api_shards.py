"""The JSON API of a large network: 64 gauges a file, found by a gauge's place n in the network.

    api/index.json            the ids of all gauges, in their order; changes with the network
    api/stations/<n // 64>.json   what does not change between forecasts: place, thresholds, names
    api/gauges/<n // 64>.json     stages, sentences, readings, quantiles, chances

`null` is a missing value, never 0. `flags` names, by its place in `observed_time`, every reading
that is missing or doubted; all others are good.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from data.schema import Flag
from data.stations import Station
from maps.feeds.facts import Facts, called, thresholds
from maps.feeds.head import Head
from maps.feeds.layout import SHARD, shards
from maps.feeds.names import number
from maps.feeds.series import FLAGS, Series
from maps.plain import file_name
from maps.view import View

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)  # quantiles in these files; forecast.nc holds all


def index(view: View, said: dict[str, Any]) -> dict[str, Any]:
    """Return the ids of all gauges."""
    return {
        "$schema": "schema/index.json",
        **said,
        "network": view.network.name,
        "size": SHARD,
        "ids": view.network.ids,
    }


def stations(view: View, said: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the number and the content of each file of what does not change."""
    quantity = view.network.quantity
    for shard, part in shards(view.network, SHARD):
        yield (
            shard,
            {
                "$schema": "../schema/stations.json",
                **said,
                "first": part.start,
                "quantity": quantity.value,
                "unit": quantity.unit,
                "provenance": view.network.provenance,
                "stations": [_station(station) for station in view.network.stations[part]],
            },
        )


def _station(station: Station) -> Facts:
    return {
        **called(station),
        "latitude": round(station.latitude, 5),
        "longitude": round(station.longitude, 5),
        "gauge_zero": number(station.gauge_zero),
        "upstream": list(station.upstream),
        **thresholds(station.thresholds),
        "page": f"gauge/{file_name(station.id)}.html",
    }


def gauges(
    view: View, head: Head, series: Series, told: Sequence[Facts]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the number and the content of each file of what a forecast says.

    Args:
        told: `maps.feeds.facts.facts`.
    """
    quantity = view.network.quantity.value
    flags = series.flags[quantity]
    observed = np.ascontiguousarray(series.observed[quantity].round(3))
    at = np.flatnonzero(np.isin(np.round(series.levels, 6), LEVELS))
    values = np.ascontiguousarray(series.forecast[:, :, at].transpose(0, 2, 1).round(3))
    doubted, likely = _doubted(flags), _chances(view)
    shared = _shared(head, series, at)
    for shard, part in shards(view.network, SHARD):
        rows = [
            told[n]
            | {
                "observed": observed[n],
                "flags": doubted.get(n, {}),
                "quantiles": values[n],
                "chances": likely[n],
            }
            for n in range(part.start, min(part.stop, len(told)))
        ]
        yield shard, shared | {"first": part.start, "gauges": rows}


def _shared(head: Head, series: Series, at: np.ndarray) -> dict[str, Any]:
    return {
        "$schema": "../schema/gauges.json",
        **head.said,
        "issue_time": head.issued,
        "overdue_at": head.overdue,
        "observed_time": series.moments,
        "valid_time": series.valid,
        "lead_minutes": series.leads.tolist(),
        "levels": series.levels[at].round(6).tolist(),
    }


def _chances(view: View) -> list[dict[str, np.ndarray]]:
    """Return P(value >= threshold) of each gauge by stage; {} where nothing is known."""
    sizes = [len(outlook.probability) for outlook in view.outlooks]
    if not sum(sizes):
        return [{} for _ in sizes]
    known = [outlook.probability for outlook in view.outlooks if outlook.probability.size]
    rows = iter(np.concatenate(known).round(3))
    return [
        {stage.name.lower(): next(rows) for stage in limits.alerts} if size and limits else {}
        for size, limits in zip(sizes, (s.thresholds for s in view.network.stations), strict=True)
    ]


def _doubted(flags: np.ndarray) -> dict[int, dict[str, str]]:
    """Return by gauge and place in time why a reading is missing or doubted."""
    found: dict[int, dict[str, str]] = {}
    places, times = np.nonzero(flags != Flag.GOOD)
    codes = flags[places, times].tolist()
    for n, time, code in zip(places.tolist(), times.tolist(), codes, strict=True):
        found.setdefault(n, {})[str(time)] = FLAGS[code]
    return found
