from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from data.archive import VARIABLES
from data.errors import SourceError
from data.network import Split
from data.own import cadence as own_cadence
from data.own import levels as own_levels
from data.own import lines as own_lines
from data.own import prepared as own_prepared
from data.own import sums as own_sums
from data.own.lines import Key, Line
from data.own.network import Plan, Wishes
from data.own.rows import WIDTH, Known, Part, Rows
from data.schema import Flag
from data.stations import Quantity, Station

KNOWN = Known(("A", "B"), Quantity.WATER_LEVEL)
LEVEL, RAIN = VARIABLES.index("water_level"), VARIABLES.index("rainfall")
START = np.datetime64("2020-01-01", "ns")


def minutes(*counts: int) -> np.ndarray:
    return START + np.array(counts) * np.timedelta64(1, "m")


def part(series: int, counts: list[int], values: list[float], **columns: Any) -> Part:
    flag = np.where(np.isnan(values), Flag.NOT_REPORTED, Flag.GOOD).astype("int8")
    received = columns.get("received", np.full(len(counts), np.datetime64("NaT", "ns")))
    which = np.full(len(counts), series, "int32")
    rows = Rows(which, minutes(*counts), np.array(values), columns.get("flag", flag), received)
    return Part("r.csv", rows, len(counts), refused_of=columns.get("refused_of", {}))


def line(every: int, count: int, first: int = 0, start: np.datetime64 = START) -> Line:
    time = start + (first + every * np.arange(count)) * np.timedelta64(1, "m")
    return Line(time, np.ones(count), np.zeros(count, "int8"), time)


def only(parts: list[Part]) -> Line:
    return own_lines.lines(parts, KNOWN)["A", "water_level"]


def test_rows_of_many_files_are_put_in_order_and_the_last_of_one_time_wins() -> None:
    found = only([part(LEVEL, [20, 0], [3.0, 1.0]), part(LEVEL, [10, 20], [2.0, 9.0])])
    assert found.value.tolist() == [1.0, 2.0, 9.0]
    assert (found.read, found.repeated) == (4, 1)


def test_a_blank_says_nothing_so_it_never_takes_the_place_of_a_value() -> None:
    found = only([part(LEVEL, [0, 10], [1.0, np.nan]), part(LEVEL, [0], [np.nan])])
    assert found.value.tolist() == [1.0]
    assert (found.read, found.blank, found.repeated) == (3, 2, 0)


def test_a_sentinel_is_kept_as_missing_with_its_flag() -> None:
    flag = np.array([Flag.SENTINEL], "int8")
    found = only([part(LEVEL, [0], [np.nan], flag=flag, refused_of={LEVEL: 3})])
    assert (found.flag.tolist(), found.blank, found.refused) == ([Flag.SENTINEL], 1, 3)


def test_a_clock_that_is_seconds_off_is_put_right() -> None:
    late = part(LEVEL, [0, 10], [1.0, 2.0])
    late = replace(late, rows=replace(late.rows, time=late.rows.time + np.timedelta64(3, "s")))
    assert only([late]).time.tolist() == minutes(0, 10).tolist()


def test_what_is_shared_stands_at_every_station_without_its_own() -> None:
    shared = part(2 * WIDTH + RAIN, [0], [1.0])
    own = part(RAIN, [0], [5.0])
    found = own_lines.lines([shared, own, part(WIDTH + LEVEL, [0], [2.0])], KNOWN)
    assert {key: each.value.tolist() for key, each in found.items()} == {
        ("A", "rainfall"): [5.0],
        ("B", "rainfall"): [1.0],
        ("B", "water_level"): [2.0],
    }


def test_a_reading_is_known_at_its_own_time_unless_a_file_says_when() -> None:
    told = np.array([minutes(30)[0], np.datetime64("NaT", "ns")])
    found = only([part(LEVEL, [0, 10], [1.0, 2.0], received=told)])
    assert found.received.tolist() == minutes(30, 10).tolist()
    assert found.assumed == 1


def test_all_that_was_said_of_one_time_is_kept_in_the_order_of_receipt() -> None:
    found = only([part(LEVEL, [0, 0, 0], [3.0, 1.0, 2.0], received=minutes(30, 10, 20))])
    assert found.value.tolist() == [3.0]
    assert found.earlier is not None
    assert found.earlier.value.tolist() == [1.0, 2.0]
    assert found.repeated == 0


def level(**lines: Line) -> dict[Key, Line]:
    return {(name, "water_level"): each for name, each in lines.items()}


@pytest.mark.parametrize(
    ("every", "step"), [(1, 10), (5, 10), (6, 30), (10, 10), (15, 15), (60, 60), (180, 180)]
)
def test_the_step_is_the_finest_that_the_readings_fit(every: int, step: int) -> None:
    lines = level(A=line(every, 100))
    assert own_cadence.step(lines, Quantity.WATER_LEVEL, None)[0] == step


def test_the_step_serves_the_slowest_gauge_the_slowest_year_and_the_rain() -> None:
    assert own_cadence.step(level(A=line(10, 99), B=line(30, 99)), KNOWN.quantity, None)[0] == 30
    old, new = line(60, 99), line(10, 99, start=np.datetime64("2021-01-01", "ns"))
    time, ones = np.concatenate([old.time, new.time]), np.ones(198)
    both = Line(time, ones, np.zeros(198, "int8"), time)
    assert own_cadence.step(level(A=both), KNOWN.quantity, None)[0] == 60
    rain = level(A=line(10, 99)) | {("A", "rainfall"): line(60, 99)}
    assert own_cadence.step(rain, KNOWN.quantity, None)[0] == 60


