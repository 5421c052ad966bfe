"""The layers RL20, RL100, N20 and N100 by region, from yearly maxima at stations.

Level and change are pooled at the stations (`return_levels`) and then carried to the regions as
everything else. Return periods are carried as yearly chances, whose mean has a meaning, and turned
around at the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from forecast.climate import interpolation, return_levels
from forecast.climate.atlas import BASELINES, REFERENCE, Reason
from forecast.climate.catalogue import Layer
from forecast.climate.futures import Run, Window, members_of
from forecast.climate.observed_layers import Observed
from forecast.climate.regional import ENOUGH_YEARS, Spread, period_mean
from forecast.climate.robustness import Judgement, Robustness
from forecast.climate.runs import AT_STATIONS

PERIODS = (20.0, 100.0)
LONGEST = 9_999.0  # years: a chance below 1 in 10,000 is not told


@dataclass(frozen=True)
class Maxima:
    """Yearly maxima of the stations that have a normal, and who is near whom.

    Attributes:
        values: (year, station) as observed, `years` (year,).
        pool: (station, pool) positions.
        pull: (region, station) weights.
        there: bool, which of all stations these are.
    """

    values: np.ndarray
    years: np.ndarray
    pool: np.ndarray
    pull: np.ndarray
    there: np.ndarray


def gather(stations: xr.Dataset, spread: Spread, runs: Sequence[Run]) -> Maxima:
    """Return the maxima of stations with 80 % of 1991-2020 and of the reference, in all runs too.

    Args:
        stations: (year, station) Rx1day; latitude, longitude (station).
    """
    values = stations["Rx1day"].transpose("year", "station").values.astype("float64")
    years = stations["year"].values
    there = np.isfinite(period_mean(values, years, (1991, 2020)))
    there &= np.isfinite(period_mean(values, years, REFERENCE))
    for run in runs:
        modelled = run.annual[AT_STATIONS].transpose("year", "station").values
        there &= np.isfinite(period_mean(modelled, run.annual["year"].values, REFERENCE))
    place = stations["latitude"].values[there], stations["longitude"].values[there]
    pool = return_levels.neighbours(interpolation.distances(place, place))
    return Maxima(values[:, there], years, pool, spread(there), there)


def observe(maxima: Maxima, layer: Layer) -> Observed:
    """Return RL20 or RL100 of each baseline; N20 and N100 have their own period there."""
    period = period_of(layer)
    rows = [_baseline(maxima, period, span) for span in BASELINES]
    levels = np.stack(rows)
    if layer.id.startswith("N"):
        levels = np.where(np.isfinite(levels), period, np.nan)
    reason = np.where(np.isfinite(levels), Reason.OK, Reason.FEW_YEARS).astype("int8")
    nothing = np.full(levels.shape[1], np.nan)
    series = np.full((len(maxima.years), levels.shape[1]), np.nan)
    return Observed(series, levels, reason, nothing, nothing, nothing, None)


def _baseline(maxima: Maxima, period: float, span: tuple[int, int]) -> np.ndarray:
    """Return (region,) levels; from the stations with enough years of the baseline."""
    part = maxima.values[(maxima.years >= span[0]) & (maxima.years <= span[1])]
    enough = np.isfinite(part).sum(axis=0) >= ENOUGH_YEARS * (span[1] - span[0] + 1)
    level = return_levels.observed(np.where(enough, part, np.nan), maxima.pool, period)
    level = np.where(enough, level, np.nan)
    known = np.isfinite(level)
    weight = maxima.pull @ known
    with np.errstate(invalid="ignore", divide="ignore"):
        found = (maxima.pull @ np.where(known, level, 0)) / weight
    return np.asarray(np.where(weight >= 0.5, found, np.nan))


@dataclass(frozen=True)
class Coming:
    """What one window brings: the change at stations, and what their pools are worth.

    Attributes:
        effective: (station,) independent samples in a pool.
        means: (member, station) change of the mean yearly maximum, for the models' agreement.
    """

    change: return_levels.Change
    effective: np.ndarray
    means: np.ndarray


def project(
    maxima: Maxima, runs: Sequence[Run], window: Window, independent: int | None = None
) -> Coming:
    """Return how the return levels change in a window.

    Args:
        independent: Models whose weather is independent of each other; None counts them all.
    """
    members = members_of(runs, window)
    before = np.stack([_years(run, REFERENCE, maxima.there) for run in members])
    after = np.stack([_years(run, window.spans[run.model], maxima.there) for run in members])
    known = maxima.values[(maxima.years >= 1991) & (maxima.years <= 2020)]
    worth = return_levels.effective(
        known, maxima.pool, len(members) if independent is None else independent
    )
    found = return_levels.change(before, after, maxima.pool, PERIODS)
    return Coming(found, worth, _mean_change(before, after))


def _mean_change(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    return np.asarray(_mean(after) - _mean(before))


def _mean(values: np.ndarray) -> np.ndarray:
    """Return the mean over the second axis of the values that are there; NaN where none is."""
    known = ~np.isnan(values)
    count = known.sum(axis=1)
    total = np.where(known, values, 0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _years(run: Run, span: tuple[int, int], there: np.ndarray) -> np.ndarray:
    part = run.annual[AT_STATIONS].sel(year=slice(*span)).transpose("year", "station")
    return np.asarray(part.values[:, there].astype("float64"))


def outcome(
    maxima: Maxima, layer: Layer, coming: Coming, observed: np.ndarray
) -> tuple[np.ndarray, Judgement]:
    """Return (quantile, region) levels or return periods, and how far to trust them.

    Args:
        observed: (region,) the layer as observed in the reference years.

    Robust where 10 % and 90 % of the resampled changes lie on one side of none; the 1-in-100 only
    where the pool is worth 20 independent samples.
    """
    row = PERIODS.index(period_of(layer))
    factor = _carry(maxima.pull, coming.change.factor[:, row])
    if layer.id.startswith("RL"):
        level = observed * (1 + factor)
    else:
        chance = _carry(maxima.pull, coming.change.chance[:, row])
        level = np.minimum(1 / np.maximum(chance[::-1], 1 / LONGEST), LONGEST)
    one_side = np.sign(factor[0]) == np.sign(factor[2])
    code = np.where(one_side, Robustness.ROBUST, Robustness.NO_CHANGE)
    if row == 1:
        worth = maxima.pull @ coming.effective
        code = np.where(worth >= return_levels.ENOUGH, code, Robustness.NOT_POOLED)
    code = np.where(np.isfinite(level[1]), code, Robustness.NO_DATA).astype("int8")
    means = _carry(maxima.pull, coming.means)  # (member, region)
    agree = np.maximum((means > 0).sum(axis=0), (means < 0).sum(axis=0))
    return level, Judgement(code, agree.astype("int8"), np.isfinite(means).sum(0).astype("int8"))


def period_of(layer: Layer) -> float:
    """Return the return period of a layer [years], e.g. 20 of RL20 and N20."""
    return float(layer.id.lstrip("RLN"))


def _carry(pull: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return (..., region) of (..., station), stations without a value left out."""
    known = np.isfinite(values)
    weight = known @ pull.T
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(
            (np.where(known, values, 0) @ pull.T) / np.where(weight == 0, np.nan, weight)
        )
