import numpy as np
import pytest
import xarray as xr

from data import regular
from data.errors import InvalidData
from data.schema import Flag

HOUR = np.timedelta64(1, "h")
NAN = float("nan")
START = np.datetime64("2020-08-06T00:00", "ns")


def at(*minutes: int) -> np.ndarray:
    return START + np.array(minutes) * np.timedelta64(1, "m")


def series(name: str, minutes: tuple[int, ...], *values: float) -> xr.Dataset:
    return xr.Dataset({name: ("time", np.array(values))}, coords={"time": at(*minutes)})


def gridded(ds: xr.Dataset, name: str) -> dict[str, float]:
    grid = regular.to_grid(ds, HOUR)
    return {str(t)[11:16]: float(v) for t, v in zip(grid.time.values, grid[name].values)}  # noqa: B905


TENS = tuple(range(0, 130, 10))  # 00:00, 00:10 .. 02:00


def test_a_level_is_the_reading_at_the_grid_time() -> None:
    assert gridded(series("water_level", TENS, *range(13)), "water_level") == {
        "00:00": 0,
        "01:00": 6,
        "02:00": 12,
    }


def test_a_level_is_never_from_the_future() -> None:
    found = gridded(series("water_level", (0, 61, 120), 1, 2, 3), "water_level")
    assert found["00:00"] == 1
    assert np.isnan(found["01:00"])


def test_a_level_read_less_than_ten_minutes_before_stands_for_the_hour() -> None:
    found = gridded(series("water_level", (0, 51, 110, 120), 1, 2, 3, NAN), "water_level")
    assert found["01:00"] == 2
    assert np.isnan(found["02:00"])  # ten minutes old


def test_a_missing_level_is_not_interpolated() -> None:
    found = gridded(series("water_level", (0, 60, 120), 1, NAN, 3), "water_level")
    assert np.isnan(found["01:00"])


def test_rain_is_the_sum_of_its_hour() -> None:
    found = gridded(series("rainfall", TENS, 9, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2), "rainfall")
    assert np.isnan(found["00:00"])  # one reading of six: the hour began before the record
    assert (found["01:00"], found["02:00"]) == (6, 12)


def test_rain_with_one_reading_missing_is_missing() -> None:
    found = gridded(series("rainfall", TENS, 9, 1, 1, NAN, 1, 1, 1, *[0] * 6), "rainfall")
    assert np.isnan(found["01:00"])
    assert found["02:00"] == 0


def test_dam_release_is_the_mean_of_its_hour_if_half_of_it_is_there() -> None:
    values = (9, 100, NAN, NAN, NAN, 200, 300, NAN, NAN, NAN, NAN, 5, 7)
    found = gridded(series("dam_release", TENS, *values), "dam_release")
    assert found["01:00"] == 200
    assert np.isnan(found["02:00"])


def test_hourly_readings_stay_as_they_are() -> None:
    hourly = series("rainfall", (0, 60, 120), 1, 2, 3)
    assert list(gridded(hourly, "rainfall").values()) == [1, 2, 3]


@pytest.mark.parametrize("name", ["water_level", "rainfall", "dam_release"])
def test_hourly_readings_come_out_as_they_would_with_one_more_between(name: str) -> None:
    """One reading off the grid takes the long way for all; those on the grid must be the same."""
    late = np.timedelta64(65, "m")
    values = np.array([[1.0, NAN, 3.0, NAN], [NAN, 2.0, np.inf, 4.0]])
    flags = np.array([[0, 4, 0, 0], [1, 0, 0, 3]], dtype="int8")
    dims = ("station", "time")
    hours = at(0, 60, 120, 180)
    received = np.array([hours + late, [np.datetime64("NaT"), *hours[1:] - late]])
    hourly = xr.Dataset(
        {name: (dims, values), f"{name}_flag": (dims, flags), "received_time": (dims, received)},
        coords={"station": ["a", "b"], "time": hours},
    )
    before = hourly.isel(time=[0]).assign_coords(time=at(-60))  # whole hours, an hour more
    off = hourly.isel(time=[0]).assign_coords(time=at(-61))
    short = regular.to_grid(xr.concat([before, hourly], "time"), HOUR)
    long = regular.to_grid(xr.concat([off, before, hourly], "time"), HOUR)
    rest = hours  # the step of the first hour has two readings now
    xr.testing.assert_identical(short.sel(time=rest), long.sel(time=rest))


