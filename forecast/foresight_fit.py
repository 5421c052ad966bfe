"""How far plans are trusted, and how wide the intervals are then: from plans that err as plans do.

The weights come from the validation years. The intervals come from errors of all years known, each
training year left out of what judges it (`forecast.plan_left_out`), made as much smaller as the
forecast with a plan is better than its ridge in the validation years.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from data.network import Network
from forecast import blend, plan_left_out, planned
from forecast.checkpoint import Checkpoint
from forecast.foresight import Foresight, unwidened
from forecast.futures import KNOWN, Known
from forecast.inputs import channels
from forecast.intervals import fit_widening, following
from forecast.lessons import within
from forecast.plan import PLANNED
from forecast.plan_left_out import Judged
from forecast.planned import Planner
from forecast.predict import predict
from forecast.scaling import bent_by, straightened
from forecast.verify import flood_level

Report = Callable[[int, int, str], None]
LEADS = (3, 6, 12, 18, 24, 36, 48, 72)  # steps; before the first a plan tells next to nothing
_CASES = 150_000  # gauges x issue times: of a longer record every second one, or third ..
_MEDIAN = 4


@dataclass(frozen=True)
class _Record:
    """What is fitted on: nothing after the validation years."""

    checkpoint: Checkpoint
    network: Network
    observations: xr.Dataset
    planner: Planner
    judged: Judged

    @property
    def at(self) -> np.ndarray:
        """Places of the planner's leads among all leads."""
        return np.array(self.planner.leads) - 1

    def bent(self, forecast: xr.Dataset) -> np.ndarray:
        """Return bent quantiles (issue, station, lead of the planner, quantile)."""
        values = forecast[self.network.quantity.value].values[:, :, self.at].astype("float64")
        return np.asarray(bent_by(values, self.checkpoint.scaling.bend[:, :1, None]))

    def truth(self, forecast: xr.Dataset) -> np.ndarray:
        """Return what followed, bent, (issue, station, lead of the planner)."""
        times = forecast.valid_time.values[:, self.at]
        found = following(self.observations, self.network, times).astype("float64")
        return np.asarray(bent_by(found, self.checkpoint.scaling.bend[:, :1]))

    def start(self, forecast: xr.Dataset) -> np.ndarray:
        """Return the bent last readings (issue, station)."""
        last = forecast.last_observed.values.astype("float64")
        return np.asarray(bent_by(last, self.checkpoint.scaling.bend[:, 0]))

    def errors(self, known: Known, forecast: xr.Dataset) -> np.ndarray:
        """Return the ridge's errors at the issue times (issue, station, lead of the planner)."""
        rows = np.searchsorted(self.observations.time.values, forecast.issue_time.values)
        return np.moveaxis(self.judged.errors[known][:, rows], 0, 1)


def leads_of(network: Network) -> tuple[int, ...]:
    """Return the leads at which a planner of a network is fitted."""
    return tuple(sorted({network.horizon, *(n for n in LEADS if n < network.horizon)}))


def fit(
    checkpoint: Checkpoint, network: Network, observations: xr.Dataset, report: Report
) -> Foresight:
    """Fit a planner and how far it is trusted, beside the model in service.

    Args:
        observations: `data.schema.observations`; nothing after the validation years is looked at.

    Raises:
        TooLittleHistory: No gauge has enough readings with a release or rain to come.
    """
    past = planned.before_test(observations, network)
    planner = planned.fit(network, past, leads_of(network), report)
    table = channels(past, network)
    judged = plan_left_out.judge(planner, network, table)
    record = _Record(checkpoint, network, past, planner, judged)
    train, later = (past.time.values[within(past.time.values, y)] for y in _years(network))
    every = max(1, -(-train.size * len(network.ids) // _CASES))
    learnt, later_raw = (
        predict(unwidened(checkpoint), network, past, some) for some in (train[::every], later)
    )
    weights, widening = {}, {}
    for known in judged.errors:
        weights[known], median = _trusted(record, known, later_raw)
        widening[known] = _wide(record, known, (learnt, later_raw), median)
    return Foresight(checkpoint.model_id, planner, weights, widening, _largest(table, train))


def _years(network: Network) -> tuple[tuple[int, int], tuple[int, int]]:
    return network.split.train, network.split.validate


def _trusted(record: _Record, known: Known, raw: xr.Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Return weights (lead,) and the medians (issue, station, lead) that they give."""
    future: Mapping[str, np.ndarray] = {
        name: told if name in known else np.full_like(told, np.nan)
        for name, told in record.judged.future.items()
    }
    made = planned.tell(
        record.planner, record.network, record.observations, future, raw.issue_time.values
    )
    plain, start = record.bent(raw)[..., _MEDIAN], record.start(raw)[..., None]
    told = np.where(made.known == KNOWN.index(known), made.median, np.nan)
    members = np.moveaxis(np.stack([plain - start, told - start], axis=-1), 0, 1)
    truth = np.moveaxis(record.truth(raw) - start, 0, 1)
    weights = blend.fit(members, truth)[:, 1]
    return weights, plain + weights * (told - plain)


def _wide(
    record: _Record, known: Known, raw: tuple[xr.Dataset, xr.Dataset], median: np.ndarray
) -> np.ndarray:
    """Return (regime, station, lead, quantile) factors for the LSTM's own intervals."""
    learnt, later = raw
    error, ridge = record.truth(later) - median, record.errors(known, later)
    both = np.isfinite(error) & np.isfinite(ridge)
    ours, theirs = (np.where(both, e**2, 0).sum(axis=(0, 1)) for e in (error, ridge))
    share = np.minimum(np.sqrt(ours / np.maximum(theirs, 1e-12)), 1.0)
    there = record.truth(learnt) - share * record.errors(known, learnt)
    moved = [_around(record, *pair) for pair in ((learnt, there), (later, median))]
    whole = xr.concat(moved, "issue_time")
    observations, network = record.observations, record.network
    floods = flood_level(observations, network).values
    return fit_widening(whole, observations, network, record.checkpoint.scaling, floods)


def _around(record: _Record, raw: xr.Dataset, median: np.ndarray) -> xr.Dataset:
    """Return a forecast at the planner's leads with its quantiles around other medians."""
    name, bent = record.network.quantity.value, record.bent(raw)
    moved = bent + (median - bent[..., _MEDIAN])[..., None]
    values = straightened(moved, record.checkpoint.scaling.bend[:, :1, None])
    some = raw.isel(lead_time=record.at)
    return some.assign({name: some[name].copy(data=values)})


def _largest(table: xr.DataArray, train: np.ndarray) -> dict[str, np.ndarray]:
    """Return by variable (station,) the largest value of the training years; NaN without any."""
    some = table.sel(time=np.isin(table.time.values, train), channel=list(PLANNED))
    found = np.nanmax(np.where(some.notnull(), some, -np.inf), axis=1)
    found = np.where(np.isfinite(found), found, np.nan)
    return {name: found[:, number] for number, name in enumerate(PLANNED)}
