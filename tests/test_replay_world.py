"""The truth of a replay, its clock, and what a provider tells of it."""

from pathlib import Path

import numpy as np
import pytest

from data import networks
from data.errors import OutsideRecord
from data.sources import simulated
from flows.replay import worlds
from flows.replay.clock import Clock
from flows.replay.telling import LATE, SKEW, Told
from flows.replay.world import World

START = np.datetime64("2020-08-06T00:00", "ns")
HOUR = np.timedelta64(1, "h").astype("timedelta64[ns]")
ALL = np.arange(2)


def times(*texts: str) -> np.ndarray:
    return np.array([f"2020-08-06T{text}" for text in texts], dtype="datetime64[ns]")


@pytest.fixture
def world() -> World:
    nan = np.nan
    values = {
        "water_level": np.array([[1.0, 2.0, 3.0, nan, 5.0]]),
        "rainfall": np.array([[0.0, 6.0, 12.0, nan, 3.0]]),
    }
    return World(simulated.network(2), "X", START, HOUR, values, np.zeros(2, dtype=int), True)


def test_a_level_runs_straight_between_two_values_and_a_gap_stays(world: World) -> None:
    told = world.read("water_level", ALL, times("00:00", "00:30", "02:00", "02:30", "03:00"))
    np.testing.assert_allclose(told, [[1.0, 1.5, 3.0, np.nan, np.nan]] * 2)


def test_nothing_is_known_outside_the_record(world: World) -> None:
    outside = np.array([START - HOUR, START + 5 * HOUR])
    assert np.isnan(world.read("water_level", ALL, outside)).all()
    assert np.isnan(world.fell(ALL, outside, HOUR)).all()
    assert np.isnan(world.read("tide", ALL, times("01:00"))).all()


def test_rain_falls_evenly_in_its_step_and_an_unknown_part_makes_the_sum_unknown(
    world: World,
) -> None:
    half = np.timedelta64(30, "m")
    told = world.fell(ALL[:1], times("01:00", "01:15", "02:00", "02:15"), half)
    np.testing.assert_allclose(told, [[3.0, 1.5 + 3.0, 6.0, np.nan]])  # 6 mm/h, then 12 mm/h
    last = world.fell(ALL[:1], times("04:00"), HOUR)
    np.testing.assert_allclose(last, [[3.0]])


def test_the_nearest_station_is_found(world: World) -> None:
    assert [world.nearest(37.45, 127.41), world.nearest(37.41, 127.29)] == [0, 1]


def test_a_clock_runs_at_its_speed() -> None:
    clock = Clock(START, speed=3600, started=0.0)
    elapsed = (clock.now() - START) / HOUR  # as many hours as seconds since `started`
    assert (Clock(START, speed=7200, started=0.0).now() - START) / HOUR >= 2 * elapsed
    assert Clock(START, speed=0).now() == START
    assert clock.now() >= clock.began


def test_a_simulated_truth_is_the_same_whenever_the_server_starts() -> None:
    river = simulated.network(2)
    spring, autumn = np.datetime64("2024-04-01", "ns"), np.datetime64("2024-10-01", "ns")
    one, two = (worlds.simulate(river, now, seed=3) for now in (spring, autumn))
    when = np.array([np.datetime64("2024-03-01T00:10", "ns")])
    level = one.read("water_level", ALL, when)
    np.testing.assert_array_equal(level, two.read("water_level", ALL, when))
    other = worlds.simulate(river, spring, seed=4)
    assert (other.read("water_level", ALL, when) != level).any()
    assert "SIMULATED" in one.label


def test_many_gauges_lie_in_korea_and_none_upstream_of_another_river() -> None:
    network = worlds.gauged(25)
    assert network.ids[-1] == "S25"
    assert all(34 < s.latitude < 38.5 and 126 < s.longitude < 129.5 for s in network.stations)
    assert network.stations[10].upstream == ()
    assert network.stations[11].upstream == ("S11",)
    assert worlds.gauged(3) == simulated.network(3)


