"""What stands on a network's skill page, whether it has 3 gauges or 20,000."""

from typing import Any

import numpy as np
import xarray as xr

from data.stations import ALERTS, Stage
from forecast.outlook import Language
from forecast.verify import mean_over_stations
from forecast.wording import span
from maps import skill, skill_hindcast, skill_rolling
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
        "hindcasts": skill_hindcast.of_network(view, language),
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
    row = {str(station): at for at, station in enumerate(own.station.values)}
    places = [n for n, s in enumerate(view.network.stations) if s.id in row]
    ids = view.network.ids
    rows = [row[ids[n]] for n in places]
    shown = places if len(places) <= LISTED else [places[at] for at in _worst(told, rows)]
    told = told.isel(station=[row[ids[n]] for n in shown])
    lines = _lines(told, language)
    return {
        "all": len(places),
        "some": len(shown),
        "note": text("worst_of", language).format(all=f"{len(places):,}", some=len(shown)),
        "heads": [stage_word(stage, language) for stage in ALERTS],
        "rows": [_gauge(view, n, lines[at], language) for at, n in enumerate(shown)],
    }


def _worst(scores: xr.Dataset, rows: list[int]) -> list[int]:
    """Return which of some rows have the lowest skill at the middle lead time; unknown last."""
    lead = (scores.sizes["lead_time"] - 1) // 2
    gain = scores.persistence_skill.isel(lead_time=lead).values[rows]
    return [int(at) for at in np.argsort(gain, kind="stable")[:WORST]]


def _gauge(view: View, n: int, lines: list[list[str]], language: Language) -> dict[str, Any]:
    station = view.network.stations[n]
    return {
        "name": name(station, language),
        "page": f"{file_name(station.id)}{ending(language)}.html",
        "lines": lines,
    }


def _lines(scores: xr.Dataset, language: Language) -> list[list[list[str]]]:
    """Return by gauge and lead time what stands in a line, from plain arrays."""
    leads = [span(lead, language) for lead in scores.lead_time.values]
    gain, covered = (_told(scores, kind) for kind in ("persistence_skill", "coverage90"))
    met = [_met(scores, stage) for stage in ALERTS]
    return [
        [
            [lead, gain[at][k], covered[at][k], *(each[at][k] for each in met)]
            for k, lead in enumerate(leads)
        ]
        for at in range(scores.sizes["station"])
    ]


def _told(scores: xr.Dataset, kind: str) -> list[list[str]]:
    """Return a score as it is printed, by gauge and lead time."""
    if kind not in scores:
        return [["–"] * scores.sizes["lead_time"]] * scores.sizes["station"]
    values = scores[kind].transpose("station", "lead_time").values.tolist()
    return [[figure(value, kind) for value in row] for row in values]


def _met(scores: xr.Dataset, stage: Stage) -> list[list[str]]:
    """Return hits / misses / false alarms of a stage; a dash where the gauge has none."""
    key = stage.name.lower()
    if not set(COUNTED) <= set(scores.data_vars) or key not in scores.stage.values:
        return [["–"] * scores.sizes["lead_time"]] * scores.sizes["station"]
    at = scores.sel(stage=key)
    counts = [at[kind].transpose("station", "lead_time").values for kind in COUNTED]
    rows = np.stack(counts, axis=-1).tolist()
    return [[_counted(count) for count in row] for row in rows]


def _counted(counts: list[float]) -> str:
    return "–" if np.isnan(counts[0]) else " / ".join(figure(count, "n") for count in counts)
