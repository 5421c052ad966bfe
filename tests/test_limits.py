import json
from dataclasses import replace
from math import inf

import numpy as np
import pytest

from data.limits import GENERAL, Limits, general, of_dict, to_dict
from data.record_limits import ENOUGH, limits_of_record

NAN = float("nan")
KNOWN = GENERAL["water_level"]


def every(minutes: int, count: int) -> np.ndarray:
    start = np.datetime64("2012-05-01", "ns")
    return np.asarray(start + np.arange(count) * np.timedelta64(minutes, "m"))


def waves(low: float, high: float, count: int = 20_000) -> np.ndarray:
    """Return a level that goes up and down in steps of 0.1 m, its median in the middle."""
    up = np.arange(low, high, 0.1).round(1)
    return np.resize(np.concatenate([up, up[::-1]]), count)


def test_limits_survive_json() -> None:
    for limits in (*GENERAL.values(), Limits(sentinels=(0, -9.9), felt=0.2)):
        assert of_dict(json.loads(json.dumps(to_dict(limits)))) == limits


def test_no_limit_is_not_written_down() -> None:
    assert to_dict(Limits(lowest=0)) == {"lowest": 0}


def test_a_flood_may_rise_above_the_record_by_as_much_again() -> None:
    learnt = limits_of_record(waves(0, 12), every(10, 20_000), "water_level")
    assert learnt.highest == pytest.approx(11.9 + (11.9 - 5.95), abs=0.1)


def test_a_calm_record_leaves_room_of_five_metres() -> None:
    learnt = limits_of_record(waves(1, 2), every(10, 20_000), "water_level")
    assert learnt.highest == pytest.approx(1.9 + 5)
    assert learnt.lowest == pytest.approx(1.0 - 5)


def test_what_is_known_of_the_site_is_never_left() -> None:
    known = replace(KNOWN, lowest=0, highest=3)
    learnt = limits_of_record(waves(1, 2), every(10, 20_000), "water_level", known)
    assert (learnt.lowest, learnt.highest) == (0, 3)


def test_a_flow_may_be_ten_times_the_largest() -> None:
    learnt = limits_of_record(waves(0, 10), every(60, 20_000), "discharge")
    assert learnt.highest == pytest.approx(99)


def test_a_lively_river_earns_a_wider_jump_and_a_calm_one_no_narrower() -> None:
    lively = np.resize([1.0, 3.0], 20_000)
    assert limits_of_record(lively, every(10, 20_000), "water_level").jump == 1.25 * 2
    assert limits_of_record(waves(1, 2), every(10, 20_000), "water_level").jump == KNOWN.jump


def test_a_jump_between_hours_is_told_in_ten_minutes() -> None:
    flow = np.resize([10.0, 40.0], 20_000)
    assert limits_of_record(flow, every(60, 20_000), "discharge").jump == 3 * 30 / 6


def test_a_short_record_leaves_the_general_limits() -> None:
    short = waves(1, 2, ENOUGH - 1)
    assert limits_of_record(short, every(10, short.size), "water_level") == KNOWN
    holes = np.append(short, np.full(5000, NAN))
    assert limits_of_record(holes, every(10, holes.size), "water_level") == KNOWN


def test_sentinels_and_absurd_values_teach_nothing() -> None:
    record = waves(1, 2)
    record[::50] = -9.9
    record[::70] = 9999
    known = replace(KNOWN, sentinels=(-9.9,))
    assert limits_of_record(record, every(10, 20_000), "water_level", known).lowest == -4


def test_rain_is_not_learnt() -> None:
    dry = np.zeros(20_000)
    assert limits_of_record(dry, every(10, 20_000), "rainfall") == GENERAL["rainfall"]


def test_a_river_that_often_stands_still_may_do_so_four_times_as_long() -> None:
    still = np.repeat(np.resize(np.arange(1, 2, 0.1).round(1), 1000), 20)  # 200 minutes each
    learnt = limits_of_record(still, every(10, 20_000), "water_level")
    assert learnt.flat == pytest.approx(4 * 200 / 60)
    assert learnt.rests == pytest.approx(1.4, abs=0.11)
    assert learnt.moves == pytest.approx(0.1)


def test_a_restless_river_is_not_called_flat_within_six_hours() -> None:
    assert limits_of_record(waves(1, 2), every(10, 20_000), "water_level").flat == 6


def test_a_dam_may_rest_for_ever() -> None:
    assert limits_of_record(waves(24, 25), every(10, 20_000), "dam_level").flat == inf
    assert limits_of_record(waves(24, 25), every(10, 20_000), "dam_release").flat == inf


def test_rain_grows_with_the_length_of_the_step() -> None:
    hour, day = (
        general("rainfall", np.timedelta64(1, "h")),
        general("rainfall", np.timedelta64(1, "D")),
    )
    assert hour.highest == pytest.approx(234, abs=1)
    assert day.highest == pytest.approx(1060, abs=5)
    assert hour.alone == pytest.approx(117, abs=1)
    assert hour.flat == 36
    assert general("rainfall") == GENERAL["rainfall"]
    assert general("tide", np.timedelta64(1, "h")) == GENERAL["tide"]
