"""What if: inputs changed as asked, nothing else, and said."""

import numpy as np
import pytest
import xarray as xr

from data.errors import InvalidData
from data.sources.simulated import network
from forecast import scenario_levels, scenario_limits
from forecast.scenario import Changed, Correction, RainChange, Scenario, apply
from forecast.wording import in_language

RIVER = network(gauges=3, horizon=3)
HOUR = np.timedelta64(1, "h")
TIMES = np.datetime64("2020-07-01T00:00", "ns") + np.arange(6) * HOUR
ISSUE = TIMES[-1]
AHEAD = ISSUE + np.arange(1, 4) * HOUR
DIMS = ("station", "time")
RAIN = np.array([[0, 1, 2, 3, 4, 5], [0, 10, 20, 30, 40, 50], [np.nan] * 6], dtype="float32")
LEVEL = np.repeat(np.arange(1.0, 7.0, dtype="float32")[None], 3, axis=0)
KNOWN = xr.Dataset(
    {"water_level": (DIMS, LEVEL, {"units": "m"}), "rainfall": (DIMS, RAIN, {"units": "mm"})},
    coords={"station": RIVER.ids, "time": TIMES},
)
PLAN = xr.Dataset(
    {"rainfall": (DIMS, np.array([[6.0, 7.0, 8.0]] * 3), {"units": "mm"})},
    coords={"station": RIVER.ids, "time": AHEAD},
)


def changed(rain: RainChange, plan: xr.Dataset | None = None, **more: object) -> Changed:
    return apply(Scenario(rain, **more), KNOWN, plan, RIVER, ISSUE)  # type: ignore[arg-type]


def past(made: Changed, station: str = "S1") -> list[float]:
    return [float(mm) for mm in made.observations.rainfall.sel(station=station).values]


def future(made: Changed, station: str = "S1") -> list[float]:
    assert made.plan is not None
    return [float(mm) for mm in made.plan.rainfall.sel(station=station).values]


def english(made: Changed) -> list[str]:
    return [in_language(text, "en") for text in made.changes]


def test_a_factor_changes_the_last_hours_and_those_to_come_and_says_which() -> None:
    made = changed(RainChange(past=2 * HOUR, factor=2.0), PLAN)
    assert past(made) == [0, 1, 2, 3, 8, 10]
    assert future(made) == [12, 14, 16]
    assert english(made) == [
        "Rain was multiplied by 2.",
        "Changed: the rain of the last 2 h and the rain to come.",
    ]
    assert in_language(made.changes[0], "ko") == "강우에 2배를 곱했습니다."


def test_what_was_given_stays_as_it_was() -> None:
    before, plan = KNOWN.copy(deep=True), PLAN.copy(deep=True)
    changed(RainChange(factor=2.0), PLAN, corrected=(Correction("S1", by=1.0),), blocked=("S2",))
    xr.testing.assert_identical(KNOWN, before)
    xr.testing.assert_identical(PLAN, plan)


def test_a_factor_of_one_changes_nothing() -> None:
    made = changed(RainChange(factor=1.0), PLAN)
    xr.testing.assert_identical(made.observations, KNOWN)
    assert made.plan is not None
    xr.testing.assert_identical(made.plan, PLAN)


def test_without_rain_to_come_only_what_has_fallen_is_changed_and_that_is_said() -> None:
    made = changed(RainChange(past=2 * HOUR, factor=2.0))
    assert made.plan is None
    assert past(made) == [0, 1, 2, 3, 8, 10]
    assert "only; the rain to come is not known and stays open" in english(made)[-1]


def test_a_gauge_without_rain_data_is_named() -> None:
    made = changed(RainChange(factor=2.0))
    assert [in_language(note, "en") for note in made.notes] == [
        "S3 has no rain data in those hours: nothing changes there."
    ]
    assert np.isnan(past(made, "S3")).all()


def test_more_rain_is_spread_evenly_and_less_never_falls_below_none() -> None:
    assert past(changed(RainChange(past=4 * HOUR, more=8.0))) == [0, 1, 4, 5, 6, 7]
    assert past(changed(RainChange(past=4 * HOUR, more=-16.0))) == [0, 1, 0, 0, 0, 1]
    assert future(changed(RainChange(past=0 * HOUR, more=3.0), PLAN)) == [7, 8, 9]


def test_rain_that_comes_later_falls_partly_after_the_issue_time() -> None:
    made = changed(RainChange(past=3 * HOUR, later=2 * HOUR), PLAN)
    assert past(made) == [0, 1, 2, 1, 2, 3]
    assert future(made) == [4, 5, 6]
    assert english(made)[0] == "Rain comes 2 h later."


def test_rain_that_comes_earlier_takes_from_the_rain_to_come_and_leaves_its_end_open() -> None:
    made = changed(RainChange(past=3 * HOUR, later=-1 * HOUR), PLAN)
    assert past(made) == [0, 1, 2, 4, 5, 6]
    assert future(made)[:2] == [7, 8]
    assert np.isnan(future(made)[2])
    with pytest.raises(InvalidData, match="--rain-csv"):
        changed(RainChange(later=-1 * HOUR))


def test_rain_of_one_station_can_fall_everywhere() -> None:
    made = changed(RainChange(past=2 * HOUR, place="S2"))
    assert past(made, "S1") == [0, 1, 2, 3, 40, 50]
    assert past(made, "S3")[-2:] == [40, 50]
    assert english(made)[0] == "The rain of S2 falls at every gauge."


