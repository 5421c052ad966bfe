"""Verification: the same pairs for every model, every score by station and lead time.

A pair is a forecast, what was then observed, and persistence (the last value observed at the issue
time). Where any of the three is missing for any model compared, none is scored there.
The formulas are in `forecast.scorecard` and `forecast.events`.
"""

from collections.abc import Mapping
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from data.errors import OutsideRecord
from data.network import Network
from forecast import events, reliability
from forecast.intervals import following
from forecast.scorecard import scorecard

FLOOD = 0.95  # a flood hour lies above this quantile of the station's training years
COUNTS = ("n", "n_flood", "n_peaks", "hits", "misses", "false_alarms")


def score(forecast: xr.Dataset, observations: xr.Dataset, network: Network) -> xr.Dataset:
    """Score one model; see `compare`, without its dimension `model`."""
    return compare({"": forecast}, observations, network).isel(model=0, drop=True)


def compare(
    forecasts: Mapping[str, xr.Dataset], observations: xr.Dataset, network: Network
) -> xr.Dataset:
    """Score models on what they have in common: issue times, leads, and pairs.

    Args:
        forecasts: `data.schema.forecast` by the name of the model.
        observations: `data.schema.observations`; the training years in it say what a flood is.

    Returns:
        Dims (model, station, lead_time), for events also stage. The scores of
        `forecast.scorecard.scorecard`, for all hours and, with `_flood`, for hours in which the
        observed value lies above `flood_level` (station,); those of `forecast.events`.

    Raises:
        OutsideRecord: The models have no issue time or no lead time in common.
    """
    issues, leads = _common(forecasts, "issue_time"), _common(forecasts, "lead_time")
    floods = flood_level(observations, network)
    peaks = events.find(_between(observations, network, issues, leads), floods)
    by_lead = []
    for lead in leads:
        pairs = _pairs(forecasts, observations, network, issues, lead)
        met = events.peaks_met(pairs, lead, peaks)
        by_lead.append(_scored(pairs, network, floods).assign(met.data_vars))
    scores = xr.concat(by_lead, pd.TimedeltaIndex(leads, name="lead_time"))
    scores = scores.transpose("model", "station", "lead_time", "stage")
    return scores.assign(flood_level=floods).assign_attrs(_origin(network, issues))


def flood_level(observations: xr.Dataset, network: Network) -> xr.DataArray:
    """Return the 95th percentile of the training years by station; NaN without any reading."""
    first, last = network.split.train
    year = observations.time.dt.year
    own = observations[network.quantity.value].sel(station=network.ids)
    trained = own.sel(time=(year >= first) & (year <= last)).transpose("station", "time")
    levels = [
        np.quantile(row[np.isfinite(row)], FLOOD) if np.isfinite(row).any() else np.nan
        for row in trained.values.astype("float64")
    ]
    return xr.DataArray(levels, dims="station", coords={"station": network.ids})


def mean_over_stations(scores: xr.Dataset) -> xr.Dataset:
    """Return the mean over the stations that have the score; counts are summed.

    Args:
        scores: `compare` or `score`.
    """
    varying = scores.drop_vars(["flood_level"], errors="ignore").drop_dims(
        [dim for dim in ("event", "bin") if dim in scores.dims]
    )
    counted = {n: varying[n].sum("station", min_count=1) for n in COUNTS if n in varying}
    return varying.mean("station", keep_attrs=True).assign(counted)


def to_table(scores: xr.Dataset) -> dict[str, Any]:
    """Return scores as JSON can hold them: one row per model, station and lead; NaN is None.

    Args:
        scores: `compare`, `score`, or `mean_over_stations` of one of them.

    Returns:
        `attrs`; `rows`, each with `model`, `station`, `lead_hours` (those that there are), every
        score by name, and, by stage, `stages`: hits, misses and false alarms; `reliability`, see
        `forecast.reliability.to_rows`, if it stands beside the scores.
    """
    found = reliability.out_of(scores)
    scores = scores.drop_dims([dim for dim in ("event", "bin") if dim in scores.dims])
    keys = [d for d in ("model", "station", "lead_time") if d in scores.dims]
    cells = scores.stack(cell=keys) if keys else scores.expand_dims("cell")
    rows = [_row(cells.isel(cell=i)) for i in range(cells.sizes["cell"])]
    table = {"attrs": {str(k): v for k, v in scores.attrs.items()}, "rows": rows}
    return table if found is None else table | {"reliability": reliability.to_rows(found)}


