"""The test years day by day: intervals adapt to what was observed by each issue, as in service."""

import numpy as np
import xarray as xr

from data.network import Network
from flows.bench_skill_figures import label
from forecast.adapting import adapted, next_factor
from forecast.intervals import following
from forecast.scaling import Scaling
from forecast.verify import mean_over_stations, score

DAY = np.timedelta64(1, "D")


def follow(
    forecast: xr.Dataset, observations: xr.Dataset, network: Network, scaling: Scaling
) -> xr.Dataset:
    """Return forecasts whose intervals have learnt from the days before, and from them alone.

    Forecasts issued on a day (UTC) know how often the interval failed on the days before it; they
    begin with what the model has learnt.

    Args:
        forecast: `data.schema.forecast` at some lead times, issue times ascending.
    """
    truth = following(observations, network, forecast.valid_time.values)
    issued, valid = (forecast[n].values.astype("M8[D]") for n in ("issue_time", "valid_time"))
    per_day = DAY / network.step
    factor, done = np.ones(truth.shape[1:]), []
    outside, met = np.zeros(truth.shape, dtype=bool), np.zeros(truth.shape, dtype=bool)
    days = np.unique(issued)
    for last, day in zip([days[0], *days], days, strict=False):
        before = ((valid >= last) & (valid < day))[:, None, :]
        missed, pairs = ((kind & before).sum(axis=0) for kind in (outside, met))
        factor = next_factor(factor, missed, pairs, per_day)
        here = np.flatnonzero(issued == day)
        part = adapted(forecast.isel(issue_time=here), scaling, factor, network.step)
        done.append(part)
        met[here], outside[here] = _judged(part, truth[here])
    return xr.concat(done, "issue_time", data_vars="minimal")


def coverage(forecast: xr.Dataset, observations: xr.Dataset, network: Network) -> dict[str, float]:
    """Return the share within the 90 % interval by lead, mean over gauges: all hours and floods."""
    means = mean_over_stations(score(forecast, observations, network))
    return {
        f"{name}_{label(lead)}": float(means[name].sel(lead_time=lead))
        for name in ("coverage90", "coverage90_flood")
        for lead in means.lead_time.values
    }


def _judged(part: xr.Dataset, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where a forecast meets a reading, and where that lies outside the interval."""
    values = part[str(part.attrs["quantity"])].values
    low, high = values[..., 0], values[..., -1]
    met = np.isfinite(truth) & np.isfinite(low) & np.isfinite(high)
    return met, met & ((truth < low) | (truth > high))
