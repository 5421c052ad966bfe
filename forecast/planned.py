"""Forecasts that know a plan: what a dam will release, and what rain is forecast.

Below a dam the next day is decided by what the dam will do and by the rain to come, more than by
any model. Whoever has a schedule of releases or a rain forecast hands it over as a plan
(`forecast.plan`) and gets a forecast that takes it into account, beside the one that does not.

A plan is seldom right. Half of the lessons are taught with the future as it came, half with errors
that grow with the lead (`spoilt`), so that a plan is trusted as far as plans can be.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import lightgbm
import numpy as np
import xarray as xr

from data.errors import TooLittleHistory
from data.network import Network
from data.schema import QUANTILES
from forecast import companion, lags, linear
from forecast.baselines import dataset
from forecast.cells import AGE_LIMIT, spread
from forecast.inputs import channels
from forecast.known import ascending, batches
from forecast.lags import Bends
from forecast.linear import Linear
from forecast.plan import PLANNED
from forecast.rhythms import Place
from forecast.scaling import bent_by, straightened
from forecast.windows import anchors

Report = Callable[[int, int, str], None]
SUMS = (1, 3, 6, 12, 18, 24)  # steps ahead, of rain
WRONG = {"dam_release": (0.05, 0.05), "rainfall": (0.3, 0.1)}  # of ln: at once, more per step
_SEED = 0


@dataclass(frozen=True)
class Cell:
    """What was learnt of one gauge and lead.

    Attributes:
        errors: (quantile,) around the forecast, in the validation years with their true future.
    """

    ridge: Linear
    trees: tuple[lightgbm.Booster, lightgbm.Booster]
    errors: np.ndarray

    def change(self, x: np.ndarray) -> np.ndarray:
        """Return bent changes (n,) from features (n, feature)."""
        alone, upon = (each.predict(x, num_threads=1) for each in self.trees)
        return np.asarray((alone + self.ridge.predict(x)[:, 0] + upon) / 2)


@dataclass(frozen=True)
class Planner:
    """A fitted forecaster that takes a plan.

    Attributes:
        leads: Steps ahead.
        cells: By number of station and lead.
    """

    leads: tuple[int, ...]
    bends: Bends
    places: tuple[Place, ...]
    cells: dict[tuple[int, int], Cell]
    name: str = "planned"


def fit(
    network: Network, observations: xr.Dataset, leads: Sequence[int], report: Report
) -> Planner:
    """Learn from the training years what follows from what was going to happen.

    Args:
        observations: `data.schema.observations`; nothing after the validation years is looked at.

    Raises:
        TooLittleHistory: No gauge has enough readings.
    """
    years = observations.time.dt.year.values
    past = observations.isel(time=years <= network.split.validate[1])
    table = channels(past, network)
    bends = lags.learn_bends(table, network)
    places = tuple(companion.place_of(network, table, row) for row in range(len(network.ids)))
    cells: dict[tuple[int, int], Cell] = {}
    for row, place in enumerate(places):
        report(row, len(places), f"plans at {network.ids[row]}")
        cells |= _fit_gauge(table, bends, place, network, leads)
    if not cells:
        raise TooLittleHistory(
            f"No gauge of '{network.name}' has {companion.FEWEST} readings to learn from.",
            "Pull a longer record, or move the years of training and validation.",
        )
    return Planner(tuple(leads), bends, places, cells)


def predict(
    planner: Planner,
    network: Network,
    observations: xr.Dataset,
    plan: xr.Dataset,
    issue_times: np.ndarray,
) -> xr.Dataset:
    """Forecast every gauge at every issue time, given what is going to happen.

    Of `observations` only what was known at the issue time is used, of `plan` only what lies after
    it; a value that the plan lacks is a gap.

    Args:
        plan: Some of `forecast.plan.PLANNED`, dims (station, time), in the units of
            `data.schema.FORCINGS`.

    Returns:
        `data.schema.forecast` at the leads that were fitted.
    """
    issues = ascending(observations, issue_times)
    shape = (issues.size, len(network.ids))
    values = np.full((*shape, len(planner.leads), len(QUANTILES)), np.nan, dtype="float32")
    last, age = np.full(shape, np.nan), np.zeros(shape, dtype=int)
    ahead = {name: _ahead(plan, name, network, issues) for name in PLANNED}
    for rows, known in batches(observations, issues, companion.REACH + network.step):
        table = channels(known, network)
        steps = np.searchsorted(table.time.values, issues[rows])
        read = anchors(table.sel(channel="own").values, round(companion.REACH / network.step))
        last[rows], age[rows] = read.value[:, steps].T, read.age[:, steps].T
        for row in range(shape[1]):
            future = {name: each[row, rows] for name, each in ahead.items()}
            values[rows, row] = _at_station(planner, table, row, steps, future)
    values = np.where((age <= AGE_LIMIT)[..., None, None], values, np.float32(np.nan))
    return dataset(planner, network, issues, (values, last, age))


def _ahead(plan: xr.Dataset, name: str, network: Network, issues: np.ndarray) -> np.ndarray:
    """Return what is planned after each issue time, (station, issue, step ahead)."""
    shape = (len(network.ids), issues.size, network.horizon)
    if name not in plan:
        return np.full(shape, np.nan)
    wanted = issues[:, None] + network.lead_times
    there = plan[name].sel(station=network.ids).transpose("station", "time")
    return np.asarray(there.reindex(time=np.unique(wanted)).sel(time=wanted.ravel())).reshape(shape)


def _at_station(
    planner: Planner,
    table: xr.DataArray,
    row: int,
    steps: np.ndarray,
    future: dict[str, np.ndarray],
) -> np.ndarray:
    """Return values (n, lead, quantile) at some steps of the table."""
    start, _ = companion.starts(table, planner.bends, row)
    seen = companion.features(table, planner.bends, planner.places[row])[steps]
    now = table.sel(channel=list(PLANNED)).values[row, steps].astype("float64")
    x = np.concatenate([seen, _told(future, now, planner.bends, row)], axis=1)
    made = np.full((steps.size, len(planner.leads), len(QUANTILES)), np.nan)
    for number, lead in enumerate(planner.leads):
        if (row, lead) in planner.cells:
            cell = planner.cells[row, lead]
            made[:, number] = (start[steps] + cell.change(x))[:, None] + cell.errors
    straight = straightened(made, np.array(planner.bends.bend[row, 0]))
    return np.asarray(np.maximum(straight, planner.bends.floor[row]))


def _told(future: dict[str, np.ndarray], now: np.ndarray, bends: Bends, row: int) -> np.ndarray:
    """Return what a plan tells, (n, feature): releases less the one now, and sums of rain."""
    parts = [np.empty((len(now), 0))]
    if "dam_release" in bends.channels:
        bend = np.array(bends.bend[row, bends.channels.index("dam_release")])
        parts.append(bent_by(future["dam_release"], bend) - bent_by(now[:, :1], bend))
    if "rainfall" in bends.channels:
        bend = np.array(bends.bend[row, bends.channels.index("rainfall")])
        fallen = np.cumsum(future["rainfall"], axis=1)
        sums = [fallen[:, step - 1] for step in SUMS if step <= fallen.shape[1]]
        parts.append(bent_by(np.stack(sums, axis=1), bend))
    return np.concatenate(parts, axis=1, dtype="float32")


def spoilt(future: dict[str, np.ndarray], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return a future (n, step ahead) with errors as a plan has them: a factor that drifts away.

    The ln of the factor is normal: the first number of `WRONG` is its standard deviation at once,
    the second that of what each step ahead adds.
    """
    made = {}
    for name, values in future.items():
        at_once, more = WRONG[name]
        drift = np.cumsum(rng.normal(0, more, values.shape), axis=1)
        made[name] = values * np.exp(rng.normal(0, at_once, (len(values), 1)) + drift)
    return made


