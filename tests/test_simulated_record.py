"""The record of a simulated network: the same whenever, and in whatever pieces, it is asked for."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from data import networks
from data.pull import pull
from data.schema import Flag, check, observations
from data.sources import simulated_record
from data.sources.simulated_faults import SENTINEL, SOUND, Faults, spoil
from data.sources.simulated_levels import rating
from data.sources.simulated_record import FLOOD, observe
from data.sources.simulated_stretch import LENGTH, Weather, basin, stretch

KOREA = networks.find("simulated-korea-12")
START = np.datetime64("2022-07-08T00:00", "ns")
HOUR = np.timedelta64(1, "h")


@pytest.fixture(scope="module")
def july() -> xr.Dataset:
    return observe(KOREA, START, 470)


def test_any_part_of_the_record_is_byte_for_byte_the_same(july: xr.Dataset) -> None:
    """Across the seam of two stretches, and from within one."""
    seam = -(-int(START.astype("datetime64[h]").astype(int)) // LENGTH) * LENGTH
    into = seam - int(START.astype("datetime64[h]").astype(int))
    assert 0 < into < 470
    for first, hours in ((into - 3, 6), (into + 7, 1), (0, 10)):
        part = observe(KOREA, START + first * HOUR, hours)
        assert part.equals(july.isel(time=slice(first, first + hours)))


def test_two_stretches_meet_without_a_step() -> None:
    """The second begins anew 20 days before; what it lacks of older rain is below the noise."""
    ground, wet = basin(KOREA), Weather(faults=SOUND)
    number = int(START.astype("datetime64[h]").astype(int)) // LENGTH
    before, after = (stretch(ground, number + n, wet).level for n in (0, 1))
    hourly = np.abs(np.diff(before[-4:], axis=0)).max(axis=0)
    assert (np.abs(after[0] - before[-1]) < hourly + 0.05).all()


def test_another_seed_makes_other_weather(july: xr.Dataset) -> None:
    other = observe(KOREA, START, 470, Weather(seed=1))
    assert not np.allclose(other.rainfall, july.rainfall)


def test_the_record_has_the_shape_of_observations_and_says_what_it_is(july: xr.Dataset) -> None:
    check(july, observations(KOREA.quantity))
    assert july.attrs["simulated"] == "true"
    assert "SIMULATED" in july.attrs["provenance"]
    assert float(july.rainfall.min()) >= 0
    assert bool(july.rainfall.notnull().all())


def test_a_closed_record_ends_in_a_flood_and_begins_with_the_training_years() -> None:
    said: list[str] = []
    record = simulated_record.pull(KOREA, said.append, (FLOOD - 2 * HOUR, None))
    assert record.time.values.tolist() == [
        int(each.astype(int)) for each in (FLOOD - 2 * HOUR, FLOOD - HOUR, FLOOD)
    ]
    assert said == ["SIMULATED rivers, 2022-07-12T07Z to 2022-07-12T09Z; nothing was measured"]
    assert simulated_record.beginning(KOREA, FLOOD) == np.datetime64("2019-01-01", "ns")


def test_of_a_large_network_two_weeks_are_pulled() -> None:
    large = replace(KOREA, stations=KOREA.stations * 9)  # 108
    assert FLOOD - simulated_record.beginning(large, FLOOD) == np.timedelta64(14, "D")


def test_some_gauges_are_those_of_the_whole_network(july: xr.Dataset) -> None:
    some = ["SIM3014610", "SIM1018683"]
    part = observe(KOREA, START, 20, only=some)
    assert part.station.values.tolist() == some
    assert part.equals(july.sel(station=some).isel(time=slice(20)))


def test_a_flood_is_under_way_at_the_end_of_the_closed_record(july: xr.Dataset) -> None:
    now = july.water_level.sel(time=FLOOD).values
    high = [
        s.thresholds is not None and level >= s.thresholds.attention
        for s, level in zip(KOREA.stations, now, strict=True)
    ]
    assert 3 <= sum(high) < 12


def test_pulling_takes_the_part_that_is_asked_for() -> None:
    since, until = np.datetime64("2022-07-12T04:00", "ns"), np.datetime64("2022-07-12T06:40", "ns")
    ds = pull(KOREA, span=(since, until))
    assert ds.time.values[0] == since
    assert ds.time.values[-1] == np.datetime64("2022-07-12T06:00", "ns")
    assert ds.attrs["caveat_ko"].startswith("모의 자료입니다")


def test_the_rating_reaches_the_severe_level_at_the_flood_of_some_decades() -> None:
    ground = basin(KOREA)
    curve = rating(KOREA, ground.tree, ground.land)
    severe = [s.thresholds.severe for s in KOREA.stations if s.thresholds]
    np.testing.assert_allclose(curve.level(curve.severe.astype("float32")), severe, rtol=1e-6)
    low = [0.25 * s.thresholds.attention for s in KOREA.stations if s.thresholds]
    np.testing.assert_allclose(curve.level(np.zeros(12, "float32")), low, rtol=1e-6)


def test_a_faulty_value_is_taken_out_and_says_why() -> None:
    level = np.ones((LENGTH, 40), "float32")
    told, flag = spoil(level, Faults(1, 1, 1, 1), stretch=900, seed=0)
    assert set(np.unique(flag)) == {
        Flag.GOOD, Flag.NOT_REPORTED, Flag.SENTINEL, Flag.SPIKE, Flag.FLAT_LINE
    }  # fmt: skip
    np.testing.assert_array_equal(np.isnan(told), flag != Flag.GOOD)
    assert (told[flag == Flag.GOOD] == 1).all()
    assert (level == 1).all()


def test_faults_can_be_left_in_to_try_quality_control_on() -> None:
    level = np.ones((LENGTH, 40), "float32")
    told, flag = spoil(level, Faults(0, 1, 1, 0, judged=False), stretch=900, seed=0)
    assert (flag == Flag.GOOD).all()
    assert (told == np.float32(SENTINEL)).any()
    assert ((told != 1) & (told != np.float32(SENTINEL))).any()


def test_a_sound_gauge_reports_every_hour() -> None:
    record = observe(KOREA, START, 100, Weather(faults=SOUND))
    assert bool(record.water_level.notnull().all())
    assert (record.water_level_flag == Flag.GOOD).all()
