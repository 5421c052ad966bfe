"""A run on a large grid, carried over to pieces and computed in bands: the same as in memory."""

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from data.climate import carrying, large_grid, pieces, user_netcdf
from data.climate.axes import Box
from data.climate.carrying import carry, weigh_all
from data.climate.large_grid import LargeGrid, survey
from data.errors import InvalidData, MulgilError, NothingThere
from flows.climate import large_runs
from flows.executor import in_order, lasting
from forecast.climate import bands
from forecast.climate.indices import annual
from forecast.climate.tiles import by_tile

BOX = (124.0, 33.0, 132.0, 39.5)
NEEDS_DASK = pytest.mark.skipif(
    find_spec("distributed") is None, reason="Dask's 'distributed' is not installed here"
)


def nobody(_: str) -> None: ...


def run_of(
    days: int, rows: int = 3, columns: int = 4, names: Sequence[str] = ("pr",)
) -> xr.Dataset:
    """Make a run, latitudes from north to south, with values that say where they belong."""
    time = xr.date_range("2000-01-01", periods=days)
    shape = (days, rows, columns)
    made = (np.arange(np.prod(shape)) % 977 / 8).reshape(shape).astype("float32")
    made[0, 0, 0] = np.nan
    values = {name: made if name == "pr" else made / 3 + 253.5 for name in names}
    units = {"pr": "mm"}
    return xr.Dataset(
        {n: (("time", "lat", "lon"), x, {"units": units.get(n, "K")}) for n, x in values.items()},
        coords={
            "time": time,
            "lat": np.linspace(39, 35, rows),
            "lon": np.linspace(125, 131, columns),
        },
    )


def write(ds: xr.Dataset, path: Path, chunks: Sequence[int] | None = None, **packing: Any) -> Path:
    name = str(next(iter(ds.data_vars)))
    more = {"chunksizes": tuple(chunks), "zlib": True} if chunks else {}
    ds.to_netcdf(path, engine="h5netcdf", encoding={name: more | packing})
    return path


