"""One baseline at one gauge and one lead: the change that it tells, and how far it errs.

Around the point lie the quantiles of the errors that it made on the validation years, which no
point was fitted on (the penalty of the ridge and the number of trees were chosen there).
Persistence has nothing to fit and takes its past changes on the training years.

Discharge is skewed: the change is learnt in m3/s or in asinh(q / bend), whichever has the lower
squared error, in m3/s, on the validation years. Persistence always takes the latter, since its
quantiles would not depend on the flow otherwise.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import xarray as xr

from data.network import Years
from data.schema import QUANTILES
from forecast import boosting, ridge
from forecast.lags import Bends, analogues
from forecast.scaling import BEYOND, bent_by, straightened
from forecast.windows import anchors

NAMES = ("persistence", "ridge", "lightgbm")
AGE_LIMIT = 6  # steps: the oldest reading that a forecast may start from, as for the LSTM


class Learner(Protocol):
    """Something that tells a change from features."""

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Return changes (n,) from features (n, feature)."""


@dataclass(frozen=True)
class Cell:
    """One baseline at one gauge and lead.

    Attributes:
        learner: None forecasts no change.
        bend: The change is one of asinh(value / bend); inf: of the value itself.
        errors: (quantile,) added to the forecast change; 0 at the median, ascending.
        rise: No forecast lies further above the last observed value: `scaling.BEYOND` times the
            largest rise on record.
    """

    learner: Learner | None
    bend: float
    errors: np.ndarray
    rise: float

    def predict(self, start: np.ndarray, x: np.ndarray) -> np.ndarray:
        """Return values (n, quantile) from last observed values (n,) and features (n, feature)."""
        change = self.learner.predict(x) if self.learner else np.zeros(len(start))
        bend, last = np.array(self.bend), start.astype("float64")[:, None]
        ceiling = bent_by(last + self.rise, bend)
        bent = bent_by(last, bend) + change[:, None] + self.errors
        return straightened(np.minimum(bent, ceiling), bend)


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
        return np.concatenate([self.seen[steps], more[steps]], axis=1)


def fit(name: str, train: Cases, later: Cases, bend: float) -> Cell:
    """Fit one of `NAMES`.

    Args:
        train: Of the training years.
        later: Of the validation years.
        bend: Of the own value; inf for levels.
    """
    rise = BEYOND * max(0.0, float(np.max(train.truth - train.start)))
    if name == "persistence":
        return Cell(None, bend, spread(train.change(bend)), rise)
    learn = ridge.fit if name == "ridge" else boosting.fit
    tried = []
    for candidate in sorted({np.inf, bend}):
        asked = later.change(candidate)
        learner = learn(train.x, train.change(candidate), later.x, asked)
        cell = Cell(learner, candidate, spread(asked - learner.predict(later.x)), rise)
        tried.append((_squared_error(cell, later), cell))
    return min(tried, key=lambda pair: pair[0])[1]


def spread(errors: np.ndarray) -> np.ndarray:
    """Return the quantiles of errors, but 0 for the median: the point itself."""
    levels = np.array(QUANTILES)
    found = np.quantile(errors, levels)
    held = np.where(levels < 0.5, np.minimum(found, 0), np.maximum(found, 0))
    return np.where(levels == 0.5, 0.0, held)


def _squared_error(cell: Cell, later: Cases) -> float:
    median = cell.predict(later.start, later.x)[:, len(QUANTILES) // 2]
    return float(np.mean((median - later.truth) ** 2))