def test_rain_that_comes_every_three_hours_makes_no_hourly_rain() -> None:
    with pytest.raises(InvalidData, match="'rainfall' comes every 180 minutes, too seldom"):
        regular.to_grid(series("rainfall", (0, 180, 360), 1, 2, 3), HOUR)


def test_levels_that_come_every_three_hours_leave_gaps() -> None:
    found = gridded(series("water_level", (0, 180), 1, 2), "water_level")
    assert (found["00:00"], found["03:00"]) == (1, 2)
    assert np.isnan([found["01:00"], found["02:00"]]).all()


def test_unsorted_and_repeated_times_are_sorted_and_the_last_one_wins() -> None:
    messy = series("water_level", (60, 0, 60), 5, 1, 7)
    assert gridded(messy, "water_level") == {"00:00": 1, "01:00": 7}


def test_the_grid_goes_on_between_seasons() -> None:
    seasons = series("water_level", (0, 60, 60 * 24 * 180), 1, 2, 3)
    grid = regular.to_grid(seasons, HOUR)
    assert grid.sizes["time"] == 24 * 180 + 1
    assert int(grid.water_level.notnull().sum()) == 3
    assert (np.diff(grid.time.values) == HOUR).all()


def test_the_grid_lies_within_the_record() -> None:
    times = regular.to_grid(series("water_level", (5, 65, 119), 1, 2, 3), HOUR).time.values
    assert list(times) == [START + HOUR]


def test_a_record_without_a_grid_time_is_refused() -> None:
    with pytest.raises(InvalidData, match="No grid time"):
        regular.to_grid(series("water_level", (5, 15), 1, 2), HOUR)


def test_a_single_reading_on_the_hour_is_kept() -> None:
    assert gridded(series("rainfall", (0,), 4), "rainfall") == {"00:00": 4}


def test_a_missing_value_keeps_its_reason() -> None:
    ds = series("rainfall", TENS, 9, 1, 1, NAN, 1, 1, 1, *[0] * 6)
    flags = np.zeros(13, dtype="int8")
    flags[3] = Flag.SENTINEL
    grid = regular.to_grid(ds.assign(rainfall_flag=("time", flags)), HOUR)
    assert list(grid.rainfall_flag.values) == [Flag.NOT_REPORTED, Flag.SENTINEL, Flag.GOOD]
    assert grid.rainfall.dtype == np.float32
    assert grid.rainfall_flag.dtype == np.int8


def test_each_station_keeps_its_own_series_and_units() -> None:
    levels = np.array([[1.0, 2.0], [3.0, NAN]])
    ds = xr.Dataset(
        {"water_level": (("station", "time"), levels, {"units": "m"})},
        coords={"station": ["A", "B"], "time": at(0, 60)},
    )
    grid = regular.to_grid(ds.transpose("time", "station"), HOUR)
    np.testing.assert_array_equal(grid.water_level.sel(station="A"), [1, 2])
    np.testing.assert_array_equal(grid.water_level.sel(station="B"), [3, NAN])
    assert grid.water_level.attrs == {"units": "m"}


def test_a_step_is_known_when_its_last_reading_has_arrived() -> None:
    arrived = np.array([at(0, 95, 61, 121)])
    arrived[0, 3] = np.datetime64("NaT")
    ds = xr.Dataset(
        {
            "water_level": (("station", "time"), [[1.0, 2.0, 3.0, 4.0]]),
            "received_time": (("station", "time"), arrived),
        },
        coords={"station": ["A"], "time": at(0, 50, 60, 120)},
    )
    received = regular.to_grid(ds, HOUR).received_time
    assert list(received.values[0]) == list(at(0, 95, 120))


def test_without_arrival_times_the_end_of_the_step_is_assumed_and_said() -> None:
    ds = xr.Dataset(coords={"station": ["A"], "time": at(0, 60)})
    known = regular.assume_received(ds)
    assert list(known.received_time.values[0]) == list(at(0, 60))
    assert known.attrs["received_time_assumption"] == regular.ASSUMED


def test_joined_parts_share_a_grid_and_what_they_lack_is_not_reported() -> None:
    early = regular.to_grid(series("water_level", (0, 60), 1, 2), HOUR)
    late = regular.to_grid(series("tide", (60, 120), 3, 4), HOUR)
    first, second = regular.join([early, late], HOUR)
    assert list(first.time.values) == list(second.time.values) == list(at(0, 60, 120))
    assert list(first.water_level_flag.values) == [0, 0, Flag.NOT_REPORTED]
    assert first.water_level_flag.dtype == np.int8
    np.testing.assert_array_equal(second.tide, [NAN, 3, 4])
