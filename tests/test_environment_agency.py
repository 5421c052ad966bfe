"""The Environment Agency's answers, each oddity of them, on made-up stations X100 .. X900."""

import json
from collections.abc import Callable
from dataclasses import replace
from math import isnan, nan
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pytest

from data.errors import SourceError, SourceUnavailable
from data.reading import Parsed
from data.schema import Flag
from data.sources import environment_agency, json_answer, web
from data.sources.asking import Access, Answer, Question, Spot, Wanted
from data.sources.environment_agency import ask, parse
from data.sources.environment_agency_floods import UNKNOWN, ask_floods, floods
from data.sources.environment_agency_measures import read
from data.sources.environment_agency_sites import ask_sites, sites

FIXTURES = Path(__file__).parent / "fixtures" / "ea"
RECORDED = Path(__file__).parents[1].parent / "shared/samples/providers/recorded/ea"
ROOT = "http://environment.data.gov.uk/flood-monitoring"
STAGE = "X100-level-stage-i-15_min-mASD"
BELOW = "X100-level-downstage-i-15_min-mASD"
RAIN = "X500-rainfall-tipping_bucket_raingauge-t-15_min-mm"
NOW = np.datetime64("2026-07-20T04:00", "ns")


def answer(
    items: Any = None, body: bytes = b"", what: str = "readings-X100", **more: Any
) -> Answer:
    if not body:
        body = json.dumps({"meta": more.pop("meta", {}), "items": items}).encode()
    return Answer("environment_agency", what, f"{ROOT}/data", body, NOW, **more)


def fixture(name: str, what: str = "latest-level") -> Answer:
    return answer(body=(FIXTURES / name).read_bytes(), what=what)


def wanted(variable: str, *ids: str, since: str = "2026-07-20T00:00") -> Wanted:
    spots = tuple(map(Spot, ids))
    return Wanted(variable, spots, np.datetime64(since, "ns"), NOW)


def reading(measure: Any, value: Any, time: Any = "2026-07-20T03:45:00Z") -> dict[str, Any]:
    if isinstance(measure, str):
        measure = f"{ROOT}/id/measures/{measure}"
    return {"dateTime": time, "measure": measure, "value": value}


def of(*items: Any, variable: str = "water_level", site: str = "X100") -> Parsed:
    return parse(answer(list(items)), wanted(variable, site))


def values(parsed: Parsed) -> list[tuple[str, float]]:
    return [(r.site, r.value) for r in parsed.readings]


def test_the_newest_levels_keep_their_datum_and_depths_become_heights() -> None:
    ids = ("X100", "X200", "X300", "X600")
    parsed = parse(fixture("readings_latest.json"), wanted("water_level", *ids))
    told = [(r.site, r.value, r.datum, r.flag) for r in parsed.readings]
    assert told[:3] == [
        ("X100", 1.532, "mASD", Flag.GOOD),
        ("X200", 54.2, "mAOD", Flag.GOOD),
        ("X300", -12.5, "mBDAT", Flag.GOOD),
    ]
    assert parsed.readings[1].time == np.datetime64("2026-07-20T03:30", "ns")
    assert parsed.readings[0].raw == "1.532"
    assert np.isnat(parsed.readings[0].received)


def test_a_unit_of_dashes_gives_no_value() -> None:
    parsed = parse(fixture("readings_latest.json"), wanted("water_level", "X600"))
    (only,) = parsed.readings
    assert isnan(only.value)
    assert (only.flag, only.raw) == (Flag.UNREADABLE, "9.9")
    assert "unit '---' is not known" in parsed.complaints[0]


@pytest.mark.parametrize(
    ("unit", "value", "metres", "datum"),
    [
        ("m", 1.5, 1.5, ""),
        ("mm", 1500, 1.5, ""),
        ("mASD", 2, 2.0, "mASD"),
        ("mBDAT", -1, 1, "mBDAT"),
    ],
)
def test_levels_are_metres(unit: str, value: float, metres: float, datum: str) -> None:
    (only,) = of(reading(f"X100-level-stage-i-15_min-{unit}", value)).readings
    assert only.value == pytest.approx(metres)
    assert only.datum == datum


@pytest.mark.parametrize(
    ("unit", "value", "flow"), [("m3_s", 3.5, 3.5), ("l_s", 250, 0.25), ("Ml_d", 86.4, 1.0)]
)
def test_flows_are_cubic_metres_a_second(unit: str, value: float, flow: float) -> None:
    (only,) = of(reading(f"X100-flow--i-15_min-{unit}", value), variable="discharge").readings
    assert only.value == pytest.approx(flow)