def test_rain_can_be_moved_by_kilometres_to_the_gauge_that_lies_there() -> None:
    # S1, S2, S3 lie 0.1 degrees of longitude (8.8 km) west and 0.05 (5.6 km) south of each other
    made = changed(RainChange(past=2 * HOUR, place="8.8,5.6"))
    assert past(made, "S1")[-2:] == [40, 50]  # what fell at S2
    assert "moved 8.8 km east and 5.6 km north" in english(made)[0]
    assert "changes nothing" in english(changed(RainChange(place="0.1,0")))[0]
    assert "lies 100 km away" in english(changed(RainChange(place="0,-100")))[0]


def test_own_rain_takes_the_place_of_what_is_known() -> None:
    given = xr.concat([KNOWN.rainfall, PLAN.rainfall], "time") * 0 + 9
    given = given.where((given.time >= TIMES[5]) & (given.time <= AHEAD[1]))
    made = changed(RainChange(given=given), PLAN)
    assert past(made) == [0, 1, 2, 3, 4, 9]
    assert future(made) == [9, 9, 8]


@pytest.mark.parametrize(
    ("rain", "wrong"),
    [
        (RainChange(factor=-1.0), "rain factor is -1, expected 0 to 20"),
        (RainChange(factor=100.0), "expected 0 to 20"),
        (RainChange(factor=float("nan")), "rain factor is nan"),
        (RainChange(more=5000.0), "5000 mm more rain"),
        (RainChange(factor=1.0, past=-1 * HOUR), "below 0"),
        (RainChange(later=np.timedelta64(30, "m")), "moved by 0.5 h"),
        (RainChange(later=100 * HOUR), "three days at most"),
        (RainChange(place="S9"), "'S9' is no station of 'simulated' and no distance"),
        (RainChange(place="12"), "no distance"),
        (RainChange(place="9999,0"), "within 500 km"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(rain: RainChange, wrong: str) -> None:
    with pytest.raises(InvalidData, match=wrong):
        changed(rain, PLAN)


def test_a_network_without_rain_has_none_to_change() -> None:
    dry = KNOWN.drop_vars("rainfall")
    with pytest.raises(InvalidData, match="'simulated' has no rain to change"):
        apply(Scenario(RainChange(factor=2.0)), dry, None, RIVER, ISSUE)


def test_a_blocked_gauge_has_no_reading_left() -> None:
    made = changed(RainChange(), blocked=("S2",))
    level = made.observations.water_level
    assert level.sel(station="S2").isnull().all()
    assert level.sel(station="S1").values.tolist() == [1, 2, 3, 4, 5, 6]
    assert english(made) == ["All readings of S2 were taken away."]


def test_a_correction_moves_all_readings_or_sets_the_last_one() -> None:
    by, to = (
        scenario_levels.parse(text, RIVER) for text in ("S1=+0.5", "S2 = 2.25".replace(" ", ""))
    )
    made = changed(RainChange(), corrected=(by, to))
    level = made.observations.water_level
    assert level.sel(station="S1").values.tolist() == [1.5, 2.5, 3.5, 4.5, 5.5, 6.5]
    assert level.sel(station="S2").values.tolist() == [1, 2, 3, 4, 5, 2.25]
    assert english(made) == [
        "+0.5 m was added to all readings of S1.",
        "The last reading of S2 (2020-07-01T05:00Z) was set from 6.00 to 2.25 m.",
    ]
    assert scenario_levels.parse("S1=-0.12", RIVER).by == -0.12
    assert scenario_levels.parse("S1=−0.12", RIVER).by == -0.12


@pytest.mark.parametrize("text", ["S1", "S1=", "S1=high", "S1=1e9", "S9=+1", "=1", "S1=++1"])
def test_what_is_no_correction_is_refused(text: str) -> None:
    with pytest.raises(InvalidData):
        scenario_levels.parse(text, RIVER)


def test_a_gauge_is_changed_in_one_way_only() -> None:
    twice = (Correction("S1", by=1.0), Correction("S1", to=2.0))
    with pytest.raises(InvalidData, match="'S1' is changed in two ways"):
        changed(RainChange(), corrected=twice)
    with pytest.raises(InvalidData, match="in two ways"):
        changed(RainChange(), corrected=twice[:1], blocked=("S1",))


def test_planned_releases_are_put_in_and_said() -> None:
    releases = (PLAN.rainfall * 100).rename("dam_release")
    made = changed(RainChange(), releases=releases)
    assert made.plan is not None
    assert made.plan.dam_release.isel(station=0).values.tolist() == [600, 700, 800]
    assert english(made) == [
        "A planned dam release of 600–800 m3/s from 2020-07-01T06:00Z to 2020-07-01T08:00Z was "
        "put in."
    ]


def test_a_what_if_takes_one_future_only() -> None:
    two = xr.concat([PLAN, PLAN], "member")
    with pytest.raises(InvalidData, match="several members"):
        changed(RainChange(factor=2.0), two)


def test_what_lies_beyond_the_training_years_is_called_extrapolated() -> None:
    record = KNOWN.assign_coords(time=TIMES - np.timedelta64(2 * 366, "D"))  # in 2018
    limits = scenario_limits.learn(record, RIVER)
    assert limits.rain[:2].tolist() == [15, 150]
    assert limits.high.tolist() == [6, 6, 6]
    made = changed(RainChange(factor=2.0), corrected=(Correction("S1", by=-2.0),))
    said = [in_language(note, "en") for note in scenario_limits.beyond(made, RIVER, limits)]
    assert said == [
        "Extrapolated: 24 h of rain of 300 mm; the most that was learnt from is 150 mm.",
        "Extrapolated: a reading of -1 m; the least that was learnt from is 1 m.",
    ]
    same = changed(RainChange(factor=1.0))
    assert scenario_limits.beyond(same, RIVER, limits) == ()
