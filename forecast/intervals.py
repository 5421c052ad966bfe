"""Make the intervals as wide as they claim to be, from forecasts of the validation years."""

import numpy as np
import xarray as xr

from data.network import Network
from data.schema import QUANTILES
from forecast.scaling import Scaling, bent_by

_FEWEST = 200  # cases: below that the empirical quantile is mostly chance
_MOST = 5.0  # no interval is widened beyond that


def fit_widening(
    forecast: xr.Dataset, observations: xr.Dataset, network: Network, scaling: Scaling
) -> np.ndarray:
    """Return (station, lead, quantile) factors that bring each interval to its nominal coverage.

    Split-conformal: with s = |truth - median| / |quantile - median| on the side of the truth, the
    factor is the nominal quantile of s, but never below 1, so that calm years narrow nothing.

    Source: Romano, Patterson & Candès (2019), Conformalized quantile regression, NeurIPS 32.
    """
    truth = following(observations, network, forecast.valid_time.values)
    bend = scaling.bend[:, :1]
    truth = bent_by(truth, bend)
    values = bent_by(forecast[network.quantity.value].values.astype("float64"), bend[..., None])
    widening = np.ones((*values.shape[1:3], len(QUANTILES)))
    for low in range(len(QUANTILES) // 2):
        factor = _factor(values, truth, low)
        widening[..., low] = widening[..., -1 - low] = factor
    return widening


def following(observations: xr.Dataset, network: Network, times: np.ndarray) -> np.ndarray:
    """Return what was observed at (issue, lead) times, dims (issue, station, lead); NaN if not."""
    own = observations[network.quantity.value].sel(station=network.ids).transpose("station", "time")
    time = own.time.values
    place = np.minimum(np.searchsorted(time, times), len(time) - 1)
    found = np.where(time[place] == times, own.values[:, place], np.nan)
    return np.moveaxis(found, 0, 1)


def _factor(values: np.ndarray, truth: np.ndarray, low: int) -> np.ndarray:
    """Return (station, lead) factors for the interval from quantile `low` to its mirror image."""
    median = values[..., len(QUANTILES) // 2]
    error = truth - median
    side = np.where(error < 0, values[..., low], values[..., -1 - low])
    score = np.abs(error) / np.maximum(np.abs(side - median), 1e-6)
    inside = 1 - 2 * QUANTILES[low]
    count = np.isfinite(score).sum(axis=0)
    rank = np.minimum((count + 1) * inside / np.maximum(count, 1), 1.0)
    factor = np.ones(score.shape[1:])
    for here in zip(*np.nonzero(count >= _FEWEST), strict=True):
        known = score[(slice(None), *here)]
        factor[here] = np.quantile(known[np.isfinite(known)], rank[here])
    return np.clip(factor, 1.0, _MOST)
