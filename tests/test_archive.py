from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from data import archive, networks, whole
from data.errors import InvalidData, NothingThere
from data.network import Network
from data.schema import Flag
from data.sources import simulated

HOUR = np.timedelta64(1, "h")


@pytest.fixture
def river() -> Network:
    return networks.find("simulated")


@pytest.fixture
def observed(river: Network) -> xr.Dataset:
    return simulated.observe(river, hours=5)


def with_late_row(ds: xr.Dataset, delay: np.timedelta64) -> xr.Dataset:
    """Let the values of S2 at the third hour arrive late."""
    received = ds.received_time.values.copy()
    received[1, 2] += delay
    return ds.assign(received_time=(("station", "time"), received))


def test_what_is_saved_is_loaded_again(
    tmp_path: Path, river: Network, observed: xr.Dataset
) -> None:
    gap = observed.assign(water_level=observed.water_level.where(observed.time != observed.time[1]))
    archive.save(tmp_path / "new" / "a.nc", gap)
    loaded = archive.load(tmp_path / "new" / "a.nc", river)
    xr.testing.assert_equal(loaded, gap)
    assert loaded.water_level.dtype == np.float32
    assert loaded.time.dtype == np.dtype("datetime64[ns]")


def test_the_file_says_what_it_is_as_cf_asks(tmp_path: Path, observed: xr.Dataset) -> None:
    archive.save(tmp_path / "a.nc", observed)
    with xr.open_dataset(tmp_path / "a.nc", engine="h5netcdf", decode_cf=False) as raw:
        assert raw.attrs["Conventions"] == "CF-1.11"
        assert raw.water_level.attrs["ancillary_variables"] == "water_level_flag"
        assert raw.rainfall.attrs["cell_methods"] == "time: sum"
        assert raw.water_level_flag.attrs["flag_values"].tolist() == [0, 1, 2, 3, 4, 5]
        assert raw.water_level_flag.attrs["flag_meanings"].split()[4] == "spike"
        assert raw.water_level_flag.attrs["flag_values"].dtype == raw.water_level_flag.dtype
        assert raw.time.attrs["units"] == "seconds since 1970-01-01"