def test_rain_is_the_sum_of_a_quarter_of_an_hour_and_other_sums_are_told() -> None:
    quarter = of(reading(RAIN, 0.2), variable="rainfall", site="X500")
    assert (values(quarter), quarter.complaints) == ([("X500", 0.2)], ())
    hour = of(reading(RAIN.replace("15_min", "1_h"), 0.2), variable="rainfall", site="X500")
    assert "not of 15 minutes but of '1_h'" in hour.complaints[0]


def test_negative_rain_is_none() -> None:
    parsed = of(reading(RAIN, -0.2), variable="rainfall", site="X500")
    assert (isnan(parsed.readings[0].value), parsed.readings[0].flag) == (True, Flag.OUT_OF_RANGE)
    assert "'-0.2'" in parsed.complaints[0]


def test_of_several_measures_always_the_same_is_used_and_it_is_told() -> None:
    both = [reading(BELOW, 0.8), reading(STAGE, 1.5)]
    for items in (both, both[::-1]):
        parsed = of(*items)
        assert values(parsed) == [("X100", 1.5)]
        assert parsed.complaints == (f"'X100': of several measures {STAGE} is used, not {BELOW}.",)


def test_two_datums_never_meet_in_one_series() -> None:
    sea = STAGE.replace("mASD", "mAOD")
    parsed = of(
        reading(sea, 55.5, "2026-07-20T03:30:00Z"),
        reading(STAGE, 1.5, "2026-07-20T03:30:00Z"),
        reading(sea, 55.6),
    )
    assert {r.datum for r in parsed.readings} == {"mASD"}
    assert values(parsed) == [("X100", 1.5)]


def test_the_water_below_a_lock_never_stands_in_for_the_water_above() -> None:
    parsed = of(reading(BELOW, 0.8))
    assert parsed.readings == ()
    assert parsed.complaints == (
        f"'X100' has only {BELOW} here: name one of them as the site to use it.",
    )


def test_a_site_can_name_its_measure() -> None:
    parsed = of(reading(BELOW, 0.8), reading(STAGE, 1.5), site=BELOW)
    assert (values(parsed), parsed.complaints) == ([(BELOW, 0.8)], ())


@pytest.mark.parametrize(
    ("one", "other", "used"),
    [
        ("X-level-stage-i-15_min----", "X-level-stage-i-15_min-m", 1),  # a known unit
        ("X-level-tidal_level-i-15_min-m", "X-level-stage-i-15_min-mAOD", 1),  # the main water
        ("X-level-stage-Mean-15_min-m", "X-level-stage-i-15_min-m", 1),  # a value, not a mean
        ("X-level-stage-i-1_h-m", "X-level-stage-i-15_min-m", 1),  # the finer spacing
        ("X-level-stage-i-15_min-m", "X-level-stage-i-15_min-mASD", 1),  # a datum
    ],
)
def test_the_better_measure_is_preferred(one: str, other: str, used: int) -> None:
    parsed = of(reading(one, 0), reading(other, 1), site="X")
    assert values(parsed) == [("X", used)]


def test_a_missing_value_is_not_a_number_and_not_zero() -> None:
    parsed = of(reading(STAGE, None))
    assert isnan(parsed.readings[0].value)
    assert parsed.readings[0].flag is Flag.NOT_REPORTED
    without = {"dateTime": "2026-07-20T03:45:00Z", "measure": STAGE}
    assert of(without).readings[0].flag is Flag.NOT_REPORTED


@pytest.mark.parametrize("raw", ["1.5", True, {"value": 1}, [1.5, 1.6], [], ["x"], 10**400])
def test_a_value_that_is_no_number_is_told(raw: Any) -> None:
    parsed = of(reading(STAGE, raw))
    assert isnan(parsed.readings[0].value)
    assert parsed.readings[0].flag is Flag.UNREADABLE
    assert f"{STAGE} at 2026-07-20T03:45Z" in parsed.complaints[0]


def test_infinity_is_no_level() -> None:
    body = json.dumps({"items": [reading(STAGE, 0)]}).replace(": 0}", ": 1e999}").encode()
    (only,) = parse(answer(body=body), wanted("water_level", "X100")).readings
    assert (isnan(only.value), only.flag) == (True, Flag.UNREADABLE)


def test_a_list_of_the_same_number_is_that_number() -> None:
    parsed = of(reading(STAGE, [1.5, 1.5]))
    assert values(parsed) == [("X100", 1.5)]
    assert "is a list" in parsed.complaints[0]


