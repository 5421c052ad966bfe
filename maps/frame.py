"""Where a time and a value lie in a hydrograph: its frame, its ticks, its lines."""

from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from maps.curves import Course

LEFT, RIGHT, TOP, BOTTOM = 56, 104, 28, 44
STEPS = (1, 3, 6, 12, 24)  # hours between labels of time


@dataclass(frozen=True)
class Frame:
    """The picture's extent in time, value and pixels.

    Attributes:
        low: Lowest value shown, in the unit of the network; `high` the highest.
        beside: Space for labels to the right of the plot [px].
    """

    start: np.datetime64
    end: np.datetime64
    low: float
    high: float
    width: int
    height: int
    beside: int = RIGHT

    @property
    def right(self) -> int:
        """The right end of the plot; labels stand beyond it."""
        return self.width - self.beside

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


def fit(course: Course, size: tuple[int, int], right: int = RIGHT) -> Frame:
    """Fit what was observed and forecast; the mildest threshold too, if it is near.

    Args:
        size: Width and height [px].
        right: Space beside the plot [px].
    """
    seen, limits = _seen(course), _limits(course)
    if not seen.size:
        seen = limits if limits.size else np.array([0.0, 1.0])
    low, high = float(seen.min()), float(seen.max())
    reach = max(high - low, 0.1)
    high = max([high, *(float(limit) for limit in limits[:1] if limit < high + 1.5 * reach)])
    pad = 0.06 * max(high - low, 0.1)
    return Frame(course.past[0], course.ahead[-1], low - pad, high + pad, *size, right)


def _limits(course: Course) -> np.ndarray:
    limits = course.station.thresholds
    return np.array([limits.of(stage) for stage in limits.alerts] if limits else [])


def _seen(course: Course) -> np.ndarray:
    """Return every value that is drawn."""
    within = course.earlier[course.issued >= course.past[0]]
    shown = [course.observed, course.outcome, course.quantiles.ravel(), within]
    seen = np.concatenate(shown)
    return np.asarray(seen[np.isfinite(seen)])


def path(frame: Frame, time: np.ndarray, value: np.ndarray) -> str:
    """Return an SVG path with a break at each gap."""
    x, y = frame.x(time), frame.y(value)
    known = np.isfinite(x) & np.isfinite(y)
    points = [f"{here:.1f} {at:.1f}" for here, at in zip(x.tolist(), y.tolist(), strict=True)]
    if known.all():
        return f"M{'L'.join(points)}" if points else ""
    drawn = np.flatnonzero(known)
    begins = np.diff(drawn, prepend=-2) > 1
    pens = ["M" if begin else "L" for begin in begins.tolist()]
    return "".join([pen + points[at] for pen, at in zip(pens, drawn.tolist(), strict=True)])


@lru_cache(maxsize=64)
def time_ticks(
    zone: ZoneInfo, start: np.datetime64, end: np.datetime64, most: int = 7
) -> tuple[pd.Timestamp, ...]:
    """Return local times at whole hours, days where they suffice, at most `most` of them."""
    first, last = (pd.Timestamp(t).tz_localize("UTC").tz_convert(zone) for t in (start, end))
    hours = pd.date_range(first.ceil("h"), last, freq="h")
    for step in STEPS:
        found = hours[hours.hour % step == 0]
        if len(found) <= most:
            return tuple(found)
    days = hours[hours.hour == 0]
    return tuple(days[:: 1 + len(days) // most])


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
