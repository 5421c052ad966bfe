"""What stands on a network's skill page, whether it has 3 gauges or 20,000."""

from typing import Any

import numpy as np
import xarray as xr

from data.stations import ALERTS, Stage
from forecast.outlook import Language
from forecast.verify import mean_over_stations
from forecast.wording import span
from maps import skill, skill_rolling
from maps.gauge_page import TOLD
from maps.listing import name
from maps.page import ending
from maps.plain import file_name
from maps.reliability_picture import diagrams
from maps.skill import COUNTED, OURS, figure
from maps.skill_texts import SKILL, text
from maps.skill_words import sentences
from maps.view import View
from maps.words import SCORE, stage_word

DETAILED = 12  # gauges: up to that each has all tables of its own
LISTED = 300  # gauges: above, only the worst are listed
WORST = 50
MINUTE = np.timedelta64(1, "m")
Row = tuple[str, list[str]]


def page(view: View, language: Language) -> dict[str, Any]:
    """Return everything on the skill page."""
    own = _own(view)
    return {
        "tables": _tables(view, language),
        "said": [] if own is None else sentences(mean_over_stations(own), language),
        "gauges": {} if own is None else _by_gauge(view, own, language),
        "scored": dict(view.scores.attrs) if view.scores is not None else {},
        "rolling": skill_rolling.of_network(view, language),
        "rolled": dict(view.rolling.attrs) if view.rolling is not None else {},
        "reliability": diagrams(view, language),
        "scores": {key: said[language] for key, said in SCORE.items()},
        "s": {key: said[language] for key, said in SKILL.items()},
    }


def _own(view: View) -> xr.Dataset | None:
    """Return the scores of the model that issued the forecast."""
    if view.scores is None or OURS not in view.scores.model.values:
        return None
    return view.scores.sel(model=OURS)


def _tables(view: View, language: Language) -> list[dict[str, Any]]:
    """Return the mean over the gauges beside the baselines; where there are few, each gauge's."""
    if len(view.network.stations) <= DETAILED:
        return skill.tables(view, language)
    return skill.mean_table(view, language)


def _by_gauge(view: View, own: xr.Dataset, language: Language) -> dict[str, Any]:
    """Return a line for each gauge and lead time; of the worst gauges where there are many."""
    minutes = own.lead_time.values / MINUTE
    told = own.isel(lead_time=np.flatnonzero(np.isin(minutes, TOLD)))
    scored = set(own.station.values.tolist())
    places = [n for n, s in enumerate(view.network.stations) if s.id in scored]
    shown = places if len(places) <= LISTED else _worst(view, told, places)
    return {
        "all": len(places),
        "some": len(shown),
        "note": text("worst_of", language).format(all=f"{len(places):,}", some=len(shown)),
        "heads": [stage_word(stage, language) for stage in ALERTS],
        "rows": [_gauge(view, told, n, language) for n in shown],
    }


def _worst(view: View, scores: xr.Dataset, places: list[int]) -> list[int]:
    """Return the gauges with the lowest skill at the middle lead time; unknown ones last."""
    lead = (scores.sizes["lead_time"] - 1) // 2
    ids = [view.network.ids[n] for n in places]
    gain = scores.persistence_skill.isel(lead_time=lead).sel(station=ids).values
    return [places[at] for at in np.argsort(gain, kind="stable")[:WORST]]


def _gauge(view: View, scores: xr.Dataset, n: int, language: Language) -> dict[str, Any]:
    station = view.network.stations[n]
    own = scores.sel(station=station.id)
    return {
        "name": name(station, language),
        "page": f"{file_name(station.id)}{ending(language)}.html",
        "lines": [_line(own.isel(lead_time=at), language) for at in range(own.sizes["lead_time"])],
    }


def _line(scores: xr.Dataset, language: Language) -> list[str]:
    gain, covered = (_told(scores, kind) for kind in ("persistence_skill", "coverage90"))
    met = [_met(scores, stage) for stage in ALERTS]
    return [span(scores.lead_time.values, language), gain, covered, *met]


def _told(scores: xr.Dataset, kind: str) -> str:
    return figure(float(scores[kind]), kind) if kind in scores else "–"


def _met(scores: xr.Dataset, stage: Stage) -> str:
    """Return hits / misses / false alarms of a stage; a dash where the gauge has none."""
    key = stage.name.lower()
    if not set(COUNTED) <= set(scores.data_vars) or key not in scores.stage.values:
        return "–"
    counts = [float(scores[kind].sel(stage=key)) for kind in COUNTED]
    return "–" if np.isnan(counts[0]) else " / ".join(figure(count, "n") for count in counts)
