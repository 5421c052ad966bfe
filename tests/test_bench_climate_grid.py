"""The bench of a large grid: what it makes, and what its figures are."""

import os
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from typer.testing import CliRunner

from data.errors import InvalidData
from flows import bench, bench_climate_grid
from flows.bench_climate_grid import LAYOUTS, Row, figures
from flows.bench_climate_grid_files import Kind, write


def row(seconds: float, peak: float) -> Row:
    return {"s": seconds, "peak_mb": peak, "processor_s": 1.0, "atlas_s": 1.0, "load_before": 0.0}


def silent(done: int, total: int, message: str) -> None: ...


def test_files_hold_whole_years_over_korea_rounded_to_an_eighth(tmp_path: Path) -> None:
    paths = write(tmp_path, Kind(side=3, years=2, days_a_chunk=365, cells_a_chunk=2))
    assert [path.stem for path in paths] == ["tas", "tasmin", "tasmax", "pr"]
    with xr.open_dataset(paths[3], engine="h5netcdf") as ds:
        assert ds["pr"].sizes == {"time": 731, "lat": 3, "lon": 3}
        assert ds["pr"].encoding["chunksizes"] == (365, 2, 2)
        values = ds["pr"].values
        assert str(ds["time"].values[-1])[:10] == "2001-12-31"
    assert (values * 8 == np.round(values * 8)).all()
    assert values.min() == 0
    assert 0.2 < (values > 0).mean() < 0.4


def test_the_same_weather_lies_in_both_layouts(tmp_path: Path) -> None:
    found = []
    for name, chunk in LAYOUTS.items():
        path = write(tmp_path / name, Kind(3, 1, *chunk))[1]
        with xr.open_dataset(path, engine="h5netcdf") as ds:
            found.append(ds["tasmin"].values)
    np.testing.assert_array_equal(found[0], found[1])


def test_the_peak_is_the_higher_one_and_the_first_engine_gives_the_seconds() -> None:
    raw = {
        "day serial": row(60, 700),
        "day processes": row(40, 900),
        "day dask": row(48, 1200),
        "tiles serial": row(50, 800),
    }
    assert figures(raw, "400x400x30y") == {
        "peak_mb_400x400x30y": 1200,
        "grid_s_400x400x30y": 60,
        "grid_tiles_s_400x400x30y": 50,
        "speed_up_processes": 1.5,
        "speed_up_dask": 1.25,
    }
    alone = {"day local": row(40, 900), "tiles local": row(30, 800)}
    assert not [name for name in figures(alone, "x") if name.startswith("speed_up")]


def test_files_are_made_once_a_layout_and_every_engine_reads_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[tuple[str, float]] = []

    def measure(home: Path, folder: Path, engine: str) -> Row:
        del home
        seen.append((engine, (folder / "BENCH" / "ssp585" / "pr.nc").stat().st_mtime_ns))
        return row(1, 1)

    monkeypatch.setattr(bench_climate_grid, "measure", measure)
    found = bench_climate_grid.run(silent, 2, 1, ("serial", "processes"))
    assert [engine for engine, _ in seen] == ["serial", "processes", "serial"]
    assert seen[0][1] == seen[1][1] != seen[2][1]
    assert set(found["raw"]) == {"day serial", "day processes", "tiles serial"}
    with pytest.raises(InvalidData, match="'ray' is no engine"):
        bench_climate_grid.run(silent, 2, 1, ("ray",))


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux's /proc")
def test_memory_is_that_of_a_process_and_none_of_one_that_is_gone() -> None:
    assert 10 < bench_climate_grid._resident(os.getpid()) < 100_000
    assert bench_climate_grid._resident(2**30) == 0


def test_the_command_measures_a_grid_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int, tuple[str, ...]]] = []

    def run(_: object, side: int, years: int, engines: tuple[str, ...]) -> dict[str, object]:
        asked.append((side, years, engines))
        return {"figures": {"peak_mb_20x20x21y": 512.0}, "raw": {}}

    monkeypatch.setattr(bench_climate_grid, "run", run)
    options = ["climate", "--grid", "20", "--years", "21", "--engines", "serial,dask"]
    answer = CliRunner().invoke(bench.app, options)
    assert answer.exit_code == 0, answer.output
    assert asked == [(20, 21, ("serial", "dask"))]
