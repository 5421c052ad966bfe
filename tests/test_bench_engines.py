"""The bench of engines on few gauges: that it would notice a difference, and what it divides."""

from pathlib import Path

import h5netcdf  # type: ignore[import-untyped]
import numpy as np

from flows import bench_engines as bench
from flows import hindcast
from flows.folders import Folders


def test_a_value_that_differs_by_one_bit_is_a_difference(tmp_path: Path) -> None:
    asked = bench.prepare(tmp_path, "simulated-korea-3", 1)
    short = hindcast.Asked(asked.first, asked.first + np.timedelta64(30, "h"), exact=True)
    one = bench._measured(tmp_path, "simulated-korea-3", short, "one core")
    other = bench._measured(tmp_path, "simulated-korea-3", short, "all cores")
    assert list(one["prints"]) == ["2020-01.nc"]
    assert bench._figures("all cores", other, one)["differences_all_cores"] == 0
    other["prints"]["2020-01.nc"] = _nudged(Folders(tmp_path), "simulated-korea-3")
    assert bench._figures("all cores", other, one)["differences_all_cores"] == 1


def _nudged(folders: Folders, name: str) -> str:
    path = folders.network(name) / "hindcasts" / "2020-01.nc"
    with h5netcdf.File(path, "a") as file:
        values = file.variables["water_level"]
        row = values[7]
        row.view("uint32")[1, 3, 2] ^= 1
        values[7] = row
    return bench._print(path)


def test_speed_up_is_the_time_of_one_core_over_that_of_the_engine() -> None:
    base = {"s": 12.0, "prints": {"2020-01.nc": "a", "2020-02.nc": "b"}}
    found = bench._figures("dask", {"s": 8.0, "prints": base["prints"]}, base)
    assert found == {"engine_dask_s": 8.0, "speed_up_dask": 1.5, "differences_dask": 0.0}
