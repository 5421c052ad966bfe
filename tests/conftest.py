"""Settings of Prefect that must stand before it is imported: nothing outside the test folder."""

import os
import tempfile

os.environ["PREFECT_HOME"] = tempfile.mkdtemp(prefix="mulgil-prefect-")
os.environ["DO_NOT_TRACK"] = "1"
os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
os.environ["MPLBACKEND"] = "Agg"

from collections.abc import Callable

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