def carried_over(grid: LargeGrid, name: str, folder: Path) -> list[pieces.Block]:
    folder.mkdir()
    cut = pieces.blocks(grid, name, folder)
    weigh_all([(block, carry(block)) for block in cut])
    return cut


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let blocks and steps hold few values, so that a small run takes several of each."""
    monkeypatch.setattr(pieces, "BLOCK", 4 * 12 * 5)
    monkeypatch.setattr(carrying, "STEP", 4 * 12 * 2)


def test_a_survey_says_where_each_row_and_column_belongs(tmp_path: Path) -> None:
    ds = run_of(3, 2, 3).assign_coords(lon=[233.0, 126.0, 128.0])
    grid = survey([write(ds, tmp_path / "a.nc")], ["pr"])
    assert grid is not None
    (part,) = grid.parts
    assert part.places["lat"].tolist() == [1, 0]  # north first in the file
    assert part.places["lon"].tolist() == [0, 1, 2]  # 233 is 127 west
    assert grid.lon.tolist() == [-127, 126, 128]
    inside = survey([tmp_path / "a.nc"], ["pr"], BOX)
    assert inside is not None
    assert inside.parts[0].places["lon"].tolist() == [-1, 0, 1]
    assert inside.bytes_of_one == 3 * 2 * 2 * 4


def test_the_heads_of_files_tell_whether_a_run_may_be_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = write(run_of(10), tmp_path / "a.nc", (1, 3, 4)), tmp_path / "b.nc"
    run_of(10).to_netcdf(other, engine="scipy")
    values = 4 * (10 * 3 * 4 + 10 + 3 + 4)  # and those of the axes
    assert large_grid._at_most(one) == values
    assert large_grid._at_most(other) >= values
    monkeypatch.setattr(large_grid, "LARGE", values)
    assert not large_grid.may_be_large([one, tmp_path / "gone.nc"])
    assert large_grid.may_be_large([one, other])


def test_days_before_the_first_year_are_not_wanted(tmp_path: Path) -> None:
    grid = survey([write(run_of(368), tmp_path / "a.nc")], ["pr"], since=2001)
    assert grid is not None
    assert [str(day)[:10] for day in grid.time.values] == ["2001-01-01", "2001-01-02"]
    assert grid.parts[0].places["time"].tolist() == [-1] * 366 + [0, 1]


def test_blocks_are_whole_chunks_and_hold_every_value_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grid = survey([write(run_of(10, 4, 4), tmp_path / "a.nc", (3, 2, 2))], ["pr"])
    assert grid is not None
    monkeypatch.setattr(pieces, "BLOCK", 3 * 2 * 4 * 4)  # bytes: two chunks beside each other
    windows = [block.window for block in pieces.blocks(grid, "pr", tmp_path)]
    assert len(windows) == 4 * 2  # of 3, 3, 3 and 1 days; of two rows of chunks
    assert windows[0] == {"time": slice(0, 3), "lat": slice(0, 2), "lon": slice(0, 4)}
    assert windows[-1] == {"time": slice(9, 10), "lat": slice(2, 4), "lon": slice(0, 4)}


LAYOUTS = {
    "a day after the other": {"chunks": (1, 3, 4)},
    "in tiles": {"chunks": (6, 2, 3)},
    "without chunks": {},
    "as integers": {"chunks": (5, 3, 4), "dtype": "int16", "scale_factor": 0.125, "_FillValue": -9},
}


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("box", [None, (126, 34, 130, 38)])
def test_what_is_read_from_pieces_is_what_the_file_holds(
    layout: dict[str, Any], box: Box | None, tmp_path: Path
) -> None:
    path = write(run_of(23), tmp_path / "a.nc", **layout)
    grid = survey([path], ["pr"], box)
    assert grid is not None
    cut = carried_over(grid, "pr", tmp_path / "pieces")
    assert len(cut) > 2
    expected = user_netcdf.read([path], ["pr"], box)
    rows = len(grid.lat)
    found = [pieces.read(cut, grid, slice(a, min(a + 2, rows))) for a in range(0, rows, 2)]
    xr.testing.assert_equal(xr.concat(found, "lat"), expected)


@pytest.mark.usefixtures("small_blocks")
def test_files_in_any_order_of_axes_and_years_are_put_together(tmp_path: Path) -> None:
    ds = run_of(20)
    turned = ds.isel(time=slice(8, None)).transpose("lon", "lat", "time")
    most = ds.isel(time=[0, 1, 2, 4, 5, 6, 7])
    paths = [
        write(turned, tmp_path / "late.nc", (2, 2, 5)),
        write(most, tmp_path / "most.nc", (2, 3, 4)),
        tmp_path / "fourth.nc",
    ]
    ds.isel(time=[3]).to_netcdf(paths[2], engine="scipy")  # the classic format
    grid = survey(paths, ["pr"])
    assert grid is not None
    found = pieces.read(carried_over(grid, "pr", tmp_path / "pieces"), grid, slice(0, 3))
    xr.testing.assert_equal(found, user_netcdf.read(paths, ["pr"]))
    assert found["pr"].values[3, 2, 1] == ds["pr"].values[3, 0, 1]  # north is last


@pytest.mark.usefixtures("small_blocks")
def test_a_model_calendar_is_kept(tmp_path: Path) -> None:
    ds = run_of(40).assign_coords(
        time=xr.date_range("2000-01-01", periods=40, calendar="360_day", use_cftime=True)
    )
    paths = [
        write(ds.isel(time=slice(25, None)), tmp_path / "b.nc"),
        write(ds.isel(time=slice(0, 25)), tmp_path / "a.nc"),
    ]
    grid = survey(paths, ["pr"])
    assert grid is not None
    assert grid.time.dt.calendar == "360_day"
    found = pieces.read(carried_over(grid, "pr", tmp_path / "pieces"), grid, slice(0, 3))
    xr.testing.assert_equal(found, user_netcdf.read(paths, ["pr"]))


def test_points_are_no_grid(tmp_path: Path) -> None:
    points = run_of(5).isel(lat=0, drop=True).rename_dims(lon="station").reset_index("lon")
    points = points.assign_coords(lat=("station", [35.0, 36.0, 37.0, 38.0]))
    assert survey([write(points, tmp_path / "a.nc")], ["pr"]) is None


def test_files_that_do_not_fit_are_refused_before_anything_is_read(tmp_path: Path) -> None:
    one = write(run_of(5), tmp_path / "a.nc")
    again = write(run_of(2), tmp_path / "b.nc")
    with pytest.raises(InvalidData, match="Two files hold 2000-01-01"):
        survey([one, again], ["pr"])
    with pytest.raises(InvalidData, match=r"'tas' is missing in all of \['a\.nc'\]"):
        survey([one], ["pr", "tas"])
    shorter = write(run_of(4, names=["tas"]), tmp_path / "t.nc")
    with pytest.raises(InvalidData, match="do not fit together"):
        survey([one, shorter], ["pr", "tas"])
    elsewhere = write(run_of(5, 4, names=["tas"]), tmp_path / "u.nc")
    with pytest.raises(InvalidData, match="do not fit together"):
        survey([one, elsewhere], ["pr", "tas"])
    with pytest.raises(InvalidData, match=r"a\.nc: The grid .* has no cell in the box"):
        survey([one], ["pr"], (0, 0, 5, 5))


@pytest.mark.usefixtures("small_blocks")
def test_values_are_weighed_over_the_whole_file_not_block_by_block(tmp_path: Path) -> None:
    ds = run_of(80)
    ds["pr"][:] = 0.01  # a desert's noise: refused as a rate per second, if it were all there is
    path = write(ds, tmp_path / "dry.nc", (1, 3, 4))
    grid = survey([path], ["pr"])
    assert grid is not None
    with pytest.raises(InvalidData, match=r"dry\.nc: 'pr' in 'mm' never exceeds 0\.01 mm in 80"):
        carried_over(grid, "pr", tmp_path / "one")
    ds["pr"][79, 0, 0] = 30.0  # one day of rain in the last block
    grid = survey([write(ds, tmp_path / "rain.nc", (1, 3, 4))], ["pr"])
    assert grid is not None
    carried_over(grid, "pr", tmp_path / "two")


def test_a_wrong_unit_names_the_file(tmp_path: Path) -> None:
    ds = run_of(3)
    ds["pr"].attrs["units"] = "inches"
    grid = survey([write(ds, tmp_path / "a.nc")], ["pr"])
    assert grid is not None
    with pytest.raises(InvalidData, match=r"a\.nc: 'pr' has the unit 'inches'"):
        carried_over(grid, "pr", tmp_path / "pieces")


def test_a_chunk_that_is_too_large_to_unpack_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "CHUNK", 100)
    grid = survey([write(run_of(4), tmp_path / "a.nc", (4, 3, 4))], ["pr"])
    assert grid is not None
    with pytest.raises(InvalidData, match=r"a chunk of 'pr' holds \(4, 3, 4\).* nccopy"):
        pieces.blocks(grid, "pr", tmp_path)


def test_a_piece_that_this_machine_does_not_see_is_named(tmp_path: Path) -> None:
    grid = survey([write(run_of(4), tmp_path / "a.nc")], ["pr"])
    assert grid is not None
    with pytest.raises(NothingThere, match=r"no '00000\.npy' in .*All workers must see"):
        pieces.read(pieces.blocks(grid, "pr", tmp_path), grid, slice(0, 1))


BASE = (2000, 2001)


@pytest.fixture
def two_years(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return the files of two years, and let two rows be a tile and a band."""
    monkeypatch.setattr(large_runs, "REFERENCE", BASE)
    monkeypatch.setattr(bands, "CELLS", 8)
    monkeypatch.setattr(bands, "_TILES", 1)
    names = ("tas", "pr")
    return [write(run_of(731, 3, names=[n]), tmp_path / f"{n}.nc", (60, 3, 2)) for n in names]


