"""Settings of Prefect that must stand before it is imported: nothing outside the test folder."""

import os
import tempfile

os.environ["PREFECT_HOME"] = tempfile.mkdtemp(prefix="mulgil-prefect-")
os.environ["DO_NOT_TRACK"] = "1"
os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
os.environ["MPLBACKEND"] = "Agg"

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import ThreadingHTTPServer
from itertools import product
from typing import TypeVar

import geopandas as gpd
import numpy as np
import pytest
import shapely
import xarray as xr

from data.network import Network
from data.schema import QUANTILES
from data.sources import simulated
from forecast.climate.atlas import BASELINES, LEVELS, PERIODS, Atlas, Facts
from forecast.climate.atlas import QUANTILES as ENDS
from forecast.climate.catalogue import layer
from forecast.outlook import assess
from maps.view import View

S = TypeVar("S", bound=ThreadingHTTPServer)
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


SQUARES = {  # code: name_ko, name_en, parent, west edge, width; all squares stand on 36 N
    "KR": ("전국", "South Korea", "", 126.0, 4.0),
    "11": ("가도", "Ga-do", "KR", 126.0, 2.0),
    "26": ("나도", "Na-do", "KR", 128.0, 2.0),
    "11110": ("중구", "Jung-gu", "11", 126.0, 1.0),
    "11140": ("동구", "Dong-gu", "11", 127.0, 1.0),
    "26110": ("중구", "Jung-gu", "26", 128.0, 1.0),
    "26140": ("서구", "Seo-gu", "26", 129.0, 1.0),
}
SCENARIOS = ("ssp126", "ssp245", "ssp370", "ssp585")
WINDOWS = [f"{s}:{a}-{b}" for s, (a, b) in product(SCENARIOS, PERIODS)]
WINDOWS += [f"gwl:{level:g}" for level in LEVELS]
LAYERS = tuple(layer(name) for name in ("tas", "tas_JJA", "PRCPTOT", "HD33", "RL100"))
CODES = np.array([1, 1, 2, 1, 2, 3, 4])  # robustness by region
LAST = 2023


def _values() -> xr.Dataset:
    """Return levels: 10 by layer, 1 by region, 0.5 by baseline; a window adds 1, 2, 3 .."""
    row, place = np.arange(len(LAYERS)), np.arange(len(SQUARES))
    observed = 10.0 + 10 * row[:, None, None] + place[:, None] + 0.5 * np.arange(len(BASELINES))
    reason = np.zeros(observed.shape, dtype="int8")
    rise = 1.0 + np.arange(len(WINDOWS))[:, None] + np.array([-0.5, 0.0, 0.5])
    future = observed[:, :, 4, None, None] + rise
    observed[2, 4, 3] = 0.0  # no change in percent from none
    observed[:, 5, 0], reason[:, 5, 0] = np.nan, 1
    observed[:, 6, :2], reason[:, 6, :2] = np.nan, 2
    code = np.broadcast_to(CODES[:, None], (len(LAYERS), len(SQUARES), len(WINDOWS))).copy()
    code[4], code[3, 6], future[3, 6] = 5, 0, np.nan
    slope = np.where(row[:, None] < 4, 0.2 + 0.0 * place, np.nan)
    here = ("layer", "region")
    return xr.Dataset(
        {
            "observed": ((*here, "baseline"), observed.astype("f4")),
            "observed_reason": ((*here, "baseline"), reason),
            "future": ((*here, "window", "quantile"), future.astype("f4")),
            "robustness": ((*here, "window"), code.astype("i1")),
            "agree": ((*here, "window"), np.where(code > 0, 4, 0).astype("i1")),
            "members": ((*here, "window"), np.where(code > 0, 5, 0).astype("i1")),
            "trend": (here, slope),
            "trend_low": (here, slope - 0.1),
            "trend_high": (here, slope + 0.1),
        },
        coords={
            "layer": [each.id for each in LAYERS],
            "region": list(SQUARES),
            "baseline": [f"{a}-{b}" for a, b in BASELINES],
            "window": WINDOWS,
            "quantile": list(ENDS),
            "window_members": ("window", ["A, B, C, D, E"] * len(WINDOWS)),
            "window_note_ko": ("window", [""] * len(WINDOWS)),
            "window_note_en": ("window", [""] * len(WINDOWS)),
            "leave_one_out": ("layer", [0.8, 0.8, 90.0, 2.0, np.nan]),
        },
    )


