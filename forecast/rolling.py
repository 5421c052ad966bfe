"""The rolling scorecard: issued forecasts beside what was observed since, as sums that add up.

Everything is counted on the day (UTC) of the valid time, so that a day can be judged again when
its readings are corrected, and days add up to weeks, months and years. A pair is a forecast (all
its quantiles), what was observed, and persistence: the reading that the forecast started from.
What the model itself had said is counted beside it: where a gauge has fallen back to persistence
(`forecast.fallback`) the two differ.
"""

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from forecast import counted, events
from forecast.counted import Pairs, Truth
from forecast.intervals import following
from forecast.onsets import Issued
from forecast.scorecard import NARROW

MEANS = {  # score: the sum that is divided by n
    "mae": "absolute_error",
    "bias": "error",
    "crps": "crps",
    "coverage90": "covered",
    "width90": "width",
}
OF_PEAKS = ("peak_error", "peak_error_size", "peak_timing_error")
COUNTS = (
    "n", "model_n", "hits", "misses", "false_alarms", "n_peaks", "n_onsets", "n_forewarned",
)  # fmt: skip


def daily(issued: xr.Dataset, truth: Truth, days: np.ndarray) -> xr.Dataset:
    """Return the sums of some days.

    Args:
        issued: `forecast` (issue_time, station, lead_time, quantile), `model` (issue_time,
            station, lead_time): the model's own median; `median` (issue_time, station, ahead) at
            all lead times; `persistence` (issue_time, station). Of all forecasts that look into
            the days and 24 h around them.
        truth: Of the days and 48 h around them.
        days: datetime64[D].

    Returns:
        Dims (day, station, lead_time), some with stage: what `score` needs; nothing to count is 0.
    """
    tops, limits = counted.tops(truth), events.thresholds(truth.network).values
    by_lead = []
    for lead in issued.lead_time.values:
        pairs = _pairs(issued.sel(lead_time=lead), truth)
        found = counted.errors(pairs, days) | counted.stages(pairs, days, limits)
        by_lead.append(_laid_out(found | counted.peaks(pairs, days, tops), truth, days))
    sums = xr.concat(by_lead, pd.TimedeltaIndex(issued.lead_time.values, name="lead_time"))
    begun = _laid_out(counted.starts(_by_station(issued), days, truth), truth, days)
    return sums.assign(begun.data_vars).transpose("day", "station", "lead_time", "stage")


def score(sums: xr.Dataset) -> xr.Dataset:
    """Return the scores of sums that were added up; NaN where there is nothing to judge.

    As in `forecast.scorecard` and `forecast.events`: persistence_skill, rmse, mae, bias, crps,
    coverage90, width90, n; hits, misses and false_alarms by stage; peak_error, peak_error_size,
    peak_timing_error [h], n_peaks. `model_persistence_skill` and `model_n` are of the model
    itself, `persistence_rmse` is of persistence. `lead_time_gained` [h] (`forecast.onsets`) is the
    mean over the `n_onsets` of a stage, of which `n_forewarned` were forecast at all.
    """
    n, own, tops, begun = (
        sums[name].where(sums[name] > 0) for name in ("n", "model_n", "n_peaks", "n_onsets")
    )
    found: dict[str, Any] = {
        "persistence_skill": _skill(sums.squared_error / n, sums.persistence_squared_error / n),
        "rmse": np.sqrt(sums.squared_error / n),
        "persistence_rmse": np.sqrt(sums.persistence_squared_error / n),
        "model_persistence_skill": _skill(
            sums.model_squared_error / own, sums.model_persistence_squared_error / own
        ),
        "lead_time_gained": sums.lead_time_gained / begun,
    }
    found |= {name: sums[of] / n for name, of in MEANS.items()}
    found |= {name: sums[name] / tops for name in OF_PEAKS}
    return xr.Dataset(found | {name: sums[name] for name in COUNTS})


def _skill(error: xr.DataArray, reference: xr.DataArray) -> xr.DataArray:
    skill: xr.DataArray = 1 - error / reference.where(reference > NARROW**2)
    return skill


def _pairs(at: xr.Dataset, truth: Truth) -> Pairs:
    dims = ("issue_time", "station")
    valid = at.issue_time.values + at.lead_time.values
    observed = following(truth.observations, truth.network, valid[:, None])[..., 0]
    own, start = (at[name].transpose(*dims).values for name in ("model", "persistence"))
    made = at.forecast.transpose(*dims, "quantile").values.astype("float64")
    levels = at["quantile"].values
    return Pairs(valid, made, levels, own.astype("f8"), start.astype("f8"), observed.astype("f8"))


def _by_station(issued: xr.Dataset) -> list[Issued]:
    median = issued["median"].transpose("station", "issue_time", "ahead").values
    return [Issued(issued.issue_time.values, issued.ahead.values, each) for each in median]


def _laid_out(found: counted.Counts, truth: Truth, days: np.ndarray) -> xr.Dataset:
    dims = ("day", "station", "stage")
    coords = {
        "day": days.astype("datetime64[ns]"),
        "station": truth.network.ids,
        "stage": events.STAGES,
    }
    return xr.Dataset({name: (dims[: x.ndim], x) for name, x in found.items()}, coords)