HEADER = "id,name_ko,name_en,river_ko,river_en,latitude,longitude,gauge_zero,quantity\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a record of two hours from 09:00 in Seoul: A rises by 10 cm in ten minutes."""
    (tmp_path / "stations.csv").write_text(
        HEADER + "A,가,Alpha,강,River,37.5,127.0,1.0,water_level\n", encoding="utf-8"
    )
    marks = [f"2020-08-06 {9 + n // 6:02d}:{n % 6}0" for n in range(13)]
    water = ["ymdhm,wl_A,tototf", *(f"{t},{200 + 10 * n},50" for n, t in enumerate(marks))]
    rain = ["ymdhm,rf_1", *(f"{t},{n}" for n, t in enumerate(marks))]
    for name, lines in (("water_data/data_2020.csv", water), ("rf_data/rf_2020.csv", rain)):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("\n".join(lines))
    return tmp_path


def test_a_record_is_shifted_so_that_a_time_of_it_is_now(folder: Path) -> None:
    network = worlds.with_table(networks.find("han-river"), folder)
    now = np.datetime64("2026-07-20T04:25", "ns")
    replayed = worlds.replay(network, folder, times("01:00")[0], now)
    at = np.array([np.datetime64("2026-07-20T04:20", "ns")])  # the last whole step before now
    first = np.array([0])
    assert replayed.read("water_level", first, at)[0, 0] == pytest.approx(1.6)  # 260 cm - 1 m
    assert replayed.read("dam_release", first, at)[0, 0] == 50
    assert replayed.fell(first, at, HOUR)[0, 0] == pytest.approx(1 + 2 + 3 + 4 + 5 + 6)
    assert replayed.label.startswith("REPLAY of recorded readings of 2020, shifted to now")
    assert not replayed.simulated


def test_a_time_that_the_record_does_not_have_is_refused(folder: Path) -> None:
    network = worlds.with_table(networks.find("han-river"), folder)
    with pytest.raises(OutsideRecord, match="is not in the record"):
        worlds.replay(network, folder, np.datetime64("2020-01-01", "ns"), START)


def test_a_network_keeps_its_stations_where_the_folder_has_no_table(tmp_path: Path) -> None:
    network = networks.find("han-river")
    assert worlds.with_table(network, tmp_path) is network
    assert worlds.with_table(network, None) is network


def test_nothing_after_the_latest_reading_is_told(world: World) -> None:
    told = Told(world, START + 2 * HOUR, delay=np.timedelta64(8, "m"))
    seen = told.read("water_level", ALL[:1], times("01:50", "02:00"))
    np.testing.assert_allclose(seen, [[1 + 11 / 6, np.nan]])
    assert np.isnan(told.fell(ALL, times("02:00"), HOUR)).all()


def test_faults_of_telling_do_what_they_say(world: World) -> None:
    def told(fault: str, asked: int = 0) -> Told:
        return Told(world, START + 2 * HOUR, faults=frozenset({fault}), asked=asked)

    assert told("late").latest == START + 2 * HOUR - LATE
    assert told("clock_skew").dated(times("01:00"))[0] == START + HOUR + SKEW
    assert told("duplicated").rows([1, 2]) == [1, 1, 2, 2]
    shuffled = told("shuffled").rows(list(range(9)))
    assert shuffled != sorted(shuffled) == list(range(9))
    assert told("wrong_coordinates").place(0) == pytest.approx((37.45 - 1.25, 127.4 + 1.25))
    assert np.isnan(told("blank_values").read("water_level", ALL, times("01:00"))).all()
    values = [told("revised", n).read("water_level", ALL[:1], times("01:00"))[0, 0] for n in (0, 1)]
    assert values == pytest.approx([2.0, 2.05])


def test_a_forecast_is_sure_of_now_and_wrong_later_but_the_same_twice(world: World) -> None:
    told = Told(world, START)
    ahead = START + np.arange(25) * HOUR
    one = told.expect(np.ones(25), ahead, START)
    assert one[0] == 1.0
    assert one[24] != 1.0
    assert (one > 0).all()
    np.testing.assert_array_equal(one, told.expect(np.ones(25), ahead, START))
    assert (one != told.expect(np.ones(25), ahead + HOUR, START + HOUR))[1:].all()
