"""Stations that HRFCO lists: where they stand, from which level on they matter, what is odd."""

import json
from math import isnan, nan
from pathlib import Path

import numpy as np
import pytest

from data.errors import SourceError, SourceUnavailable
from data.reading import Site
from data.sources import hrfco
from data.sources.asking import Answer
from data.sources.hrfco_places import degrees, place

FIXTURES = Path(__file__).parent / "fixtures" / "hrfco"
NOW = np.datetime64("2026-08-01T05:00", "ns")


def answer(body: str) -> Answer:
    return Answer("hrfco", "waterlevel-info", "", body.encode(), NOW)


def listed() -> tuple[Site, ...]:
    body = (FIXTURES / "waterlevel_info.json").read_text("utf-8")
    return hrfco.parse_sites(answer(body), "waterlevel")


def test_a_station_has_place_zero_and_thresholds() -> None:
    first = listed()[0]
    assert (first.source, first.id, first.kind) == ("hrfco", "2000001", "water_level")
    assert (first.name, first.agency) == ("가람시(첫다리)", "시험청")
    assert first.longitude == pytest.approx(127.01)  # 36" are a hundredth of a degree
    assert first.latitude == pytest.approx(37.505)  # 30' 18"
    assert first.gauge_zero == 2.5
    assert (first.attention, first.watch, first.warning, first.severe) == (3, 4.5, 6, 7.5)
    assert first.notes == ()


def test_null_elements_are_no_stations() -> None:
    assert [site.id for site in listed()] == ["2000001", "2000002", "2000003", *["2000004"] * 2]


def test_a_station_that_is_listed_twice_alike_is_one() -> None:
    row = {"dmobscd": "8", "obsnm": "댐", "lon": "127-00-00", "lat": "37-00-00"}
    (found,) = hrfco.parse_sites(answer(json.dumps({"content": [row, row]})), "dam")
    assert found.notes == ()


def test_a_threshold_that_is_blank_or_0_was_not_announced_and_disorder_is_noted() -> None:
    second = listed()[1]
    assert isnan(second.attention)
    assert isnan(second.severe)
    assert isnan(second.gauge_zero)
    assert (second.watch, second.warning) == (4.0, 3.5)
    assert second.notes == (
        "Its coordinates '126-07-12', '36-45-00' lie far from its address, '경상북도 나루군'.",
        "No gauge zero is announced ('0').",
        "Thresholds that are not announced: attention '0', severe ''.",
        "Thresholds do not ascend: watch 4, warning 3.5 m.",
    )


def test_a_station_without_place_and_thresholds_is_kept_and_says_so() -> None:
    third = listed()[2]
    numbers = (third.latitude, third.longitude, third.attention, third.watch, third.severe)
    assert all(isnan(each) for each in numbers)
    assert third.notes == (
        "It has no coordinates: '', ''.",
        "No gauge zero is announced ('').",
        "No thresholds are announced.",
    )


def test_degrees_that_lost_their_minutes_and_places_outside_korea_are_none() -> None:
    fourth, fifth = listed()[3:]
    assert isnan(fourth.latitude)
    assert isnan(fifth.latitude)
    assert "cannot be read as degrees-minutes-seconds" in fourth.notes[1]
    assert fourth.notes[2] == "Thresholds that are not announced: severe '-99'."
    assert fifth.notes == (
        "Its code 2000004 stands 2 times in the list.",
        "Its coordinates '37-30-00', '128-30-00' lie outside Korea.",
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("126-57-34", 126 + 57 / 60 + 34 / 3600),
        (" 36-53-00 ", 36 + 53 / 60),
        ("36- 5- 9", 36 + 5 / 60 + 9 / 3600),
        ("37-30-18.6", 37.5 + 18.6 / 3600),
        ("128-35-60", 128.6),  # a rounding that is in use
        ("128.5511", 128.5511),
        ("37", nan),
        ("37-60-00", nan),
        ("37-37", nan),
        (" ", nan),
        ("x", nan),
        (None, nan),
        ("٣٧-٣٠-١٨", nan),
    ],
)
def test_degrees_minutes_and_seconds(written: str | None, expected: float) -> None:
    np.testing.assert_allclose(degrees(written), expected, rtol=1e-12)


def test_a_known_wrong_longitude_is_found_by_its_address() -> None:
    east, _, notes = place("126-07-12", "36-45-00", "경상북도 문경시 동로면")
    assert east == pytest.approx(126.12)
    assert len(notes) == 1
    assert place("128-17-00", "36-45-00", "경상북도 문경시 동로면")[2] == []


@pytest.mark.parametrize(
    ("resource", "code", "kind", "site"),
    [
        ("rainfall", "rfobscd", "rainfall", "99999999"),
        ("dam", "dmobscd", "dam", "99999999"),
        ("bo", "boobscd", "weir", "bo-99999999"),
    ],
)
def test_other_stations_have_no_thresholds_and_a_filler_code_is_noted(
    resource: str, code: str, kind: str, site: str
) -> None:
    row = {code: "99999999", "obsnm": "시험", "lon": "127-00-00", "lat": "37-00-00", "attwl": "3"}
    (found,) = hrfco.parse_sites(answer(json.dumps({"content": [row, None]})), resource)
    assert (found.id, found.kind) == (site, kind)
    assert isnan(found.attention)
    assert found.notes[0].startswith("Its code 99999999 is a filler")


def test_a_renamed_threshold_is_an_error_not_a_station_without_thresholds() -> None:
    body = (FIXTURES / "waterlevel_info.json").read_text("utf-8").replace("almwl", "alarm")
    with pytest.raises(SourceError, match=r"no row has the field 'almwl', found .*'alarm'"):
        hrfco.parse_sites(answer(body), "waterlevel")


def test_no_list_of_stations_is_an_error() -> None:
    with pytest.raises(SourceUnavailable):
        hrfco.parse_sites(answer('{"code":"990","message":"x"}'), "waterlevel")
    with pytest.raises(SourceError, match="HRFCO has no 'weirs'"):
        hrfco.parse_sites(answer('{"content":[]}'), "weirs")
