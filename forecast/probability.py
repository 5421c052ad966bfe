"""Probabilities from the quantiles of a forecast, and the stages that they mean; many stations."""

from collections.abc import Sequence

import numpy as np

from data.stations import ALERTS, Stage, Station

_UNSET = (np.nan,) * len(ALERTS)


def exceedance(values: np.ndarray, levels: np.ndarray, threshold: float | np.ndarray) -> np.ndarray:
    """Return P(value >= threshold), between the outermost quantiles' own probabilities.

    Args:
        values: (.., quantile) ascending; NaN gives NaN.
        levels: (quantile,) e.g. 0.05 .. 0.95.
        threshold: One for all or one for each of (..); NaN gives NaN.

    Returns:
        (..); 1 - levels[0] where even the lowest quantile reaches the threshold, 1 - levels[-1]
        where not even the highest one does.
    """
    limit = np.asarray(threshold, dtype=float)
    below = (values < limit[..., None]).sum(axis=-1)
    right = np.clip(below, 1, levels.size - 1)
    low, high = (_pick(values, right - 1), _pick(values, right))
    inside = (below > 0) & (below < levels.size)
    share = (limit - low) / np.where(inside, high - low, 1.0)
    under = levels[right - 1] + np.clip(share, 0, 1) * (levels[right] - levels[right - 1])
    under = np.where(below == 0, levels[0], np.where(inside, under, levels[-1]))
    return np.where(np.isnan(values).any(axis=-1) | np.isnan(limit), np.nan, 1 - under)


def _pick(values: np.ndarray, place: np.ndarray) -> np.ndarray:
    return np.take_along_axis(values, place[..., None], axis=-1)[..., 0]


def limits_of(stations: Sequence[Station]) -> np.ndarray:
    """Return the thresholds of stations, dims (alert stage, station); NaN where there is none."""
    found = [
        (t.attention, t.watch, t.warning, t.severe) if (t := station.thresholds) else _UNSET
        for station in stations
    ]
    return np.array(found, dtype=float).reshape(-1, len(ALERTS)).T


def of_stages(values: np.ndarray, levels: np.ndarray, limits: np.ndarray) -> np.ndarray:
    """Return P(value >= threshold), dims (alert stage, station, lead), mildest first.

    Args:
        values: (station, lead, quantile).
        limits: `limits_of`; the probability of a stage without threshold is NaN.
    """
    return np.stack([exceedance(values, levels, limit[:, None]) for limit in limits])


def at_leads(likely: np.ndarray, asked: float) -> np.ndarray:
    """Return the worst stage with a probability of at least `asked`, dims (station, lead).

    A lead is NORMAL where all is known and nothing is reached, else UNKNOWN.

    Args:
        likely: `of_stages`.

    Returns:
        Numbers of `Stage`.
    """
    stages = np.where(np.isnan(likely).all(axis=0), Stage.UNKNOWN, Stage.NORMAL).astype("int8")
    for stage, rows in zip(ALERTS, likely, strict=True):
        stages[rows >= asked] = stage
    return stages


def worst(stages: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each station's worst stage and the place of the first lead that has it.

    NORMAL needs every lead: with a lead UNKNOWN and no stage reached, all is UNKNOWN.

    Args:
        stages: `at_leads`.

    Returns:
        Numbers of `Stage` (station,), places (station,).
    """
    highest = stages.max(axis=1, initial=Stage.UNKNOWN)
    holes = (highest == Stage.NORMAL) & (stages == Stage.UNKNOWN).any(axis=1)
    first = np.argmax(stages == highest[:, None], axis=1)
    return np.where(holes, Stage.UNKNOWN, highest), first


def of_values(values: np.ndarray, limits: np.ndarray) -> np.ndarray:
    """Return the stages of readings (station,), as `data.stations.Thresholds.stage` does."""
    known = np.isfinite(limits).any(axis=0) & ~np.isnan(values)
    stages = np.where(known, Stage.NORMAL, Stage.UNKNOWN).astype("int8")
    for stage, limit in zip(ALERTS, limits, strict=True):
        stages[values >= limit] = stage  # False where either is unknown
    return stages
