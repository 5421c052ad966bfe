"""The published scores: our model beside its baselines, by lead time, all hours and floods."""

from typing import Any

import numpy as np
import xarray as xr

from data.stations import Stage, Station
from forecast.outlook import Language
from forecast.verify import mean_over_stations
from forecast.wording import span
from maps.listing import name
from maps.view import View
from maps.words import MODELS, SCORE, stage_word, word

OURS = "lstm"
COUNTED = ("hits", "misses", "false_alarms")
LARGE = ("rmse", "crps")  # in the unit of the network: three figures; all else has two decimals
BRIEF = ("persistence_skill", "rmse", "coverage90")  # what a gauge's own page shows


def tables(view: View, language: Language) -> list[dict[str, Any]]:
    """Return the tables of the skill page: the mean over gauges, then each gauge."""
    each = [of_station(view, station, language, tuple(SCORE)) for station in view.network.stations]
    return [*mean_table(view, language), *(place for place in each if place)]


def mean_table(view: View, language: Language) -> list[dict[str, Any]]:
    """Return the tables of the mean over the gauges, as a list of one; [] without scores."""
    if view.scores is None:
        return []
    mean = mean_over_stations(view.scores)
    return [_place(word("all_stations", language), mean, tuple(SCORE), language)]


def of_station(
    view: View, station: Station, language: Language, scores: tuple[str, ...] = BRIEF
) -> dict[str, Any]:
    """Return one gauge's tables; {} where it was not verified."""
    if view.scores is None or station.id not in view.scores.station.values:
        return {}
    return _place(name(station, language), view.scores.sel(station=station.id), scores, language)


def _place(
    title: str, scores: xr.Dataset, kinds: tuple[str, ...], language: Language
) -> dict[str, Any]:
    leads = [span(lead, language) for lead in scores.lead_time.values]
    hours = [
        (word(hours, language), _groups(scores, kinds, mark, language))
        for hours, mark in (("all_hours", ""), ("flood_hours", "_flood"))
    ]
    return {
        "name": title,
        "leads": leads,
        "hours": [(hours, groups) for hours, groups in hours if groups],
        "stages": _stages(scores, language),
    }


def _groups(
    scores: xr.Dataset, kinds: tuple[str, ...], mark: str, language: Language
) -> list[tuple[str, list[tuple[str, bool, list[str]]]]]:
    """Return for each score that there is: its name, and each model's figures by lead time."""
    return [
        (
            SCORE[kind][language],
            [_line(scores, model, kind + mark, language) for model in _models(scores, kind + mark)],
        )
        for kind in kinds
        if kind + mark in scores
    ]


def _models(scores: xr.Dataset, variable: str) -> list[str]:
    """Return the models of a score; one of no name where all models share it (counts of pairs)."""
    return [str(m) for m in scores.model.values] if "model" in scores[variable].dims else [""]


def _line(
    scores: xr.Dataset, model: str, variable: str, language: Language
) -> tuple[str, bool, list[str]]:
    own = scores[variable].sel(model=model) if model else scores[variable]
    figures = own.transpose("lead_time").values
    told = [figure(value, variable.removesuffix("_flood")) for value in figures]
    return MODELS.get(model, {}).get(language, model), model == OURS, told


def figure(value: float, kind: str) -> str:
    """Return a score as it is printed; a dash where there is none."""
    if np.isnan(value):
        return "–"
    if kind == "n":
        return f"{value:,.0f}"
    text = f"{value:.3g}" if kind in LARGE else f"{value:.2f}"
    return text.replace("-", "−")


def _stages(scores: xr.Dataset, language: Language) -> list[tuple[int, str, list[str]]]:
    """Return hits / misses / false alarms of our own model by stage and lead time."""
    if OURS not in scores.model.values or not set(COUNTED) <= set(scores.data_vars):
        return []
    own = scores[list(COUNTED)].sel(model=OURS)
    rows = [(Stage[str(key).upper()], own.sel(stage=key)) for key in own.stage.values]
    return [
        (int(stage), stage_word(stage, language), _counts(counts))
        for stage, counts in rows
        if bool(counts.hits.notnull().any())
    ]


def _counts(counts: xr.Dataset) -> list[str]:
    by_lead = zip(*(counts[kind].values for kind in COUNTED), strict=True)
    return [" / ".join(figure(float(count), "n") for count in lead) for lead in by_lead]