def test_what_came_twice_counts_once_and_nothing_if_it_differs() -> None:
    assert values(of(reading(STAGE, 1.5), reading(STAGE, 1.5))) == [("X100", 1.5)]
    parsed = of(reading(STAGE, 1.5), reading(STAGE, 1.6))
    assert isnan(parsed.readings[0].value)
    assert parsed.complaints == ("'X100' at 2026-07-20T03:45Z came twice: 1.5 / 1.6.",)


@pytest.mark.parametrize(
    "time", ["", None, 5, "2026-13-01T00:00:00Z", "20/07/2026", "9999-01-01T00:00Z"]
)
def test_a_reading_without_a_time_is_told(time: Any) -> None:
    parsed = of(reading(STAGE, 1.5, time), reading(STAGE, 1.6))
    assert values(parsed) == [("X100", 1.6)]
    assert "is no time" in parsed.complaints[0]


def test_a_time_with_another_zone_is_turned_into_utc() -> None:
    parsed = of(reading(STAGE, 1.5, "2026-07-20T04:45:00+01:00"))
    assert parsed.readings[0].time == np.datetime64("2026-07-20T03:45", "ns")


@pytest.mark.parametrize(
    "measure", [None, 5, "", [], {"@id": 7}, "X100-tide-x-i-15_min-m", "-level-stage-i-15_min-m"]
)
def test_a_reading_without_a_measure_is_told(measure: Any) -> None:
    item = {"dateTime": "2026-07-20T03:45:00Z", "measure": measure, "value": 1.5}
    parsed = of(item)
    assert parsed.readings == ()
    assert "is no measure" in parsed.complaints[0]


def test_a_measure_may_be_an_object() -> None:
    parsed = of(reading({"@id": f"{ROOT}/id/measures/{STAGE}", "unitName": "mASD"}, 1.5))
    assert values(parsed) == [("X100", 1.5)]


def test_items_may_be_one_object_and_others_are_told() -> None:
    one = parse(answer(reading(STAGE, 1.5)), wanted("water_level", "X100"))
    assert values(one) == [("X100", 1.5)]
    parsed = of(7, reading(STAGE, 1.5))
    assert values(parsed) == [("X100", 1.5)]
    assert "an item is '7'" in parsed.complaints[0]


def test_the_latest_reading_of_a_station_may_be_an_object_or_an_address() -> None:
    full = {"@id": STAGE, "latestReading": {"dateTime": "2026-07-20T03:45:00Z", "value": 2.1}}
    address = {"@id": BELOW, "latestReading": f"{ROOT}/data/readings/{BELOW}/x"}
    parsed = of({"notation": "X100", "measures": [full, address]})
    assert values(parsed) == [("X100", 2.1)]
    assert parsed.complaints == (f"The latest reading of '{BELOW}' is only an address.",)
    assert values(of({"notation": "X100", "measures": full})) == [("X100", 2.1)]  # one: an object


def test_only_the_wanted_time_is_kept() -> None:
    times = (
        "2026-07-19T23:45:00Z",
        "2026-07-20T00:00:00Z",
        "2026-07-20T04:00:00Z",
        "2026-07-20T04:15:00Z",
    )
    rows = answer([reading(STAGE, number, time) for number, time in enumerate(times)])
    parsed = parse(
        replace(rows, fetched=NOW + np.timedelta64(1, "h")), wanted("water_level", "X100")
    )
    assert [r.value for r in parsed.readings] == [1, 2]


def test_the_newest_reading_of_a_station_that_fell_silent_is_kept_and_its_age_told() -> None:
    asked = wanted("water_level", "X100", "X999", since="2026-07-20T03:50")
    parsed = parse(fixture("readings_latest.json"), asked)
    assert [str(r.time)[11:16] for r in parsed.readings] == ["03:45"]
    assert (
        "'X100': its newest reading is of 2026-07-20T03:45Z, before 2026-07-20T03:50Z."
        in parsed.complaints
    )
    assert "'X999' is not among the newest readings." in parsed.complaints


def test_an_answer_at_its_limit_may_lack_some() -> None:
    parsed = parse(answer([reading(STAGE, 1.5)], meta={"limit": 1}), wanted("water_level", "X100"))
    assert "some may lack" in parsed.complaints[0]


def test_a_site_that_is_not_known_is_told() -> None:
    parsed = parse(answer(body=b"<html>", status=404), wanted("water_level", "X100"))
    assert parsed.complaints == ("readings-X100: the provider knows no such site.",)


def test_an_answer_that_breaks_off_can_be_asked_again() -> None:
    whole = (FIXTURES / "readings_latest.json").read_bytes()
    for body in (whole[:500], b"", b'{"items": [NaN, }'):
        with pytest.raises(
            SourceUnavailable, match=r"environment_agency, readings-X100: .*breaks off"
        ):
            parse(answer(body=body or b" "), wanted("water_level", "X100"))


