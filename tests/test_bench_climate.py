import json
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import box
from typer.testing import CliRunner

from data.errors import MulgilError
from flows import (
    bench,
    bench_climate,
    bench_climate_growth,
    bench_climate_indices,
    bench_climate_memory,
    bench_climate_zonal,
)
from flows.bench_climate_clock import compare, in_turn
from flows.bench_climate_indices import time_pair
from flows.bench_climate_pairs import PAIRS, by_us, by_xclim, rival
from flows.bench_climate_weather import field, lazy_field
from flows.bench_climate_zonal import Task, measure

FIGURES = {
    "index_ratio_median",
    "index_memory_ratio",
    "zonal_ratio",
    "observed_layers_s",
    "growth_exponent",
}
ROW = {
    "ours_s": 0.5,
    "theirs_s": 5.0,
    "ratio": 10.0,
    "ours_mb": 1.0,
    "theirs_mb": 4.0,
    "memory_ratio": 0.25,
    "cells": 4,
    "max_difference": 0.0,
}


def silent(done: int, total: int, message: str) -> None:
    """Tell nobody."""


def detail() -> dict[str, Any]:
    return {
        "indices": {
            "a": ROW,
            "b": ROW | {"ratio": 30.0, "memory_ratio": 0.5},
            "c": ROW | {"ratio": 2.0, "memory_ratio": 0.1},
        },
        "zonal": {"per_band_ratio": 20.0},
        "growth": {"exponent": 1.0},
        "observed_layers_s": 3.0,
    }


def test_sixteen_times_the_time_for_sixteen_times_the_cells_is_linear() -> None:
    assert bench_climate_growth.exponent((100, 2.0), (1600, 32.0)) == pytest.approx(1)
    assert bench_climate_growth.exponent((10, 1.0), (100, 100.0)) == pytest.approx(2)


def test_the_ratio_is_the_median_of_the_rounds_not_of_the_medians() -> None:
    found = compare([(1.0, 10.0), (2.0, 12.0), (4.0, 80.0)])
    assert found == {"ours_s": 2.0, "theirs_s": 12.0, "ratio": 10.0}


def test_ours_and_theirs_take_turns() -> None:
    turns = list[str]()
    found = in_turn(lambda: turns.append("we"), lambda: turns.append("they"), 2)
    assert turns == ["we", "they", "we", "they"]
    assert found["ratio"] > 0


def test_figures_are_medians_over_the_indices() -> None:
    found = bench_climate.figures(detail())
    assert set(found) == FIGURES
    assert found["index_ratio_median"] == 10.0
    assert found["index_memory_ratio"] == 0.25


def test_the_made_up_field_is_the_same_each_time_and_lazily_takes_one_row() -> None:
    made = field("pr", 3, years=1)
    np.testing.assert_array_equal(made, lazy_field("pr", 3, years=1)["pr"])
    assert lazy_field("pr", 3, years=1)["pr"].values.strides[1] == 0
    assert made.sizes == {"time": 365, "lat": 3, "lon": 3}
    assert field("tas", 2, 2, "noleap").sizes["time"] == 730


def hundred() -> float:
    """Return the peak [MB] of summing 100 MB."""
    return bench_climate_memory.above(lambda: np.ones(12_500_000).sum())


def test_memory_is_that_of_the_largest_moment() -> None:
    """In a process of its own, where no memory of other tests lies ready to be used again."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert 90 < pool.submit(hundred).result() < 150


def test_a_missing_rival_is_named_with_its_remedy() -> None:
    with pytest.raises(MulgilError, match="pip install 'no-such-rival>=1'"):
        rival("no_such_rival", "no-such-rival>=1")


def test_the_command_writes_figures_and_detail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {"figures": bench_climate.figures(detail()), "detail": detail()}
    monkeypatch.setattr(bench_climate, "run", lambda report: found)
    answer = CliRunner().invoke(bench.app, ["climate", "--json", str(tmp_path / "bench.json")])
    assert answer.exit_code == 0
    written = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    assert set(written["figures"]) == FIGURES
    assert written["detail"]["indices"]["b"]["ratio"] == 30.0


def test_all_parts_of_the_run_come_together(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = detail()
    monkeypatch.setattr(bench_climate, "rival", lambda module, requirement: None)
    monkeypatch.setattr(bench_climate_indices, "measure", lambda *_: parts["indices"])
    monkeypatch.setattr(bench_climate_zonal, "districts", lambda: None)
    monkeypatch.setattr(bench_climate_zonal, "measure", lambda *_: parts["zonal"])
    monkeypatch.setattr(bench_climate_growth, "measure", lambda *_: parts["growth"])
    monkeypatch.setattr(bench_climate, "observed_layers_seconds", lambda: 3.0)
    monkeypatch.setattr(bench_climate, "machine", dict)
    found = bench_climate.run()
    assert found["figures"] == bench_climate.figures(parts)
    assert set(found["detail"]) == {*parts, "machine", "index_memory_ratio_worst"}
    assert found["detail"]["index_memory_ratio_worst"] == 0.5


def test_all_ways_to_regional_means_agree() -> None:
    shapes = [box(124.2, 33.1, 124.9, 34.3), box(125, 34, 126, 35)]
    lat, lon = np.arange(33.25, 36, 0.5), np.arange(124.25, 127, 0.5)
    values = np.random.default_rng(0).normal(0, 1, (3, len(lat), len(lon))).astype("float32")
    frame = gpd.GeoDataFrame(geometry=shapes, crs="EPSG:4326")
    found = measure(Task(frame, lat, lon, values, 0.5), silent)
    assert all(found[f"max_difference_{way}"] < 1e-6 for way in ("per_band", "one_call", "overlay"))


@pytest.mark.slow
def test_growth_is_measured_in_processes_of_their_own() -> None:
    found = bench_climate_growth.measure(silent, (4, 8), years=2)
    assert found["large_cells"] == 64
    assert found["large_mb"] < 1000


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ["HD33", "PRCPTOT", "R95pTOT share", "TX90p"])
def test_a_pair_gives_the_same_answer_twice(name: str) -> None:
    pytest.importorskip("xclim", reason="needs the rival: pip install 'xclim<1.0'")
    data = field(PAIRS[name].variable, 2, calendar=PAIRS[name].calendar)
    np.testing.assert_allclose(
        by_us(PAIRS[name], data), by_xclim(PAIRS[name], data), rtol=1e-5, atol=1e-6
    )
    assert time_pair(PAIRS[name], 1, 2)["ratio"] > 0
