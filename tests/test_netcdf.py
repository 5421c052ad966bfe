from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from data import netcdf, whole
from data.errors import InvalidData, NothingThere

LEVELS = xr.Dataset({"level": ("time", [1.0, 2.0, 3.0])}, coords={"time": [0, 1, 2]})


def test_a_newer_file_replaces_the_older_one_and_leaves_no_parts(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.nc"
    netcdf.write(path, LEVELS)
    netcdf.write(path, LEVELS.isel(time=slice(2)))
    assert netcdf.read(path).level.values.tolist() == [1.0, 2.0]
    assert list(path.parent.iterdir()) == [path]


def test_a_failed_write_leaves_the_older_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.nc"
    netcdf.write(path, LEVELS)

    def full(_: Path) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(whole, "to_disk", full)
    with pytest.raises(OSError, match="disk full"):
        netcdf.write(path, LEVELS.isel(time=slice(2)))
    assert netcdf.read(path).level.values.tolist() == [1.0, 2.0, 3.0]
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_file_and_a_broken_one_are_named(tmp_path: Path) -> None:
    with pytest.raises(NothingThere, match="is not there"):
        netcdf.read(tmp_path / "a.nc")
    (tmp_path / "a.nc").write_bytes(b"no NetCDF")
    with pytest.raises(InvalidData, match="cannot be read"):
        netcdf.read(tmp_path / "a.nc")


def test_any_dataset_can_be_written_with_text_and_lead_times(tmp_path: Path) -> None:
    ds = xr.Dataset(
        {
            "reason": ("lead_time", ["stale", ""]),
            "read": ("lead_time", np.array(["2020-08-06T05:10", "NaT"], dtype="datetime64[ns]")),
            "peak": 8.73,
        },
        coords={"lead_time": np.array([1, 2], dtype="timedelta64[h]").astype("timedelta64[ns]")},
    )
    netcdf.write(tmp_path / "a.nc", ds)
    again = netcdf.read(tmp_path / "a.nc")
    xr.testing.assert_equal(again, ds)
    netcdf.write(tmp_path / "b.nc", again)
    xr.testing.assert_equal(netcdf.read(tmp_path / "b.nc"), ds)


def test_no_coordinate_gets_a_fill_value(tmp_path: Path) -> None:
    half = LEVELS.assign_coords(time=[0.0, 0.5, 1.0])
    netcdf.write(tmp_path / "a.nc", half)
    read = netcdf.read(tmp_path / "a.nc")
    assert "_FillValue" not in read.time.encoding
    assert read.time.values.tolist() == [0.0, 0.5, 1.0]
