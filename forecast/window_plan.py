"""Which windows of a record must run for some issue times, and where in them these lie.

Windows begin at fixed times: `ModelConfig.last` steps apart since 1970.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from forecast.model import ModelConfig

_EPOCH = np.datetime64("1970-01-01", "ns")


@dataclass(frozen=True)
class Plan:
    """The windows, on a table that begins where the first of them looks back to.

    Attributes:
        first: Step number (since 1970) of the first row of the table.
        start: (window,) first row of each window.
        which, here: (issue,) number of the window, and step in it.
        asked: The steps of a window that any issue lies at; none runs beyond the last of them.
    """

    first: int
    start: np.ndarray
    which: np.ndarray
    here: np.ndarray
    asked: np.ndarray

    @property
    def rows(self) -> int:
        """Rows that the table needs."""
        return int(self.start[-1] + self.asked[-1] + 1)

    @property
    def at(self) -> np.ndarray:
        """(issue,) row of the table."""
        return np.asarray(self.start[self.which] + self.here)


def plan(issues: np.ndarray, step: np.timedelta64, config: ModelConfig, back: int) -> Plan:
    """Plan the windows that hold `issues`.

    Args:
        issues: Times, ascending, with no empty window between them.
        back: Steps before a window that are looked back to.
    """
    number = step_number(issues, step)
    block = number // config.last
    here = config.window - config.last + number % config.last
    start = back + config.last * np.arange(block[-1] - block[0] + 1)
    first = (block[0] + 1) * config.last - config.window - back
    return Plan(int(first), start, block - block[0], here, np.unique(here))


def step_number(time: np.ndarray, step: np.timedelta64) -> np.ndarray:
    """Return the number of whole steps since 1970."""
    return np.asarray(((time - _EPOCH) // step).astype(int))


def padded(table: xr.DataArray, plan: Plan, step: np.timedelta64) -> xr.DataArray:
    """Return the table on the rows of the plan, NaN where it has none."""
    rows = np.arange(plan.first, plan.first + plan.rows)
    time = _EPOCH + (rows * step).astype("timedelta64[ns]")
    begin = int(np.searchsorted(table.time.values, time[0]))
    there = slice(begin, begin + len(time))
    if np.array_equal(table.time.values[there], time):
        return table.isel(time=there)  # a view, the usual case
    return table.reindex(time=time)