def grid_of(paths: list[Path]) -> LargeGrid:
    found = survey(paths, ["tas", "pr"])
    assert found is not None
    return found


def test_bands_give_the_indices_of_the_whole_in_memory(
    two_years: list[Path], tmp_path: Path
) -> None:
    told = list[str]()
    folder = tmp_path / "work"
    folder.mkdir()
    work = large_runs.Work(in_order, told.append)
    with large_runs.annual(grid_of(two_years), folder, work) as found:
        assert not found["Rx1day"].variable._in_memory
        loaded = found.load()
    daily = user_netcdf.read(two_years, ["tas", "pr"])
    expected = by_tile(daily, lambda part: annual(part, BASE))
    for name in expected.data_vars:
        xr.testing.assert_equal(loaded[name], expected[name])
    assert set(loaded.data_vars) == set(expected.data_vars)
    assert sorted(path.name for path in folder.iterdir()) == ["pr.nc", "tas.nc"]
    assert told[0].startswith("unpacking 1 of 1: tas.nc: tas, days 1 to 731")
    assert "indices 2 of 2: pr, rows 3 to 3 of 3" in told


def test_the_wettest_day_of_each_year_is_where_it_rained(
    two_years: list[Path], tmp_path: Path
) -> None:
    ds = run_of(731)
    ds["pr"][:] = 1.5
    ds["pr"].loc[{"time": "2000-07-17", "lat": 37.0, "lon": 127.0}] = 200.0
    ds["pr"].loc[{"time": "2001-08-08", "lat": 37.0, "lon": 127.0}] = 90.0
    write(ds, two_years[1], (60, 3, 2))
    folder = tmp_path / "work"
    folder.mkdir()
    with large_runs.annual(grid_of(two_years), folder, large_runs.Work(in_order, nobody)) as found:
        there = found.sel(lat=37.0, lon=127.0)
        assert there["Rx1day"].values.tolist() == [200.0, 90.0]
        assert there["R80mm"].values.tolist() == [1.0, 1.0]
        assert there["Rx5day"].values.tolist() == [206.0, 96.0]
        assert float(found["Rx1day"].sel(lat=35.0).max()) == 1.5


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["processes", pytest.param("dask", marks=NEEDS_DASK)])
def test_every_engine_gives_the_same_to_the_bit(
    engine: str, two_years: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = dict[str, xr.Dataset]()
    for name in ("serial", engine):
        folder = tmp_path / name
        folder.mkdir()
        with (
            lasting(name, 2) as run,
            large_runs.annual(grid_of(two_years), folder, large_runs.Work(run, nobody)) as indices,
        ):
            found[name] = indices.load()
    for index, values in found["serial"].data_vars.items():
        assert values.values.tobytes() == found[engine][index].values.tobytes(), index
    assert found[engine].sizes == {"year": 2, "lat": 3, "lon": 4}


@pytest.mark.skipif(sys.platform == "win32", reason="needs another lock")
def test_a_disk_without_room_is_told_and_nothing_is_left(
    two_years: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        free = 1

    monkeypatch.setattr("flows.climate.large_runs.shutil.disk_usage", lambda _: Full)
    with (
        pytest.raises(MulgilError, match=r"takes 0\.0 GB in .*large\.work.*free.*MULGIL_HOME"),
        large_runs._room(tmp_path) as folder,
        large_runs.annual(grid_of(two_years), folder, large_runs.Work(in_order, nobody)),
    ):
        pass
    assert not (tmp_path / "large.work").exists()


def test_what_a_killed_run_left_is_removed_and_two_do_not_meet(tmp_path: Path) -> None:
    (tmp_path / "large.work" / "pr").mkdir(parents=True)
    with large_runs._room(tmp_path) as folder:
        assert list(folder.iterdir()) == []
        with pytest.raises(MulgilError, match="is computed now"), large_runs._room(tmp_path):
            pass
        assert folder.exists()
