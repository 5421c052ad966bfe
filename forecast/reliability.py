"""Reliability: of the hours that were given a chance of 30 %, were there 30 % above the threshold?

The chances are those that everybody is told, from the quantiles (`forecast.probability`). They end
at 5 and 95 %, so the first class means "5 % or less" and the last "95 % or more": there the
observed share should lie below, or above, and not on the diagonal.

Hours of one day are one flood, not 24 proofs: see `forecast.brier`.
"""

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from data.network import Network
from data.stations import ALERTS, Stage
from forecast import events
from forecast.brier import Cases, judged
from forecast.intervals import following
from forecast.probability import exceedance

MARK = "reliability_"
BOUNDS = ["at most", *[""] * 9, "at least"]  # how the chance of a class is told
SHARES = (0.90, 0.95, 0.99)  # generic thresholds: quantiles of a station's training years
EVENTS = (Stage.ATTENTION, Stage.WATCH)  # worse stages come too seldom to be counted
_HOUR = np.timedelta64(1, "h")


def levels(observations: xr.Dataset, network: Network) -> xr.DataArray:
    """Return thresholds (station, event): the stages, and quantiles of the training years."""
    first, last = network.split.train
    year = observations.time.dt.year.values
    own = observations[network.quantity.value].sel(station=network.ids).transpose("station", "time")
    trained = own.values[:, (year >= first) & (year <= last)].astype("float64")
    generic = [[_share(row, share) for share in SHARES] for row in trained]
    stages = events.thresholds(network).values[:, [ALERTS.index(stage) for stage in EVENTS]]
    names = [stage.name.lower() for stage in EVENTS] + [f"p{share:.0%}"[:-1] for share in SHARES]
    return xr.DataArray(
        np.concatenate([stages, np.array(generic)], axis=1),
        dims=("station", "event"),
        coords={"station": network.ids, "event": names},
    )


def reliability(
    forecast: xr.Dataset, observations: xr.Dataset, network: Network, thresholds: xr.DataArray
) -> xr.Dataset:
    """Set the chances of reaching thresholds beside how often they were reached, all gauges at one.

    Args:
        forecast: `data.schema.forecast`.
        thresholds: `levels`, or any (station, event); NaN where there is none.

    Returns:
        Dims (lead_time, event, bin). By class of chance: `mean_probability`,
        `observed_frequency` with its 95 % interval `low`, `high`, `n` hours on `n_blocks` days
        (each gauge's counted for itself). Of all classes: `brier`, `brier_reliability` (0 is
        best), `brier_resolution`, `brier_uncertainty`, `n_pairs`, `n_events`, and `brier_skill`
        over the observed share told on the same scale, 5 to 95 %: of an event as rare as 1 in
        1,000 hours neither can say less than "5 % or less". NaN where there is nothing to tell.
    """
    by_lead = []
    for number, lead in enumerate(forecast.lead_time.values):
        at = forecast.isel(lead_time=number)
        truth = following(observations, network, (at.issue_time.values + lead)[:, None])[..., 0]
        made = [_of_event(at, truth, network, thresholds.sel(event=e)) for e in thresholds.event]
        by_lead.append(xr.concat(made, pd.Index(thresholds.event.values, name="event")))
    return xr.concat(by_lead, pd.TimedeltaIndex(forecast.lead_time.values, name="lead_time"))


def beside(scores: xr.Dataset, found: xr.Dataset) -> xr.Dataset:
    """Return scores with a `reliability` among them, each of its names after `MARK`."""
    return scores.assign(found.rename({n: f"{MARK}{n}" for n in found.data_vars}).data_vars)


def out_of(scores: xr.Dataset) -> xr.Dataset | None:
    """Return the `reliability` that stands beside scores; None if there is none."""
    names = {n: str(n).removeprefix(MARK) for n in scores.data_vars if str(n).startswith(MARK)}
    return scores[list(names)].rename(names) if names else None


def rows(
    forecast: xr.Dataset,
    observations: xr.Dataset,
    network: Network,
    thresholds: xr.DataArray | None = None,
) -> list[dict[str, Any]]:
    """Return `reliability` as JSON can hold it: one row a lead and event, with its classes.

    Args:
        thresholds: (station, event); None: `levels`.
    """
    limits = levels(observations, network) if thresholds is None else thresholds
    return to_rows(reliability(forecast, observations, network, limits))


def to_rows(found: xr.Dataset) -> list[dict[str, Any]]:
    """Return a `reliability` as JSON can hold it; a class without hours is left out."""
    plain = [str(name) for name in found.data_vars if "bin" not in found[name].dims]
    told = []
    for lead in found.lead_time.values:
        for event in found.event.values:
            here = found.sel(lead_time=lead, event=event)
            head = {"lead_hours": float(lead / _HOUR), "event": str(event)}
            totals = {name: _json(here[name].item()) for name in plain}
            told.append(head | totals | {"bins": _bins(here)})
    return told


def _bins(here: xr.Dataset) -> list[dict[str, Any]]:
    by_bin = [str(name) for name in here.data_vars if "bin" in here[name].dims]
    return [
        {"probability": float(here.bin[place]), "bound": BOUNDS[place]}
        | {name: _json(here[name].values[place]) for name in by_bin}
        for place in np.flatnonzero(here.n.values > 0)
    ]


def _json(value: float) -> float | int | None:
    if not np.isfinite(value):
        return None
    return int(value) if isinstance(value, int | np.integer) else float(value)


def _share(values: np.ndarray, share: float) -> float:
    known = values[np.isfinite(values)]
    return float(np.quantile(known, share)) if known.size else np.nan


def _of_event(
    at: xr.Dataset, truth: np.ndarray, network: Network, limits: xr.DataArray
) -> xr.Dataset:
    """Return the reliability of one event at one lead, dims (bin)."""
    values = at[network.quantity.value].sel(station=network.ids)
    values = values.transpose("issue_time", "station", "quantile").astype("float64")
    limit = limits.sel(station=network.ids).values
    chance = np.stack(
        [
            exceedance(values.values[:, row], values["quantile"].values, float(limit[row]))
            for row in range(limit.size)
        ],
        axis=1,
    )
    known = np.isfinite(chance) & np.isfinite(truth) & np.isfinite(limit)
    days = at.issue_time.values.astype("datetime64[D]").astype("int64")
    block = days[:, None] * limit.size + np.arange(limit.size)
    outcome = (truth >= limit).astype("float64")
    return judged(Cases(chance[known], outcome[known], block[known]))