def _fit_gauge(
    table: xr.DataArray, bends: Bends, place: Place, network: Network, leads: Sequence[int]
) -> dict[tuple[int, int], Cell]:
    start, own = companion.starts(table, bends, place.row)
    train, later = (
        companion.changes_of(own, start, companion.inside_of(table, years), network.horizon)
        for years in (network.split.train, network.split.validate)
    )
    seen = companion.features(table, bends, place)
    now = table.sel(channel=list(PLANNED)).values[place.row].astype("float64")
    came = {name: _came(now[:, k], network.horizon) for k, name in enumerate(PLANNED)}
    wrong = spoilt(came, np.random.default_rng(_SEED))
    true, false = (
        np.concatenate([seen, _told(each, now, bends, place.row)], axis=1) for each in (came, wrong)
    )
    cells = {}
    for lead in leads:
        learn, check = (np.flatnonzero(np.isfinite(y[:, lead - 1])) for y in (train, later))
        if min(learn.size, check.size) >= companion.FEWEST:
            cases = (
                np.concatenate([true[learn[::2]], false[learn[1::2]]]),
                np.concatenate([train[learn[::2], lead - 1], train[learn[1::2], lead - 1]]),
            )
            cells[place.row, lead] = _learn(cases, (true[check], later[check, lead - 1]))
    return cells


def _came(values: np.ndarray, horizon: int) -> np.ndarray:
    """Return what came 1 .. horizon steps after each time, (time, step ahead)."""
    padded = np.concatenate([values, np.full(horizon, np.nan)])
    ahead = np.arange(values.size)[:, None] + np.arange(1, horizon + 1)
    return np.asarray(padded[ahead])


def _learn(cases: tuple[np.ndarray, np.ndarray], later: tuple[np.ndarray, np.ndarray]) -> Cell:
    x, y = np.concatenate([cases[0], later[0]]), np.concatenate([cases[1], later[1]])
    ridge = linear.fit(cases[0], cases[1][:, None], later[0], later[1][:, None])
    first = np.arange(y.size) < cases[1].size
    changes = tuple(np.where(part, y, np.nan)[:, None] for part in (first, ~first))
    trees = companion.grow(x, ridge.predict(x)[:, 0], (changes[0], changes[1]), 1)
    cell = Cell(ridge, trees, np.zeros(len(QUANTILES)))
    return Cell(ridge, trees, spread(later[1] - cell.change(later[0])))
