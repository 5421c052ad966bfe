"""The curves of all gauges as plain arrays, taken out of a view once; and those of one gauge."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import xarray as xr

from data.stations import Quantity, Station
from maps.view import View
from maps.words import QUANTILE_COLUMNS

BEFORE = 2  # horizons of the past that are shown; the forecast gets a third of the width
MINUTE = np.timedelta64(1, "m")


@dataclass(frozen=True)
class Course:
    """What is drawn of one gauge, in the unit of the network; NaN is missing.

    Attributes:
        past: Times of `observed`, the last one the issue time.
        after: Times of `outcome`, what was read after the issue; empty but in a replay.
        ahead: Valid times of the forecast.
        levels: Of the quantiles.
        quantiles: (quantile, lead).
        issued: Valid times of the last forecasts, (issue, lead); `earlier` their medians.
    """

    station: Station
    quantity: Quantity
    zone: ZoneInfo
    issue: np.datetime64
    past: np.ndarray
    observed: np.ndarray
    after: np.ndarray
    outcome: np.ndarray
    ahead: np.ndarray
    levels: tuple[float, ...]
    quantiles: np.ndarray
    issued: np.ndarray
    earlier: np.ndarray

    def quantile(self, level: float) -> np.ndarray:
        """Return one quantile by lead."""
        return np.asarray(self.quantiles[self.levels.index(level)])


@dataclass(frozen=True)
class Curves:
    """The curves of all gauges: as in `Course`, but with the gauge as the first dimension."""

    view: View
    past: np.ndarray
    observed: np.ndarray
    after: np.ndarray
    outcome: np.ndarray
    quantiles: np.ndarray
    issued: np.ndarray
    earlier: np.ndarray

    @property
    def issue(self) -> np.datetime64:
        """The issue time."""
        issue: np.datetime64 = self.view.forecast.issue_time.values[0]
        return issue

    def of(self, n: int) -> Course:
        """Return the curves of gauge n in the order of the network."""
        network = self.view.network
        return Course(
            station=network.stations[n],
            quantity=network.quantity,
            zone=self.view.zone,
            issue=self.issue,
            past=self.past,
            observed=self.observed[n],
            after=self.after,
            outcome=self.outcome[n],
            ahead=self.issue + network.lead_times,
            levels=tuple(QUANTILE_COLUMNS),
            quantiles=self.quantiles[n],
            issued=self.issued,
            earlier=self.earlier[n],
        )


def gather(view: View) -> Curves:
    """Return the curves of all gauges of a view."""
    past, after = _past(view), _after(view)
    return Curves(
        view=view,
        past=past,
        observed=_read(view, view.observations, past),
        after=after,
        outcome=_read(view, view.outcome, after),
        quantiles=_quantiles(view),
        issued=_issues(view)[:, None] + view.network.lead_times,
        earlier=_earlier(view),
    )


def _past(view: View) -> np.ndarray:
    """Return the times of the readings that are shown, up to the issue time."""
    issue, step = view.forecast.issue_time.values[0], view.network.step
    first = view.observations.time.values[:1]
    begun = max([issue - BEFORE * view.network.horizon * step, *first])
    count = max(int((issue - begun) / step), 0) + 1
    return np.asarray(issue - np.arange(count)[::-1] * step)


def _after(view: View) -> np.ndarray:
    """Return the times after the issue that a replay shows; none where there is no outcome."""
    leads = view.network.lead_times[: 0 if view.outcome is None else None]
    return np.asarray(view.forecast.issue_time.values[0] + leads)


def _read(view: View, known: xr.Dataset | None, times: np.ndarray) -> np.ndarray:
    """Return readings, (gauge, time)."""
    if known is None:
        return np.empty((len(view.network.stations), 0))
    own = known[view.network.quantity.value].reindex(station=view.network.ids, time=times)
    return np.asarray(own.transpose("station", "time").values)


def _quantiles(view: View) -> np.ndarray:
    """Return the forecast, (gauge, quantile, lead)."""
    issued = view.forecast[view.network.quantity.value].isel(issue_time=0)
    return _on_grid(view, issued.sel(quantile=list(QUANTILE_COLUMNS)), "quantile")


def _issues(view: View) -> np.ndarray:
    """Return when the last forecasts were issued."""
    found = view.forecast.issue_time.values[:0]
    return np.asarray(found if view.earlier is None else view.earlier.issue_time.values)


def _earlier(view: View) -> np.ndarray:
    """Return the medians of the last forecasts, (gauge, issue, lead)."""
    if view.earlier is None:
        return np.empty((len(view.network.stations), 0, view.network.horizon))
    medians = view.earlier[view.network.quantity.value].sel(quantile=0.5)
    return _on_grid(view, medians, "issue_time")


def _on_grid(view: View, values: xr.DataArray, dim: str) -> np.ndarray:
    own = values.reindex(station=view.network.ids, lead_time=view.network.lead_times)
    return np.asarray(own.transpose("station", dim, "lead_time").values)
