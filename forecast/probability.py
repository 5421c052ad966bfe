"""Probabilities from the quantiles of a forecast."""

import numpy as np

from data.stations import Stage, Thresholds


def exceedance(values: np.ndarray, levels: np.ndarray, threshold: float) -> np.ndarray:
    """Return P(value >= threshold), between the outermost quantiles' own probabilities.

    Args:
        values: (.., quantile) ascending; NaN gives NaN.
        levels: (quantile,) e.g. 0.05 .. 0.95.

    Returns:
        (..); 1 - levels[0] where even the lowest quantile reaches the threshold, 1 - levels[-1]
        where not even the highest one does.
    """
    below = (values < threshold).sum(axis=-1)
    right = np.clip(below, 1, levels.size - 1)
    low, high = (_pick(values, right - 1), _pick(values, right))
    inside = (below > 0) & (below < levels.size)
    share = (threshold - low) / np.where(inside, high - low, 1.0)
    under = levels[right - 1] + np.clip(share, 0, 1) * (levels[right] - levels[right - 1])
    under = np.where(below == 0, levels[0], np.where(inside, under, levels[-1]))
    return np.where(np.isnan(values).any(axis=-1), np.nan, 1 - under)


def _pick(values: np.ndarray, place: np.ndarray) -> np.ndarray:
    return np.take_along_axis(values, place[..., None], axis=-1)[..., 0]


def of_stages(values: np.ndarray, levels: np.ndarray, thresholds: Thresholds | None) -> np.ndarray:
    """Return P(value >= threshold), dims (alert stage, lead), mildest first.

    Args:
        values: (lead, quantile); no stages come back where all of it is NaN.
        thresholds: No stages come back where there are none.
    """
    if thresholds is None or np.isnan(values).all():
        return np.empty((0, len(values)))
    rows = [exceedance(values, levels, thresholds.of(stage)) for stage in thresholds.alerts]
    return np.array(rows).reshape(len(rows), len(values))


def worst(likely: np.ndarray, thresholds: Thresholds | None, asked: float) -> tuple[Stage, int]:
    """Return the worst stage with a probability of at least `asked`, and its first lead's place.

    Without any it is NORMAL if every lead is known, else UNKNOWN; the place is then 0.

    Args:
        likely: `of_stages`.
    """
    if thresholds is None or not likely.size:
        return Stage.UNKNOWN, 0
    for stage, row in zip(reversed(thresholds.alerts), likely[::-1], strict=True):
        if (row >= asked).any():
            return stage, int(np.argmax(row >= asked))
    return (Stage.UNKNOWN if np.isnan(likely).any() else Stage.NORMAL), 0
