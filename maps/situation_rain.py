"""How much it has rained: sums of whole hours; an hour that is missing is never no rain."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from maps.view import View

HOUR = np.timedelta64(1, "h")
WINDOWS = (24, 12, 6, 3, 1)  # hours: the longest that the observations reach back to is told
SHORT = 3  # hours


@dataclass(frozen=True)
class Fallen:
    """The rain of some hours before the issue time.

    Attributes:
        whole: Gauges without a gap in these hours; `mean` is theirs [mm], NaN if there are none.
        most: The largest sum of what is known [mm]; NaN if nothing is known.
        at: The gauge that has it; `missing` the steps that it lacks: the sum is then at least so
            much.
    """

    hours: int
    whole: int
    mean: float
    most: float
    at: str
    missing: int


@dataclass(frozen=True)
class Rain:
    """The rain so far.

    Attributes:
        known: Gauges of which any rain is known in the longest window.
    """

    known: int
    gauges: int
    windows: tuple[Fallen, ...]


def rain(view: View) -> Rain | None:
    """Return the rain before the issue time; None where the network measures none."""
    read = view.observations
    if "rainfall" not in read or not read.sizes.get("time"):
        return None
    time, hours = read.time.values, _windows(view)
    if not hours:
        return None
    since = view.issue_time - hours[0] * HOUR
    at = np.flatnonzero((time > since) & (time <= view.issue_time))
    fell = read.rainfall.isel(time=at).transpose("station", "time").values
    rows = read.indexes["station"].get_indexer(pd.Index(view.network.ids))
    last = np.where((rows >= 0)[:, None], fell[rows], np.nan) if fell.size else fell
    windows = tuple(_fallen(view, last[:, time[at] > view.issue_time - h * HOUR], h) for h in hours)
    known = int(np.isfinite(last).any(axis=1).sum())
    return Rain(known, len(rows), windows)


def _windows(view: View) -> list[int]:
    """Return the hours that are told, the longest first."""
    reach = (view.issue_time - view.observations.time.values[0] + view.network.step) / HOUR
    step = view.network.step / HOUR
    fit = [hours for hours in WINDOWS if step <= hours <= reach]
    return sorted({*fit[:1], *(hours for hours in fit if hours == SHORT)}, reverse=True)


def _fallen(view: View, fell: np.ndarray, hours: int) -> Fallen:
    """Return what is told of the rain, dims (gauge of the network, step) [mm]."""
    steps = round(hours * HOUR / view.network.step)
    known = np.isfinite(fell)
    lacking = steps - known.sum(axis=1)
    sums = np.where(known, fell, 0.0).sum(axis=1)
    whole = lacking == 0
    mean = float(sums[whole].mean()) if whole.any() else np.nan
    some = np.flatnonzero(known.any(axis=1))
    if not some.size:
        return Fallen(hours, 0, np.nan, np.nan, "", steps)
    most = int(some[np.argmax(sums[some])])
    station = view.network.ids[most]
    count = int(whole.sum())
    return Fallen(hours, count, mean, float(sums[most]), station, int(lacking[most]))
