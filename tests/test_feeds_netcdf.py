"""The forecast as CF-1.11 NetCDF."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from data import netcdf
from data.network import Network
from data.sources import simulated
from maps.feeds import forecast_netcdf
from maps.feeds.series import gather
from maps.view import View

RIVER = simulated.network(gauges=5)
Maker = Callable[[Network], View]


def written(view: View, folder: Path) -> xr.Dataset:
    forecast_netcdf.write(folder / "forecast.nc", view, gather(view))
    return netcdf.read(folder / "forecast.nc")


@pytest.mark.slow
def test_the_compliance_checker_finds_nothing_to_correct(tmp_path: Path, make_view: Maker) -> None:
    written(make_view(RIVER), tmp_path)
    checker = Path(sys.executable).with_name("compliance-checker")
    if not checker.exists():
        pytest.skip("compliance-checker is not installed: pip install compliance-checker")
    command = [str(checker), "--test=cf:1.11", str(tmp_path / "forecast.nc")]
    told = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert "All tests passed!" in told.stdout, told.stdout
    assert told.returncode == 0


def test_quantiles_and_times_come_back_as_they_were(tmp_path: Path, make_view: Maker) -> None:
    view = make_view(RIVER)
    read = written(view, tmp_path)
    assert read.water_level.dims == ("quantile", "station", "time")
    last = read.water_level.isel(time=-1, station=0)
    assert float(last.sel(quantile=0.5)) == 5.5
    np.testing.assert_array_equal(read.time, view.forecast.valid_time.values[0])
    assert read.forecast_reference_time.values == np.datetime64("2020-07-01T00:00")
    assert [name.decode() for name in read.station_id.values] == ["S1", "S2", "S3", "S4", "S5"]


def test_what_is_not_known_is_missing(tmp_path: Path, make_view: Maker) -> None:
    read = written(make_view(RIVER), tmp_path)
    assert bool(read.water_level.isel(station=4).isnull().all())
    assert bool(read.water_level.isel(station=3).notnull().all())


def test_nothing_simulated_or_replayed_looks_real(tmp_path: Path, make_view: Maker) -> None:
    read = written(replace(make_view(RIVER), replay=True), tmp_path)
    assert read.attrs["title"].startswith("SIMULATED REPLAY:")
    assert "Not an official flood warning" in read.attrs["comment"]
    assert "SIMULATED" in read.attrs["comment"]
    assert "REPLAY" in read.attrs["comment"]
