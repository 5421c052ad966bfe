"""The formulas of verification: what each score is, for one model at one lead time.

A table of pairs has dims (issue_time, station) and, for the forecast, quantile:
    forecast, observed, persistence, in the unit of the network; NaN in all three or in none.
The median is the forecast wherever a score needs one number; lower is better for rmse, mae, crps
and width90, higher for nse, kge and persistence_skill, 0 is best for bias, 0.9 for coverage90.
"""

import numpy as np
import xarray as xr
from scores import continuous

_OVER = ["issue_time"]
NARROW = 1e-12  # no spread below this: a score relative to it means nothing


def scorecard(pairs: xr.Dataset) -> xr.Dataset:
    """Return all scores by station.

    nse = 1 - mse / variance of the observed
        (Nash & Sutcliffe 1970, doi:10.1016/0022-1694(70)90255-6)
    kge = Kling-Gupta efficiency (Gupta et al. 2009, doi:10.1016/j.jhydrol.2009.08.003)
    persistence_skill = 1 - mse / mse of persistence
    bias = mean of forecast - observed; rmse, mae as usual
    crps: see `crps`; coverage90 = share of the observed within the 0.05 and 0.95 quantiles, both
    included; width90 = mean distance of those two; n = number of pairs
    """
    observed, median = pairs.observed, _quantile(pairs, 0.5)
    error = continuous.mse(median, observed, reduce_dims=_OVER)
    varied = observed.where(observed.std("issue_time") > NARROW)  # else NaN: nothing to explain
    efficiency = {
        "nse": 1 - error / varied.var("issue_time"),
        "kge": _kge(median, varied),
        "persistence_skill": _skill(error, pairs),
    }
    plain = {
        "rmse": np.sqrt(error),
        "mae": continuous.mae(median, observed, reduce_dims=_OVER),
        "bias": continuous.additive_bias(median, observed, reduce_dims=_OVER),
        "crps": crps(pairs.forecast, observed),
    }
    n = observed.notnull().sum("issue_time")
    return xr.Dataset(efficiency | plain | _interval(pairs) | {"n": n})


def crps(forecast: xr.DataArray, observed: xr.DataArray) -> xr.DataArray:
    """Return the mean continuous ranked probability score of quantile forecasts.

    CRPS = 2 x the integral over p of the pinball loss at quantile p, here a sum over the quantiles
    that there are, each weighted by the piece of 0 .. 1 nearest to it.

    Source: Gneiting & Ranjan (2011), J. Bus. Econ. Stat. 29, doi:10.1198/jbes.2010.08110.
    """
    shares = weights(forecast["quantile"].values)
    total = xr.zeros_like(observed.isel(issue_time=0), dtype="float64")
    for level, share in zip(forecast["quantile"].values, shares, strict=True):
        loss = continuous.quantile_score(
            forecast.sel(quantile=level, drop=True),
            observed,
            float(level),
            reduce_dims=_OVER,
        )
        total = total + 2 * share * loss
    return total


def weights(levels: np.ndarray) -> np.ndarray:
    """Return for each quantile level the length of 0 .. 1 that is nearest to it."""
    between = (levels[1:] + levels[:-1]) / 2
    return np.diff(np.concatenate([[0.0], between, [1.0]]))


def _kge(median: xr.DataArray, observed: xr.DataArray) -> xr.DataArray:
    steady = median.where(observed.notnull()).std("issue_time") <= NARROW
    kge: xr.DataArray = continuous.kge(median, observed.where(~steady), reduce_dims=_OVER)
    return kge


def _skill(error: xr.DataArray, pairs: xr.Dataset) -> xr.DataArray:
    reference = continuous.mse(pairs.persistence, pairs.observed, reduce_dims=_OVER)
    skill: xr.DataArray = 1 - error / reference.where(reference > NARROW**2)
    return skill


def _interval(pairs: xr.Dataset) -> dict[str, xr.DataArray]:
    low, high = _quantile(pairs, 0.05), _quantile(pairs, 0.95)
    inside = (pairs.observed >= low) & (pairs.observed <= high)
    covered = inside.where(pairs.observed.notnull()).mean("issue_time")
    return {"coverage90": covered, "width90": (high - low).mean("issue_time")}


def _quantile(pairs: xr.Dataset, level: float) -> xr.DataArray:
    values: xr.DataArray = pairs.forecast.sel(quantile=level, drop=True)
    return values
