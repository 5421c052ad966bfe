"""All numbers of the gauges' pictures and tables, as one row of integers a gauge.

A row holds, in this order: the last reading; the readings shown, oldest first; in a replay what
was read afterwards; the forecast by quantile and lead; the medians of the last forecasts by issue
and lead; then, in whole percent, P(>= stage) by stage (attention .. severe) and lead.
"""

from dataclasses import dataclass

import numpy as np

from data.stations import ALERTS
from maps.curves import MINUTE, Curves
from maps.packing import printed
from maps.view import View

BOUNDS = (5, 95)  # percent: beyond the outermost quantiles a forecast says nothing


@dataclass(frozen=True)
class Numbers:
    """The rows of all gauges in the order of the network.

    Attributes:
        rows: (gauge, column) of whole numbers, NaN where missing.
        decimals: (gauge,) of the values in the row: printed = integer / 10 ** decimals.
        likely: P(>= stage), (gauge, stage, lead), stages attention .. severe; NaN where unknown.
        first: The first reading shown, in minutes from the issue time (below zero).
        observed: How many readings are shown, gaps included; `outcome` how many afterwards.
        earlier: Issue times of the last forecasts, in minutes from this one.
    """

    rows: np.ndarray
    decimals: np.ndarray
    likely: np.ndarray
    first: int
    observed: int
    outcome: int
    earlier: list[int]


def numbers(curves: Curves) -> Numbers:
    """Return the numbers of all gauges."""
    view, count = curves.view, len(curves.observed)
    last = np.array([[outlook.last_observed] for outlook in view.outlooks], dtype="float64")
    forecasts = [rows.reshape(count, -1) for rows in (curves.quantiles, curves.earlier)]
    values = np.concatenate([last, curves.observed, curves.outcome, *forecasts], axis=1)
    whole, decimals = printed(values, view.network.quantity)
    likely = chances(view)
    percent = np.clip(np.rint(100 * likely), *BOUNDS).reshape(count, -1)
    before = (curves.issued - view.network.lead_times - curves.issue) / MINUTE
    return Numbers(
        rows=np.concatenate([whole, percent], axis=1),
        decimals=decimals,
        likely=likely,
        first=int((curves.past[0] - curves.issue) / MINUTE),
        observed=curves.past.size,
        outcome=curves.after.size,
        earlier=before[:, 0].astype(int).tolist(),
    )


def chances(view: View) -> np.ndarray:
    """Return P(>= stage), (gauge, stage, lead); NaN where a gauge lacks the stage or a forecast."""
    found = np.full((len(view.outlooks), len(ALERTS), view.network.horizon), np.nan)
    for stages, places in _alike(view).items():
        rows = [stage - 1 for stage in stages]
        told = np.stack([view.outlooks[place].probability for place in places])
        found[np.ix_(places, rows)] = told
    return found


def _alike(view: View) -> dict[tuple[int, ...], list[int]]:
    """Return the places of gauges with a known outlook by the stages that they have."""
    found: dict[tuple[int, ...], list[int]] = {}
    for place, (station, outlook) in enumerate(
        zip(view.network.stations, view.outlooks, strict=True)
    ):
        if station.thresholds and outlook.probability.size:
            found.setdefault(station.thresholds.alerts, []).append(place)
    return found
