"""One baseline at one gauge and one lead: the change that it tells, and how far it errs.

Around the point lie the quantiles of the errors that it made on the validation years, which no
point was fitted on (the penalty of the ridge and the number of trees were chosen there).
Persistence and tide-phase persistence have nothing to fit and take their past errors on the
training years; quantile trees tell the quantiles themselves.

Discharge is skewed. Learnt in m3/s, a flood above all earlier ones is forecast too low; learnt in
asinh(q / bend), it is overshot, and two validation years cannot tell which is worse. So it is
learnt both ways, and the point is the mean. Errors are those of the asinh: they grow with the flow.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import xarray as xr

from data.network import Years
from data.schema import QUANTILES
from forecast import boosting, quantile_trees, ridge, tidal_day
from forecast.lags import Bends, analogues
from forecast.quantile_trees import QuantileTrees
from forecast.scaling import bent_by, straightened
from forecast.windows import anchors

NAMES = ("persistence", "tide", "ridge", "lightgbm", "lightgbm_quantile")
_NONE = np.zeros(len(QUANTILES))
AGE_LIMIT = 6  # steps: the oldest reading that a forecast may start from, as for the LSTM


class Learner(Protocol):
    """Something that tells a change from features."""

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Return changes (n,) from features (n, feature)."""


@dataclass(frozen=True)
class Cell:
    """One baseline at one gauge and lead.

    Attributes:
        learners: Each with its bend: what it tells is a change of asinh(value / bend), or of the
            value itself where the bend is inf. None at all forecasts no change.
        bend: The same for the errors.
        errors: (quantile,) added to the point; 0 at the median, ascending.
        rise: The point lies no further above the last observed value: the largest on record.
    """

    learners: tuple[tuple[Learner, float], ...]
    bend: float
    errors: np.ndarray
    rise: float

    def point(self, start: np.ndarray, x: np.ndarray) -> np.ndarray:
        """Return one value each (n,), from last observed values and features (n, feature)."""
        if not self.learners:
            return start
        told = []
        for learner, bend in self.learners:
            bent = bent_by(start, np.array(bend)) + learner.predict(x)
            highest = bent_by(start + self.rise, np.array(bend))
            told.append(straightened(np.minimum(bent, highest), np.array(bend)))
        return np.asarray(np.mean(told, axis=0))

    def predict(self, start: np.ndarray, x: np.ndarray) -> np.ndarray:
        """Return values (n, quantile) from last observed values (n,) and features (n, feature)."""
        bend = np.array(self.bend)
        bent = bent_by(self.point(start.astype("float64"), x), bend)[:, None] + self.errors
        return straightened(bent, bend)


@dataclass(frozen=True)
class Cases:
    """What there is to learn from.

    Attributes:
        x: (n, feature).
        start: (n,) last observed value.
        truth: (n,) what followed.
    """

    x: np.ndarray
    start: np.ndarray
    truth: np.ndarray

    def change(self, bend: float) -> np.ndarray:
        """Return (n,) the change from start to truth, in asinh(value / bend)."""
        bends = np.array(bend)
        return np.asarray(bent_by(self.truth, bends) - bent_by(self.start, bends))


@dataclass(frozen=True)
class Gauge:
    """All that was recorded at one gauge.

    Attributes:
        table: `forecast.inputs.channels`.
        row: Number of the station in it.
        seen: `forecast.lags.lay_out`.
    """

    table: xr.DataArray
    bends: Bends
    row: int
    seen: np.ndarray

    def cases(self, lead: int, years: Years) -> Cases:
        """Cut the cases whose start and end both lie in the years."""
        own = self.table.sel(channel="own").values[self.row].astype("float64")
        year = self.table.time.dt.year.values
        inside = (year >= years[0]) & (year <= years[1])
        truth = np.full(own.size, np.nan)
        truth[:-lead] = np.where(inside, own, np.nan)[lead:]
        start = anchors(own[None], AGE_LIMIT).value[0]
        use = np.flatnonzero(inside & np.isfinite(start) & np.isfinite(truth))
        return Cases(self.features(lead, use), start[use], truth[use])

    def features(self, lead: int, steps: np.ndarray) -> np.ndarray:
        """Return the features (n, feature) of some steps of the table."""
        more = analogues(self.table, self.bends, self.row, lead)
        yesterday = tidal_day.change(self.table, self.bends, self.row, lead)
        return np.concatenate([self.seen[steps], more[steps], yesterday[steps]], axis=1)


def fit(name: str, train: Cases, later: Cases, bend: float) -> Cell | QuantileTrees:
    """Fit one of `NAMES`.

    Args:
        train: Of the training years.
        later: Of the validation years.
        bend: Of the own value; inf for levels.
    """
    rise = max(0.0, float(np.max(train.truth - train.start)))
    if name == "persistence":
        return Cell((), bend, spread(train.change(bend)), rise)
    if name == "tide":
        told = ((tidal_day.Yesterday(), bend),)
        return Cell(told, bend, _errors(Cell(told, bend, _NONE, rise), train), rise)
    if name == "lightgbm_quantile":
        return quantile_trees.fit(train.x, train.change(np.inf), later.x, later.change(np.inf))
    learn = ridge.fit if name == "ridge" else boosting.fit
    learners = tuple(
        (learn(train.x, train.change(each), later.x, later.change(each)), each)
        for each in sorted({bend, np.inf})
    )
    return Cell(learners, bend, _errors(Cell(learners, bend, _NONE, rise), later), rise)


def _errors(cell: Cell, cases: Cases) -> np.ndarray:
    """Return the quantiles of the errors that a cell's point makes."""
    told = cell.point(cases.start, cases.x)
    return spread(Cases(cases.x, told, cases.truth).change(cell.bend))


def spread(errors: np.ndarray) -> np.ndarray:
    """Return the quantiles of errors, but 0 for the median: the point itself."""
    levels = np.array(QUANTILES)
    found = np.quantile(errors, levels)
    held = np.where(levels < 0.5, np.minimum(found, 0), np.maximum(found, 0))
    return np.where(levels == 0.5, 0.0, held)
