"""Issue forecasts: many issue times in one go, each from what was known at that time alone.

The LSTM runs over windows that begin at fixed times (multiples of `ModelConfig.last` steps since
1970), and forecasts at each of a window's last steps, as it learnt to. So a whole year costs
little, and an issue time gets the same forecast alone as among thousands.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
import xarray as xr

from data.errors import OutsideRecord
from data.network import Network
from data.schema import QUANTILES
from forecast import blend, companion, upon_ridge
from forecast.checkpoint import Checkpoint, require_fit
from forecast.inputs import channels
from forecast.intervals import high_water, widened
from forecast.model import LevelLSTM
from forecast.reasons import reasons
from forecast.scaling import Scaling, bent_by, bent_own, of_rows, straightened
from forecast.threads import keep_memory, one_thread, shares, side_by_side
from forecast.window_plan import Plan, padded, plan, step_number
from forecast.windows import REACH, anchors, features

_MEDIAN = len(QUANTILES) // 2
_FIELDS = ("values", "last", "age")
CASES = 512  # windows of all stations that run together: their numbers stay in the cache
_MOST = 64  # windows per station in one go: enough to be fast, small enough for memory


@dataclass(frozen=True)
class _Issue:
    """What comes out for some issue times; first dims (issue_time, station)."""

    values: np.ndarray  # (.., lead, quantile)
    last: np.ndarray  # last observed value
    age: np.ndarray  # steps since then


def predict(
    checkpoint: Checkpoint, network: Network, observations: xr.Dataset, issue_times: np.ndarray
) -> xr.Dataset:
    """Forecast every gauge at every issue time; a gauge without a recent reading gets NaN.

    Only values with `time` <= issue time and `received_time` <= issue time are used.

    Args:
        observations: `data.schema.observations`; what is missing of the look-back before an issue
            time counts as not measured.
        issue_times: Times on the grid of the record, UTC; they come back ascending, each once.

    Returns:
        `data.schema.forecast` of the network's quantity.

    Raises:
        CheckpointMismatch: The checkpoint was trained for another network.
        OutsideRecord: An issue time lies outside the record, or between two of its steps.
    """
    require_fit(checkpoint, network)
    issues = np.unique(np.asarray(issue_times, dtype="datetime64[ns]"))
    _require_inside(observations.time.values, issues)
    keep_memory()
    lstm = checkpoint.lstm()
    late = _late(observations, issues)
    order, parts = [], []
    with one_thread():
        for rows, known in _batches(checkpoint, observations, issues, late):
            table = channels(known, network)
            order.append(rows)
            parts.append(_run(lstm, checkpoint, table, issues[rows]))
    return _dataset(checkpoint, network, issues, _in_order(parts, np.concatenate(order)))


def look_back(checkpoint: Checkpoint) -> int:
    """Return how many steps before its window a forecast still looks back."""
    if checkpoint.companion is None:
        return REACH
    return max(REACH, int(np.ceil(companion.REACH / checkpoint.step)))


def _require_inside(time: np.ndarray, issues: np.ndarray) -> None:
    first, last = (str(t)[:16] for t in (time[0], time[-1]))
    strange = issues[~np.isin(issues, time)]
    if strange.size:
        raise OutsideRecord(
            f"{str(strange[0])[:16]} UTC is not a time of the record.",
            f"Ask for a time from {first} to {last} UTC, on its grid.",
        )


def _late(observations: xr.Dataset, issues: np.ndarray) -> np.ndarray:
    """Say for each issue time whether some earlier value was still under way."""
    time, received = observations.time.values, observations.received_time
    received = received.transpose("station", "time").values
    stations, steps = np.nonzero(received > time)
    until = np.searchsorted(time, received[stations, steps])
    under_way = np.zeros(len(time) + 1, dtype=int)
    np.add.at(under_way, steps, 1)
    np.add.at(under_way, until, -1)
    return np.cumsum(under_way)[np.searchsorted(time, issues)] > 0


def _batches(
    checkpoint: Checkpoint, observations: xr.Dataset, issues: np.ndarray, late: np.ndarray
) -> Iterator[tuple[np.ndarray, xr.Dataset]]:
    """Yield rows of `issues` with the observations that were known to all of them."""
    config, step = checkpoint.model, checkpoint.step
    block = step_number(issues, step) // config.last
    prompt = np.flatnonzero(~late)
    breaks = np.flatnonzero(np.diff(block[prompt]) > 1) + 1
    groups = [g for g in np.split(prompt, breaks) if g.size]
    pieces = [p for g in groups for p in _at_most(g, block)]
    reach = (config.window + look_back(checkpoint)) * step
    for rows in pieces + [np.array([row]) for row in np.flatnonzero(late)]:
        known = observations.sel(time=slice(issues[rows[0]] - reach, issues[rows[-1]]))
        if late[rows[0]]:
            known = _received(known, issues[rows[0]])
        yield rows, known


def _at_most(rows: np.ndarray, block: np.ndarray) -> list[np.ndarray]:
    """Cut rows where their block number has grown by another `_MOST`."""
    part = (block[rows] - block[rows[0]]) // _MOST
    return np.split(rows, np.flatnonzero(np.diff(part)) + 1)


def _received(observations: xr.Dataset, issue: np.datetime64) -> xr.Dataset:
    known = ~(observations.received_time > issue)  # a value of unknown arrival was there in time
    measured = [n for n in observations if observations[n].dtype.kind == "f"]
    return observations.assign({name: observations[name].where(known) for name in measured})


def _run(
    lstm: LevelLSTM, checkpoint: Checkpoint, table: xr.DataArray, issues: np.ndarray
) -> _Issue:
    """Run the windows that hold `issues` (ascending, no empty window between them)."""
    windows = plan(issues, checkpoint.step, checkpoint.model, look_back(checkpoint))
    whole = padded(table, windows, checkpoint.step)
    told = upon_ridge.told(checkpoint.companion, whole)

    @torch.inference_mode()  # of the thread that runs it
    def some(part: slice) -> _Issue:
        ridge = None if told is None else told[part]
        place = torch.arange(part.start, part.stop)
        here = whole.isel(station=part)
        scaled = _changes(lstm, _of(checkpoint, part), (here, ridge), windows, place)
        return _levels(_of(checkpoint, part), here, windows.at, scaled)

    stations = table.sizes["station"]
    one = checkpoint.companion is not None  # it knows the stations by their row
    parts = [slice(0, stations)] if one else shares(stations, CASES // len(windows.start))
    made = side_by_side(some, parts)
    return _Issue(*(np.concatenate([getattr(m, n) for m in made], axis=1) for n in _FIELDS))


def _changes(
    lstm: LevelLSTM,
    checkpoint: Checkpoint,
    known: tuple[xr.DataArray, np.ndarray | None],
    windows: Plan,
    place: torch.Tensor,
) -> np.ndarray:
    """Return scaled changes (station, issue, lead, quantile).

    Args:
        known: The table of the stations, and what the ridge tells of it.
        place: (station,) their rows in the network.
    """
    (table, ridge), since = known, windows.start[0]
    seen = features(table, checkpoint.scaling, checkpoint.model.age_limit, since)
    seen = upon_ridge.seen(seen, None if ridge is None else ridge[:, since:], checkpoint.scaling)
    steps = windows.start - since + np.arange(windows.asked[-1] + 1)[:, None]
    x = torch.from_numpy(seen).transpose(0, 1)  # (T, station, feature), as it lies in memory
    x = x[:, None] if len(windows.start) == 1 else x[torch.from_numpy(steps)]
    cases = x.flatten(1, 2).transpose(0, 1)  # (window x station, T, feature)
    out = lstm(cases, place.repeat(len(windows.start)), torch.from_numpy(windows.asked))
    change = out.view(len(windows.start), len(place), *out.shape[1:]).numpy()
    scaled = change[windows.which, :, np.searchsorted(windows.asked, windows.here)]
    ridge = None if ridge is None else ridge[:, windows.at]
    return upon_ridge.added(scaled.swapaxes(0, 1), ridge, checkpoint.scaling)


def _of(checkpoint: Checkpoint, part: slice) -> Checkpoint:
    """Return the scaling and widening of some stations."""
    some = of_rows(checkpoint.scaling, part)
    return replace(checkpoint, scaling=some, widening=checkpoint.widening[:, part])


def _levels(
    checkpoint: Checkpoint, table: xr.DataArray, at: np.ndarray, scaled: np.ndarray
) -> _Issue:
    """Turn scaled changes (station, issue, lead, quantile) into values in the network's unit."""
    config, scaling = checkpoint.model, checkpoint.scaling
    own = table.sel(channel="own").values
    seen = anchors(own, config.window - config.last + REACH)
    start = anchors(bent_own(table, scaling), config.age_limit).value[:, at]
    change = scaling.change[:, None, :]  # (S, 1, lead)
    scaled = _shifted(checkpoint, table, at, scaled)
    high = high_water(
        start[..., None] + scaled[..., _MEDIAN] * change, start, scaling.high[:, None]
    )
    usual, flood = checkpoint.widening[:, :, None]  # (S, 1, lead, quantile)
    scaled = widened(scaled, np.where(high[..., None], flood, usual))
    told = _as_wide_as_old(scaled * change[..., None], seen.age[:, at])
    bent = start[..., None, None] + told
    values = _credible(bent, start, scaling)
    return _Issue(*(np.moveaxis(a, 0, 1) for a in (values, seen.value[:, at], seen.age[:, at])))


