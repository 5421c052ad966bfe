"""`mulgil climate` with a run too large for memory: the same file of the run as in memory."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import xarray as xr
from shapely.geometry import box

from data.climate import large_grid
from flows.climate import large_runs, steps, update
from flows.climate.sources import Futures, Plan
from flows.executor import in_order
from forecast.climate import bands, runs

YEARS = (2000, 2001)
REGIONS = gpd.GeoDataFrame(
    geometry=[box(125.2, 35.2, 127.1, 37.9), box(127.5, 36, 130.9, 38.8)],
    index=["A", "B"],
    crs="EPSG:4326",
)
STATIONS = xr.Dataset(
    coords={
        "station": ["1", "2"],
        "latitude": ("station", [37.1, 20.0]),
        "longitude": ("station", [127.2, 150.0]),
    }
)


def write(path: Path, name: str) -> None:
    """Write two years and a day on 9 x 7 cells over Korea, north first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    time = xr.date_range(f"{YEARS[0]}-01-01", f"{YEARS[1] + 1}-01-01")
    rng = np.random.default_rng(len(name))
    shape = (len(time), 9, 7)
    days = rng.gamma(0.3, 9, shape) if name == "pr" else rng.normal(280, 9, shape)
    ds = xr.Dataset(
        {name: (("time", "lat", "lon"), days.astype("f4"), {"units": "mm"})},
        coords={"time": time, "lat": np.linspace(39, 35, 9), "lon": np.linspace(125, 131, 7)},
        attrs={"title": "invented"},
    )
    ds[name].attrs["units"] = "mm" if name == "pr" else "K"
    ds.to_netcdf(path, engine="h5netcdf", encoding={name: {"chunksizes": (1, 9, 7), "zlib": True}})


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plan:
    for module in (large_runs, runs):
        monkeypatch.setattr(module, "REFERENCE", YEARS)
    monkeypatch.setattr(steps, "ground", lambda *_: (REGIONS, STATIONS, None))
    monkeypatch.setattr(bands, "CELLS", 5 * 7)  # five rows are a tile, and a band
    monkeypatch.setattr(bands, "_TILES", 1)
    for name in ("tas", "tasmin", "tasmax", "pr"):
        write(tmp_path / "futures" / "M" / "ssp585" / f"{name}.nc", name)
    (found,) = Futures(tmp_path / "futures").plans()
    return found


def test_a_run_too_large_for_memory_leaves_the_same_file(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert plan.large() is None
    measured, told = tmp_path / "stations-1.nc", list[tuple[int, str]]()
    (small,) = update.project_all(tmp_path / "a", measured, [plan], lambda *_: None)
    monkeypatch.setattr(large_grid, "LARGE", 0)
    (large,) = update.project_all(
        tmp_path / "b", measured, [plan], lambda n, said: told.append((n, said)), engine="serial"
    )
    assert large.name == small.name
    with xr.open_dataset(small) as expected, xr.open_dataset(large) as found:
        xr.testing.assert_identical(found.load(), expected.load())
        told_years = found["Rx1day"].notnull().all("region")
        assert told_years.values.tolist() == [True, True, False]  # of the third there is one day
        nearest = found[runs.AT_STATIONS].sel(station="1")
        assert nearest.values[:2].min() > 0
        assert found[runs.AT_STATIONS].sel(station="2").isnull().all()  # no cell is near
    assert [path.name for path in (tmp_path / "b" / "runs").iterdir() if path.is_dir()] == []
    assert told[0][1].startswith("M ssp585: unpacking 1 of 1: tas.nc: tas, days 1 to 732")
    assert told[-1] == (1, "M ssp585")


def test_a_run_that_is_there_is_not_looked_into_again(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = tmp_path / "stations-1.nc"
    made = update.project_all(tmp_path, measured, [plan], lambda *_: None, engine="serial")
    monkeypatch.setattr(Plan, "large", lambda _: pytest.fail("looked into"))
    assert update.project_all(tmp_path, measured, [plan], lambda *_: None) == made


def test_of_many_jobs_every_tenth_part_is_told() -> None:
    told = list[str]()
    work = large_runs.Work(in_order, told.append)
    assert work.on("counting", abs, range(-40, 0)) == list(range(40, 0, -1))
    assert told == [f"counting {done} of 40: {done - 41}" for done in range(4, 41, 4)]
