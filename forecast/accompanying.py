"""Set a companion beside a trained network, and fit how wide its intervals are."""

from dataclasses import replace

import numpy as np
import xarray as xr

from data.network import Network
from data.schema import QUANTILES
from forecast import blend, left_out
from forecast.checkpoint import Checkpoint
from forecast.companion import Companion
from forecast.inputs import channels
from forecast.intervals import fit_widening, following
from forecast.lessons import within
from forecast.predict import predict
from forecast.scaling import bent_by, bent_own
from forecast.windows import anchors

_MEDIAN = len(QUANTILES) // 2


def accompanied(
    alone: Checkpoint, beside: Companion, network: Network, observations: xr.Dataset
) -> Checkpoint:
    """Add a companion; how much it counts, the validation years say."""
    issues = observations.time.values[within(observations.time.values, network.split.validate)]
    table, scaling = channels(observations, network), alone.scaling
    steps = np.searchsorted(table.time.values, issues)
    start = anchors(bent_own(table, scaling), alone.model.age_limit).value[:, steps]
    forecast = predict(alone, network, observations, issues)
    bend = scaling.bend[:, :1, None]
    own = forecast[network.quantity.value].values[..., _MEDIAN].astype("float64")
    members = beside.predict(table, steps)
    members[..., 0] = bent_by(np.moveaxis(own, 1, 0), bend) - start[..., None]
    truth = following(observations, network, forecast.valid_time.values).astype("float64")
    truth = bent_by(np.moveaxis(truth, 1, 0), bend) - start[..., None]
    return replace(alone, companion=replace(beside, weights=blend.fit(members, truth)))


def calibrated(checkpoint: Checkpoint, network: Network, observations: xr.Dataset) -> Checkpoint:
    """Widen the intervals by, and score on, forecasts of the validation years."""
    time = observations.time.values
    issues = time[within(time, network.split.validate)]
    forecast = predict(checkpoint, network, observations, issues)
    known = forecast
    if checkpoint.companion is not None:
        beside = checkpoint.companion
        known = xr.concat(
            [left_out.hindcast(checkpoint, beside, network, observations), forecast], "issue_time"
        )
    widening = fit_widening(known, observations, network, checkpoint.scaling)
    return replace(checkpoint, widening=widening, scores=_scores(forecast, observations, network))


def _scores(forecast: xr.Dataset, observations: xr.Dataset, network: Network) -> dict[str, float]:
    """Return the persistence skill of the median at each lead, mean over stations that have it."""
    truth = following(observations, network, forecast.valid_time.values)
    median = forecast[network.quantity.value].values[..., _MEDIAN]
    known = np.isfinite(truth) & np.isfinite(median)
    start = forecast.last_observed.values[..., None]
    error = np.where(known, (truth - median) ** 2, 0).sum(axis=0)
    spread = np.where(known, (truth - start) ** 2, 0).sum(axis=0)
    skill = 1 - error / np.where(spread > 0, spread, np.nan)
    scored = np.isfinite(skill)  # a gauge that never moved, or is not forecast, has none
    skill = np.where(scored, skill, 0).sum(axis=0) / np.where(scored.any(0), scored.sum(0), np.nan)
    return {f"validation_skill_{lead}": float(s) for lead, s in enumerate(skill, start=1)}
