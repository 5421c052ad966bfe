"""The scores of hindcasts: what the model in service would have forecast, had it been there then.

They stand apart from the scores of forecasts that were issued: none of them ever was.
"""

from typing import Any

import numpy as np
import xarray as xr

from forecast.outlook import Language
from maps.listing import name
from maps.skill_rolling import over_stations, table
from maps.skill_texts import text
from maps.view import View

WHOLE = "all"
DETAILED = 12  # gauges: up to that each has a table of its own
Fact = tuple[str, str]


def of_network(view: View, language: Language) -> dict[str, Any]:
    """Return what the skill page says of hindcasts; {} where there is none."""
    card = view.hindcast
    if card is None or WHOLE not in card.period.values:
        return {}
    whole = card.sel(period=WHOLE)
    first, last = _days(whole)
    title = f"{text('hindcast_all', language)} ({first} – {last})"
    return {
        "facts": _facts(view, whole, language),
        "table": table(title, over_stations(whole), language),
        "gauges": _gauges(view, whole, title, language),
    }


def learnt_from(view: View, first: str, last: str, language: Language) -> str:
    """Say whether the model has learnt from a period, or was chosen by it.

    Args:
        first, last: Days as `2020-03-30`.
    """
    split = view.network.split
    begin, end = split.train[0], split.validate[1]
    seen = max(begin, int(first[:4])), min(end, int(last[:4]))
    if seen[0] > seen[1]:
        return text("not_learnt", language)
    return text("learnt", language).format(first=seen[0], last=seen[1])


def _days(scores: xr.Dataset) -> tuple[str, str]:
    return str(scores.first_day.values)[:10], str(scores.last_day.values)[:10]


def _facts(view: View, whole: xr.Dataset, language: Language) -> list[Fact]:
    told, days = whole.attrs, _days(whole)
    found = {
        "hindcast_period": f"{days[0]} – {days[1]}",
        "hindcast_count": _counted(told, language),
        "hindcast_model": _model(view, language),
        "hindcast_learnt": learnt_from(view, *days, language),
        "known_until": str(told.get("known_until", "")),
    }
    return [(text(key, language), said) for key, said in found.items() if said]


def _counted(told: dict[str, Any], language: Language) -> str:
    if not {"forecasts", "days"} <= set(told):
        return ""
    numbers = {key: f"{int(told[key]):,}" for key in ("forecasts", "days")}
    return text("hindcast_counted", language).format(**numbers)


def _model(view: View, language: Language) -> str:
    """Return whose they are; where others made some of them, that is said."""
    own = str(view.manifest.get("model", ""))
    made = str((view.hindcast.attrs if view.hindcast is not None else {}).get("models", "")).split()
    others = [model for model in made if model != own]
    if not others:
        return own
    return text("hindcast_mixed", language).format(own=own, others=", ".join(others))


def _gauges(view: View, whole: xr.Dataset, title: str, language: Language) -> list[dict[str, Any]]:
    """Return the table of each gauge that was judged; [] where there are many gauges."""
    if len(view.network.stations) > DETAILED:
        return []
    there = [s for s in view.network.stations if s.id in whole.station.values]
    scores = [(station, whole.sel(station=station.id)) for station in there]
    return [
        table(f"{name(station, language)}: {title}", own, language)
        for station, own in scores
        if bool(np.any(own.n.values > 0))
    ]
