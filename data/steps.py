"""The steps of a regular grid, and which readings fall into which."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from data.cadence import cadence
from data.errors import InvalidData

FRESH = 1 / 6  # of a step: how old a reading may be to stand for the grid time


@dataclass(frozen=True)
class Steps:
    """The steps of a grid, and the readings that fall into them.

    Attributes:
        time: Of the readings, strictly ascending, none after the last grid time.
        grid: Ends of the steps.
    """

    time: np.ndarray
    grid: np.ndarray
    step: np.timedelta64  # [ns]: whole hours would be cut to zero when divided

    @cached_property
    def bins(self) -> np.ndarray:
        """The index of the step (previous grid time, grid time] that each reading lies in."""
        return np.searchsorted(self.grid, self.time, side="left")

    @cached_property
    def fresh(self) -> np.ndarray:
        """Where a reading is new enough to stand for the grid time that follows it."""
        age: np.ndarray = self.grid[self.bins] - self.time
        return age < self.step * FRESH

    @cached_property
    def full(self) -> float:
        """How many readings a whole step has."""
        return float(self.step / cadence(self.time)) if self.time.size > 1 else 1.0


def ns(time: np.datetime64) -> np.datetime64:
    """Return a time in the precision that all of ours have."""
    precise: np.datetime64 = time.astype("datetime64[ns]")
    return precise


def last(time: np.datetime64, step: np.timedelta64) -> np.datetime64:
    """Return the grid time at or before `time`, counted from 00:00 UTC."""
    since_epoch = ns(time) - np.datetime64(0, "ns")
    return ns(ns(time) - since_epoch % step.astype("timedelta64[ns]"))


def next_(time: np.datetime64, step: np.timedelta64) -> np.datetime64:
    """Return the grid time at or after `time`, counted from 00:00 UTC."""
    before = last(time, step)
    return before if before == ns(time) else ns(before + step)


def ends(time: np.ndarray, step: np.timedelta64) -> np.ndarray:
    """Return the grid times, counted from 00:00 UTC, within the first and last of `time`.

    Raises:
        InvalidData: There is none.
    """
    midnight = np.datetime64("1970-01-01", "ns")
    first = midnight + -((midnight - time[0]) // step) * step  # the next grid time, or this one
    grid: np.ndarray = np.arange(first, time[-1] + np.timedelta64(1, "ns"), step)
    if not grid.size:
        raise InvalidData(f"No grid time of {step} lies within {time[0]} to {time[-1]}.")
    return grid