def _row(cell: xr.Dataset) -> dict[str, Any]:
    row: dict[str, Any] = {k: str(cell[k].item()) for k in ("model", "station") if k in cell.coords}
    if "lead_time" in cell.coords:
        row["lead_hours"] = float(cell.lead_time.values / events.HOUR)
    by_stage = [str(n) for n in cell.data_vars if "stage" in cell[n].dims]
    row |= {str(n): _json(cell[n].item()) for n in cell.data_vars if n not in by_stage}
    row["stages"] = {
        str(stage): {n: _json(cell[n].sel(stage=stage).item()) for n in by_stage}
        for stage in cell.stage.values
    }
    return row


def _json(value: float) -> float | int | None:
    if not np.isfinite(value):
        return None
    return int(value) if isinstance(value, int) else float(value)


def _common(forecasts: Mapping[str, xr.Dataset], name: str) -> np.ndarray:
    """Return the times that all models have, ascending."""
    found: np.ndarray = reduce(np.intersect1d, [f[name].values for f in forecasts.values()])
    if not found.size:
        raise OutsideRecord(
            f"{', '.join(forecasts)} have no {name} in common.",
            "Forecast the same times with every model, at a lead time that all have.",
        )
    return found


def _between(
    observations: xr.Dataset, network: Network, issues: np.ndarray, leads: np.ndarray
) -> xr.DataArray:
    own = observations[network.quantity.value].sel(station=network.ids)
    asked = own.sel(time=slice(issues[0] + leads[0], issues[-1] + leads[-1]))
    return asked.transpose("station", "time").astype("float64")


def _pairs(
    forecasts: Mapping[str, xr.Dataset],
    observations: xr.Dataset,
    network: Network,
    issues: np.ndarray,
    lead: np.timedelta64,
) -> xr.Dataset:
    """Return the pairs at one lead, as `forecast.scorecard` wants them, with a dim `model`."""
    at = {"issue_time": issues, "station": network.ids}
    dims = ("issue_time", "station")
    made = [f[network.quantity.value].sel(at | {"lead_time": lead}) for f in forecasts.values()]
    forecast = xr.concat(
        [m.transpose(*dims, "quantile").drop_vars(set(m.coords) - set(m.dims)) for m in made],
        pd.Index(list(forecasts), name="model"),
    ).astype("float64")
    first = next(iter(forecasts.values()))
    start = first.last_observed.sel(at).transpose(*dims).astype("float64")
    truth = following(observations, network, (issues + lead)[:, None])[..., 0].astype("float64")
    known = forecast.notnull().all(["model", "quantile"]) & start.notnull() & np.isfinite(truth)
    pairs = xr.Dataset({"forecast": forecast, "observed": (dims, truth), "persistence": start})
    return pairs.where(known).drop_vars(["lead_time", "valid_time"], errors="ignore")


def _scored(pairs: xr.Dataset, network: Network, floods: xr.DataArray) -> xr.Dataset:
    in_flood = scorecard(pairs.where(pairs.observed > floods))
    in_flood = in_flood.rename({name: f"{name}_flood" for name in in_flood.data_vars})
    hits = events.stage_hits(pairs, events.thresholds(network))
    return scorecard(pairs).assign(in_flood.data_vars).assign(hits.data_vars)


def _origin(network: Network, issues: np.ndarray) -> dict[str, str]:
    return {
        "network": network.name,
        "unit": network.quantity.unit,
        "first_issue_time": f"{str(issues[0])[:16]}Z",
        "last_issue_time": f"{str(issues[-1])[:16]}Z",
        "flood": "observed above the 95th percentile of the training years {}-{}".format(
            *network.split.train
        ),
    }
