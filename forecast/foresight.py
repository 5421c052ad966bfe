"""The forecast in service, moved by what is planned: releases of a dam, rain to come.

`forecast.planned` tells at some leads what follows from a plan. What it tells beyond the forecast
in service, times a weight that the validation years give (plans are wrong), is added to the
median; between those leads it is interpolated, from nothing at the issue time. The intervals are
those of the LSTM, made as wide as the errors with realistic plans ask (`forecast.foresight_fit`).
Beyond the end of a plan what it has changed fades. Where nothing is planned the forecast in service
stays as it is, to the bit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from data.network import Network
from forecast import futures
from forecast.checkpoint import Checkpoint
from forecast.futures import Known
from forecast.intervals import high_water, widened
from forecast.known import ascending
from forecast.plan import PLANNED
from forecast.planned import NOTHING, Planner, Told, tell
from forecast.predict import predict
from forecast.scaling import Scaling, bent_by, straightened

HOUR = np.timedelta64(1, "h")
HALF = 6 * HOUR  # beyond the end of a plan, what it has changed halves in that time
_MEDIAN = 4


@dataclass(frozen=True)
class Foresight:
    """A planner and how far it is trusted, beside one model.

    Attributes:
        model: Id of the checkpoint that it stands beside.
        weights: By set of known variables (lead of the planner,), 0 .. 1.
        widening: By set (regime, station, lead of the planner, quantile), as
            `Checkpoint.widening`, for the LSTM's quantiles.
        largest: By variable (station,) the largest value of the training years.
    """

    model: str
    planner: Planner
    weights: Mapping[Known, np.ndarray]
    widening: Mapping[Known, np.ndarray]
    largest: Mapping[str, np.ndarray]


def foresee(
    foresight: Foresight,
    checkpoint: Checkpoint,
    network: Network,
    observations: xr.Dataset,
    plan: xr.Dataset,
    issue_times: np.ndarray,
) -> xr.Dataset:
    """Forecast every gauge at every issue time, given a plan.

    Args:
        plan: Some of `forecast.plan.PLANNED`, dims (station, time); only what lies after an issue
            time counts.

    Returns:
        `data.schema.forecast`, as `forecast.predict.predict` returns it.

    Raises:
        CheckpointMismatch: The checkpoint was trained for another network.
        OutsideRecord: An issue time is not a time of the record.
    """
    issues = ascending(observations, issue_times)
    future = {name: futures.ahead(plan, name, network, issues) for name in PLANNED}
    plain = predict(checkpoint, network, observations, issues)
    raw = predict(unwidened(checkpoint), network, observations, issues)
    told = tell(foresight.planner, network, observations, future, issues)
    values = given(foresight, checkpoint, network, (plain, raw), told)
    return plain.assign({network.quantity.value: plain[network.quantity.value].copy(data=values)})


def given(
    foresight: Foresight,
    checkpoint: Checkpoint,
    network: Network,
    forecasts: tuple[xr.Dataset, xr.Dataset],
    told: Told,
) -> np.ndarray:
    """Return the values of forecasts moved by what a planner tells, float32 (.., lead, quantile).

    Args:
        forecasts: That in service, and the same with the LSTM's own intervals.
        told: Of their issue times; of members of one future, where they are of one issue time.
    """
    plain, raw = forecasts
    name, bend = network.quantity.value, checkpoint.scaling.bend[:, :1, None]
    bare = bent_by(raw[name].values.astype("float64"), bend)
    move = moves(told.median, bare[..., _MEDIAN], foresight.planner.leads)
    for number, known in enumerate(futures.KNOWN):
        weight = foresight.weights.get(known, np.zeros(move.shape[-1]))
        move = np.where(told.known == number, weight * move, move)
    shift = _spread_out(move, foresight.planner.leads, network)
    widths = _widths(foresight, checkpoint, told.known)
    start = bent_by(plain.last_observed.values.astype("float64"), checkpoint.scaling.bend[:, 0])
    values = _moved(bare, shift, widths, (start, checkpoint.scaling))
    planned = (told.known[..., :1] != NOTHING)[..., None]  # (issue, station, 1, 1)
    return np.where(planned, values.astype("float32"), plain[name].values)


def unwidened(checkpoint: Checkpoint) -> Checkpoint:
    """Return the checkpoint with the LSTM's own intervals."""
    return replace(checkpoint, widening=np.ones_like(checkpoint.widening))


def moves(told: np.ndarray, median: np.ndarray, leads: tuple[int, ...]) -> np.ndarray:
    """Return (.., lead of the planner) what a planner tells beyond a median (.., lead), bent."""
    return np.asarray(told - median[..., np.array(leads) - 1])


def _spread_out(move: np.ndarray, leads: tuple[int, ...], network: Network) -> np.ndarray:
    """Return moves (.., lead) from those at some leads: between them interpolated, then fading."""
    every = np.arange(1, network.horizon + 1)
    flat = move.reshape(-1, move.shape[-1])
    made = np.zeros((len(flat), every.size))
    for case, row in zip(made, flat, strict=True):
        known = np.isfinite(row)
        if known.any():
            at = np.array([0, *np.array(leads)[known]])
            case[:] = np.interp(every, at, [0.0, *row[known]])
            beyond = np.maximum(every - at[-1], 0) * (network.step / HALF)
            case *= 0.5**beyond
    return made.reshape(*move.shape[:-1], every.size)


def _widths(foresight: Foresight, checkpoint: Checkpoint, known: np.ndarray) -> np.ndarray:
    """Return (regime, issue, station, lead, quantile) factors of the LSTM's own intervals."""
    leads = np.array(foresight.planner.leads)
    plain = checkpoint.widening[:, None, :, leads - 1]
    chosen = np.broadcast_to(plain, (2, len(known), *plain.shape[2:])).copy()
    for number, each in enumerate(futures.KNOWN):
        if each in foresight.widening:
            here = (known == number)[None, ..., None]
            chosen = np.where(here, foresight.widening[each][:, None], chosen)
    every = np.arange(1, checkpoint.horizon + 1)
    shares = np.stack([np.interp(every, leads, row) for row in np.eye(leads.size)], axis=1)
    made = np.einsum("la,risaq->rislq", shares, chosen)
    last = np.where(known != NOTHING, leads, 0).max(axis=-1)  # (issue, station)
    beyond = (every > last[..., None])[None, ..., None]
    return np.asarray(np.where(beyond, checkpoint.widening[:, None], made))


def _moved(
    bare: np.ndarray, shift: np.ndarray, widths: np.ndarray, place: tuple[np.ndarray, Scaling]
) -> np.ndarray:
    """Return values (issue, station, lead, quantile) in the network's unit.

    Args:
        bare: The LSTM's quantiles around the median in service, bent.
        place: The bent values that the forecasts start from (issue, station), and the scaling.
    """
    start, scaling = place
    moved = bare + shift[..., None]
    high = high_water(moved[..., _MEDIAN], start, scaling.high)
    usual, flood = widths
    bent = widened(moved, np.where(high[..., None], flood, usual))
    values = straightened(bent, scaling.bend[:, :1, None])
    return np.asarray(np.maximum(values, scaling.floor[:, None, None]))
