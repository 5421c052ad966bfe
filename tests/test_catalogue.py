from dataclasses import replace
from math import isnan, nan
from pathlib import Path

import pytest

from data import catalogue
from data.catalogue import accepted, compare, keyed
from data.errors import InvalidData
from data.reading import Site

HANGANG = Site(
    "hrfco", "1018683", "water_level", "한강대교", "한강", "환경부", 37.5144, 126.9567, 2.07,
    3.9, 8.5, 10.5, 12.8,
)  # fmt: skip
GAUGE = Site("hrfco", "10184100", "rainfall", "송정동", latitude=37.55, longitude=127.07)


def told(before: Site, after: Site) -> list[str]:
    return [str(change) for change in compare(keyed((before,)), keyed((after,)))]


def test_what_is_new_and_what_is_gone_is_told() -> None:
    changes = compare(keyed((HANGANG,)), keyed((GAUGE,)))
    assert [str(c) for c in changes] == [
        "rainfall 10184100 송정동: added",
        "water_level 1018683 한강대교: removed",
    ]
    assert accepted(keyed((HANGANG,)), keyed((GAUGE,)), changes) == keyed((GAUGE,))


def test_a_new_name_is_taken() -> None:
    renamed = replace(HANGANG, name="서울시(한강대교)")
    assert told(HANGANG, renamed) == [
        "water_level 1018683 서울시(한강대교): name: 한강대교 → 서울시(한강대교)"
    ]
    changes = compare(keyed((HANGANG,)), keyed((renamed,)))
    assert accepted(keyed((HANGANG,)), keyed((renamed,)), changes) == keyed((renamed,))


def test_a_site_that_moves_far_stays_where_it_was_until_a_person_agrees() -> None:
    # 1 degree of latitude is about 111 km
    moved = replace(HANGANG, latitude=38.5144, name="한강대교 (신)")
    (one, other) = compare(keyed((HANGANG,)), keyed((moved,)))
    assert one.suspicious == "it moves by 111.0 km"
    assert other.what == "name"
    kept = accepted(keyed((HANGANG,)), keyed((moved,)), [one, other])
    assert kept["water_level", "1018683"] == replace(HANGANG, name="한강대교 (신)")


def test_a_site_that_moves_by_a_hundred_metres_is_corrected() -> None:
    assert (
        compare(keyed((HANGANG,)), keyed((replace(HANGANG, latitude=37.5153),)))[0].suspicious == ""
    )


@pytest.mark.parametrize(
    ("after", "why"),
    [
        ({"latitude": nan}, "its place vanishes"),
        ({"attention": nan}, "the threshold vanishes"),
        ({"watch": 11.0}, "the thresholds lose their order: [3.9, 11.0, 10.5, 12.8]"),
        ({"gauge_zero": 0.07}, "the gauge zero moves by 2.00 m, or vanishes"),
        ({"gauge_zero": nan}, "the gauge zero moves by nan m, or vanishes"),
    ],
)  # fmt: skip
def test_what_could_mislead_is_held_back(after: dict[str, float], why: str) -> None:
    changed = replace(HANGANG, **after)  # type: ignore[arg-type]
    (change,) = compare(keyed((HANGANG,)), keyed((changed,)))
    assert change.suspicious == why
    assert f"HELD BACK: {why}" in str(change)
    assert accepted(keyed((HANGANG,)), keyed((changed,)), [change]) == keyed((HANGANG,))


def test_thresholds_that_are_announced_at_last_are_taken() -> None:
    before = replace(HANGANG, attention=nan, watch=nan, warning=nan, severe=nan)
    changes = compare(keyed((before,)), keyed((HANGANG,)))
    assert [c.what for c in changes] == ["attention", "severe", "warning", "watch"]
    assert not any(c.suspicious for c in changes)


def test_a_part_of_the_list_that_disappears_at_once_is_kept() -> None:
    many = keyed(tuple(replace(GAUGE, id=str(number)) for number in range(20)))
    fewer = {key: site for key, site in many.items() if int(key[1]) >= 2}
    changes = compare(many, fewer)
    assert {c.suspicious for c in changes} == {"2 of 20 sites disappear at once"}
    assert accepted(many, fewer, changes) == many
    one_less = {key: site for key, site in many.items() if key[1] != "3"}
    assert [c.suspicious for c in compare(many, one_less)] == [""]


def test_of_a_repeated_site_the_first_counts() -> None:
    assert keyed((HANGANG, replace(HANGANG, name="?")))["water_level", "1018683"] == HANGANG


def test_a_catalogue_is_kept_with_what_it_does_not_know(tmp_path: Path) -> None:
    path = tmp_path / "hrfco.json"
    assert catalogue.load(path) == {}
    odd = replace(GAUGE, notes=("no river",))
    catalogue.save(path, keyed((HANGANG, odd)))
    again = catalogue.load(path)
    assert again["water_level", "1018683"] == HANGANG
    assert again["rainfall", "10184100"].notes == ("no river",)
    assert isnan(again["rainfall", "10184100"].gauge_zero)
    assert compare(again, keyed((HANGANG, odd))) == []


def test_a_damaged_catalogue_is_named(tmp_path: Path) -> None:
    path = tmp_path / "hrfco.json"
    path.write_text('[{"id": 3}]')
    with pytest.raises(InvalidData, match=r"hrfco\.json' cannot be read"):
        catalogue.load(path)
