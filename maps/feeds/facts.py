"""What is said of each gauge, as plain JSON: the same in the GeoJSON and in the JSON API."""

from collections.abc import Iterator
from math import isnan
from typing import Any

import numpy as np

from data.stations import Stage, Station, Thresholds
from forecast.outlook import Outlook
from forecast.sentences import sentences
from forecast.wording import in_language
from maps.feeds.head import Head
from maps.feeds.layout import large
from maps.listing import shown
from maps.review import fields
from maps.view import View
from maps.words import LANGUAGES

VALUES = ("last_observed", "peak", "peak_low", "peak_high")
TIMES = ("stage_time", "last_observed_time", "peak_time")
_NAMES = {stage: stage.name.lower() for stage in Stage}
_ALERTS = tuple(_NAMES[stage] for stage in sorted(Stage)[2:])
Facts = dict[str, Any]


def facts(view: View, head: Head) -> list[Facts]:
    """Return what is known of each gauge, in the order of the outlooks.

    What is not known is null, and its stage `unknown`.
    """
    quantity = view.network.quantity
    said = sentences(view.outlooks, view.network, LANGUAGES, view.zone)
    fixed = {"quantity": quantity.value, "unit": quantity.unit, "issue_time": head.issued}
    return [
        {
            **called(view.network.station(outlook.station)),
            **fixed,
            **stages,
            "sentence_ko": told[0],
            "sentence_en": told[1],
            "reason_ko": in_language(outlook.reason, "ko"),
            "reason_en": in_language(outlook.reason, "en"),
            **_edited(view, outlook),
        }
        for outlook, stages, told in zip(view.outlooks, _outlooks(view), said, strict=True)
    ]


def _edited(view: View, outlook: Outlook) -> Facts:
    """Return who edited a gauge and what the automatic forecast says; of many gauges only there.

    Of a network of a few hundred gauges it is null at the others, so that all have one table.
    """
    review = view.review
    if review is None or (large(view.network) and outlook.station not in review.by_gauge):
        return {}
    return fields(review, outlook)


def whole(view: View, head: Head, told: Facts, place: int) -> Facts:
    """Return what stands in a file of one gauge: also what does not change between forecasts.

    Args:
        told: What `facts` says of the gauge.
        place: Of the gauge in the network.
    """
    limits = view.network.stations[place].thresholds
    return {"id": told["id"], **head.said, **told, **thresholds(limits)}


def called(station: Station) -> Facts:
    """Return what a gauge is called."""
    return {
        "id": station.id,
        "name_ko": station.name_ko,
        "name_en": station.name_en,
        "river_ko": station.river_ko,
        "river_en": station.river_en,
    }


def thresholds(limits: Thresholds | None) -> Facts:
    """Return the values at which stages begin, and who set them."""
    if limits is None:
        return {"thresholds": {}, "thresholds_origin": "none", "thresholds_method": ""}
    values = (limits.attention, limits.watch, limits.warning, limits.severe)
    named = zip(_ALERTS, values, strict=True)
    return {
        "thresholds": {name: round(v, 3) for name, v in named if not isnan(v)},
        "thresholds_origin": limits.origin,
        "thresholds_method": limits.method,
    }


def _outlooks(view: View) -> Iterator[Facts]:
    """Yield stages, times and values of each outlook."""
    outlooks = view.outlooks
    columns: dict[str, list[Any]] = {name: _times(outlooks, name) for name in TIMES}
    columns |= {name: _values(outlooks, name) for name in VALUES}
    rows = zip(*columns.values(), strict=True)
    for outlook, row in zip(outlooks, rows, strict=True):
        stage = shown(outlook)
        yield {
            "stage": _NAMES[stage],
            "stage_now": _NAMES[outlook.stage_now],
            "stage_forecast": _NAMES[outlook.stage],
            "stage_number": int(stage),
            **dict(zip(columns, row, strict=True)),
        }


def _times(outlooks: tuple[Outlook, ...], name: str) -> list[str | None]:
    """Return one time of each outlook as RFC 3339."""
    times = np.array([getattr(o, name) for o in outlooks], dtype="datetime64[s]")
    texts = np.datetime_as_string(times).tolist()
    return [None if text == "NaT" else f"{text}Z" for text in texts]


def _values(outlooks: tuple[Outlook, ...], name: str) -> list[float | None]:
    values = np.array([getattr(o, name) for o in outlooks], dtype="float64").round(3)
    known = np.isfinite(values).tolist()
    return [v if there else None for v, there in zip(values.tolist(), known, strict=True)]
