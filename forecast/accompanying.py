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
from forecast.scaling import Scaling, bent_by, bent_own, straightened
from forecast.verify import flood_level
from forecast.windows import anchors

_MEDIAN = len(QUANTILES) // 2


@dataclass(frozen=True)
class Unseen:
    """A model, and issue times in years that it has not learnt from."""

    model: Checkpoint
    issues: np.ndarray


def fitted(
    whole: Checkpoint, unseen: Sequence[Unseen], network: Network, observations: xr.Dataset
) -> Checkpoint:
    """Fit how much each member counts, and how wide the intervals are, by what was left out.

    Args:
        unseen: The whole model in the validation years, and those that left years out.
    """
    made = [predict(alone(each.model), network, observations, each.issues) for each in unseen]
    if whole.companion is not None:
        cases = [
            _members(each, forecast, network, observations)
            for each, forecast in zip(unseen, made, strict=True)
        ]
        members, truth = (np.concatenate(parts, axis=1) for parts in zip(*cases, strict=True))
        weights = blend.fit(members, truth)
        whole = _weighted(whole, weights)
        made = [
            _moved(forecast, case[0], weights, each.model.scaling)
            for each, forecast, case in zip(unseen, made, cases, strict=True)
        ]
    return calibrated(whole, made, network, observations)


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
    unseen: Unseen, forecast: xr.Dataset, network: Network, observations: xr.Dataset
) -> tuple[np.ndarray, np.ndarray]:
    """Return bent changes (station, n, lead, member), and those that followed.

    Args:
        forecast: Of the LSTM alone.
    """
    model = unseen.model
    if model.companion is None:
        raise ValueError("Only a model with a companion has members.")
    table, scaling = channels(observations, network), model.scaling
    steps = np.searchsorted(table.time.values, forecast.issue_time.values)
    start = anchors(bent_own(table, scaling), model.model.age_limit).value[:, steps]
    bend = scaling.bend[:, :1, None]
    own = forecast[network.quantity.value].values[..., _MEDIAN].astype("float64")
    members = model.companion.predict(table, steps)
    members[..., 0] = bent_by(np.moveaxis(own, 1, 0), bend) - start[..., None]
    truth = following(observations, network, forecast.valid_time.values).astype("float64")
    return members, bent_by(np.moveaxis(truth, 1, 0), bend) - start[..., None]


def _moved(
    forecast: xr.Dataset, members: np.ndarray, weights: np.ndarray, scaling: Scaling
) -> xr.Dataset:
    """Return the quantiles of the LSTM alone around the mean of all members."""
    name = str(forecast.attrs["quantity"])
    further = blend.blended(members, weights) - members[..., 0]  # (station, n, lead)
    bend = scaling.bend[:, :1, None]
    bent = bent_by(forecast[name].values.astype("float64"), bend)
    moved = straightened(bent + np.moveaxis(further, 0, 1)[..., None], bend)
    return forecast.assign({name: forecast[name].copy(data=moved.astype("float32"))})


def calibrated(
    whole: Checkpoint, made: Sequence[xr.Dataset], network: Network, observations: xr.Dataset
) -> Checkpoint:
    """Widen the intervals by what was left out; score on the validation years.

    Args:
        made: Forecasts, their intervals not widened, of years that they did not learn from.
    """
    known = xr.concat(made, "issue_time").sortby("issue_time")
    floods = flood_level(observations, network).values
    widening = fit_widening(known, observations, network, whole.scaling, floods)
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
