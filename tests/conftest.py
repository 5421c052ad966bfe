"""Settings of Prefect that must stand before it is imported: nothing outside the test folder."""

import os
import tempfile

os.environ["PREFECT_HOME"] = tempfile.mkdtemp(prefix="mulgil-prefect-")
os.environ["DO_NOT_TRACK"] = "1"
os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
os.environ["MPLBACKEND"] = "Agg"

from collections.abc import Callable
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import xarray as xr

from data.network import Network
from data.schema import QUANTILES
from data.sources import simulated
from forecast.climate import catalogue
from forecast.climate.atlas import BASELINES, Atlas, Facts
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


@pytest.fixture
def make_atlas() -> Callable[..., Atlas]:
    """Return the maker of a small atlas: two provinces of two districts each, three layers."""
    return _atlas


def _atlas(synthetic: bool = True, name: str = "District 11110") -> Atlas:
    codes = ["KR", "11", "21", "11110", "11140", "21110", "21140"]
    names = ["Country", "Province 11", "Province 21", name, *(f"District {c}" for c in codes[4:])]
    boxes = [
        *(
            shapely.box(126, 37, 128, 38),
            shapely.box(126, 37, 127, 38),
            shapely.box(127, 37, 128, 38),
        ),
        *(shapely.box(126 + n / 2, 37, 126.5 + n / 2, 37.5) for n in range(4)),
    ]
    regions = gpd.GeoDataFrame(
        {
            "name_ko": names,
            "name_en": names,
            "parent": ["", "KR", "KR", "11", "11", "21", "21"],
        },
        geometry=boxes,
        index=pd.Index(codes, name="code"),
        crs="EPSG:4326",
    )
    layers = tuple(catalogue.layer(n) for n in ("tas", "PRCPTOT", "RL100"))
    caveat = "SYNTHETIC: made up." if synthetic else ""
    facts = Facts(
        source="made up for tests",
        futures_source="made up for tests",
        synthetic=synthetic,
        futures_caveat_ko=caveat.replace("SYNTHETIC", "합성"),
        futures_caveat_en=caveat,
        method_ko="방법",
        method_en="method",
        attribution="boundaries made up",
        last_year=2023,
        key="0123456789ab",
    )
    values = _climate_values([e.id for e in layers], codes)
    return Atlas(layers, regions, values, _climate_series(codes), _climate_stations(), facts)


def _climate_values(layers: list[str], codes: list[str]) -> xr.Dataset:
    """Return VALUES: 12 + 0.1 n degC, 1000 + 10 n mm; +1, +2, +3 or +10, +20, +30 %."""
    windows = [f"{s}:{p}" for s in ("ssp126", "ssp585") for p in ("2021-2040", "2081-2100")]
    windows.append("gwl:2")
    baselines = [f"{a}-{b}" for a, b in BASELINES]
    place = np.arange(len(codes))
    seen = np.stack([12 + 0.1 * place, 1000 + 10.0 * place, 300 + 5.0 * place])
    observed = np.repeat(seen[:, :, None], len(baselines), axis=2).astype("float32")
    reason = np.zeros(observed.shape, dtype="int8")
    observed[:, 3, 0], reason[:, 3, 0] = np.nan, 1
    steps = np.array([1.0, 2.0, 3.0])
    future = np.stack(
        [seen[0][:, None] + steps, *(x[:, None] * (1 + steps / 10) for x in seen[1:])]
    )
    level = np.repeat(future[:, :, None], len(windows), axis=2).astype("float32")
    code = np.ones(level.shape[:3], dtype="int8")
    code[1] = [[2], [2], [2], [1], [2], [3], [4]]
    code[2] = 5
    level[1, 4], code[1, 4] = np.nan, 0
    flat = ("layer", "region", "window")
    return xr.Dataset(
        {
            "observed": (("layer", "region", "baseline"), observed),
            "observed_reason": (("layer", "region", "baseline"), reason),
            "future": ((*flat, "quantile"), level),
            "robustness": (flat, code),
            "agree": (flat, np.full(code.shape, 4, dtype="int8")),
            "members": (flat, np.full(code.shape, 5, dtype="int8")),
            **{
                name: (("layer", "region"), np.full((3, len(codes)), value, dtype="float32"))
                for name, value in (("trend", 0.3), ("trend_low", 0.2), ("trend_high", 0.4))
            },
        },
        coords={
            "layer": layers,
            "region": codes,
            "baseline": baselines,
            "window": windows,
            "quantile": [0.1, 0.5, 0.9],
            "window_members": ("window", ["A, B, C, D, E"] * len(windows)),
            "window_note_ko": ("window", ["", "", "", "", "모델 5개"]),
            "window_note_en": ("window", ["", "", "", "", "5 models"]),
            "leave_one_out": ("layer", [0.8, 100.0, np.nan]),
        },
    )


def _climate_series(codes: list[str]) -> xr.Dataset:
    years = np.arange(1990, 2031)
    observed = np.where(years <= 2023, 12 + 0.03 * (years - 1990), np.nan)
    observed[5] = np.nan
    both = np.stack([observed, observed * 100])
    future = np.where(years > 2023, 13.0, np.nan)[:, None] + np.array([-1.0, 0.0, 1.0])
    shape = (2, len(codes), 2, len(years), 3)
    return xr.Dataset(
        {
            "observed": (
                ("layer", "region", "year"),
                np.repeat(both[:, None], len(codes), axis=1).astype("float32"),
            ),
            "future": (
                ("layer", "region", "scenario", "year", "quantile"),
                np.broadcast_to(future, shape).astype("float32"),
            ),
        },
        coords={
            "layer": ["tas", "PRCPTOT"],
            "region": codes,
            "year": years,
            "scenario": ["ssp126", "ssp585"],
            "quantile": [0.1, 0.5, 0.9],
        },
    )


def _climate_stations() -> xr.Dataset:
    years = np.arange(1990, 2024)
    observed = np.repeat((12.0 + 0 * years)[None, None], 2, axis=0)
    observed[:, :, 3] = np.nan
    days = np.ones((2, 1, len(years)), dtype="float32")
    days[0, 0, 3] = 0.71
    return xr.Dataset(
        {
            "observed": (("layer", "station", "year"), observed.astype("float32")),
            "days": (("variable", "station", "year"), days),
            "normal": (("layer", "station"), np.array([[12.0], [1200.0]], dtype="float32")),
        },
        coords={
            "layer": ["tas", "PRCPTOT"],
            "station": ["108"],
            "variable": ["tas", "pr"],
            "year": years,
            "name_ko": ("station", ["서울"]),
            "name_en": ("station", ["Seoul"]),
            "latitude": ("station", [37.57]),
            "longitude": ("station", [126.97]),
            "elevation": ("station", [86.0]),
            "operating_start": ("station", np.array(["1990-01-01"], dtype="datetime64[ns]")),
            "operating_end": ("station", np.array(["2023-12-31"], dtype="datetime64[ns]")),
        },
    )
