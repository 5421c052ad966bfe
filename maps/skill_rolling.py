"""The scores of forecasts that were issued, over the last days: of all gauges, and of one."""

from typing import Any

import numpy as np
import xarray as xr

from data.stations import Stage
from forecast.outlook import Language
from forecast.wording import span
from maps.listing import name
from maps.skill import COUNTED, figure
from maps.skill_texts import text
from maps.skill_words import sentences
from maps.view import View
from maps.words import SCORE, stage_word

PERIODS = ("7 d", "30 d", "365 d", "all")
SCORES = ("persistence_skill", "coverage90", "rmse", "crps", "n")
_SUMMED = ("n", "hits", "misses", "false_alarms", "n_onsets", "n_forewarned", "n_peaks")
OF_GAUGE = "30 d"


def of_network(view: View, language: Language) -> list[dict[str, Any]]:
    """Return a table for each window of days; [] where nothing issued has met its outcome."""
    if view.rolling is None:
        return []
    found = [period for period in PERIODS if period in view.rolling.period.values]
    return [
        _window(period, over_stations(view.rolling.sel(period=period)), language)
        for period in found
    ]


def of_gauge(view: View, n: int, language: Language) -> dict[str, Any]:
    """Return the table of one gauge over the last 30 days; {} where there is none."""
    station = view.network.stations[n]
    card = view.rolling
    if card is None or station.id not in card.station.values or OF_GAUGE not in card.period.values:
        return {}
    own = card.sel(station=station.id, period=OF_GAUGE)
    if not bool((own.n > 0).any()):
        return {}
    found = _window(OF_GAUGE, own, language)
    return found | {"name": f"{name(station, language)}: {found['name']}"}


def over_stations(card: xr.Dataset) -> xr.Dataset:
    """Return the mean over the stations that have the score; counts are summed."""
    summed = {n: card[n].sum("station", min_count=1) for n in _SUMMED if n in card}
    mean = card.mean("station", keep_attrs=True).assign(summed)
    if "n_onsets" not in card:
        return mean
    hours = (card.lead_time_gained * card.n_onsets).sum("station", min_count=1)
    return mean.assign(lead_time_gained=hours / summed["n_onsets"].where(summed["n_onsets"] > 0))


def period_word(period: str, language: Language) -> str:
    """Return how a window is called: its days, a month, or all that was issued."""
    if period == "all":
        return text("all_issued", language)
    if not period.endswith(" d"):
        return period
    return text("last_days", language).format(days=period.removesuffix(" d"))


def _window(period: str, scores: xr.Dataset, language: Language) -> dict[str, Any]:
    first, last = (str(scores[day].values)[:10] for day in ("first_day", "last_day"))
    named = f"{period_word(period, language)} ({first} – {last})"
    return table(named, scores, language) | {"open": period == OF_GAUGE}


def table(title: str, scores: xr.Dataset, language: Language) -> dict[str, Any]:
    """Return the tables of one period under a title.

    Args:
        scores: By lead_time, events also by stage.
    """
    return {
        "name": title,
        "said": sentences(scores, language),
        "leads": [span(lead, language) for lead in scores.lead_time.values],
        "rows": [
            (SCORE[kind][language], [figure(float(v), kind) for v in scores[kind].values])
            for kind in SCORES
            if kind in scores
        ],
        "stages": [(*_stage(key, language), _counts(scores, key)) for key in _seen(scores)],
        "gained": [(*_stage(key, language), *_gained(scores, key)) for key in _reached(scores)],
    }


def _stage(key: Any, language: Language) -> tuple[int, str]:
    stage = Stage[str(key).upper()]
    return int(stage), stage_word(stage, language)


def _seen(scores: xr.Dataset) -> list[Any]:
    """Return the stages that came or were forecast."""
    came = [key for kind in COUNTED for key in _above_zero(scores[kind])]
    return [key for key in scores.stage.values if key in came]


def _above_zero(counts: xr.DataArray) -> list[Any]:
    return [key for key in counts.stage.values if bool((counts.sel(stage=key) > 0).any())]


def _counts(scores: xr.Dataset, key: Any) -> list[str]:
    at = scores.sel(stage=key)
    by_lead = zip(*(at[kind].values for kind in COUNTED), strict=True)
    return [" / ".join(figure(float(count), "n") for count in lead) for lead in by_lead]


def _reached(scores: xr.Dataset) -> list[Any]:
    if "n_onsets" not in scores:
        return []
    return [key for key in scores.stage.values if float(scores.n_onsets.sel(stage=key)) > 0]


def _gained(scores: xr.Dataset, key: Any) -> list[str]:
    at = scores.sel(stage=key)
    hours = float(at.lead_time_gained)
    told = "–" if np.isnan(hours) else f"{hours:.1f}"
    return [figure(float(at.n_onsets), "n"), figure(float(at.n_forewarned), "n"), told]
