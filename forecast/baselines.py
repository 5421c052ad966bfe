"""The baselines to beat: persistence, tide-phase persistence, ridge and LightGBM on lags.

Each says, for every gauge and lead on its own, how much the value will change from the last
observed one (`forecast.cells`), from what `forecast.lags` lays out. A missing input is a gap to
LightGBM; to the ridge it is an average one, with a mask beside it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import xarray as xr

from data.errors import TooLittleHistory
from data.network import Network
from data.schema import QUANTILES
from forecast import cells, lags
from forecast.cells import AGE_LIMIT, NAMES, Cell, Gauge
from forecast.inputs import channels
from forecast.known import ascending, batches
from forecast.lags import Bends
from forecast.quantile_trees import QuantileTrees
from forecast.reasons import reasons
from forecast.windows import anchors

Report = Callable[[int, int, str], None]
TOO_SHORT = "학습할 기록이 부족합니다. The record is too short to learn from."
FEWEST = 100  # cases in the training years, and in the validation years


@dataclass(frozen=True)
class Baseline:
    """A fitted baseline.

    Attributes:
        leads: Steps ahead.
        cells: By number of station and lead; a gauge with too little history has none.
    """

    name: str
    leads: tuple[int, ...]
    bends: Bends
    cells: dict[tuple[int, int], Cell | QuantileTrees]


def fit(
    name: str,
    network: Network,
    observations: xr.Dataset,
    leads: Sequence[int],
    report: Report = lambda *_: None,
) -> Baseline:
    """Fit one of `NAMES` on the training years.

    Args:
        observations: `data.schema.observations`; nothing after the validation years is looked at.
        leads: Steps ahead.
        report: Is told how many gauges are done, of how many, and which is next.

    Raises:
        ValueError: There is no baseline of that name.
        TooLittleHistory: No gauge has enough readings in the training and validation years.
    """
    if name not in NAMES:
        raise ValueError(f"No baseline '{name}', known: {', '.join(NAMES)}.")
    years = observations.time.dt.year.values
    table = channels(observations.isel(time=years <= network.split.validate[1]), network)
    bends = lags.learn_bends(table, network)
    fitted: dict[tuple[int, int], Cell | QuantileTrees] = {}
    for row, station in enumerate(network.ids):
        report(row, len(network.ids), station)
        gauge = Gauge(table, bends, row, lags.lay_out(table, bends, row))
        for lead in leads:
            train = gauge.cases(lead, network.split.train)
            later = gauge.cases(lead, network.split.validate)
            if min(train.start.size, later.start.size) >= FEWEST:
                fitted[row, lead] = cells.fit(name, train, later, float(bends.bend[row, 0]))
    if not fitted:
        raise TooLittleHistory(
            f"No gauge of '{network.name}' has {FEWEST} readings to learn from and to check on.",
            "Pull a longer record, or move the years of training and validation.",
        )
    return Baseline(name, tuple(leads), bends, fitted)


def predict(
    baseline: Baseline, network: Network, observations: xr.Dataset, issue_times: np.ndarray
) -> xr.Dataset:
    """Forecast every gauge at every issue time; a gauge without a recent reading gets NaN.

    Only values with `time` <= issue time and `received_time` <= issue time are used.

    Args:
        observations: `data.schema.observations`.
        issue_times: Times on the grid of the record, UTC; they come back ascending, each once.

    Returns:
        `data.schema.forecast` of the network's quantity, at the leads that were fitted.

    Raises:
        OutsideRecord: An issue time is not a time of the record.
    """
    issues = ascending(observations, issue_times)
    shape = (issues.size, len(network.ids))
    values = np.full((*shape, len(baseline.leads), len(QUANTILES)), np.nan, dtype="float32")
    last, age = np.full(shape, np.nan), np.zeros(shape, dtype=int)
    for rows, known in batches(observations, issues, lags.REACH + network.step):
        table = channels(known, network)
        steps = np.searchsorted(table.time.values, issues[rows])
        read = anchors(table.sel(channel="own").values, round(lags.REACH / network.step))
        last[rows], age[rows] = read.value[:, steps].T, read.age[:, steps].T
        for station in range(shape[1]):
            values[rows, station] = _at_station(baseline, table, station, steps)
    values = np.where((age <= AGE_LIMIT)[..., None, None], values, np.float32(np.nan))
    return dataset(baseline, network, issues, (values, last, age))


def _at_station(baseline: Baseline, table: xr.DataArray, row: int, steps: np.ndarray) -> np.ndarray:
    """Return values (n, lead, quantile) forecast at some steps of the table."""
    seen = lags.lay_out(table, baseline.bends, row)
    gauge = Gauge(table, baseline.bends, row, seen)
    start = anchors(table.sel(channel="own").values[[row]], AGE_LIMIT).value[0, steps]
    made = np.full((steps.size, len(baseline.leads), len(QUANTILES)), np.nan)
    for number, lead in enumerate(baseline.leads):
        if (row, lead) in baseline.cells:
            cell = baseline.cells[row, lead]
            made[:, number] = cell.predict(start, gauge.features(lead, steps))
    return np.asarray(np.maximum(made, baseline.bends.floor[row]))


class Named(Protocol):
    """A fitted model, as `dataset` wants to know it."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def leads(self) -> tuple[int, ...]:
        """Steps ahead."""


def dataset(
    baseline: Named,
    network: Network,
    issues: np.ndarray,
    made: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> xr.Dataset:
    """Return `data.schema.forecast` of some issue times.

    Args:
        made: values (issue, station, lead, quantile), last observed value (issue, station) and
            its age [steps].
    """
    values, last, age = made
    dims = ("issue_time", "station", "lead_time", "quantile")
    leads = (np.array(baseline.leads) * network.step).astype("timedelta64[ns]")
    read = issues[:, None] - (age * network.step).astype("timedelta64[ns]")
    unit = {"units": network.quantity.unit}
    return xr.Dataset(
        {
            network.quantity.value: (dims, values, unit),
            "last_observed": (dims[:2], last.astype("float32"), unit),
            "last_observed_time": (dims[:2], np.where(np.isnan(last), np.datetime64("NaT"), read)),
            "reason": (dims[:2], _reasons(values, last, age, network)),
        },
        coords={
            "issue_time": issues,
            "station": network.ids,
            "lead_time": leads,
            "quantile": list(QUANTILES),
            "valid_time": (("issue_time", "lead_time"), issues[:, None] + leads),
        },
        attrs={
            "model": baseline.name,
            "network": network.name,
            "quantity": network.quantity.value,
        },
    )


def _reasons(values: np.ndarray, last: np.ndarray, age: np.ndarray, network: Network) -> np.ndarray:
    """Return (issue_time, station) sentences: why there is no forecast; "" where there is one."""
    silent = reasons(age, np.isfinite(last), AGE_LIMIT, network.step)
    unlearnt = np.isnan(values).all(axis=(2, 3)) & (age <= AGE_LIMIT)
    return np.where(unlearnt, TOO_SHORT, silent)
