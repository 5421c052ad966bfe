"""What the site's bench draws: simulated gauges of Korea, floods and forecasts made up by a seed.

No model is run and no river is simulated: the bench is of the site alone. The same flood goes on
from one cycle to the next, so that stages rise and fall as they would.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import xarray as xr

from data.network import Network
from data.schema import QUANTILES, Flag
from data.sources import simulated_korea
from forecast.outlook import assess
from maps.view import View

SEED: Final = 11
PAST = 120  # steps before the issue time, as many as `flows.publishing` shows
EARLIER = 6
SILENT = 0.03  # share of gauges that fell silent nine hours ago: UNKNOWN
HOUR = np.timedelta64(1, "h")
ABOUT = (
    "Stations of simulated-korea-N; levels are a bell of seeded height and time at each gauge, "
    f"3 % of gauges silent, {EARLIER} earlier forecasts, scores of two models. No model was run."
)
_SPREAD = np.array([-1.64, -1.28, -0.67, -0.25, 0.0, 0.25, 0.67, 1.28, 1.64])  # of a normal law


@dataclass(frozen=True)
class Flood:
    """One flood at all gauges of a network.

    Attributes:
        start: When hour 0 is.
        quiet, height: Level before it, and how far it rises [m], by station.
        peak: Hour of the peak, by station.
        silent: Which gauges report nothing.
    """

    network: Network
    start: np.datetime64
    quiet: np.ndarray
    height: np.ndarray
    peak: np.ndarray
    silent: np.ndarray

    def level(self, times: np.ndarray) -> np.ndarray:
        """Return levels [m], dims (station, time)."""
        hour = (times - self.start) / HOUR
        bell = np.exp(-(((hour - self.peak[:, None]) / 8.0) ** 2))
        return np.asarray(self.quiet[:, None] + self.height[:, None] * bell)


def flood(gauges: int, start: np.datetime64) -> Flood:
    """Return a flood: most gauges stay quiet, a few per cent reach the highest stage."""
    river = replace(simulated_korea.network(f"{simulated_korea.NAME}-{gauges}"), live=True)
    rng = np.random.default_rng(SEED)
    marks = [s.thresholds.attention if s.thresholds else 2.0 for s in river.stations]
    return Flood(
        network=river,
        start=start,
        quiet=np.array(marks) - 1.0,
        height=np.clip(rng.exponential(1.0, gauges) - 0.4, 0.0, 6.0),
        peak=rng.uniform(2, river.horizon, gauges),
        silent=rng.uniform(size=gauges) < SILENT,
    )


def view(rising: Flood, issue: np.datetime64, run_id: str) -> View:
    """Return what the pages show at one issue time."""
    river = rising.network
    issued = forecast(rising, issue)
    earlier = [forecast(rising, issue - back * HOUR) for back in range(EARLIER, 0, -1)]
    return View(
        network=river,
        observations=observed(rising, issue),
        forecast=issued,
        outlooks=assess(issued.isel(issue_time=0), river),
        earlier=xr.concat(earlier, "issue_time"),
        outcome=None,
        scores=scores(river),
        manifest={"run_id": run_id, "model": "bench", "inputs": {"last_value": {}}},
        replay=False,
    )


def forecast(rising: Flood, issue: np.datetime64) -> xr.Dataset:
    """Return a forecast as `data.schema.forecast` wants it: the flood, and some noise."""
    river, dims = rising.network, ("issue_time", "station", "lead_time", "quantile")
    valid = issue + river.lead_times
    wide = 0.05 + 0.5 * np.arange(1, river.horizon + 1) / river.horizon  # [m]
    off = _noise(issue).normal(0, 0.03, (len(river.ids), river.horizon))
    values = (rising.level(valid) + off)[..., None] + wide[:, None] * _SPREAD
    values[rising.silent] = np.nan
    reason = "마지막 관측이 9시간 전입니다. The last reading is 9 h old."
    read = np.where(rising.silent, issue - 9 * HOUR, issue)
    return xr.Dataset(
        {
            river.quantity.value: (dims, values[None].astype("f4"), {"units": "m"}),
            "last_observed": (dims[:2], rising.level(np.array([issue])).T),
            "last_observed_time": (dims[:2], read[None].astype("datetime64[ns]")),
            "reason": (dims[:2], np.where(rising.silent, reason, "")[None]),
        },
        coords={
            "issue_time": [issue],
            "station": river.ids,
            "lead_time": river.lead_times,
            "quantile": list(QUANTILES),
            "valid_time": (("issue_time", "lead_time"), valid[None]),
        },
    )


def observed(rising: Flood, issue: np.datetime64) -> xr.Dataset:
    """Return what the gauges reported before the issue time: level and rain, with flags."""
    river, dims = rising.network, ("station", "time")
    time = issue - np.arange(PAST - 1, -1, -1) * river.step
    level = rising.level(time)
    level[rising.silent, -9:] = np.nan
    rain = np.maximum(np.random.default_rng(SEED).normal(-1, 1.5, level.shape), 0)
    good = np.full(level.shape, int(Flag.GOOD), "i1")
    flag = np.where(np.isnan(level), np.int8(Flag.NOT_REPORTED), good)
    name = river.quantity.value
    return xr.Dataset(
        {
            name: (dims, level.astype("f4"), {"units": "m"}),
            f"{name}_flag": (dims, flag),
            "rainfall": (dims, rain.astype("f4"), {"units": "mm"}),
            "rainfall_flag": (dims, good),
        },
        coords={"station": river.ids, "time": time},
        attrs={"network": river.name},
    )


def scores(river: Network) -> xr.Dataset:
    """Return scores in the shape of `forecast.verify.compare`: every gauge the same, falling."""
    dims, leads = ("model", "station", "lead_time"), river.lead_times[[0, 2, 5, 11, 23]]
    falling = np.broadcast_to(np.array([0.9, 0.8, 0.6, 0.4, 0.2]), (2, len(river.ids), 5))
    names = ("persistence_skill", "nse", "kge", "rmse", "crps", "coverage90", "n")
    plain = dict.fromkeys(names, (dims, falling))
    counted = {
        name: ((*dims, "stage"), np.full((*falling.shape, 4), number))
        for name, number in (("hits", 12.0), ("misses", 3.0), ("false_alarms", 5.0))
    }
    return xr.Dataset(
        plain | {f"{name}_flood": variable for name, variable in plain.items()} | counted,
        coords={
            "model": ["lstm", "persistence"],
            "station": river.ids,
            "lead_time": leads,
            "stage": ["attention", "watch", "warning", "severe"],
        },
        attrs={"scored": "made up for a bench"},
    )


def _noise(issue: np.datetime64) -> np.random.Generator:
    return np.random.default_rng([SEED, int(issue.astype("datetime64[m]").astype(int))])
