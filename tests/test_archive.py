from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from data import archive, networks, store
from data.archive import Window
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
    tally = archive.save(tmp_path / "new" / "a.sqlite", gap)
    loaded = archive.load(tmp_path / "new" / "a.sqlite", river)
    for name in ("water_level", "rainfall", "rainfall_flag", "received_time"):
        np.testing.assert_array_equal(loaded[name], gap[name])
    assert loaded.water_level.dtype == np.float32
    assert loaded.time.dtype == np.dtype("datetime64[ns]")
    assert (tally.new, tally.revised, tally.same) == (30, 0, 0)
    assert loaded.attrs["caveat_en"] == river.caveat_en
    assert loaded.attrs["received_time_assumption"].startswith("each value is known")


def test_who_gave_a_value_stands_beside_it(
    tmp_path: Path, river: Network, observed: xr.Dataset
) -> None:
    gap = observed.assign(water_level=observed.water_level.where(observed.time != observed.time[1]))
    archive.save(tmp_path / "a.sqlite", gap)
    loaded = archive.load(tmp_path / "a.sqlite", river)
    assert loaded.attrs["sources"] == "simulated"
    assert loaded.water_level_source.values[0].tolist() == [0, -1, 0, 0, 0]


def test_a_second_pull_adds_what_is_new_and_keeps_what_it_corrects(
    tmp_path: Path, river: Network, observed: xr.Dataset
) -> None:
    path = tmp_path / "a.sqlite"
    archive.save(path, observed.isel(time=slice(4)))
    higher = observed.water_level.copy()
    higher[0, 0] = 9.0
    tally = archive.save(path, observed.assign(water_level=higher))
    assert (tally.new, tally.revised, tally.same) == (6, 1, 23)
    assert float(archive.load(path, river).water_level[0, 0]) == 9.0
    before = store.revisions(path, "simulated", "S1", "water_level", observed.time.values[0])
    assert [round(each.value, 2) for each in before] == [
        round(float(observed.water_level[0, 0]), 2),
        9.0,
    ]


def test_only_the_window_is_loaded_and_it_goes_on_to_its_end(
    tmp_path: Path, river: Network, observed: xr.Dataset
) -> None:
    archive.save(tmp_path / "a.sqlite", observed)
    times = observed.time.values
    window = Window(since=times[3], until=times[4] + 2 * HOUR + np.timedelta64(7, "m"))
    loaded = archive.load(tmp_path / "a.sqlite", river, window)
    assert loaded.time.values.tolist() == [
        *times[3:].tolist(), (times[4] + HOUR).tolist(), (times[4] + 2 * HOUR).tolist()
    ]  # fmt: skip
    assert np.isfinite(loaded.water_level.values[0]).tolist() == [True, True, False, False]
    assert loaded.water_level_flag.values[0].tolist() == [0, 0, 1, 1]


def test_the_store_tells_what_was_known_at_a_time(
    tmp_path: Path, river: Network, observed: xr.Dataset
) -> None:
    late = with_late_row(observed, np.timedelta64(30, "m"))
    archive.save(tmp_path / "a.sqlite", late)
    third = observed.time.values[2]
    then = archive.load(tmp_path / "a.sqlite", river, Window(known_at=third))
    assert np.isnan(then.water_level.values[1, 2])
    assert np.isfinite(then.water_level.values[[0, 2], 2]).all()
    soon = Window(known_at=third + np.timedelta64(30, "m"))
    assert np.isfinite(archive.load(tmp_path / "a.sqlite", river, soon).water_level[1, 2])


def test_nothing_pulled_is_said_with_the_command_that_pulls(tmp_path: Path, river: Network) -> None:
    with pytest.raises(NothingThere) as told:
        archive.load(tmp_path / "a.sqlite", river)
    assert told.value.remedy == "Run: mulgil pull --network simulated"


def test_the_archive_of_another_network_is_refused(
    tmp_path: Path, river: Network, observed: xr.Dataset
) -> None:
    archive.save(tmp_path / "a.sqlite", observed.assign_attrs(network="han-river"))
    with pytest.raises(InvalidData, match="is of network 'han-river', not 'simulated'"):
        archive.load(tmp_path / "a.sqlite", river)


def test_an_archive_without_the_stations_is_refused(tmp_path: Path, observed: xr.Dataset) -> None:
    one = observed.sel(station=["S3"])
    archive.save(tmp_path / "a.sqlite", one.assign_coords(station=["S9"]))
    with pytest.raises(InvalidData, match="has no water_level of 'simulated'"):
        archive.load(tmp_path / "a.sqlite", simulated.network(gauges=2))


def test_a_broken_archive_is_named(tmp_path: Path, river: Network) -> None:
    path = tmp_path / "a.sqlite"
    path.write_bytes(b"no store")
    with pytest.raises(InvalidData, match=r"a\.sqlite"):
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