def _as_wide_as_old(told: np.ndarray, age: np.ndarray) -> np.ndarray:
    """Return quantiles as far apart as those of a forecast that looks further by the age.

    A reading that is 3 h old leaves as much open in 1 h as a new one does in 4 h.

    Args:
        told: (station, issue, lead, quantile) bent changes.
        age: (station, issue) steps since the reading that the forecast starts from.
    """
    if not age.any():
        return told
    median = told[..., _MEDIAN, None]
    last = told.shape[2] - 1
    further = np.minimum(np.arange(last + 1) + age[..., None], last)[..., None]
    return np.asarray(median + np.take_along_axis(told - median, further, axis=2))


def _shifted(
    checkpoint: Checkpoint, table: xr.DataArray, at: np.ndarray, scaled: np.ndarray
) -> np.ndarray:
    """Return the quantiles around the median of LSTM and companion, if there is one."""
    if checkpoint.companion is None or not checkpoint.companion.weights[:, 1:].any():
        return scaled  # nobody else counts: no tree need be asked
    median = scaled[..., _MEDIAN]
    members = checkpoint.companion.predict(table, at) / checkpoint.scaling.change[:, None, :, None]
    members[..., 0] = median
    both = blend.blended(members, checkpoint.companion.weights)
    return np.asarray(scaled + (both - median)[..., None])


