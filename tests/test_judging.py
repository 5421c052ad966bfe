from pathlib import Path

import numpy as np
import pytest

from data import judging, store
from data.limits import Limits
from data.reading import FORECAST_RAIN, Reading
from data.schema import Flag
from data.sources.asking import Answer

NOON = np.datetime64("2026-07-20T12:00", "ns")
STEP = np.timedelta64(10, "m")
LEVELS = store.Wanted("hrfco", "water_level", ["S1"])


def reading(number: int, value: float, flag: Flag = Flag.GOOD) -> Reading:
    return Reading("S1", "water_level", NOON + number * STEP, value, flag)


def answer(minutes: int = 60, replayed: str = "") -> Answer:
    arrived = NOON + np.timedelta64(minutes, "m")
    return Answer("hrfco", "levels", "http://h/…", b"", arrived, replayed=replayed)


def flags(path: Path) -> list[int]:
    found: list[int] = store.read(path, LEVELS)["flag"].values[0].tolist()
    return found


def test_a_jump_is_doubted_until_the_next_readings_tell_what_it_was(tmp_path: Path) -> None:
    path = tmp_path / "o.sqlite"
    spike = [reading(n, v) for n, v in enumerate([1.0, 1.02, 9.0, 1.04, 1.06])]
    judging.judged(path, "hrfco", spike[:3], answer(25))
    assert flags(path) == [0, 0, Flag.RATE_OF_CHANGE]
    judging.judged(path, "hrfco", spike, answer(45))
    assert flags(path) == [0, 0, Flag.SPIKE, 0, 0]
    assert store.read(path, LEVELS)["value"].values[0].tolist() == pytest.approx(
        [1.0, 1.02, 9.0, 1.04, 1.06]
    )


def test_a_flood_that_jumps_is_cleared_by_the_reading_that_confirms_it(tmp_path: Path) -> None:
    path = tmp_path / "o.sqlite"
    rise = [reading(n, v) for n, v in enumerate([1.0, 1.02, 1.9, 2.6, 3.0])]
    judging.judged(path, "hrfco", rise[:3], answer(25))
    assert flags(path)[2] == Flag.RATE_OF_CHANGE
    judging.judged(path, "hrfco", rise[3:], answer(45))
    assert flags(path) == [0, 0, 0, 0, 0]
    history = store.revisions(path, "hrfco", "S1", "water_level", NOON + 2 * STEP)
    assert [each.flag for each in history] == [Flag.RATE_OF_CHANGE, Flag.GOOD]


def test_a_reading_that_is_delivered_again_keeps_its_verdict(tmp_path: Path) -> None:
    path = tmp_path / "o.sqlite"
    spike = [reading(n, v) for n, v in enumerate([1.0, 1.02, 9.0, 1.04, 1.06])]
    judging.judged(path, "hrfco", spike, answer())
    again = judging.judged(path, "hrfco", spike, answer(120))
    assert (again.new, again.revised) == (0, 0)


def test_a_corrected_value_is_judged_anew(tmp_path: Path) -> None:
    path = tmp_path / "o.sqlite"
    levels = [reading(n, v) for n, v in enumerate([1.0, 1.02, 9.0, 1.04, 1.06])]
    judging.judged(path, "hrfco", levels, answer())
    judging.judged(path, "hrfco", [reading(2, 1.03)], answer(120))
    assert flags(path) == [0, 0, 0, 0, 0]


def test_a_missing_value_is_kept_with_the_provider_s_reason(tmp_path: Path) -> None:
    path = tmp_path / "o.sqlite"
    nan = float("nan")
    missing = [reading(0, 1.0), reading(1, nan, Flag.NOT_REPORTED), reading(2, nan, Flag.SENTINEL)]
    tally = judging.judged(path, "hrfco", missing, answer())
    assert tally.new == 2  # of a blank nothing is new
    assert flags(path) == [Flag.GOOD, Flag.SENTINEL]


def test_a_blank_does_not_take_a_value_away_and_a_sentinel_does(tmp_path: Path) -> None:
    path = tmp_path / "o.sqlite"
    nan = float("nan")
    judging.judged(path, "hrfco", [reading(0, 1.0), reading(1, 1.1)], answer())
    blank = [reading(0, nan, Flag.NOT_REPORTED), reading(1, nan, Flag.SENTINEL)]
    judging.judged(path, "hrfco", blank, answer(70))
    assert flags(path) == [Flag.GOOD, Flag.SENTINEL]
    assert store.read(path, LEVELS)["value"].values[0, 0] == 1.0


def test_a_site_s_own_limits_go_before_the_general_ones(tmp_path: Path) -> None:
    path = tmp_path / "o.sqlite"
    judging.remember_limits(path, "hrfco", "water_level", {"S1": Limits(highest=5.0)}, NOON)
    judging.judged(path, "hrfco", [reading(0, 4.9), reading(1, 5.1)], answer())
    assert flags(path) == [Flag.GOOD, Flag.OUT_OF_RANGE]


def test_an_hour_of_rain_may_be_more_than_ten_minutes_of_it(tmp_path: Path) -> None:
    hourly = [Reading("S1", "rainfall", NOON + 6 * n * STEP, 120.0 * n) for n in range(3)]
    judging.judged(tmp_path / "o.sqlite", "kma_hub", hourly[:2], answer())
    rain = store.Wanted("kma_hub", "rainfall", ["S1"])
    kept = store.read(tmp_path / "o.sqlite", rain)
    assert kept["flag"].values[0].tolist() == [0, 0]
    quick = [Reading("S2", "rainfall", NOON + n * STEP, 120.0 * n) for n in range(2)]
    judging.judged(tmp_path / "o.sqlite", "hrfco", quick, answer())
    sudden = store.read(tmp_path / "o.sqlite", store.Wanted("hrfco", "rainfall", ["S2"]))
    assert sudden["flag"].values[0].tolist() == [0, Flag.OUT_OF_RANGE]


def test_forecast_rain_is_kept_as_it_is_told(tmp_path: Path) -> None:
    path = tmp_path / "o.sqlite"
    rain = [Reading("S1", FORECAST_RAIN, NOON + n * STEP, 90.0 * n) for n in range(3)]
    judging.judged(path, "open_meteo", rain, answer())
    kept = store.read(path, store.Wanted("open_meteo", FORECAST_RAIN, ["S1"]))
    assert kept["value"].values[0].tolist() == [0.0, 90.0, 180.0]


def test_what_is_replayed_says_so(tmp_path: Path) -> None:
    path = tmp_path / "o.sqlite"
    judging.judged(path, "hrfco", [reading(0, 1.0)], answer(replayed="SIMULATED rivers"))
    assert [source.replayed for source in store.sources(path)] == ["SIMULATED rivers"]
