import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from data import export, networks
from data.network import Network
from data.schema import Flag
from data.sources import simulated

NEVER = np.datetime64("NaT", "ns")


@pytest.fixture
def river() -> Network:
    return networks.find("simulated")


@pytest.fixture
def observed(river: Network) -> xr.Dataset:
    """Return four hours of which the last of S2 never came, and the second of S1 came late."""
    ds = simulated.observe(river, hours=4)
    value, flag = ds.water_level.values.copy(), ds.water_level_flag.values.copy()
    received = ds.received_time.values.copy()
    value[1, 3], flag[1, 3], received[1, 3] = np.nan, Flag.NOT_REPORTED, NEVER
    received[0, 1] += np.timedelta64(1500, "ms")
    dims = ("station", "time")
    return ds.assign(
        water_level=ds.water_level.copy(data=value),
        water_level_flag=(dims, flag),
        received_time=(dims, received),
    )


def exported(path: Path, ds: xr.Dataset, network: Network) -> xr.Dataset:
    export.export(path / "out" / "river.nc", ds, network)
    with xr.open_dataset(path / "out" / "river.nc", engine="h5netcdf") as read:
        return read.load()


@pytest.mark.slow
def test_the_compliance_checker_finds_nothing_to_correct(
    tmp_path: Path, river: Network, observed: xr.Dataset
) -> None:
    replay = observed.assign_attrs(replayed="flood of 2019")
    export.export(tmp_path / "river.nc", replay, river)
    checker = Path(sys.executable).with_name("compliance-checker")
    if not checker.exists():
        pytest.skip("compliance-checker is not installed: pip install compliance-checker")
    command = [str(checker), "--test=cf:1.11", str(tmp_path / "river.nc")]
    told = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert "All tests passed!" in told.stdout, told.stdout
    assert told.returncode == 0


def test_values_flags_and_times_come_back_as_they_were(
    tmp_path: Path, river: Network, observed: xr.Dataset
) -> None:
    read = exported(tmp_path, observed, river)
    np.testing.assert_array_equal(read.water_level, observed.water_level)
    np.testing.assert_array_equal(read.rainfall, observed.rainfall)
    np.testing.assert_array_equal(read.water_level_flag, observed.water_level_flag)
    np.testing.assert_array_equal(read.time, observed.time)
    assert read.water_level.dtype == np.float32
    assert read.water_level_flag.dtype == np.int8


def test_a_receipt_is_never_told_too_early(
    tmp_path: Path, river: Network, observed: xr.Dataset
) -> None:
    received = exported(tmp_path, observed, river).received_time.values
    assert received[0, 1] - observed.time.values[1] == np.timedelta64(2, "s")  # after 1.5 s
    assert received[0, 2] == observed.time.values[2]
    assert np.isnat(received[1, 3])


def test_each_station_has_its_id_place_and_gauge_zero(
    tmp_path: Path, river: Network, observed: xr.Dataset
) -> None:
    read = exported(tmp_path, observed, river)
    assert read.station_id.values.tolist() == [b"S1", b"S2", b"S3"]
    assert read.station_id.attrs["cf_role"] == "timeseries_id"
    np.testing.assert_allclose(read.lat, [37.45, 37.40, 37.35])
    assert read.lat.attrs["units"] == "degrees_north"
    assert read.gauge_zero.values.tolist() == [0.0, 0.0, 0.0]


def test_rain_is_the_sum_over_the_step_that_ends_at_its_time(
    tmp_path: Path, river: Network, observed: xr.Dataset
) -> None:
    read = exported(tmp_path, observed, river)
    assert read.rainfall.attrs["cell_methods"] == "time: sum"
    assert read.time.attrs["bounds"] == "time_bounds"
    np.testing.assert_array_equal(read.time_bounds[1], observed.time.values[:2])


def test_flags_say_what_they_mean(tmp_path: Path, river: Network, observed: xr.Dataset) -> None:
    attrs = exported(tmp_path, observed, river).water_level_flag.attrs
    meanings = dict(zip(attrs["flag_values"], attrs["flag_meanings"].split(), strict=True))
    assert meanings[Flag.NOT_REPORTED] == "not_reported"


def test_nothing_simulated_or_replayed_looks_real(
    tmp_path: Path, river: Network, observed: xr.Dataset
) -> None:
    replay = observed.assign_attrs(replayed="flood of 2019")
    attrs = exported(tmp_path, replay, river).attrs
    assert attrs["featureType"] == "timeSeries"
    assert attrs["Conventions"] == "CF-1.11"
    assert attrs["comment"].startswith("SIMULATED: no river was measured. REPLAY of the past: flo")
    assert "Not an official flood warning." in attrs["comment"]
    assert attrs["replayed"] == "flood of 2019"


def test_what_is_no_observation_and_nobody_s_station_is_left_out(
    river: Network, observed: xr.Dataset
) -> None:
    more = observed.assign(score=("station", [1.0, 2.0, 3.0]))
    strangers = more.assign_coords(station=["S1", "X", "S3"])
    found = export.to_cf(strangers, river)
    assert "score" not in found
    assert found.station_id.values.tolist() == [b"S1", b"S3"]