def test_rain_that_comes_too_seldom_is_told() -> None:
    lines = level(A=line(10, 99)) | {("A", "rainfall"): line(1440, 99)}
    step, remarks = own_cadence.step(lines, KNOWN.quantity, None)
    assert step == 10
    assert remarks[1] == (
        "rainfall of 'A' comes every 1 d: too seldom for steps of 10 min, so it is kept and not "
        "used."
    )


def test_a_slow_grid_is_allowed_with_a_warning() -> None:
    step, remarks = own_cadence.step(level(A=line(1440, 99)), KNOWN.quantity, None)
    assert step == 1440
    assert remarks[0].startswith("Steps of 1 d: floods of small rivers rise and fall between")


@pytest.mark.parametrize(
    ("lines", "step", "why"),
    [
        (level(A=line(15, 99), B=line(1440, 99)), None, "'B' come every 1 d, of 'A' every 15 min"),
        (level(A=line(2880, 99)), None, "'A' come every 2 d. A flood forecast needs one a day"),
        (level(A=line(25, 99)), None, "come every 25 min fit no grid"),
        (level(A=line(60, 99)), 10, "'A' come every 1 h, a step of 10 min is finer"),
        (level(A=line(60, 99)), 70, "A step of 70 min is no part of a day"),
    ],
)
def test_readings_without_a_common_grid_are_refused(
    lines: dict[Key, Line], step: int | None, why: str
) -> None:
    with pytest.raises(SourceError, match=why):
        own_cadence.step(lines, KNOWN.quantity, step)


def test_readings_at_no_regular_time_need_a_step_by_hand() -> None:
    times = np.cumsum(np.arange(1, 60))
    uneven = replace(line(1, 59), time=minutes(*times.tolist()))
    with pytest.raises(SourceError, match=r"'A' come at no regular time.*--step 60"):
        own_cadence.step(level(A=uneven), KNOWN.quantity, None)
    assert own_cadence.step(level(A=uneven), KNOWN.quantity, 60)[0] == 60


@pytest.mark.parametrize(
    ("variable", "first", "moved"),
    [
        ("water_level", 0, 0),
        ("water_level", 55, 0),  # 5 minutes before the hour still stands for it
        ("water_level", 30, 30),
        ("rainfall", 55, 5),  # sums share one clock
    ],
)
def test_readings_beside_the_grid_are_moved_to_the_time_they_can_stand_for(
    variable: str, first: int, moved: int
) -> None:
    found = own_cadence.beside(line(60, 99, first), variable, 60)
    assert found == np.timedelta64(moved, "m")


def test_a_line_that_is_moved_was_not_known_before_its_new_time() -> None:
    moved = line(60, 2).moved(np.timedelta64(30, "m"))
    assert moved.time.tolist() == minutes(30, 90).tolist()
    assert moved.received.tolist() == moved.time.tolist()


def test_quarter_hours_of_rain_beside_hours_are_summed_and_a_part_is_no_sum() -> None:
    quarter = replace(line(15, 99, first=15), value=np.arange(99.0))
    quarter.value[4] = np.nan
    quarter.flag[4] = Flag.SENTINEL
    lines = {("A", "rainfall"): quarter, ("B", "rainfall"): line(60, 99)}
    found, remarks = own_sums.alike(lines, 60)
    summed = found["A", "rainfall"]
    assert summed.time[:3].tolist() == minutes(60, 120, 180).tolist()
    assert summed.value[0] == 0 + 1 + 2 + 3
    assert np.isnan(summed.value[1])
    assert summed.flag[:3].tolist() == [0, Flag.SENTINEL, 0]
    assert summed.value[2] == 8 + 9 + 10 + 11
    assert remarks == (
        "rainfall of 'A' comes every 15 min, other rainfall every 1 h: it is kept as sums of 1 h.",
    )
    assert found["B", "rainfall"] is lines["B", "rainfall"]


def test_flows_of_a_dam_are_averaged_over_at_least_half_of_their_parts() -> None:
    half = replace(line(30, 4, first=30), value=np.array([1.0, 3.0, np.nan, 5.0]))
    found = own_sums.coarsened(half, "dam_release", 60)
    assert found.value.tolist() == [2.0, 5.0]


def station(name: str, zero: float = np.nan) -> Station:
    return Station(name, name, name, "r", "r", 0.0, 0.0, zero, Quantity.WATER_LEVEL, ())


def test_elevations_become_levels_on_the_gauge_only_when_asked() -> None:
    lines = level(A=replace(line(60, 3), value=np.array([250.0, 251.0, 252.5])))
    with pytest.raises(SourceError, match=r"middle one is 251, expected -10 to 40.*--above-sea"):
        own_levels.check(lines)
    lowered = own_levels.above_gauge(lines, (station("A", 249.5),))
    assert lowered["A", "water_level"].value.tolist() == [0.5, 1.5, 3.0]
    with pytest.raises(SourceError, match="'A' has no gauge_zero, which --above-sea needs"):
        own_levels.above_gauge(lines, (station("A"),))


def test_what_was_moved_is_told_on_the_pages_in_both_languages() -> None:
    plan = Plan(Quantity.WATER_LEVEL, 60, 24, Split((2018, 2018), (2019, 2019), (2020, 2020)))
    half_past = part(LEVEL, [30 + 60 * n for n in range(99)], [1.0] * 99)
    ready = own_prepared.prepare([half_past], (station("A"),), Wishes(), plan, above_sea=False)
    ko, en = ready.caveats
    assert en.endswith(
        "Times are 30 min late, for readings stand for the grid time that follows "
        "them: A water_level."
    )
    assert "Every reading is assumed to have been known at its own time." in en
    assert "30분 먼저" in ko
    assert ready.lines["A", "water_level"].time[0] == minutes(60)[0]
