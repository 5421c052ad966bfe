"""Where a time and a value lie in a hydrograph: its frame, its ticks, its lines."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from data.stations import Station
from maps.view import View

LEFT, RIGHT, TOP, BOTTOM = 56, 104, 28, 44
BEFORE = 2  # horizons of the past that are shown; the forecast gets a third of the width
STEPS = (1, 3, 6, 12, 24)  # hours between labels of time


@dataclass(frozen=True)
class Frame:
    """The picture's extent in time, value and pixels.

    Attributes:
        low: Lowest value shown, in the unit of the network; `high` the highest.
    """

    start: np.datetime64
    end: np.datetime64
    low: float
    high: float
    width: int
    height: int

    @property
    def right(self) -> int:
        """The right end of the plot; labels stand beyond it."""
        return self.width - RIGHT

    @property
    def bottom(self) -> int:
        """The lower end of the plot."""
        return self.height - BOTTOM

    def x(self, time: np.ndarray) -> np.ndarray:
        """Return horizontal positions."""
        share = (time - self.start) / (self.end - self.start)
        return np.asarray(LEFT + share * (self.right - LEFT))

    def y(self, value: np.ndarray) -> np.ndarray:
        """Return vertical positions, from the top."""
        share = (np.asarray(value, dtype=float) - self.low) / (self.high - self.low)
        return np.asarray(self.bottom - share * (self.bottom - TOP))


def fit(view: View, station: Station, size: tuple[int, int]) -> Frame:
    """Fit what was observed and forecast; the mildest threshold too, if it is near.

    Args:
        size: Width and height [px].
    """
    horizon = view.network.horizon * view.network.step
    issue = view.forecast.issue_time.values[0]
    start = max(view.observations.time.values[0], issue - BEFORE * horizon)
    seen = _seen(view, station.id, start)
    low, high = (float(seen.min()), float(seen.max())) if seen.size else (0.0, 1.0)
    reach = max(high - low, 0.1)
    limits = station.thresholds
    mildest = [limits.of(stage) for stage in limits.alerts[:1]] if limits else []
    high = max([high, *(limit for limit in mildest if limit < high + 1.5 * reach)])
    pad = 0.06 * max(high - low, 0.1)
    return Frame(start, issue + horizon, low - pad, high + pad, *size)


def _seen(view: View, station: str, start: np.datetime64) -> np.ndarray:
    """Return every value that is drawn."""
    quantity = view.network.quantity.value
    recent = view.observations.sel(time=slice(start, None))
    shown = [recent[quantity], view.forecast[quantity]]
    shown += [view.outcome[quantity]] if view.outcome is not None else []
    values = [series.sel(station=station).values.ravel() for series in shown]
    if view.earlier is not None:
        values.append(_within(view.earlier[quantity].sel(station=station, quantile=0.5), start))
    seen = np.concatenate(values)
    return np.asarray(seen[np.isfinite(seen)])


def _within(medians: xr.DataArray, start: np.datetime64) -> np.ndarray:
    return np.asarray(medians.where(medians.valid_time >= start).values.ravel())


def path(frame: Frame, time: np.ndarray, value: np.ndarray) -> str:
    """Return an SVG path with a break at each gap."""
    commands, pen = [], "M"
    for x, y in zip(frame.x(time), frame.y(value), strict=True):
        if not np.isfinite(x + y):
            pen = "M"
            continue
        commands.append(f"{pen}{x:.1f} {y:.1f}")
        pen = "L"
    return "".join(commands)


def time_ticks(view: View, frame: Frame, most: int = 7) -> list[pd.Timestamp]:
    """Return local times at whole hours, days where they suffice, at most `most` of them."""
    first, last = (
        pd.Timestamp(t).tz_localize("UTC").tz_convert(view.zone) for t in (frame.start, frame.end)
    )
    hours = pd.date_range(first.ceil("h"), last, freq="h")
    for step in STEPS:
        found = [hour for hour in hours if hour.hour % step == 0]
        if len(found) <= most:
            return found
    days = [hour for hour in hours if hour.hour == 0]
    return days[:: 1 + len(days) // most]


def utc(local: pd.Timestamp) -> np.datetime64:
    """Return a local time as we keep it: UTC, without zone."""
    return np.datetime64(local.tz_convert("UTC").tz_localize(None), "ns")


def value_ticks(low: float, high: float) -> list[float]:
    """Return three to eight round values between low and high."""
    rough = (high - low) / 5
    power = 10.0 ** np.floor(np.log10(rough))
    step = next(power * m for m in (1, 2, 5, 10) if power * m >= rough)
    first = np.ceil(low / step) * step
    return [round(float(v), 10) for v in np.arange(first, high, step)]