def _credible(bent: np.ndarray, start: np.ndarray, scaling: Scaling) -> np.ndarray:
    """Return values in the network's unit, none below its floor, none rising beyond belief.

    Args:
        bent: (station, issue, lead, quantile).
        start: (station, issue) anchors, bent.
    """
    bend = scaling.bend[:, :1, None, None]
    last = straightened(start[..., None, None], bend)
    ceiling = bent_by(last + scaling.rise[:, None, :, None], bend)
    values = straightened(np.minimum(bent, ceiling), bend)
    return np.asarray(np.maximum(values, scaling.floor[:, None, None, None]))


def _in_order(parts: list[_Issue], rows: np.ndarray) -> _Issue:
    order = np.argsort(rows)
    return _Issue(*(np.concatenate([getattr(p, n) for p in parts])[order] for n in _FIELDS))


def _dataset(
    checkpoint: Checkpoint, network: Network, issues: np.ndarray, made: _Issue
) -> xr.Dataset:
    dims = ("issue_time", "station", "lead_time", "quantile")
    values = made.values.astype("float32")
    read = issues[:, None] - (made.age * network.step).astype("timedelta64[ns]")
    read = np.where(np.isfinite(made.last), read, np.datetime64("NaT"))
    limit = checkpoint.model.age_limit
    unit = {"units": network.quantity.unit}
    return xr.Dataset(
        {
            network.quantity.value: (dims, values, unit),
            "last_observed": (dims[:2], made.last.astype("float32"), unit),
            "last_observed_time": (dims[:2], read.astype("datetime64[ns]")),
            "reason": (dims[:2], reasons(made.age, np.isfinite(made.last), limit, checkpoint.step)),
        },
        coords={
            "issue_time": issues,
            "station": network.ids,
            "lead_time": network.lead_times,
            "quantile": list(QUANTILES),
            "valid_time": (("issue_time", "lead_time"), issues[:, None] + network.lead_times),
        },
        attrs={
            "model": checkpoint.model_id,
            "network": network.name,
            "quantity": network.quantity.value,
        },
    )
