"""Reliability: of the hours that were given a chance of 30 %, were there 30 % above the threshold?

The chances are those that everybody is told, from the quantiles (`forecast.probability`). They end
at 5 and 95 %, so the first class means "5 % or less" and the last "95 % or more": there the
observed share should lie below, or above, and not on the diagonal.

Hours of one day are one flood, not 24 proofs. The interval of an observed share is Wilson's, with
the number of days and gauges in the class in place of the number of hours.
Source: Wilson (1927), J. Am. Stat. Assoc. 22, doi:10.1080/01621459.1927.10502953; the parts of the
Brier score: Murphy (1973), J. Appl. Meteorol. 12, 595-600.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from scores.probability import brier_score

from data.network import Network
from data.stations import ALERTS, Stage
from forecast import events
from forecast.intervals import following
from forecast.probability import exceedance

MARK = "reliability_"
EDGES = np.array([0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95])
MIDDLES = np.array([0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95])
BOUNDS = ["at most", *[""] * 9, "at least"]  # how the chance of a class is told
SHARES = (0.90, 0.95, 0.99)  # generic thresholds: quantiles of a station's training years
EVENTS = (Stage.ATTENTION, Stage.WATCH)  # worse stages come too seldom to be counted
_HOUR = np.timedelta64(1, "h")
_SURE = 1.959964  # standard deviations: 95 %
_EQUAL = 1e-6  # a chance nearer than that to the end of the scale is its end


@dataclass(frozen=True)
class _Cases:
    """Chances, outcomes (0 or 1) and the day and gauge of each, of one event at one lead."""

    chance: np.ndarray
    outcome: np.ndarray
    block: np.ndarray


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
        best), `brier_resolution`, `brier_uncertainty`, `brier_skill` over the observed share,
        `n_pairs`, `n_events`. NaN where there is nothing to tell.
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
    return _scored(_Cases(chance[known], outcome[known], block[known]))


def _scored(cases: _Cases) -> xr.Dataset:
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
    cases: _Cases, mean: np.ndarray, share: np.ndarray, count: np.ndarray
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
        "brier_reliability": float(np.nansum(count * (mean - share) ** 2) / n),
        "brier_resolution": float(np.nansum(count * (share - base) ** 2) / n),
        "brier_uncertainty": uncertainty,
        "brier_skill": 1 - score / uncertainty if uncertainty > 0 else np.nan,
        "n_pairs": n,
        "n_events": int(cases.outcome.sum()),
    }
