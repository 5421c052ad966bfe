import numpy as np
import pytest

from data import quality
from data.limits import GENERAL, Limits
from data.neighbours import NONE, all_others
from data.schema import Flag

NAN = float("nan")
LEVEL = GENERAL["water_level"]
STUCK = Limits(flat=6, moves=0.01, rests=2.0)  # a river whose median level is 2 m


def every_ten_minutes(count: int) -> np.ndarray:
    return np.datetime64("2020-08-06T00:00", "ns") + np.arange(count) * np.timedelta64(10, "m")


def judged(values: list[float], limits: Limits = LEVEL, minutes: int = 10) -> dict[int, str]:
    """Return the doubted places of one series, and why."""
    time = every_ten_minutes(1)[0] + np.arange(len(values)) * np.timedelta64(minutes, "m")
    series = np.array(values, dtype=float)
    told = np.where(np.isfinite(series), Flag.GOOD, Flag.NOT_REPORTED).astype("int8")
    flags = quality.judge(series, told, time, limits)
    return {place: Flag(flag).name for place, flag in enumerate(flags) if flag}


def test_a_reading_that_drops_and_comes_back_is_a_spike() -> None:
    assert judged([3.80, 3.76, 2.93, 3.69, 3.66]) == {2: "SPIKE"}


def test_two_readings_that_jump_up_and_come_back_are_a_spike() -> None:
    assert judged([4.18, 4.09, 4.52, 4.51, 3.86, 3.81]) == {2: "SPIKE", 3: "SPIKE"}


def test_a_flood_rise_of_one_metre_forty_an_hour_is_never_doubted() -> None:
    rise = [round(3 + 0.24 * n, 2) for n in range(24)]
    for known in range(2, 25):
        assert judged(rise[:known]) == {}


def test_a_step_that_stays_is_doubted_until_the_next_reading_confirms_it() -> None:
    step = [3.0, 3.0, 3.6, 3.6, 3.6]
    assert judged(step[:3]) == {2: "RATE_OF_CHANGE"}
    assert judged(step[:4]) == {}
    assert judged(step) == {}


def test_a_jump_that_turns_out_a_spike_is_called_so_at_the_next_reading() -> None:
    jump = [3.80, 3.76, 2.93, 3.69]
    assert judged(jump[:3]) == {2: "RATE_OF_CHANGE"}
    assert judged(jump) == {2: "SPIKE"}


def test_a_jump_that_half_comes_back_stays_doubted() -> None:
    assert judged([3.0, 3.0, 3.6, 3.25, 3.25]) == {2: "RATE_OF_CHANGE"}


def test_a_flash_flood_is_held_back_by_one_reading_only() -> None:
    rise = [1.0, 1.8, 2.6, 3.4, 4.2]
    for known in range(2, 6):
        assert judged(rise[:known]) == {known - 1: "RATE_OF_CHANGE"}


def test_a_stale_reading_followed_by_a_rise_is_no_spike() -> None:
    assert judged([3.127, 3.117, 3.397, 3.397, 3.947, 4.107, 4.227, 4.407]) == {}


def test_a_missing_neighbour_proves_no_spike() -> None:
    assert judged([3.0, NAN, 4.0, 3.9]) == {1: "NOT_REPORTED"}


def test_an_hourly_record_may_change_six_times_as_much() -> None:
    assert judged([0.0, 2.99, 0.0, 0.0], minutes=60) == {}
    assert judged([0.0, 3.01, 0.0, 0.0], minutes=60) == {1: "SPIKE"}


def test_a_stuck_sensor_in_high_water_is_flat_after_six_hours() -> None:
    found = judged([2.9, *[3.0] * 40], STUCK)  # the reading of six hours later is number 37
    assert found == dict.fromkeys(range(37, 41), "FLAT_LINE")


def test_a_river_in_drought_may_stand_still_for_ever() -> None:
    assert judged([1.5] * 500, STUCK) == {}


def test_rain_may_be_nothing_for_ever_and_drizzle_comes_and_goes() -> None:
    assert judged([0.0] * 500, GENERAL["rainfall"]) == {}
    assert judged([1.0, 1.0, 1.0, 0.0] * 50, GENERAL["rainfall"]) == {}
    assert set(judged([1.0] * 40, GENERAL["rainfall"]).values()) == {"FLAT_LINE"}


def test_one_reading_alone_is_good() -> None:
    assert judged([3.0]) == {}


def test_no_reading_is_no_fault() -> None:
    assert judged([]) == {}


