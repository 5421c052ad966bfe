"""Intervals that learn from how often they failed: a factor by gauge and lead, day after day.

What was calibrated on past years drifts: a gauge is moved, a dam is run otherwise. After each day
the factor grows by the share of readings that lay outside the 90 % interval, as far as that share
is more than 10 %, and shrinks where it is less; in the long run the interval then holds what it
says, whatever the river does. At high water nothing is narrowed or widened: floods are too few to
learn from day by day, and keep the width that the worst floods taught (`forecast.intervals`).

Source: Gibbs & Candès (2021), Adaptive conformal inference under distribution shift, NeurIPS 34;
the factor is multiplied, by a step in its logarithm, so that it never falls below zero.
"""

import numpy as np
import xarray as xr

from data.schema import QUANTILES
from forecast.intervals import high_water, widened
from forecast.scaling import Scaling, bent_by, straightened

OUTSIDE = 2 * QUANTILES[0]  # the share that may lie outside the widest interval
RATE = 0.1  # of a day: the largest of 0.05 .. 0.8 that cost no CRPS in the validation year
LEAST, MOST = 0.5, 5.0
_MEDIAN = len(QUANTILES) // 2


def next_factor(
    factor: np.ndarray, missed: np.ndarray, pairs: np.ndarray, per_day: float
) -> np.ndarray:
    """Return the factors after one more day.

    Args:
        factor: (station, lead) those with which the day's forecasts were issued.
        missed: (station, lead) readings of the day outside the interval.
        pairs: (station, lead) forecasts of the day that met a reading.
        per_day: How many there can be [1/day]; a day with fewer counts less.
    """
    step = RATE * (missed - OUTSIDE * pairs) / per_day
    return np.asarray(np.clip(factor * np.exp(step), LEAST, MOST))


def adapted(
    forecast: xr.Dataset, scaling: Scaling, factor: np.ndarray, step: np.timedelta64
) -> xr.Dataset:
    """Return the forecast with its quantiles moved from the median by a factor, at usual water.

    Args:
        forecast: `data.schema.forecast`, as the model makes it.
        scaling: The model's: widths are those of bent values (`forecast.scaling.bent_by`).
        factor: (station, lead) or (issue, station, lead), in the order of the forecast.
        step: Of the network.
    """
    name = str(forecast.attrs["quantity"])
    own, last = (forecast[n].values.astype("float64") for n in (name, "last_observed"))
    bend = scaling.bend[:, :1]
    bent = bent_by(own, bend[..., None])
    high = high_water(bent[..., _MEDIAN], bent_by(last, bend[:, 0]), scaling.high)
    moved = widened(bent, np.where(high, 1.0, factor)[..., None])
    rise = scaling.rise[:, np.round(forecast.lead_time.values / step).astype(int) - 1]
    most = (last[..., None] + rise)[..., None]
    told = np.minimum(straightened(moved, bend[..., None]), most)
    told = np.maximum(told, scaling.floor[:, None, None])
    same = (high | (factor == 1.0))[..., None]
    return forecast.assign({name: forecast[name].copy(data=_put(own, told, same))})


def _put(own: np.ndarray, told: np.ndarray, same: np.ndarray) -> np.ndarray:
    return np.where(same, own, told).astype("float32")


def at_leads(factor: np.ndarray, known: np.ndarray, leads: np.ndarray) -> np.ndarray:
    """Return factors (station, lead) at all leads, in a straight line between those known.

    Args:
        known: Ascending lead times of `factor`.
        leads: Those that are asked for.
    """
    rows = [np.interp(leads.astype("f8"), known.astype("f8"), row) for row in factor]
    return np.array(rows).reshape(len(factor), leads.size)
