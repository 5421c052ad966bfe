"""Errors of years that were left out: what a season unlike the others does to a forecast.

One validation year may be calm, and errors of the training years flatter who learnt from them. So
the ridge of the companion is fitted again without each training year in turn, which costs next to
nothing, and errs in that year as it would in a new one. These errors, made as much smaller as the
whole forecast is better than the ridge in the validation years, stand around the LSTM's quantiles.
"""

from dataclasses import replace

import numpy as np
import xarray as xr

from data.network import Network
from data.schema import QUANTILES
from forecast import companion, linear
from forecast.checkpoint import Checkpoint
from forecast.companion import Companion, Helper
from forecast.inputs import channels
from forecast.intervals import following
from forecast.lessons import within
from forecast.predict import predict
from forecast.scaling import bent_by, straightened

_MEDIAN = len(QUANTILES) // 2
_PENALTY = 100.0


def hindcast(
    checkpoint: Checkpoint, beside: Companion, network: Network, observations: xr.Dataset
) -> xr.Dataset:
    """Return forecasts of the training years that err as if each had been left out.

    Args:
        observations: `data.schema.observations`; nothing after the validation years.

    Returns:
        `data.schema.forecast`; NaN where a gauge has no companion.
    """
    time = observations.time.values
    train, later = (time[within(time, y)] for y in (network.split.train, network.split.validate))
    table = channels(observations, network)
    share = _share(checkpoint, beside, network, observations, later)
    wrong = share * np.moveaxis(_errors(beside, table, network), 0, 1)[np.isin(time, train)]
    made = predict(replace(checkpoint, companion=None), network, observations, train)
    bend = checkpoint.scaling.bend[:, :1]
    truth = bent_by(following(observations, network, made.valid_time.values), bend)
    values = bent_by(made[network.quantity.value].values.astype("float64"), bend[..., None])
    moved = values + (truth - wrong - values[..., _MEDIAN])[..., None]
    name = network.quantity.value
    return made.assign({name: made[name].copy(data=straightened(moved, bend[..., None]))})


def _share(
    checkpoint: Checkpoint,
    beside: Companion,
    network: Network,
    observations: xr.Dataset,
    later: np.ndarray,
) -> np.ndarray:
    """Return (lead,) RMSE of the whole forecast / RMSE of the ridge, in the validation years."""
    made = predict(checkpoint, network, observations, later)
    bend = checkpoint.scaling.bend[:, :1]
    truth = bent_by(following(observations, network, made.valid_time.values), bend)
    whole = bent_by(made[network.quantity.value].values[..., _MEDIAN].astype("float64"), bend)
    start = bent_by(made.last_observed.values.astype("float64"), bend[:, 0])
    steps = np.searchsorted(observations.time.values, made.issue_time.values)
    told = beside.ridge(channels(observations, network), steps)
    ridge = start[..., None] + np.moveaxis(told, 0, 1)
    both = np.isfinite(whole) & np.isfinite(ridge) & np.isfinite(truth)
    ours, theirs = (
        np.where(both, (each - truth) ** 2, 0).sum(axis=(0, 1)) for each in (whole, ridge)
    )
    return np.asarray(np.minimum(np.sqrt(ours / np.maximum(theirs, 1e-12)), 1.0))


def _errors(beside: Companion, table: xr.DataArray, network: Network) -> np.ndarray:
    """Return (station, time, lead) bent errors, truth less ridge; NaN where none was made."""
    shape = (len(network.ids), table.sizes["time"], network.horizon)
    errors = np.full(shape, np.nan)
    for row, helper in enumerate(beside.helpers):
        if helper is not None:
            errors[row] = _of_gauge(beside, helper, table, network)
    return errors


def _of_gauge(
    beside: Companion, helper: Helper, table: xr.DataArray, network: Network
) -> np.ndarray:
    x, changes = companion.lessons(beside, helper, table, network)
    errors = np.full(changes.shape, np.nan)
    rows = companion.thinned(np.flatnonzero(np.isfinite(changes).all(axis=1)))
    design = linear.design(helper.ridge, x[rows])
    year = table.time.dt.year.values[rows]
    gram, moment = design.T @ design, design.T @ changes[rows]
    for out in np.unique(year):
        here = design[year == out]
        there = changes[rows[year == out]]
        weights = _solve(gram - here.T @ here, moment - here.T @ there)
        errors[rows[year == out]] = there - here @ weights
    return errors


def _solve(gram: np.ndarray, moment: np.ndarray) -> np.ndarray:
    punished = np.full(len(gram), _PENALTY)
    punished[-1] = 1e-6  # not the intercept
    return np.linalg.solve(gram + np.diag(punished), moment)
