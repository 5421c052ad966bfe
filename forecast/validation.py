"""What the validation years say of a model, beside baselines, on the same pairs.

They chose the weights, the blend and the intervals, so they flatter; `forecast.verify` judges on
years that chose nothing.
"""

from collections.abc import Mapping
from math import ceil, gcd
from typing import Any

import numpy as np
import xarray as xr

from data.errors import TooLittleHistory
from data.network import Network, Years
from data.schema import QUANTILES
from forecast import baselines
from forecast.checkpoint import Checkpoint
from forecast.lessons import within
from forecast.predict import predict
from forecast.verify import compare, mean_over_stations, to_table

LEADS = (1, 3, 6, 12, 24)  # steps
BASELINES = ("persistence", "ridge")
FITTED = 30  # gauges: for a larger network no ridge is fitted, it takes seconds for each
MOST = 20_000_000  # values (gauge, issue, lead, quantile) of one model; of more issues every k-th
_AT_ONCE = 60_000_000  # the same, at all leads, while a model forecasts
_DAY = np.timedelta64(1, "D")
SCORES = ("n", "rmse", "persistence_skill", "coverage90", "crps")


def leads(network: Network) -> list[int]:
    """Return the leads that are judged [steps]."""
    return [lead for lead in LEADS if lead <= network.horizon]


def issue_times(network: Network, observations: xr.Dataset, years: Years) -> np.ndarray:
    """Return the times of some years at which anything was read, evenly thinned if too many.

    Every hour of the day is among them: k has no divisor in common with the steps of a day.
    """
    seen = observations[network.quantity.value].notnull().any("station").values
    times = observations.time.values[seen & within(observations.time.values, years)]
    values = times.size * len(network.ids) * len(leads(network)) * len(QUANTILES)
    apart, day = max(1, ceil(values / MOST)), round(_DAY / network.step)
    while gcd(apart, day) > 1:
        apart += 1
    return np.asarray(times[::apart])


def hindcast(
    model: Checkpoint, network: Network, observations: xr.Dataset, issues: np.ndarray
) -> xr.Dataset:
    """Return what a model forecasts at the leads that are judged."""
    values = issues.size * len(network.ids) * network.horizon * len(QUANTILES)
    pieces = np.array_split(issues, min(max(1, ceil(values / _AT_ONCE)), issues.size))
    asked = np.array(leads(network)) - 1
    made = [predict(model, network, observations, piece).isel(lead_time=asked) for piece in pieces]
    return made[0] if len(made) == 1 else xr.concat(made, "issue_time")


def compared(
    models: Mapping[str, Checkpoint],
    network: Network,
    observations: xr.Dataset,
    issues: np.ndarray,
) -> xr.Dataset:
    """Return `forecast.verify.compare` of some models, on what all of them forecast."""
    made = {name: hindcast(each, network, observations, issues) for name, each in models.items()}
    return compare(made, observations, network)


def judge(
    model: Checkpoint, network: Network, observations: xr.Dataset
) -> tuple[list[dict[str, Any]], dict[str, list[float | None]]]:
    """Judge a model beside persistence and, where that is quick, a ridge regression.

    Args:
        observations: `data.schema.observations`; nothing after the validation years.

    Returns:
        Rows, one a model and lead, mean over the gauges: `model`, `lead_hours`, and each of
        `SCORES`, also with `_flood`. And the persistence skill of the model at `leads` by gauge.
    """
    issues = issue_times(network, observations, network.split.validate)
    made = {"model": hindcast(model, network, observations, issues)}
    made |= _baselines(network, observations, issues, learnt(model))
    scores = compare(made, observations, network)
    asked = {"model", "lead_hours", *SCORES, *(f"{name}_flood" for name in SCORES)}
    rows = [
        {name: value for name, value in row.items() if name in asked}
        for row in to_table(mean_over_stations(scores))["rows"]
    ]
    skill = scores.persistence_skill.sel(model="model").transpose("station", "lead_time")
    by_gauge = {
        station: [round(float(s), 3) if np.isfinite(s) else None for s in row]
        for station, row in zip(network.ids, skill.values, strict=True)
    }
    return rows, by_gauge


def learnt(model: Checkpoint) -> np.ndarray:
    """Say of each gauge whether the model forecasts it at all."""
    return np.asarray(np.isfinite(model.scaling.change).all(axis=1))


def _baselines(
    network: Network, observations: xr.Dataset, issues: np.ndarray, asked: np.ndarray
) -> dict[str, xr.Dataset]:
    """Return the forecasts of the baselines; of none that leaves out a gauge that is asked for.

    It would be left out of all scores.
    """
    made = {}
    for name in BASELINES if len(network.ids) <= FITTED else ():
        try:
            fitted = baselines.fit(name, network, observations, leads(network))
        except TooLittleHistory:
            continue
        needed = {(row, lead) for row in np.flatnonzero(asked) for lead in leads(network)}
        if needed <= set(fitted.cells):
            made[name] = baselines.predict(fitted, network, observations, issues)
    return made
