"""What there is to learn at one gauge from futures that came, and from futures told wrongly."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from data.network import Network
from forecast import companion, futures
from forecast.futures import Known
from forecast.lags import Bends
from forecast.plan import PLANNED
from forecast.plan_cells import Cases
from forecast.plan_errors import spoilt
from forecast.rhythms import Place

HOUR = np.timedelta64(1, "h")
_SEED = 0
_AGAIN = 1  # the seed of the errors that are judged, which no one has learnt


@dataclass(frozen=True)
class Lessons:
    """The record of one gauge.

    Attributes:
        seen: (time, feature) what is known at each time.
        now: (time, variable) the values of `PLANNED`.
        true: By variable (time, step ahead), what came.
        false: The same with errors, to learn from; `judged` with other errors, to judge by.
        train, later: (time, lead) bent changes of the training and of the validation years.
    """

    place: Place
    bends: Bends
    seen: np.ndarray
    now: np.ndarray
    true: Mapping[str, np.ndarray]
    false: Mapping[str, np.ndarray]
    judged: Mapping[str, np.ndarray]
    train: np.ndarray
    later: np.ndarray

    def features(
        self, future: Mapping[str, np.ndarray], rows: np.ndarray, lead: int, known: Known
    ) -> np.ndarray:
        """Return the features (n, feature) of some times, given one of the futures."""
        here = {name: values[rows] for name, values in future.items()}
        parts = futures.told(here, self.now[rows], self.bends, (self.place.row, lead))
        return futures.joined(self.seen[rows], parts, known)

    def rows(self, changes: np.ndarray, lead: int, known: Known) -> np.ndarray:
        """Return the times whose change and whose future up to a lead are known."""
        there = futures.covered(self.true, known, lead) & futures.covered(self.false, known, lead)
        return np.flatnonzero(there & np.isfinite(changes[:, lead - 1]))

    def cases(self, lead: int, known: Known) -> Cases:
        """Return cases of the training years: half with the true future, half with a wrong one."""
        rows = companion.thinned(self.rows(self.train, lead, known))
        halves = ((self.true, rows[::2]), (self.false, rows[1::2]))
        x = [self.features(future, half, lead, known) for future, half in halves]
        y = [self.train[half, lead - 1] for _, half in halves]
        return np.concatenate(x), np.concatenate(y)

    def check(self, lead: int, known: Known) -> Cases:
        """Return cases of the validation years with the true future."""
        rows = self.rows(self.later, lead, known)
        return self.features(self.true, rows, lead, known), self.later[rows, lead - 1]


def of_gauge(table: xr.DataArray, bends: Bends, place: Place, network: Network) -> Lessons:
    """Lay out the lessons of one gauge.

    Args:
        table: `forecast.inputs.channels` of the training and validation years.
    """
    start, own = companion.starts(table, bends, place.row)
    train, later = (
        companion.changes_of(own, start, companion.inside_of(table, years), network.horizon)
        for years in (network.split.train, network.split.validate)
    )
    seen = companion.features(table, bends, place)
    now = table.sel(channel=list(PLANNED)).values[place.row].astype("float64")
    true = {name: futures.came(now[:, k], network.horizon) for k, name in enumerate(PLANNED)}
    hours = float(network.step / HOUR)
    false, judged = (spoilt(true, np.random.default_rng(seed), hours) for seed in (_SEED, _AGAIN))
    return Lessons(place, bends, seen, now, true, false, judged, train, later)