@pytest.mark.parametrize(
    "body", [b"<html>Forbidden</html>", b"{}", b"[]", b'{"items": "none"}', b"null"]
)
def test_another_shape_is_an_error_and_not_an_empty_river(body: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        parse(answer(body=body), wanted("water_level", "X100"))
    assert not isinstance(caught.value, SourceUnavailable)
    assert caught.value.remedy


def test_json_nested_too_deep_is_an_error() -> None:
    with pytest.raises(SourceUnavailable):
        json_answer.load(answer(body=b"[" * 200_000))


def test_a_variable_that_is_not_measured_is_refused() -> None:
    with pytest.raises(SourceError, match="measures no 'tide'"):
        parse(fixture("readings_latest.json"), wanted("tide", "X100"))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> tuple[list[Question], Callable[[str], None]]:
    """Record the questions; those whose name is told to fail do."""
    questions: list[Question] = []
    failing: list[str] = []

    def fake(_: Access, question: Question) -> Answer:
        questions.append(question)
        if question.what in failing:
            raise SourceUnavailable("no answer.", "Later.")
        return answer([], what=question.what)

    monkeypatch.setattr(web, "ask", fake)
    return questions, failing.append


Asked = tuple[list[Question], Callable[[str], None]]
ACCESS = Access(environment_agency.BASE_URL)


def test_the_newest_of_many_stations_is_one_call(asked: Asked) -> None:
    ids = [f"X{number}" for number in range(8)]
    answers = list(ask(ACCESS, wanted("rainfall", *ids, since="2026-07-20T03:45")))
    assert [a.what for a in answers] == ["latest-rainfall"]
    assert asked[0][0].path == "/data/readings"
    assert asked[0][0].params == {"latest": "", "parameter": "rainfall", "_limit": "10000"}


def test_a_longer_time_is_one_call_for_each_site(asked: Asked) -> None:
    asks = ask(ACCESS, wanted("water_level", "X100", BELOW, "X 2"))
    assert [a.what for a in asks] == ["readings-X100", f"readings-{BELOW}", "readings-X 2"]
    questions = asked[0]
    assert [unquote(q.path) for q in questions] == [
        "/id/stations/X100/readings",
        f"/id/measures/{BELOW}/readings",
        "/id/stations/X 2/readings",
    ]
    assert questions[0].params == {
        "since": "2026-07-19T23:45:00Z",
        "_sorted": "",
        "_limit": "10000",
    }


def test_a_station_that_fails_is_told_after_the_others(asked: Asked) -> None:
    asked[1]("readings-X1")
    asks = ask(ACCESS, wanted("water_level", "X1", "X2", "X3"))
    assert [next(asks).what, next(asks).what] == ["readings-X2", "readings-X3"]
    with pytest.raises(SourceUnavailable):
        next(asks)


def test_two_that_fail_are_a_provider_that_is_down(asked: Asked) -> None:
    asked[1]("readings-X1")
    asked[1]("readings-X2")
    with pytest.raises(SourceUnavailable):
        list(ask(ACCESS, wanted("water_level", "X1", "X2", "X3")))
    assert len(asked[0]) == 2


def test_stations_and_floods_are_asked_for(asked: Asked) -> None:
    assert (ask_sites(ACCESS).what, ask_floods(ACCESS).what) == ("stations", "floods")
    assert asked[0][0].params == {"_view": "full", "_limit": "10000"}


def test_a_station_becomes_a_site_for_each_variable() -> None:
    listed = sites(fixture("stations.json", "stations"))
    assert [(s.id, s.kind) for s in listed.sites] == [
        (STAGE, "water_level"),
        ("X200", "water_level"),
        ("X200", "discharge"),
        ("X500", "rainfall"),
        ("X800", "water_level"),
        ("X900-level-downstage-i-15_min-mASD", "water_level"),
        ("X300", "water_level"),
    ]
    assert listed.complaints == ("Station 'X700' has no measures.",)


def test_a_site_tells_what_is_odd_about_it() -> None:
    found = {(s.id, s.kind): s for s in sites(fixture("stations.json", "stations")).sites}
    mill = found[STAGE, "water_level"]
    assert (mill.name, mill.river, mill.latitude) == (
        "Made Mill (stage, mASD)",
        "River Example",
        51.75,
    )
    assert mill.notes == (f"It also measures {BELOW}.",)
    assert isnan(mill.gauge_zero)  # its scale is only an address
    assert found["X800", "water_level"].gauge_zero == 12.5
    assert found["X800", "water_level"].notes == ("Its status is 'Suspended'.",)
    assert found["X200", "water_level"].notes == (
        f"Its 'status' is a list: {ROOT}/def/core/statusActive / {ROOT}/def/core/statusClosed.",
        "Its 'town' is a list: Here / There.",
        "Its 'RLOIid' is a list: 2 / 3.",
        "Its status is 'Closed'.",
    )
    below = found["X900-level-downstage-i-15_min-mASD", "water_level"]
    assert isnan(below.gauge_zero)
    assert below.notes == ("Its stage datum is given as 0 m, which is taken as not known.",)
    rain, well = found["X500", "rainfall"], found["X300", "water_level"]
    assert (isnan(rain.latitude), rain.notes) == (True, ("It has no place on the map.",))
    assert (isnan(well.latitude), isnan(well.longitude)) == (True, True)
    assert "Its 'lat' is a list: 51.0 / 51.1." in well.notes
    assert "It measures depths below a datum; they are turned into heights." in well.notes


def test_a_station_that_cannot_be_read_is_told() -> None:
    items = [
        {},
        {"notation": "X1", "measures": ["nonsense", {"@id": "X1-level-stage-i-15_min----"}]},
    ]
    listed = sites(answer(items, what="stations"))
    assert [s.id for s in listed.sites] == ["X1"]
    assert "The unit of its values is not known: '---'." in listed.sites[0].notes
    assert listed.complaints == ("'{}' is no station.", "Station 'X1': 1 measures unreadable.")


def test_a_flood_keeps_its_words_and_its_times_are_taken_as_utc() -> None:
    first = floods(fixture("floods.json", "floods")).floods[0]
    assert (first.id, first.area, first.level, first.severity) == (
        "1",
        "000MMF01",
        3,
        "Flood alert",
    )
    assert (first.county, first.river, first.tidal) == ("Exampleshire", "River Example", False)
    assert first.raised == np.datetime64("2026-07-20T03:31:29", "ns")
    assert first.notes == ("Its times carry no zone; they are taken as UTC.",)


def test_a_flood_whose_level_cannot_be_read_is_unknown_and_not_harmless() -> None:
    _, second, third = floods(fixture("floods.json", "floods")).floods
    assert (second.level, second.area, second.tidal) == (UNKNOWN, "000MMF02", None)
    assert np.isnat(second.raised)
    assert second.notes == ("Its timeRaised is 'yesterday', no time.", "Its severityLevel is '2'.")
    assert (third.level, third.notes) == (1, ("Its level is 1, its severity 'Flood alert'.",))


def test_what_is_no_flood_is_told() -> None:
    listed = floods(answer([{"severity": "x"}], what="floods"))
    assert (listed.floods, len(listed.complaints)) == ((), 1)


def test_a_measure_is_told_apart_by_its_name() -> None:
    measure = read(f"{ROOT}/id/measures/E2900-southern-level-tidal_level-i-15_min----")
    assert measure is not None
    assert (measure.station, measure.qualifier, measure.unit) == (
        "E2900-southern",
        "tidal_level",
        "---",
    )
    assert (measure.minutes, measure.known, measure.main) == (15, False, True)
    assert read("X-level-stage-i--m").minutes == 0  # type: ignore[union-attr]
    assert read("X" * 400 + "-level-stage-i-15_min-m") is None


@pytest.mark.skipif(not RECORDED.exists(), reason="the recorded listing is not here")
def test_the_recorded_listing_is_understood_whole() -> None:
    body = (RECORDED / "get_stations.json").read_bytes()
    listed = sites(answer(body=body, what="stations"))
    assert sum("has no measures" in text for text in listed.complaints) == 18
    assert len(listed.complaints) == 19  # and one whose measures carry no station in their names
    names = {s.name for s in listed.sites if any("is a list" in note for note in s.notes)}
    assert names == {"Shirley Pond"}
    assert len({(s.id, s.kind) for s in listed.sites}) == len(listed.sites)
    single = answer(body=(RECORDED / "get_station_1491TH.json").read_bytes())
    asked = Wanted("water_level", (Spot("1491TH"),), np.datetime64("2020-02-17", "ns"), NOW)
    assert values(parse(single, asked)) == [("1491TH", 2.098)]
    assert sites(single).sites[0].gauge_zero == 54.0


def test_no_coordinates_are_never_zero() -> None:
    nowhere = {"notation": "X1", "measures": [{"@id": STAGE}], "lat": 0.5, "long": 500}
    (site,) = sites(answer([nowhere])).sites
    assert np.array_equal([site.latitude, site.longitude], [nan, nan], equal_nan=True)