def test_an_archive_replaces_the_older_one_and_leaves_no_parts(
    tmp_path: Path, river: Network, observed: xr.Dataset
) -> None:
    path = tmp_path / "a.nc"
    archive.save(path, observed)
    archive.save(path, observed.isel(time=slice(2)))
    assert archive.load(path, river).sizes["time"] == 2
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_write_leaves_the_older_file_whole(
    tmp_path: Path, river: Network, observed: xr.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.nc"
    archive.save(path, observed)

    def full(_: Path) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(whole, "to_disk", full)
    with pytest.raises(OSError, match="disk full"):
        archive.save(path, observed.isel(time=slice(2)))
    assert archive.load(path, river).sizes["time"] == 5
    assert list(tmp_path.iterdir()) == [path]


def test_any_dataset_can_be_written_with_text_and_lead_times(tmp_path: Path) -> None:
    ds = xr.Dataset(
        {
            "reason": ("lead_time", ["stale", ""]),
            "read": ("lead_time", np.array(["2020-08-06T05:10", "NaT"], dtype="datetime64[ns]")),
            "peak": 8.73,
        },
        coords={"lead_time": np.array([1, 2], dtype="timedelta64[h]").astype("timedelta64[ns]")},
    )
    archive.write(tmp_path / "a.nc", ds)
    again = archive.read(tmp_path / "a.nc")
    xr.testing.assert_equal(again, ds)
    archive.write(tmp_path / "b.nc", again)
    xr.testing.assert_equal(archive.read(tmp_path / "b.nc"), ds)


def test_nothing_pulled_is_said_with_the_command_that_pulls(tmp_path: Path, river: Network) -> None:
    with pytest.raises(NothingThere) as told:
        archive.load(tmp_path / "a.nc", river)
    assert told.value.remedy == "Run: mulgil pull --network simulated"
    with pytest.raises(NothingThere, match="is not there"):
        archive.read(tmp_path / "a.nc")


def test_the_archive_of_another_network_is_refused(
    tmp_path: Path, river: Network, observed: xr.Dataset
) -> None:
    archive.save(tmp_path / "a.nc", observed.assign_attrs(network="han-river"))
    with pytest.raises(InvalidData, match="is of network 'han-river', not 'simulated'"):
        archive.load(tmp_path / "a.nc", river)


def test_an_archive_of_other_stations_is_refused(tmp_path: Path, observed: xr.Dataset) -> None:
    archive.save(tmp_path / "a.nc", observed)
    with pytest.raises(InvalidData, match=r"has stations \['S1', 'S2', 'S3'\], expected \['S1'\]"):
        archive.load(tmp_path / "a.nc", simulated.network(gauges=1))


def test_a_broken_archive_is_named(tmp_path: Path, river: Network, observed: xr.Dataset) -> None:
    path = tmp_path / "a.nc"
    path.write_bytes(b"no NetCDF")
    with pytest.raises(InvalidData, match="cannot be read"):
        archive.load(path, river)
    archive.save(path, observed)
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(InvalidData, match="cannot be read"):
        archive.load(path, river)


def test_the_stations_that_came_with_a_record_replace_the_network_s(river: Network) -> None:
    table = (
        "id,name_ko,name_en,river_ko,river_en,latitude,longitude,quantity\n"
        "A,가,Alpha,강,River,37.5,127.0,water_level\n"
    )
    assert archive.as_pulled(river, xr.Dataset(attrs={"station_table": table})).ids == ["A"]
    assert archive.as_pulled(river, xr.Dataset()) == river


def test_nothing_after_the_issue_time_is_known(observed: xr.Dataset) -> None:
    known = archive.known_at(observed, observed.time.values[2])
    xr.testing.assert_identical(known, observed.isel(time=slice(3)))


def test_a_value_that_arrives_late_is_unknown_until_it_arrives(observed: xr.Dataset) -> None:
    ds = with_late_row(observed, HOUR)
    known = archive.known_at(ds, ds.time.values[2])
    assert np.isnan(known.water_level.values[1, 2])
    assert np.isnan(known.rainfall.values[1, 2])
    assert known.water_level_flag.values[1, 2] == Flag.NOT_REPORTED
    assert np.isnat(known.received_time.values[1, 2])
    assert int(known.water_level.isnull().sum()) == 1  # the other stations' values are there
    assert known.water_level_flag.dtype == np.int8
    assert known.water_level.attrs == observed.water_level.attrs
    an_hour_later = archive.known_at(ds, ds.time.values[3])
    assert an_hour_later.water_level.values[1, 2] == observed.water_level.values[1, 2]


def test_a_value_that_arrives_within_its_own_time_is_known_only_then(observed: xr.Dataset) -> None:
    ds = with_late_row(observed, np.timedelta64(1, "m"))
    assert np.isnan(archive.known_at(ds, ds.time.values[2]).water_level.values[1, 2])
    soon = archive.known_at(ds, ds.time.values[2] + np.timedelta64(1, "m"))
    assert soon.water_level.notnull().all()


def test_a_value_of_unknown_arrival_is_never_known(observed: xr.Dataset) -> None:
    ds = with_late_row(observed, np.timedelta64("NaT", "h"))
    assert np.isnan(archive.known_at(ds, ds.time.values[4]).water_level.values[1, 2])


def test_what_does_not_change_in_time_is_always_known(observed: xr.Dataset) -> None:
    ds = with_late_row(observed, HOUR).assign(zero=("station", [0.0, 1.0, 2.0]))
    known = archive.known_at(ds, ds.time.values[2])
    np.testing.assert_array_equal(known.zero, [0, 1, 2])


def test_before_the_record_nothing_is_known(observed: xr.Dataset, river: Network) -> None:
    known = archive.known_at(observed, observed.time.values[0] - HOUR)
    assert known.time.size == 0
    assert known.station.values.tolist() == river.ids
