from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from data.errors import InvalidData
from forecast.climate import heat, rain
from forecast.climate.tiles import by_tile
from forecast.climate.years import years_of


@pytest.fixture
def daily() -> xr.Dataset:
    rng = np.random.default_rng(3)
    time = np.arange("2001-01-01", "2004-01-01", dtype="M8[D]").astype("M8[ns]")
    shape = (len(time), 5, 7)
    values = {"pr": rng.gamma(0.3, 9, shape), "tasmax": rng.normal(25, 8, shape)}
    return xr.Dataset(
        {name: (("time", "lat", "lon"), x.astype("float32")) for name, x in values.items()},
        coords={"time": time, "lat": np.arange(5.0), "lon": np.arange(7.0)},
    ).assign_coords(height=(("lat", "lon"), rng.random((5, 7))))


def indices(tile: xr.Dataset) -> xr.Dataset:
    years = years_of(tile.time)
    dims = ("year", *tile.pr.dims[1:])
    made = {
        "Rx5day": (dims, rain.most_in_five_days(tile.pr.values, years), {"units": "mm"}),
        "CDD": (dims, rain.dry_spell(tile.pr.values, years)),
        "HD33": (dims, heat.hot_days(tile.tasmax.values, years)),
        "TXx": (dims[1:], tile.tasmax.values.max(axis=0)),
    }
    return xr.Dataset(made, coords={"year": years.labels}, attrs={"base": "none"})


@pytest.mark.parametrize("cells", [1, 3, 7, 15, 35, 1000])
def test_tiles_give_the_same_as_one_go(daily: xr.Dataset, cells: int) -> None:
    expected = indices(daily).assign_coords({name: daily[name] for name in ("lat", "lon")})
    expected = expected.assign_coords(height=daily.height)
    xr.testing.assert_identical(by_tile(daily, indices, cells), expected)


def test_no_tile_has_more_cells_than_allowed_and_all_are_reported(daily: xr.Dataset) -> None:
    seen, told = list[int](), list[tuple[int, int]]()

    def work(tile: xr.Dataset) -> xr.Dataset:
        seen.append(tile.pr[0].size)
        return tile.max("time")

    by_tile(daily, work, 15, lambda done, total, message: told.append((done, total)))
    assert seen == [14, 14, 7]  # two rows of seven, two, one
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_stations_are_tiled_too_and_their_names_kept(daily: xr.Dataset) -> None:
    flat = daily.drop_vars("height").stack(station=("lat", "lon"), create_index=False)
    named = flat.drop_vars(["lat", "lon"]).assign_coords(station=[f"s{k}" for k in range(35)])
    found = by_tile(named.transpose("station", "time"), indices, 10)
    assert found.station.values.tolist() == named.station.values.tolist()
    np.testing.assert_array_equal(
        found.CDD.values.ravel(), by_tile(daily, indices).CDD.values.ravel()
    )


def test_a_table_beside_the_days_is_not_cut(daily: xr.Dataset) -> None:
    beside = daily.assign(changed=(("lat", "reason"), np.zeros((5, 4))))
    xr.testing.assert_identical(by_tile(beside, indices, 7), by_tile(daily, indices, 7))


def test_a_file_is_read_one_tile_at_a_time(daily: xr.Dataset, tmp_path: Path) -> None:
    daily.to_netcdf(tmp_path / "daily.nc", engine="h5netcdf")
    with xr.open_dataset(tmp_path / "daily.nc", engine="h5netcdf") as lazy:
        found = by_tile(lazy, indices, 7)
        assert not lazy.pr.variable._in_memory
    xr.testing.assert_equal(found, by_tile(daily, indices))


def mean_of_all(tile: xr.Dataset) -> xr.Dataset:
    return tile.max("time").mean(["lat", "lon"])


def now_and_then(tile: xr.Dataset) -> xr.Dataset:
    return tile.max("time").astype("float64" if float(tile.lat[0]) else "float32")


@pytest.mark.parametrize(
    ("work", "message"), [(mean_of_all, r"without \['lat'\]"), (now_and_then, "is float64 in one")]
)
def test_results_that_cannot_be_put_in_place_are_refused(
    daily: xr.Dataset, work: Callable[[xr.Dataset], xr.Dataset], message: str
) -> None:
    with pytest.raises(InvalidData, match=message):
        by_tile(daily, work, 7)


def test_one_tile_may_lose_its_dims(daily: xr.Dataset) -> None:
    assert by_tile(daily, mean_of_all).pr.dims == ()
