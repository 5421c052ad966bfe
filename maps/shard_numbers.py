"""All numbers of the gauges' pictures and tables, as one row of integers a gauge.

A row holds, in this order: the last reading; the readings shown, oldest first; in a replay what
was read afterwards; the forecast by quantile and lead; the medians of the last forecasts by issue
and lead; then, in whole percent, P(>= stage) by stage (attention .. severe) and lead.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from data.stations import ALERTS
from maps.curves import MINUTE, Curves
from maps.packing import printed
from maps.view import View
from maps.words import QUANTILE_COLUMNS

BOUNDS = (5, 95)  # percent: beyond the outermost quantiles a forecast says nothing


@dataclass(frozen=True)
class Numbers:
    """What is told of all gauges, in the order of the network.

    Attributes:
        limits: Thresholds, (gauge, stage), NaN where unset.
        likely: P(>= stage), (gauge, stage, lead), stages attention .. severe; NaN where unknown.
        last: The last readings, (gauge, 1).
    """

    curves: Curves
    limits: np.ndarray
    likely: np.ndarray
    last: np.ndarray

    def rows(self, part: slice) -> tuple[np.ndarray, np.ndarray]:
        """Return rows of whole numbers, NaN where missing, and the decimals of their values.

        A part at a time: the arrays of 20,000 gauges would not stay in the processor's memory.
        """
        known, last = self.curves, self.last[part]
        forecasts = [all_[part].reshape(len(last), -1) for all_ in (known.quantiles, known.earlier)]
        parts = [last, known.observed[part], known.outcome[part], *forecasts]
        values = np.concatenate(parts, axis=1).astype("float64")
        whole, decimals = printed(values, known.view.network.quantity)
        percent = np.clip(np.rint(100 * self.likely[part]), *BOUNDS).reshape(len(last), -1)
        return np.concatenate([whole, percent], axis=1), decimals


def numbers(curves: Curves) -> Numbers:
    """Return the numbers of all gauges."""
    view = curves.view
    last = np.array([[outlook.last_observed] for outlook in view.outlooks], dtype="float64")
    limits = thresholds(view)
    return Numbers(curves, limits, chances(view, limits), last)


def head(curves: Curves) -> dict[str, Any]:
    """Return how the rows are laid out.

    first: The first reading shown, in minutes from the issue time (below zero).
    observed: How many readings are shown, gaps included; `outcome` how many afterwards.
    earlier: Issue times of the last forecasts, in minutes from this one.
    levels: Of the quantiles.
    """
    before = (curves.issued - curves.view.network.lead_times - curves.issue) / MINUTE
    return {
        "first": int((curves.past[0] - curves.issue) / MINUTE),
        "observed": curves.past.size,
        "outcome": curves.after.size,
        "earlier": before[:, 0].astype(int).tolist(),
        "levels": list(QUANTILE_COLUMNS),
    }


def thresholds(view: View) -> np.ndarray:
    """Return the thresholds, (gauge, stage), stages attention .. severe; NaN where unset."""
    none = (np.nan,) * len(ALERTS)
    found = [station.thresholds for station in view.network.stations]
    rows = [(t.attention, t.watch, t.warning, t.severe) if t else none for t in found]
    return np.array(rows, dtype="float64").reshape(-1, len(ALERTS))


def chances(view: View, limits: np.ndarray) -> np.ndarray:
    """Return P(>= stage), (gauge, stage, lead); NaN where a gauge lacks the stage or a forecast.

    Args:
        limits: `thresholds`.
    """
    found = np.full((len(view.outlooks), len(ALERTS), view.network.horizon), np.nan)
    told = np.array([outlook.probability.size > 0 for outlook in view.outlooks], dtype=bool)
    has = ~np.isnan(limits) & told[:, None]
    for stages in np.unique(has[has.any(axis=1)], axis=0):
        places = np.flatnonzero((has == stages).all(axis=1))
        rows = np.stack([view.outlooks[place].probability for place in places.tolist()])
        found[np.ix_(places, np.flatnonzero(stages))] = rows
    return found
