"""Make the intervals as wide as they claim to be, from forecasts of the validation years.

At usual and at high water apart: what is right for all hours is far too narrow in floods.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from data.network import Network
from data.schema import QUANTILES
from forecast.scaling import Scaling, bent_by

_FEWEST = 200  # cases: below that the empirical quantile is mostly chance
_MOST = 5.0  # no interval is widened beyond that
_LEAST = 0.1
_SURE = 0.99  # no interval is asked to hold more of the floods than that
_SEVERAL = 3  # years
_OUTER = 2  # pairs of quantiles, the outermost first
SURPRISE = 1.2  # beyond the worst flood season known: learnt from 2012-2017, judged on 2018
_MEDIAN = len(QUANTILES) // 2


def fit_widening(
    forecast: xr.Dataset,
    observations: xr.Dataset,
    network: Network,
    scaling: Scaling,
    floods: np.ndarray,
) -> np.ndarray:
    """Return (regime, station, lead, quantile) factors that bring each interval to its coverage.

    Split-conformal: with s = |truth - median| / |quantile - median| on the side of the truth, the
    factor is the nominal quantile of s. A calm year narrows nothing; several years do, at usual
    water only.
    Usual water is fitted by station. High water is rare and fitted over all stations together, and
    each flood is a flood of its own: the widest of the years counts, and for the outer quantiles
    `SURPRISE` times that. Some floods come from usual water and find its narrow intervals; so the
    intervals at high water are as wide as the share of all flood hours asks that they must hold.

    Args:
        forecast: `data.schema.forecast` of years that it did not learn from.
        floods: (station,) level or flow above which the water is in flood.

    Source: Romano, Patterson & Candès (2019), Conformalized quantile regression, NeurIPS 32.
    """
    bend = scaling.bend[:, :1]
    truth = bent_by(following(observations, network, forecast.valid_time.values), bend)
    values = bent_by(forecast[network.quantity.value].values.astype("float64"), bend[..., None])
    start = bent_by(forecast.last_observed.values, bend[:, 0])
    cases = _Cases(
        high_water(values[..., _MEDIAN], start, scaling.high),
        truth > bent_by(floods, bend[:, 0])[:, None],
        forecast.issue_time.dt.year.values,
    )
    widening = np.ones((2, *values.shape[1:]))
    for low in range(_MEDIAN):
        found = _regimes(_scores(values, truth, low), cases, low)
        widening[..., low] = widening[..., -1 - low] = found
    return widening


@dataclass(frozen=True)
class _Cases:
    """What is known of the cases (issue, station, lead)."""

    high: np.ndarray  # whether the water was high, or expected to be
    flood: np.ndarray  # whether what followed was a flood
    year: np.ndarray  # (issue,)


def _regimes(score: np.ndarray, cases: _Cases, low: int) -> np.ndarray:
    """Return the factors (regime, station, lead) of one pair of quantiles."""
    inside = 1 - 2 * QUANTILES[low]
    usual = _factors(np.where(cases.high, np.nan, score), inside)
    several = np.unique(cases.year).size >= _SEVERAL
    usual = usual if several else np.maximum(usual, 1.0)
    beyond = SURPRISE if low < _OUTER else 1.0
    rising = _of_worst_year(np.where(cases.high, score, np.nan), cases.year, inside, beyond)
    flood = np.where(cases.flood, score, np.nan)
    share = _share_at_high_water(flood, cases.high, usual, inside)
    caught = np.where(cases.high, flood, np.nan)
    floods = _factors(caught.reshape(-1, 1, caught.shape[-1]), share)
    return np.stack([usual, np.broadcast_to(np.maximum(rising, floods), usual.shape)])


def _share_at_high_water(
    flood: np.ndarray, high: np.ndarray, usual: np.ndarray, inside: float
) -> np.ndarray:
    """Return (lead,) the share of floods at high water to be held, so that `inside` of all are."""
    from_usual = (np.isfinite(flood) & ~high).sum(axis=(0, 1))
    missed = ((flood > usual) & ~high).sum(axis=(0, 1))
    from_high = np.maximum((np.isfinite(flood) & high).sum(axis=(0, 1)), 1)
    share = inside + (missed - (1 - inside) * from_usual) / from_high
    return np.asarray(np.clip(share, inside, _SURE))


def high_water(median: np.ndarray, start: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Say where the water is high, or is expected to be: known when the forecast is issued.

    Args:
        median: (.., lead), bent.
        start: (..) last observed value, bent.
        high: `Scaling.high`, to be broadcast with `start`.
    """
    return np.asarray(np.fmax(median, start[..., None]) > high[..., None])


def widened(values: np.ndarray, widening: np.ndarray) -> np.ndarray:
    """Return quantiles (.., quantile) moved away from their median by a factor, never crossing."""
    median = values[..., _MEDIAN, None]
    return np.sort(median + (values - median) * widening, axis=-1)


def following(observations: xr.Dataset, network: Network, times: np.ndarray) -> np.ndarray:
    """Return what was observed at (issue, lead) times, dims (issue, station, lead); NaN if not."""
    own = observations[network.quantity.value].sel(station=network.ids).transpose("station", "time")
    time = own.time.values
    place = np.minimum(np.searchsorted(time, times), len(time) - 1)
    found = np.where(time[place] == times, own.values[:, place], np.nan)
    return np.moveaxis(found, 0, 1)


def _scores(values: np.ndarray, truth: np.ndarray, low: int) -> np.ndarray:
    """Return how far the truth lies out, in half widths of the interval from quantile `low`."""
    error = truth - values[..., _MEDIAN]
    side = np.where(error < 0, values[..., low], values[..., -1 - low]) - values[..., _MEDIAN]
    return np.asarray(np.abs(error) / np.maximum(np.abs(side), 1e-6))


def _of_worst_year(score: np.ndarray, year: np.ndarray, inside: float, beyond: float) -> np.ndarray:
    """Return (1, lead) factors, some times those that hold the share in each year with cases."""
    pooled = [score[year == each].reshape(-1, 1, score.shape[-1]) for each in np.unique(year)]
    factors = np.stack([_factors(cases, inside) for cases in pooled])
    enough = [np.isfinite(cases).sum(axis=0) >= _FEWEST for cases in pooled]
    widest = np.where(enough, np.maximum(factors, 1.0), 1.0).max(axis=0)
    return np.where(np.any(enough, axis=0), np.minimum(beyond * widest, _MOST), 1.0)


def _factors(score: np.ndarray, inside: float | np.ndarray) -> np.ndarray:
    """Return (station, lead) factors that hold the share `inside` (by lead) of the scores."""
    count = np.isfinite(score).sum(axis=0)
    rank = np.minimum((count + 1) * inside / np.maximum(count, 1), 1.0)
    factor = np.ones(score.shape[1:])
    for here in zip(*np.nonzero(count >= _FEWEST), strict=True):
        known = score[(slice(None), *here)]
        factor[here] = np.quantile(known[np.isfinite(known)], rank[here])
    return np.clip(factor, _LEAST, _MOST)
