"""What is told of the hours to come, as features: releases less the one now, and sums of rain."""

from collections.abc import Mapping

import numpy as np
import xarray as xr

from data.network import Network
from forecast.lags import Bends
from forecast.plan import PLANNED
from forecast.scaling import bent_by

Known = tuple[str, ...]
KNOWN: tuple[Known, ...] = (("dam_release", "rainfall"), ("dam_release",), ("rainfall",))
SUMS = (1, 3, 6, 12, 18, 24, 48, 72)  # steps ahead, of rain


def ahead(plan: xr.Dataset, name: str, network: Network, issues: np.ndarray) -> np.ndarray:
    """Return what is planned after each issue time, (station, issue, step ahead)."""
    shape = (len(network.ids), issues.size, network.horizon)
    if name not in plan:
        return np.full(shape, np.nan)
    wanted = issues[:, None] + network.lead_times
    there = plan[name].sel(station=network.ids).transpose("station", "time")
    found = there.reindex(time=np.unique(wanted)).sel(time=wanted.ravel())
    return np.asarray(found, dtype="float64").reshape(shape)


def came(values: np.ndarray, horizon: int) -> np.ndarray:
    """Return what came 1 .. horizon steps after each time, (time, step ahead)."""
    padded = np.concatenate([values, np.full(horizon, np.nan)])
    steps = np.arange(values.size)[:, None] + np.arange(1, horizon + 1)
    return np.asarray(padded[steps], dtype="float64")


def covered(future: Mapping[str, np.ndarray], known: Known, lead: int) -> np.ndarray:
    """Say for which cases (n,) all of these variables are told for every step up to a lead."""
    told = [np.isfinite(future[name][:, :lead]).all(axis=1) for name in known]
    return np.asarray(np.logical_and.reduce(told))


def told(
    future: Mapping[str, np.ndarray], now: np.ndarray, bends: Bends, place: tuple[int, int]
) -> dict[str, np.ndarray]:
    """Return what each variable of a future tells up to a lead, float32 (n, feature).

    Args:
        future: By variable (n, step ahead), in the units of `data.schema.FORCINGS`.
        now: (n, variable) the values of `PLANNED` at the issue time.
        place: Number of the station, and the lead [steps].
    """
    row, lead = place
    made = {}
    for number, name in enumerate(PLANNED):
        if name in bends.channels:
            bend = np.array(bends.bend[row, bends.channels.index(name)])
            values = future[name][:, :lead]
            if name == "rainfall":
                fallen = np.cumsum(values, axis=1)
                ends = sorted({lead, *(step for step in SUMS if step < lead)})
                made[name] = bent_by(fallen[:, np.array(ends) - 1], bend)
            else:
                made[name] = _releases(values, now[:, number, None], bend)
    return {name: each.astype("float32") for name, each in made.items()}


def _releases(planned: np.ndarray, now: np.ndarray, bend: np.ndarray) -> np.ndarray:
    """Return planned releases less the one now, bent and as they are.

    Bent alone they hardly grow in a flood above all earlier ones: with both, the high water of the
    largest flood of the Han's training years (2013), left out, is told with a quarter less error
    6 h ahead.
    """
    bent = bent_by(planned, bend) - bent_by(now, bend)
    return np.concatenate([bent, (planned - now) / bend], axis=1)


def joined(seen: np.ndarray, parts: Mapping[str, np.ndarray], known: Known) -> np.ndarray:
    """Return the features of what is seen and of what is known to come, (n, feature)."""
    return np.concatenate([seen, *(parts[name] for name in known)], axis=1)
