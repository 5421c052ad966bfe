"""Chances beside outcomes: shares by class of chance, and the Brier score with its parts.

Chances end at 5 and 95 %: the first class means "5 % or less", the last "95 % or more", and where
that holds it is no error. The interval of an observed share is Wilson's, with the number of days
and gauges in the class in place of the number of hours.

Source: Wilson (1927), J. Am. Stat. Assoc. 22, doi:10.1080/01621459.1927.10502953; the parts of the
Brier score: Murphy (1973), J. Appl. Meteorol. 12, 595-600.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from scores.probability import brier_score

EDGES = np.array([0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95])
MIDDLES = np.array([0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95])
_SURE = 1.959964  # standard deviations: 95 %
_EQUAL = 1e-6  # a chance nearer than that to the end of the scale is its end


@dataclass(frozen=True)
class Cases:
    """Chances, outcomes (0 or 1) and the day and gauge of each, of one event at one lead."""

    chance: np.ndarray
    outcome: np.ndarray
    block: np.ndarray


def judged(cases: Cases) -> xr.Dataset:
    """Return chances beside outcomes, by class (dim bin) and in all; see `forecast.reliability`."""
    place = np.digitize(cases.chance, EDGES - _EQUAL * (EDGES > 0.5) + _EQUAL * (EDGES < 0.5))
    count = np.bincount(place, minlength=MIDDLES.size)
    mean = _per_class(place, cases.chance, count)
    share = _per_class(place, cases.outcome, count)
    blocks = np.array([np.unique(cases.block[place == k]).size for k in range(MIDDLES.size)])
    low, high = _wilson(share, blocks)
    by_bin = {
        "mean_probability": mean,
        "observed_frequency": share,
        "low": low,
        "high": high,
        "n": count,
        "n_blocks": blocks,
    }
    parts = {name: ("bin", column) for name, column in by_bin.items()}
    return xr.Dataset(parts, {"bin": MIDDLES}).assign(_brier(cases, mean, share, count))


def _per_class(place: np.ndarray, values: np.ndarray, count: np.ndarray) -> np.ndarray:
    total = np.bincount(place, values, MIDDLES.size)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _wilson(share: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the 95 % interval of a share seen in n independent cases; NaN where n is 0."""
    cases = np.where(n > 0, n, np.nan)
    spread = 1 + _SURE**2 / cases
    middle = (share + _SURE**2 / (2 * cases)) / spread
    half = _SURE * np.sqrt(share * (1 - share) / cases + _SURE**2 / (4 * cases**2)) / spread
    return middle - half, middle + half


def _brier(
    cases: Cases, mean: np.ndarray, share: np.ndarray, count: np.ndarray
) -> dict[str, float]:
    """Return the Brier score and its parts over the classes; NaN without any case."""
    n = cases.outcome.size
    if not n:
        names = ("brier", "brier_reliability", "brier_resolution", "brier_uncertainty")
        return dict.fromkeys((*names, "brier_skill"), np.nan) | {"n_pairs": 0, "n_events": 0}
    score = brier_score(xr.DataArray(cases.chance), xr.DataArray(cases.outcome)).item()
    base = float(cases.outcome.mean())
    uncertainty = base * (1 - base)
    return {
        "brier": score,
        "brier_reliability": float(np.nansum(count * _off(mean, share) ** 2) / n),
        "brier_resolution": float(np.nansum(count * (share - base) ** 2) / n),
        "brier_uncertainty": uncertainty,
        "brier_skill": 1 - score / _told_always(base) if uncertainty > 0 else np.nan,
        "n_pairs": n,
        "n_events": int(cases.outcome.sum()),
    }


def _told_always(base: float) -> float:
    """Return the Brier score of telling the observed share every time, on the scale of ours."""
    told = float(np.clip(base, EDGES[0], EDGES[-1]))
    return base * (1 - told) ** 2 + (1 - base) * told**2


def _off(mean: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return how far what was told lies off, by class; a bound that holds is not off."""
    off = np.array(mean - share)
    off[0], off[-1] = min(off[0], 0.0), max(off[-1], 0.0)  # NaN stays
    return off
