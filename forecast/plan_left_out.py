"""How far forecasts with a plan err in years that taught them nothing; see `forecast.left_out`.

The ridge is fitted again without each training year in turn, and errs there with plans that are as
wrong as plans are; so it errs in the validation years.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from data.network import Network
from forecast import companion, linear, plan_lessons
from forecast.futures import Known
from forecast.plan import PLANNED
from forecast.plan_cells import Cell
from forecast.plan_lessons import Lessons
from forecast.planned import Planner

_PENALTY = 100.0


@dataclass(frozen=True)
class Judged:
    """What is known of a planner's honesty.

    Attributes:
        errors: By set of known variables (station, time, lead), truth less ridge, bent.
        future: By variable (station, issue, step ahead), futures with errors that none has learnt,
            at the times of the validation years.
    """

    errors: dict[Known, np.ndarray]
    future: dict[str, np.ndarray]


def judge(planner: Planner, network: Network, table: xr.DataArray) -> Judged:
    """Return errors of every gauge and lead, and the futures that they were made with.

    Args:
        table: `forecast.inputs.channels` of the training and validation years.
    """
    later = companion.inside_of(table, network.split.validate)
    shape = (len(planner.places), table.sizes["time"], len(planner.leads))
    errors = {known: np.full(shape, np.nan) for *_, known in planner.cells}
    futures: dict[str, list[np.ndarray]] = {name: [] for name in PLANNED}
    for place in planner.places:
        lessons = plan_lessons.of_gauge(table, planner.bends, place, network)
        for name, told in futures.items():
            told.append(lessons.judged[name][later])
        for (row, lead, known), cell in planner.cells.items():
            if row == place.row:
                column = planner.leads.index(lead)
                errors[known][row, :, column] = _errors(lessons, cell, lead, known, table)
    return Judged(errors, {name: np.stack(told) for name, told in futures.items()})


def _errors(
    lessons: Lessons, cell: Cell, lead: int, known: Known, table: xr.DataArray
) -> np.ndarray:
    """Return (time,) errors of one cell's ridge, NaN where there is nothing to judge."""
    errors = np.full(len(lessons.seen), np.nan)
    later = lessons.rows(lessons.later, lead, known)
    told = cell.ridge.predict(lessons.features(lessons.judged, later, lead, known))[:, 0]
    errors[later] = lessons.later[later, lead - 1] - told
    rows = companion.thinned(lessons.rows(lessons.train, lead, known))
    x, y = lessons.cases(lead, known)
    learnt = np.concatenate([rows[::2], rows[1::2]])  # in the order of the cases
    design = linear.design(cell.ridge, x)
    judged = linear.design(cell.ridge, lessons.features(lessons.judged, rows, lead, known))
    truth, year = lessons.train[rows, lead - 1], table.time.dt.year.values
    gram, moment = design.T @ design, design.T @ y
    for out in np.unique(year[rows]):
        here = year[learnt] == out
        less = gram - design[here].T @ design[here], moment - design[here].T @ y[here]
        there = year[rows] == out
        errors[rows[there]] = truth[there] - judged[there] @ _solve(*less)
    return errors


def _solve(gram: np.ndarray, moment: np.ndarray) -> np.ndarray:
    punished = np.full(len(gram), _PENALTY)
    punished[-1] = 1e-6  # not the intercept
    return np.linalg.solve(gram + np.diag(punished), moment)
