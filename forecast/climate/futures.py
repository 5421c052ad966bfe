"""From model runs to the futures of regions: windows, changes, spread and robustness.

A model is never shown as it is: its change from its own reference (2000-2019) is applied to what
was observed then (delta), so that its bias falls out. Temperatures and counts of days take the
difference, rain the ratio.

    Run.annual: (year, region), a float32 variable per layer of `catalogue.INDICES`
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from data.climate.scenarios import SCENARIOS
from data.climate.warming_levels import CommonWindows
from forecast.climate.atlas import LEVELS, PERIODS, QUANTILES, REFERENCE
from forecast.climate.catalogue import Change, Layer
from forecast.climate.regional import period_mean
from forecast.climate.robustness import Judgement, judge, variability

SMALLEST = 1e-6  # a reference below this has no percentage

Years = tuple[int, int]
Told = tuple[np.ndarray, Judgement] | None  # (quantile, region) levels, and how robust they are


@dataclass(frozen=True)
class Run:
    """One model under one scenario, its yearly indices by region (see the module)."""

    model: str
    scenario: str
    annual: xr.Dataset


@dataclass(frozen=True)
class Window:
    """One span of time in which futures are told.

    Attributes:
        id: `ssp585:2081-2100` or `gwl:2.0`.
        scenario: Whose runs are in it.
        spans: Model to its first and last year.
        note_ko, note_en: What must be said of it, or empty.
    """

    id: str
    scenario: str
    spans: Mapping[str, Years]
    note_ko: str = ""
    note_en: str = ""


def windows(runs: Sequence[Run], warming: CommonWindows | None) -> tuple[Window, ...]:
    """Return every window that the runs can fill: scenario by period, and warming levels.

    Args:
        warming: One fixed set of models for all levels; None where crossings are not known.
    """
    found = []
    for scenario in SCENARIOS:
        models = [run.model for run in runs if run.scenario == scenario.name]
        for first, last in PERIODS:
            if models:
                spans = dict.fromkeys(models, (first, last))
                found.append(Window(f"{scenario.name}:{first}-{last}", scenario.name, spans))
    return (*found, *(_level(warming, level) for level in LEVELS if warming and warming.n))


def _level(warming: CommonWindows, level: float) -> Window:
    spans = {model: (w.start, w.end) for model, w in warming.windows[level].items()}
    title = {s.name: s.title for s in SCENARIOS}[warming.scenario]
    n, reached = warming.n, warming.reached[level]
    return Window(
        f"gwl:{level:g}",
        warming.scenario,
        spans,
        f"{title}에서 네 온난화 수준에 모두 이르는 모델 {n}개 (이 수준에 이르는 모델 {reached}개)",
        f"the {n} models that reach all four levels under {title} ({reached} reach this one)",
    )


def outcome(runs: Sequence[Run], layer: Layer, window: Window, observed: np.ndarray) -> Told:
    """Return (quantile, region) levels in a window, and how far the models agree on the change.

    Args:
        observed: (region,) mean of the reference years as observed.

    Returns:
        None where a run does not have the layer, e.g. the wettest hour of daily models.
    """
    members = members_of(runs, window)
    if not all(layer.id in run.annual for run in members):
        return None
    series = [run.annual[layer.id].values.astype("float64") for run in members]
    years = [run.annual["year"].values for run in members]
    reference = np.stack([period_mean(x, y, REFERENCE) for x, y in zip(series, years, strict=True)])
    later = np.stack(
        [
            period_mean(x, y, window.spans[run.model])
            for x, y, run in zip(series, years, members, strict=True)
        ]
    )
    noise = np.stack(
        [variability(x[_within(y, REFERENCE)]) for x, y in zip(series, years, strict=True)]
    )
    change = changed(reference, later, layer.change)
    whole = np.where(reference > SMALLEST, reference, np.nan)
    gamma = 100 * noise / whole if layer.change == "percent" else noise
    return quantiles(apply(observed, change, layer)), judge(change, gamma)


def members_of(runs: Sequence[Run], window: Window) -> list[Run]:
    """Return the runs of a window, one a model."""
    return [r for r in runs if r.scenario == window.scenario and r.model in window.spans]


def changed(reference: np.ndarray, later: np.ndarray, kind: Change) -> np.ndarray:
    """Return the change in the unit of the layer, or in percent."""
    if kind == "absolute":
        return np.asarray(later - reference)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(reference > SMALLEST, 100 * (later / reference - 1), np.nan))


def apply(observed: np.ndarray, change: np.ndarray, layer: Layer) -> np.ndarray:
    """Return the observed level after a change; a count of days ends at 0."""
    if layer.change == "percent":
        return np.asarray(observed * (1 + change / 100))
    level = np.asarray(observed + change)
    return np.asarray(np.where(level < 0, 0.0, level)) if layer.unit == "days" else level


def quantiles(members: np.ndarray) -> np.ndarray:
    """Return (quantile, ...) over the members that have a value, linear between them; else NaN."""
    ordered = np.sort(members, axis=0)  # NaN last
    last = np.isfinite(ordered).sum(axis=0) - 1
    found = []
    for share in QUANTILES:
        place = share * np.maximum(last, 0)
        low = np.floor(place).astype(int)
        pair = [
            np.take_along_axis(ordered, row[None], 0)[0]
            for row in (low, np.ceil(place).astype(int))
        ]
        found.append(pair[0] + (place - low) * (pair[1] - pair[0]))
    return np.stack(found)


def yearly(
    runs: Sequence[Run], layer: Layer, scenario: str, observed: np.ndarray, years: np.ndarray
) -> np.ndarray:
    """Return (year, quantile, region) levels of a scenario, year by year.

    Args:
        years: (year,) calendar years wanted.
    """
    found = []
    for run in (r for r in runs if r.scenario == scenario):
        series = run.annual[layer.id].reindex(year=years).values.astype("float64")
        whole = run.annual[layer.id].values.astype("float64")
        reference = period_mean(whole, run.annual["year"].values, REFERENCE)
        found.append(apply(observed, changed(reference, series, layer.change), layer))
    return np.moveaxis(quantiles(np.stack(found)), 0, 1)


def _within(years: np.ndarray, span: Years) -> np.ndarray:
    return np.asarray((years >= span[0]) & (years <= span[1]))
