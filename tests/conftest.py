"""Settings of Prefect that must stand before it is imported: nothing outside the test folder."""

import os
import tempfile

os.environ["PREFECT_HOME"] = tempfile.mkdtemp(prefix="mulgil-prefect-")
os.environ["DO_NOT_TRACK"] = "1"
os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
os.environ["MPLBACKEND"] = "Agg"

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from data.network import Network
from data.schema import QUANTILES
from data.sources import simulated
from forecast.outlook import assess
from maps.view import View

ISSUE = np.datetime64("2020-07-01T00:00", "ns")
PEAKS = {"S1": 5.5, "S2": 3.5, "S3": 2.5, "S4": 1.0, "S5": np.nan}  # severe .. normal, unknown
SPREAD = np.array([-0.8, -0.6, -0.3, -0.1, 0.0, 0.1, 0.3, 0.6, 0.8])  # [m], by quantile


def rising(river: Network) -> xr.Dataset:
    """Return a forecast that rises from 1 m to each station's peak in a straight line."""
    share = np.arange(1, river.horizon + 1) / river.horizon
    peaks = np.array([PEAKS[station] for station in river.ids])
    median = 1.0 + share * (peaks[:, None] - 1.0)  # (station, lead)
    values = median[None, ..., None] + share[:, None] * SPREAD
    dims = ("issue_time", "station", "lead_time", "quantile")
    unknown = np.isnan(peaks)
    read = np.where(unknown, ISSUE - np.timedelta64(9, "h"), ISSUE)
    reason = "마지막 관측이 9시간 전입니다. The last reading is 9 h old."
    return xr.Dataset(
        {
            "water_level": (dims, values, {"units": "m"}),
            "last_observed": (dims[:2], np.ones((1, len(peaks)))),
            "last_observed_time": (dims[:2], read[None]),
            "reason": (dims[:2], np.where(unknown, reason, "")[None]),
        },
        coords={
            "issue_time": [ISSUE],
            "station": river.ids,
            "lead_time": river.lead_times,
            "quantile": list(QUANTILES),
            "valid_time": (("issue_time", "lead_time"), (ISSUE + river.lead_times)[None]),
        },
    )


@pytest.fixture
def make_view() -> Callable[[Network], View]:
    """Return a maker of views: gauges from severe to normal, and one that fell silent."""

    def make(river: Network) -> View:
        forecast = rising(river)
        return View(
            network=river,
            observations=simulated.observe(river, hours=48, start="2020-06-29T01:00"),
            forecast=forecast,
            outlooks=assess(forecast.isel(issue_time=0), river),
            earlier=None,
            outcome=None,
            scores=None,
            manifest={"run_id": "run-1", "model": "abc", "inputs": {"last_value": {}}},
            replay=False,
        )

    return make


def _scores(river: Network) -> xr.Dataset:
    """Return scores as `forecast.verify.compare` gives them, falling with the lead."""
    dims, leads = ("model", "station", "lead_time"), river.lead_times[[0, 2, 5, 11, 23]]
    shape = (2, len(river.ids), leads.size)
    falling = np.broadcast_to(np.array([0.9, 0.8, 0.6, 0.25, -0.1]), shape)
    names = ("persistence_skill", "nse", "kge", "rmse", "crps", "coverage90", "n")
    plain = dict.fromkeys(names, (dims, falling))
    counted = {
        name: ((*dims, "stage"), np.full((*shape, 4), number))
        for name, number in (("hits", 12.0), ("misses", 3.0), ("false_alarms", 5.0))
    }
    stages = ["attention", "watch", "warning", "severe"]
    return xr.Dataset(
        plain | {f"{name}_flood": variable for name, variable in plain.items()} | counted,
        coords={
            "model": ["lstm", "persistence"],
            "station": river.ids,
            "lead_time": leads,
            "stage": stages,
        },
        attrs={"scored": "2020-01-01T00:00Z to 2020-12-31T23:00Z, 8784 issue times"},
    )


@pytest.fixture
def make_full_view(make_view: Callable[[Network], View]) -> Callable[[Network], View]:
    """Return a maker of views with earlier forecasts, outcome, scores and inputs: a replay."""

    def make(river: Network) -> View:
        view = make_view(river)
        shift = np.timedelta64(6, "h")
        valid = (("issue_time", "lead_time"), view.forecast.valid_time.values - shift)
        times = {"issue_time": view.forecast.issue_time.values - shift, "valid_time": valid}
        earlier = view.forecast.assign_coords(times)
        last = dict.fromkeys(("water_level", "rainfall"), "2020-07-01T00:00Z")
        inputs = {"last_value": {s: last | {"tide": None} for s in river.ids}}
        return replace(
            view,
            earlier=earlier,
            outcome=simulated.observe(river, hours=24, start="2020-07-01T01:00"),
            scores=_scores(river),
            manifest=view.manifest | {"inputs": inputs, "warnings": ["in-sample: 2020"]},
            replay=True,
        )

    return make
