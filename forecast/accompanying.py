"""What companion and LSTM count, and how wide the intervals are: from years left out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from data.network import Network
from data.schema import QUANTILES
from forecast import blend
from forecast.checkpoint import Checkpoint
from forecast.inputs import channels
from forecast.intervals import fit_widening, following
from forecast.lessons import within
from forecast.predict import predict
from forecast.scaling import bent_by, bent_own
from forecast.windows import anchors

_MEDIAN = len(QUANTILES) // 2


@dataclass(frozen=True)
class Unseen:
    """A model, and issue times in years that it has not learnt from."""

    model: Checkpoint
    issues: np.ndarray


def accompanied(
    whole: Checkpoint, unseen: Sequence[Unseen], network: Network, observations: xr.Dataset
) -> tuple[Checkpoint, list[Unseen]]:
    """Fit how much each member counts, by the years that were left out.

    Args:
        unseen: The whole model in the validation years, and those that left years out.

    Returns:
        All of them with the shares that were found.
    """
    if whole.companion is None:
        return whole, list(unseen)
    cases = [_members(each, network, observations) for each in unseen]
    members, truth = (np.concatenate(parts, axis=1) for parts in zip(*cases, strict=True))
    weights = blend.fit(members, truth)
    shared = [replace(each, model=_weighted(each.model, weights)) for each in unseen]
    return _weighted(whole, weights), shared


def alone(model: Checkpoint) -> Checkpoint:
    """Return a model in which nothing but the LSTM counts (upon the ridge, if it learnt so)."""
    if model.companion is None:
        return model
    weights = np.zeros_like(model.companion.weights)
    weights[:, 0] = 1.0
    return _weighted(model, weights)


def _weighted(model: Checkpoint, weights: np.ndarray) -> Checkpoint:
    if model.companion is None:
        return model
    return replace(model, companion=replace(model.companion, weights=weights))


def _members(
    unseen: Unseen, network: Network, observations: xr.Dataset
) -> tuple[np.ndarray, np.ndarray]:
    """Return bent changes (station, n, lead, member), and those that followed."""
    model = unseen.model
    if model.companion is None:
        raise ValueError("Only a model with a companion has members.")
    table, scaling = channels(observations, network), model.scaling
    steps = np.searchsorted(table.time.values, unseen.issues)
    start = anchors(bent_own(table, scaling), model.model.age_limit).value[:, steps]
    forecast = predict(alone(model), network, observations, unseen.issues)
    bend = scaling.bend[:, :1, None]
    own = forecast[network.quantity.value].values[..., _MEDIAN].astype("float64")
    members = model.companion.predict(table, steps)
    members[..., 0] = bent_by(np.moveaxis(own, 1, 0), bend) - start[..., None]
    truth = following(observations, network, forecast.valid_time.values).astype("float64")
    return members, bent_by(np.moveaxis(truth, 1, 0), bend) - start[..., None]


def calibrated(
    whole: Checkpoint, unseen: Sequence[Unseen], network: Network, observations: xr.Dataset
) -> Checkpoint:
    """Widen the intervals by what was left out; score on the validation years."""
    made = [predict(each.model, network, observations, each.issues) for each in unseen]
    known = xr.concat(made, "issue_time").sortby("issue_time")
    widening = fit_widening(known, observations, network, whole.scaling)
    later = known.issue_time.values[within(known.issue_time.values, network.split.validate)]
    scores = _scores(known.sel(issue_time=later), observations, network)
    return replace(whole, widening=widening, scores=scores)


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