def _series() -> xr.Dataset:
    """Return yearly values: observed 10 in 1990, 0.1 more each year; futures likewise."""
    years, names = np.arange(1990, 2101), ["tas", "PRCPTOT", "HD33"]
    line = np.broadcast_to(10 + 0.1 * (years - 1990), (3, len(SQUARES), len(years)))
    coming = line[:, :, None, :, None] + np.array([-1.0, 0.0, 1.0]) + np.zeros((4, 1, 1))
    later = years > LAST
    return xr.Dataset(
        {
            "observed": (("layer", "region", "year"), np.where(later, np.nan, line)),
            "future": (
                ("layer", "region", "scenario", "year", "quantile"),
                np.where(later[:, None], coming, np.nan),
            ),
        },
        coords={
            "layer": names,
            "region": list(SQUARES),
            "scenario": list(SCENARIOS),
            "year": years,
            "quantile": list(ENDS),
        },
    )


def _stations() -> xr.Dataset:
    """Return two stations: one with two gaps, one that began in 2000."""
    years, names = np.arange(1990, LAST + 1), ["tas", "PRCPTOT"]
    observed, days = np.full((2, 2, len(years)), 12.0), np.ones((2, 2, len(years)))
    observed[:, 0, 5], days[:, 0, 5] = np.nan, 0.714
    observed[:, 0, 10], days[:, 0, 10] = np.nan, 0.96
    observed[:, 1, :10], days[:, 1, :10] = np.nan, 0.0
    start = np.array(["1990-01-01", "2000-03-01"], dtype="datetime64[ns]")
    return xr.Dataset(
        {
            "observed": (("layer", "station", "year"), observed),
            "days": (("variable", "station", "year"), days),
            "normal": (("layer", "station"), np.array([[12.0, np.nan], [12.0, np.nan]])),
        },
        coords={
            "layer": names,
            "variable": ["tas", "pr"],
            "station": ["108", "90"],
            "year": years,
            "name_ko": ("station", ["서울", "속초"]),
            "name_en": ("station", ["Seoul", "Sokcho"]),
            "latitude": ("station", [37.6, 38.3]),
            "longitude": ("station", [127.0, 128.6]),
            "elevation": ("station", [86.0, 18.0]),
            "operating_start": ("station", start),
            "operating_end": ("station", np.array(["2023-12-31"] * 2, dtype="datetime64[ns]")),
        },
    )


@pytest.fixture
def make_atlas() -> Callable[[], Atlas]:
    """Return a maker of a small climate map: seven squares, five layers, every robustness."""

    def make() -> Atlas:
        rows = [
            dict(zip(("name_ko", "name_en", "parent"), s[:3], strict=True))
            for s in SQUARES.values()
        ]
        shapes = [shapely.box(west, 36, west + width, 37) for *_, west, width in SQUARES.values()]
        return Atlas(
            layers=LAYERS,
            regions=gpd.GeoDataFrame(rows, geometry=shapes, index=list(SQUARES), crs="EPSG:4326"),
            values=_values(),
            series=_series(),
            stations=_stations(),
            facts=Facts(
                source="Made-up observations",
                futures_source="Made-up futures",
                synthetic=True,
                futures_caveat_ko="합성 자료입니다.",
                futures_caveat_en="SYNTHETIC: made up.",
                method_ko="손으로 만든 값.",
                method_en="Values made by hand.",
                attribution="Squares",
                last_year=LAST,
                key="atlas-test",
            ),
        )

    return make


@pytest.fixture
def run_server() -> Iterator[Callable[[S], S]]:
    """Return what lets a loopback server run until the test ends."""
    running: list[tuple[ThreadingHTTPServer, threading.Thread]] = []

    def run(server: S) -> S:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        running.append((server, thread))
        return server

    yield run
    for server, thread in running:
        server.shutdown()
        server.server_close()
        thread.join()
