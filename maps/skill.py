"""The published scores: our model beside its baselines, by lead time, all hours and floods."""

from math import isnan
from typing import Any

import numpy as np

from data.stations import Stage, Station
from forecast.outlook import Language
from forecast.verify import mean_over_stations
from forecast.wording import span
from maps.listing import name
from maps.skill_place import Place, place
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
    return [_place(word("all_stations", language), place(mean), tuple(SCORE), language)]


def of_station(
    view: View, station: Station, language: Language, scores: tuple[str, ...] = BRIEF
) -> dict[str, Any]:
    """Return one gauge's tables; {} where it was not verified."""
    here = view.scored.get(station.id)
    return {} if here is None else _place(name(station, language), here, scores, language)


def _place(title: str, scores: Place, kinds: tuple[str, ...], language: Language) -> dict[str, Any]:
    hours = [
        (word(hours, language), _groups(scores, kinds, mark, language))
        for hours, mark in (("all_hours", ""), ("flood_hours", "_flood"))
    ]
    return {
        "name": title,
        "leads": [span(lead, language) for lead in scores.leads],
        "hours": [(hours, groups) for hours, groups in hours if groups],
        "stages": _stages(scores, language),
    }


def _groups(
    scores: Place, kinds: tuple[str, ...], mark: str, language: Language
) -> list[tuple[str, list[tuple[str, bool, list[str]]]]]:
    """Return for each score that there is: its name, and each model's figures by lead time."""
    return [
        (SCORE[kind][language], _lines(scores, kind, mark, language))
        for kind in kinds
        if kind + mark in scores.values
    ]


def _lines(
    scores: Place, kind: str, mark: str, language: Language
) -> list[tuple[str, bool, list[str]]]:
    return [
        (
            MODELS.get(model, {}).get(language, model),
            model == OURS,
            [figure(value, kind) for value in scores.line(kind + mark, model)],
        )
        for model in scores.models_of(kind + mark)
    ]


def figure(value: float, kind: str) -> str:
    """Return a score as it is printed; a dash where there is none."""
    if isnan(value):
        return "–"
    if kind == "n":
        return f"{value:,.0f}"
    text = f"{value:.3g}" if kind in LARGE else f"{value:.2f}"
    return text.replace("-", "−")


def _stages(scores: Place, language: Language) -> list[tuple[int, str, list[str]]]:
    """Return hits / misses / false alarms of our own model by stage and lead time."""
    if OURS not in scores.models or not set(COUNTED) <= set(scores.values):
        return []
    own = np.stack([scores.values[kind][scores.models.index(OURS)] for kind in COUNTED], axis=-1)
    return [
        (int(Stage[key.upper()]), stage_word(Stage[key.upper()], language), _counts(rows))
        for key, rows in zip(scores.stages, own, strict=True)
        if not np.isnan(rows[:, 0]).all()
    ]


def _counts(rows: np.ndarray) -> list[str]:
    return [" / ".join(figure(count, "n") for count in row) for row in rows.tolist()]