def test_each_fault_gets_its_reason() -> None:
    values = np.array([5.0, NAN, -990.0, 101.0, 5.0, 80.0, 5.0])
    flags = np.array([0, Flag.NOT_REPORTED, 0, 0, 0, 0, 0], dtype="int8")
    limits = Limits(sentinels=(-990.0,), lowest=0, highest=100, jump=50)
    found = quality.judge(values, flags, every_ten_minutes(7), limits)
    assert [Flag(flag).name for flag in found] == [
        "GOOD", "NOT_REPORTED", "SENTINEL", "OUT_OF_RANGE", "GOOD", "SPIKE", "GOOD",
    ]  # fmt: skip
    assert flags[2] == Flag.GOOD  # what was given is not changed
    assert values[5] == 80.0


def test_a_gauge_alone_with_80_mm_in_ten_minutes_is_doubted_beside_its_neighbours() -> None:
    rain = np.zeros((3, 6))
    rain[1, 2] = 80
    flags = np.zeros((3, 6), dtype="int8")
    time = every_ten_minutes(6)
    found = quality.judge(rain, flags, time, GENERAL["rainfall"], all_others(3))
    assert found[1, 2] == Flag.NEIGHBOURS
    assert (found > 0).sum() == 1
    assert not quality.judge(rain, flags, time, GENERAL["rainfall"]).any()  # nobody asked


def test_a_gauge_that_stands_while_its_neighbours_rise_is_doubted() -> None:
    rise = np.arange(30) * 0.05
    levels = np.array([np.full(30, 2.0), rise, rise + 1])
    flags = np.zeros(levels.shape, dtype="int8")
    found = quality.judge(levels, flags, every_ten_minutes(30), LEVEL, all_others(3))
    assert list(np.flatnonzero(found[0])) == [24, 25, 26, 27, 28, 29]
    assert not found[1:].any()


def test_each_site_has_its_own_limits() -> None:
    levels = np.array([[3.0, 3.7, 3.0, 3.0]] * 2)
    flags = np.zeros(levels.shape, dtype="int8")
    limits = [Limits(jump=0.5), Limits(jump=0.8)]
    found = quality.judge(levels, flags, every_ten_minutes(4), limits)
    assert found.tolist() == [[0, Flag.SPIKE, 0, 0], [0, 0, 0, 0]]


def again(flags: list[int], values: list[float]) -> list[int]:
    """Return the flags of a later cycle that sees readings and flags of an earlier one."""
    told, nobody = np.array(flags, dtype="int8"), np.full((1, 2), NONE)
    found = quality.judge(np.array(values), told, every_ten_minutes(len(values)), LEVEL, nobody)
    return [int(flag) for flag in found]


def test_a_later_cycle_lifts_a_doubt_and_keeps_what_is_final() -> None:
    values, flags = [3.0] * 30, [0] * 30
    flags[27] = Flag.RATE_OF_CHANGE  # the step was confirmed meanwhile
    flags[0] = Flag.SPIKE  # what came before it is out of sight
    flags[1] = Flag.RATE_OF_CHANGE
    flags[2] = Flag.OUT_OF_RANGE  # by narrower limits
    flags[23], flags[24] = Flag.NEIGHBOURS, Flag.NEIGHBOURS  # four hours: 24 readings
    flags[28] = Flag.FLAT_LINE
    found = again(flags, values)
    assert {place: flag for place, flag in enumerate(found) if flag} == {
        0: Flag.SPIKE,
        23: Flag.NEIGHBOURS,
        28: Flag.FLAT_LINE,
    }
    assert again([Flag.RATE_OF_CHANGE, 0], [3.0, 3.0]) == [Flag.RATE_OF_CHANGE, 0]


def test_a_doubt_of_the_neighbours_stays_where_they_are_not_asked() -> None:
    told = np.array([0] * 30 + [Flag.NEIGHBOURS], dtype="int8")
    assert quality.judge(np.full(31, 3.0), told, every_ten_minutes(31), LEVEL)[30]


def test_a_value_that_is_gone_keeps_its_reason() -> None:
    values, flags = [3.0] * 30, [0] * 30
    values[27], flags[27] = NAN, Flag.RATE_OF_CHANGE
    assert again(flags, values)[27] == Flag.RATE_OF_CHANGE


def test_a_flagged_value_is_nan_never_zero() -> None:
    kept = quality.only_good(np.array([1.0, 2.0]), np.array([Flag.GOOD, Flag.SPIKE]))
    assert kept[0] == 1.0
    assert np.isnan(kept[1])


@pytest.mark.parametrize(
    ("flags", "line"),
    [
        ([0, 1, 1, 4], "swl: 2 not reported, 1 spike, of 4"),
        ([0, 6, 7, 8], "swl: 1 rate of change, 1 flat line, 1 neighbours, of 4"),
        ([0, 0], "swl: all good, of 2"),
    ],
)
def test_faults_are_counted_by_reason(flags: list[int], line: str) -> None:
    assert quality.tally("swl", np.array(flags)) == line
