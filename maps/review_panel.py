"""The automatic and the edited forecast of one gauge, side by side on one scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from data.stations import Station
from forecast.outlook import Language, Outlook, sentence
from forecast.wording import STAGE_WORDS, number
from maps import review_words
from maps.view import View
from maps.what_if_picture import Line, picture, scale
from maps.words import UNIT

SHOWN = 2  # horizons of the past in a picture


@dataclass(frozen=True)
class Side:
    """One of the two: its caption's key and what it is of."""

    key: str
    forecast: xr.Dataset
    outlook: Outlook


def panel(view: View, n: int, language: Language) -> dict[str, Any]:
    """Return what stands on the page of a gauge that a person edited; {} where nobody did.

    Args:
        n: Its place in the network.
    """
    outlook, review = view.outlooks[n], view.review
    said = review_words.change_of(view, outlook.station, language)
    if not said or review is None:
        return {}
    change = review.by_gauge[outlook.station]
    sides = (
        Side("automatic", review.forecast, change.before),
        Side("shown", view.forecast, change.after),
    )
    return said | {"pictures": pictures(view, n, sides, language)}


def pictures(view: View, n: int, sides: Sequence[Side], language: Language) -> list[dict[str, Any]]:
    """Return pictures of one gauge with captions, on one scale."""
    station = view.network.stations[n]
    lines = [_line(view, station, side.forecast) for side in sides]
    on = scale(lines, station)
    found = []
    for side, line in zip(sides, lines, strict=True):
        caption = review_words.WORDS[side.key][language]
        said = f"{caption}: {sentence(side.outlook, view.network, language, view.zone)}"
        named = (f"review-{side.key}-{n}", said)
        drawn = picture(line, on, station, named, view.zone, language)
        found.append(
            {"caption": caption, "said": said, "svg": drawn} | _told(view, side.outlook, language)
        )
    return found


def _told(view: View, outlook: Outlook, language: Language) -> dict[str, Any]:
    quantity = view.network.quantity
    known = not np.isnan(outlook.peak)
    return {
        "stage": int(outlook.stage),
        "word": STAGE_WORDS[outlook.stage][language],
        "peak": f"{number(outlook.peak, quantity)} {UNIT[quantity]}"
        if known
        else review_words.WORDS["none"][language],
    }


def _line(view: View, station: Station, forecast: xr.Dataset) -> Line:
    quantity, issue = view.network.quantity.value, view.issue_time
    since = issue - SHOWN * view.network.horizon * view.network.step
    seen = view.observations[quantity].sel(time=slice(since, issue))
    times = seen.time.values if seen.sizes["time"] else np.array([issue])
    read = seen.reindex(station=[station.id], time=times).values.reshape(-1)
    issued = forecast.isel(issue_time=0).sel(station=station.id)
    values = issued[quantity].transpose("lead_time", "quantile").values
    return Line(times, read, issued.valid_time.values, values)
