"""Forecasts that know a plan: what a dam will release, and what rain is forecast.

Below a dam the next day is decided by what the dam will do and by the rain to come, more than by
any model. Whoever has a schedule of releases or a rain forecast hands it over as a plan
(`forecast.plan`) and gets a forecast that takes it into account, beside the one that does not.

A plan is seldom right. Half of the lessons are taught with the future as it came, half with errors
that grow with the lead (`forecast.plan_errors`), so that a plan is trusted as far as plans can be.
A plan is seldom whole. What is learnt of releases and rain together, of releases alone and of rain
alone is kept apart, and a lead knows no more than what is planned up to it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import xarray as xr

from data.errors import TooLittleHistory
from data.network import Network
from data.schema import QUANTILES
from forecast import companion, futures, lags, plan_lessons
from forecast.baselines import dataset
from forecast.cells import AGE_LIMIT
from forecast.futures import KNOWN, Known
from forecast.inputs import channels
from forecast.known import ascending, batches
from forecast.lags import Bends
from forecast.plan import PLANNED
from forecast.plan_cells import Cell, learn
from forecast.rhythms import Place
from forecast.scaling import straightened
from forecast.threads import side_by_side
from forecast.windows import anchors

Report = Callable[[int, int, str], None]
NOTHING = -1  # of `Told.known`


@dataclass(frozen=True)
class Planner:
    """A fitted forecaster that takes a plan.

    Attributes:
        leads: Steps ahead.
        cells: By number of station, lead, and the variables that are known.
    """

    leads: tuple[int, ...]
    bends: Bends
    places: tuple[Place, ...]
    cells: Mapping[tuple[int, int, Known], Cell]
    name: str = "planned"


@dataclass(frozen=True)
class Told:
    """What a planner tells at some issue times; first dims (issue, station).

    Attributes:
        median: (.., lead) bent; NaN where nothing is planned up to that lead.
        errors: (.., lead, quantile) around it, with a true plan.
        known: (.., lead) number of the set in `KNOWN` that was planned, or `NOTHING`.
        last: (..) last observed value; `age` its age [steps].
    """

    median: np.ndarray
    errors: np.ndarray
    known: np.ndarray
    last: np.ndarray
    age: np.ndarray


def fit(
    network: Network, observations: xr.Dataset, leads: Sequence[int], report: Report
) -> Planner:
    """Learn from the training years what follows from what was going to happen.

    Args:
        observations: `data.schema.observations`; nothing after the validation years is looked at.

    Raises:
        TooLittleHistory: No gauge has enough readings with a release or rain to come.
    """
    table = channels(before_test(observations, network), network)
    bends = lags.learn_bends(table, network)
    places = tuple(companion.place_of(network, table, row) for row in range(len(network.ids)))
    cells: dict[tuple[int, int, Known], Cell] = {}
    for row, place in enumerate(places):
        report(row, len(places), f"plans at {network.ids[row]}")
        lessons = plan_lessons.of_gauge(table, bends, place, network)
        for lead in leads:
            for known in sets_of(bends):
                rows = (lessons.rows(each, lead, known) for each in (lessons.train, lessons.later))
                if min(each.size for each in rows) >= companion.FEWEST:
                    cell = learn(lessons.cases(lead, known), lessons.check(lead, known))
                    cells[row, lead, known] = cell
    if not cells:
        raise TooLittleHistory(
            f"No gauge of '{network.name}' has {companion.FEWEST} readings to learn from, with "
            "the release or the rain that followed.",
            "Pull a longer record, or move the years of training and validation.",
        )
    return Planner(tuple(leads), bends, places, cells)


def before_test(observations: xr.Dataset, network: Network) -> xr.Dataset:
    """Return what may be learnt from: nothing after the validation years."""
    years = observations.time.dt.year.values
    return observations.isel(time=years <= network.split.validate[1])


def sets_of(bends: Bends) -> list[Known]:
    """Return the sets of variables of which a plan can be known, the largest first."""
    return [known for known in KNOWN if set(known) <= set(bends.channels)]


def predict(
    planner: Planner,
    network: Network,
    observations: xr.Dataset,
    plan: xr.Dataset,
    issue_times: np.ndarray,
) -> xr.Dataset:
    """Forecast every gauge at every issue time, given what is going to happen.

    Of `observations` only what was known at the issue time is used, of `plan` only what lies after
    it. Where up to some lead nothing is planned without a gap, there is no forecast.

    Args:
        plan: Some of `forecast.plan.PLANNED`, dims (station, time), in the units of
            `data.schema.FORCINGS`.

    Returns:
        `data.schema.forecast` at the leads that were fitted.
    """
    issues = ascending(observations, issue_times)
    future = {name: futures.ahead(plan, name, network, issues) for name in PLANNED}
    told = tell(planner, network, observations, future, issues)
    bend = planner.bends.bend[:, 0][:, None, None]
    values = straightened(told.median[..., None] + told.errors, bend)
    values = np.maximum(values, planner.bends.floor[:, None, None]).astype("float32")
    return dataset(planner, network, issues, (values, told.last, told.age))


def tell(
    planner: Planner,
    network: Network,
    observations: xr.Dataset,
    future: Mapping[str, np.ndarray],
    issues: np.ndarray,
) -> Told:
    """Tell what follows from a future.

    Args:
        future: By variable of `PLANNED`, (station, issue, step ahead).
        issues: Ascending times of the record, each once.
    """
    shape = (issues.size, len(network.ids), len(planner.leads))
    made = Told(
        np.full(shape, np.nan),
        np.zeros((*shape, len(QUANTILES))),
        np.full(shape, NOTHING),
        np.full(shape[:2], np.nan),
        np.zeros(shape[:2], dtype=int),
    )
    for rows, known in batches(observations, issues, companion.REACH + network.step):
        table = channels(known, network)
        steps = np.searchsorted(table.time.values, issues[rows])
        read = anchors(table.sel(channel="own").values, round(companion.REACH / network.step))
        made.last[rows], made.age[rows] = read.value[:, steps].T, read.age[:, steps].T
        here = [{name: each[row, rows] for name, each in future.items()} for row in range(shape[1])]
        work = partial(_of_row, planner, table, steps)
        for row, parts in enumerate(side_by_side(work, list(enumerate(here)))):
            made.median[rows, row], made.errors[rows, row], made.known[rows, row] = parts
    silent = (made.age > AGE_LIMIT)[..., None]
    made.median[np.broadcast_to(silent, shape)] = np.nan
    return made


def _of_row(
    planner: Planner,
    table: xr.DataArray,
    steps: np.ndarray,
    place: tuple[int, dict[str, np.ndarray]],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    row, future = place
    return _at_station(planner, table, row, steps, future)


def _at_station(
    planner: Planner,
    table: xr.DataArray,
    row: int,
    steps: np.ndarray,
    future: dict[str, np.ndarray],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return medians (n, lead), errors (n, lead, quantile) and sets at some steps of the table."""
    start, _ = companion.starts(table, planner.bends, row)
    seen = companion.features(table, planner.bends, planner.places[row])[steps]
    now = table.sel(channel=list(PLANNED)).values[row, steps].astype("float64")
    shape = (steps.size, len(planner.leads))
    median, used = np.full(shape, np.nan), np.full(shape, NOTHING)
    errors = np.zeros((*shape, len(QUANTILES)))
    for column, lead in enumerate(planner.leads):
        parts = futures.told(future, now, planner.bends, (row, lead))
        for number, known in enumerate(KNOWN):
            if (row, lead, known) not in planner.cells:
                continue
            free = (used[:, column] == NOTHING) & futures.covered(future, known, lead)
            if free.any():
                cell = planner.cells[row, lead, known]
                x = futures.joined(seen, parts, known)[free]
                median[free, column] = start[steps][free] + cell.change(x)
                errors[free, column], used[free, column] = cell.errors, number
    return median, errors, used
