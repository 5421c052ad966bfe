"""HRFCO's answers become readings, complaints or errors that say what is wrong."""

import json
from math import isnan, nan
from pathlib import Path

import numpy as np
import pytest

from data.errors import SourceError, SourceUnavailable
from data.reading import UNITS, Parsed
from data.schema import Flag
from data.sources import hrfco
from data.sources.asking import Answer, Spot, Wanted
from data.sources.hrfco_facts import CODES, RESOURCES

FIXTURES = Path(__file__).parent / "fixtures" / "hrfco"
SAMPLES = Path(__file__).parents[2] / "shared" / "samples" / "providers" / "hrfco"
FETCHED = np.datetime64("2026-08-01T05:00", "ns")  # 14:00 KST
TEN, HOUR, DAY = (np.timedelta64(minutes, "m") for minutes in (10, 60, 1440))
WHAT = "waterlevel-list-10M-2000001-202608010900-202608011000"
FINAL = sorted(CODES)


def answer(body: bytes | str, what: str = WHAT, fetched: np.datetime64 = FETCHED) -> Answer:
    raw = body.encode() if isinstance(body, str) else body
    return Answer("hrfco", what, "http://127.0.0.1/…", raw, fetched)


def fixture(name: str, what: str = WHAT) -> Answer:
    return answer((FIXTURES / name).read_bytes(), what)


def wanted(*ids: str, variable: str = "water_level", step: np.timedelta64 = TEN) -> Wanted:
    spots = tuple(Spot(each) for each in ids or ("2000001",))
    since, until = (np.datetime64(t, "ns") for t in ("2026-07-31T00:00", "2026-08-02T00:00"))
    return Wanted(variable, spots, since, until, step)


def content(*rows: object) -> str:
    return json.dumps({"links": [], "content": list(rows)}, ensure_ascii=False)


def row(clock: str, wl: object = "1.0", code: str = "2000001") -> dict[str, object]:
    return {"wlobscd": code, "ymdhm": f"20260801{clock}", "wl": wl, "fw": " ", "links": []}


def told(parsed: Parsed) -> list[tuple[str, float | None, Flag]]:
    """Return clock (UTC), value (None for NaN) and flag of each reading."""
    return [
        (str(r.time)[11:16], None if isnan(r.value) else r.value, r.flag) for r in parsed.readings
    ]


def test_levels_are_read_in_metres_and_utc_and_what_is_missing_is_never_0() -> None:
    parsed = hrfco.parse(fixture("waterlevel_list_10M.json"), wanted())
    assert told(parsed) == [
        ("00:00", 1.20, Flag.GOOD),  # 09:00 KST
        ("00:10", 1.35, Flag.GOOD),  # padded
        ("00:20", None, Flag.NOT_REPORTED),  # one blank
        ("00:30", None, Flag.SENTINEL),  # -99
        ("00:40", None, Flag.OUT_OF_RANGE),  # 250 m above the gauge's zero
        ("00:50", None, Flag.UNREADABLE),  # a word
        ("01:00", 0.0, Flag.GOOD),  # a zero that was measured
    ]
    assert [r.raw for r in parsed.readings] == [
        "1.20",
        "1.35",
        " ",
        "-99",
        "250.10",
        "점검",
        "0.00",
    ]
    assert {(r.site, r.variable, r.datum) for r in parsed.readings} == {
        ("2000001", "water_level", "gauge zero")
    }
    assert parsed.complaints == ()


def test_a_river_that_the_tide_turns_has_a_negative_discharge() -> None:
    parsed = hrfco.parse(fixture("waterlevel_list_10M.json"), wanted(variable="discharge"))
    assert told(parsed)[0] == ("00:00", 15.5, Flag.GOOD)
    assert told(parsed)[3:6] == [
        ("00:30", None, Flag.SENTINEL),
        ("00:40", -3.2, Flag.GOOD),
        ("00:50", None, Flag.UNREADABLE),  # a comma: not guessed at
    ]


def test_xml_is_read_although_json_was_asked_for() -> None:
    assert told(hrfco.parse(fixture("waterlevel_list_10M.xml"), wanted())) == [
        ("00:00", 1.20, Flag.GOOD),
        ("00:10", 1.35, Flag.GOOD),
        ("00:20", None, Flag.NOT_REPORTED),
    ]


def test_rain_is_a_number_and_the_sum_of_the_hour_that_ends_at_its_time() -> None:
    rain = wanted("20000010", "99999999", variable="rainfall", step=HOUR)
    parsed = hrfco.parse(fixture("rainfall_list_1H.json", "rainfall-list-1H"), rain)
    assert told(parsed) == [
        ("23:00", 0.0, Flag.GOOD),
        ("00:00", 22.5, Flag.GOOD),
        ("01:00", None, Flag.NOT_REPORTED),  # null
        ("02:00", None, Flag.OUT_OF_RANGE),  # negative
        ("03:00", None, Flag.OUT_OF_RANGE),  # 750 mm in an hour
        ("00:00", 3.0, Flag.GOOD),  # the station 99999999, a whole number
    ]
    assert parsed.readings[1].raw == "22.5"
    assert UNITS["rainfall"] == "mm"


def test_how_much_rain_is_possible_depends_on_the_step() -> None:
    rain = '{"content":[{"rfobscd":"1","ymdhm":"%s","rf":250.0}]}'
    ten = hrfco.parse(answer(rain % "202608010900"), wanted("1", variable="rainfall"))
    hour = hrfco.parse(answer(rain % "2026080109"), wanted("1", variable="rainfall", step=HOUR))
    assert ten.readings[0].flag == Flag.OUT_OF_RANGE
    assert hour.readings[0].value == 250.0


def test_a_day_stands_at_the_midnight_that_ends_it_and_has_no_value_before() -> None:
    body = content(
        {"rfobscd": "1", "ymdhm": "20260731", "rf": 12.0},
        {"rfobscd": "1", "ymdhm": "20260801", "rf": 3.0},  # it is 14:00 KST of this day
    )
    parsed = hrfco.parse(answer(body), wanted("1", variable="rainfall", step=DAY))
    assert [(str(r.time)[:16], r.value) for r in parsed.readings] == [("2026-07-31T15:00", 12.0)]
    assert "'20260801' KST, was not over when the answer came" in parsed.complaints[0]


def test_a_value_of_the_future_tells_of_a_wrong_clock_and_the_station_is_not_used() -> None:
    other = row("1400", "2.0", "2000002")
    rows = [row("1400"), row("1405"), other]
    both = wanted("2000001", "2000002")
    parsed = hrfco.parse(answer(content(*rows)), both)
    assert [clock for clock, _, _ in told(parsed)] == ["05:00", "05:05", "05:00"]  # 5 min are free
    parsed = hrfco.parse(answer(content(*rows, row("1410"))), both)
    assert [reading.site for reading in parsed.readings] == ["2000002"]
    assert (
        "2000001: 1 row is dated after the answer came, up to 2026-08-01T05:10Z: a clock is"
        in (parsed.complaints[0])
    )


def test_a_blank_row_of_the_future_is_refused_and_the_station_is_used() -> None:
    parsed = hrfco.parse(answer(content(row("1400"), row("1410", " "))), wanted())
    assert [clock for clock, _, _ in told(parsed)] == ["05:00"]
    assert "'202608011410' KST, was not over when the answer came" in parsed.complaints[0]


def test_a_dam_gives_level_inflow_and_total_release() -> None:
    for variable, value in (("dam_level", 120.25), ("dam_inflow", 31.5), ("dam_release", 0.0)):
        asked = wanted("2000210", variable=variable)
        parsed = hrfco.parse(fixture("dam_list_10M.json", "dam-list-10M"), asked)
        assert told(parsed)[0] == ("00:00", value, Flag.GOOD)
        assert told(parsed)[1] == ("00:10", None, Flag.SENTINEL)  # level 0: nothing was read
        assert parsed.complaints == ()
    assert told(
        hrfco.parse(fixture("dam_list_10M.json"), wanted("2000210", variable="dam_inflow"))
    )[2] == ("00:20", None, Flag.OUT_OF_RANGE)


def test_a_weir_has_its_own_code_and_its_upper_level() -> None:
    asked = wanted("bo-2000801", "2000210", variable="dam_level")
    parsed = hrfco.parse(fixture("bo_list_10M.json", "bo-list-10M-2000801-a-b"), asked)
    assert [(r.site, r.value, r.datum) for r in parsed.readings] == [("bo-2000801", 11.8, "EL.m")]
    assert parsed.complaints == ()  # the dam was not asked for here


def test_all_variables_have_a_unit() -> None:
    assert {name for each in RESOURCES.values() for name in each.fields} <= set(UNITS)


def test_one_call_for_all_keeps_the_wanted_and_complains_of_the_silent_and_the_late() -> None:
    asked = wanted("2000001", "2000002", "2000003", "2000009")
    parsed = hrfco.parse(fixture("waterlevel_latest.json", "waterlevel-list-10M"), asked)
    assert [(r.site, str(r.time)[11:16]) for r in parsed.readings] == [
        ("2000001", "01:00"),
        ("2000002", "00:50"),  # a late row: its own time stays with it
    ]
    assert parsed.complaints == (
        "Row 2 of waterlevel-list-10M is null.",
        "2000003: its newest row is of 2026-07-29T23:40Z, outside the time that is wanted.",
        "2000009: no row that can be used in waterlevel-list-10M.",
    )


def test_with_no_site_named_all_are_read() -> None:
    everyone = Wanted("water_level", (), np.datetime64("2026-07-01", "ns"), FETCHED)
    parsed = hrfco.parse(fixture("waterlevel_latest.json"), everyone)
    assert [r.site for r in parsed.readings] == ["2000001", "2000002", "2000003"]


def test_only_the_time_that_is_wanted_is_kept_both_ends_included() -> None:
    since, until = (np.datetime64(f"2026-08-01T00:{m}", "ns") for m in ("10", "20"))
    asked = Wanted("water_level", (Spot("2000001"),), since, until)
    parsed = hrfco.parse(fixture("waterlevel_list_10M.json"), asked)
    assert [clock for clock, _, _ in told(parsed)] == ["00:10", "00:20"]


def test_the_later_of_two_rows_holds_unless_it_is_blank() -> None:
    body = content(row("0910", "2.0"), row("0900", "1.0"), row("0900", "1.1"), row("0910", " "))
    parsed = hrfco.parse(answer(body), wanted())
    assert told(parsed) == [("00:00", 1.1, Flag.GOOD), ("00:10", 2.0, Flag.GOOD)]
    assert parsed.complaints == (
        "2000001: two rows of 2026-08-01T00:00Z, '1.0' and '1.1'; '1.1' holds.",
        "2000001: two rows of 2026-08-01T00:10Z, '2.0' and ' '; '2.0' holds.",
    )
    same = hrfco.parse(answer(content(row("0900"), row("0900"))), wanted())
    assert (len(same.readings), same.complaints) == (1, ())


def test_a_period_of_blanks_is_missing_and_said() -> None:
    parsed = hrfco.parse(answer(content(row("0900", " "), row("0910", " "))), wanted())
    assert [flag for _, _, flag in told(parsed)] == [Flag.NOT_REPORTED] * 2
    assert parsed.complaints == (
        "2000001: all 2 values are blank; some 10M periods are said to come blank, try 1H.",
    )


@pytest.mark.parametrize(
    ("clock", "step", "expected"),
    [
        ("2400", 10, "2026-08-01T15:00"),  # midnight as Korean tables write it
        ("09", 60, "2026-08-01T00:00"),
        ("0900", 60, "2026-08-01T00:00"),
        ("24", 60, "2026-08-01T15:00"),
    ],
)
def test_midnight_and_hours_may_be_written_in_two_ways(
    clock: str, step: int, expected: str
) -> None:
    later = answer(content(row(clock)), fetched=FETCHED + DAY)
    parsed = hrfco.parse(later, wanted(step=np.timedelta64(step, "m")))
    assert str(parsed.readings[0].time)[:16] == expected


@pytest.mark.parametrize("clock", ["", "09", "0960", "2410", "09000", "09:0", "٠٩٠٠", " "])
def test_a_time_that_cannot_be_read_is_a_complaint_and_the_rest_is_used(clock: str) -> None:
    parsed = hrfco.parse(answer(content(row(clock), row("0900"))), wanted())
    assert told(parsed) == [("00:00", 1.0, Flag.GOOD)]
    assert "row 1 has the time" in parsed.complaints[0]


def test_rows_without_code_or_value_and_things_that_are_no_rows_are_complaints() -> None:
    nameless, hollow = row("0900"), row("0910")
    nameless["wlobscd"] = " "
    del hollow["wl"]
    parsed = hrfco.parse(answer(content(nameless, hollow, None, "x", row("0920"))), wanted())
    assert told(parsed) == [("00:20", 1.0, Flag.GOOD)]
    assert parsed.complaints == (
        f"Row 3 of {WHAT} is null.",
        f"Row 4 of {WHAT} is x.",
        "Row 1 has no 'wlobscd'.",
        "2000001: row 2, '202608010910' KST, has no 'wl'.",
    )


@pytest.mark.parametrize("raw", ["NaN", "Infinity", "1e400", "1_0", "１２", "--", "0x10", True, []])
def test_what_is_no_plain_number_is_unreadable(raw: object) -> None:
    parsed = hrfco.parse(answer(content(row("0900", raw))), wanted())
    assert told(parsed) == [("00:00", None, Flag.UNREADABLE)]


@pytest.mark.parametrize(
    ("raw", "value", "flag"),
    [
        ("-99", nan, Flag.SENTINEL),
        ("-99.90", nan, Flag.SENTINEL),
        ("-990", nan, Flag.SENTINEL),
        ("-9999.0", nan, Flag.SENTINEL),
        ("99999", nan, Flag.OUT_OF_RANGE),
        ("-12", nan, Flag.OUT_OF_RANGE),
        ("9" * 5000, nan, Flag.OUT_OF_RANGE),
        ("-9", -9.0, Flag.GOOD),
        ("+1.5", 1.5, Flag.GOOD),
        (".5", 0.5, Flag.GOOD),
    ],
)
def test_fillers_and_impossible_numbers_are_flagged(raw: str, value: float, flag: Flag) -> None:
    for body in (content(row("0900", raw)), content(row("0900", "@")).replace('"@"', raw)):
        if raw[0] not in "+.":  # as a string and, where JSON has it, as a number
            reading = hrfco.parse(answer(body), wanted()).readings[0]
            assert (reading.flag, reading.raw) == (flag, raw[:40])
            np.testing.assert_equal(reading.value, value)


@pytest.mark.parametrize("code", FINAL)
@pytest.mark.parametrize(
    "form",
    [
        '{"code":"%s","message":"안 됩니다.","links":[]}',
        '{"code":%s,"message":"안 됩니다."}',
        "<?xml version='1.0'?><result><code>%s</code><message>안 됩니다.</message></result>",
    ],
)
def test_a_refusal_within_http_200_is_final_and_says_meaning_and_remedy(
    code: str, form: str
) -> None:
    with pytest.raises(SourceError) as caught:
        hrfco.parse(answer(form % code), wanted())
    assert not isinstance(caught.value, SourceUnavailable)
    assert f"code {code}, {CODES[code][0]} (안 됩니다.)" in caught.value.problem
    assert WHAT in caught.value.problem
    assert caught.value.remedy == CODES[code][1]


def test_no_data_is_a_gap_that_says_so() -> None:
    for body in ('{"code":"990","message":"검색된 자료가 없습니다.","links":[]}', content()):
        with pytest.raises(SourceUnavailable, match=r"a gap: no data|has no row"):
            hrfco.parse(answer(body), wanted())


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "nothing was sent"),
        ("  \n", "nothing was sent"),
        ('{"links":[],"content":null}', "no content, as under load"),
        ('{"code":"200","message":"OK"}', "no content, as under load"),
        ('{"links":[],"content":[null,null]}', "nothing but nulls"),
        ("<!DOCTYPE html><html><body>점검 중 SECRET</body></html>", "a page of HTML"),
        ("<!-- x --><HTML><title>502</title></HTML>", "a page of HTML"),
        ('{"code":"503","message":"busy"}', "code 503 (busy)"),
    ],
)
def test_what_may_be_better_later_is_retryable(body: str, said: str) -> None:
    with pytest.raises(SourceUnavailable) as caught:
        hrfco.parse(answer(body), wanted())
    assert said in caught.value.problem
    assert "SECRET" not in str(caught.value)


def test_an_answer_that_is_cut_anywhere_is_retryable() -> None:
    for name in ("waterlevel_latest.json", "waterlevel_list_10M.xml"):
        whole = (FIXTURES / name).read_bytes().strip()
        for size in range(1, len(whole)):
            with pytest.raises(SourceUnavailable, match="cut short"):
                hrfco.parse(answer(whole[:size]), wanted())


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"code":"777","message":"?"}', "code '777' is not published (?)"),
        ('{"data":[]}', "has no 'content', found 'data'"),
        ("{}", "found none"),
        ('{"content":{"a":"b"}}', "'content' is a dict, not a list"),
        ('["content"]', "is a list, expected an object"),
        ('"990"', "is 990, expected an object"),
        ("{content: 1}", "is no JSON"),
        ("hello", "is no JSON"),
        ("[" * 100_000 + "]" * 100_000, "nested too deep"),
        ("<a><b></a>", "is no XML"),
        ("<other/>", "has no 'content'"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "XML that defines entities"),
    ],
)
def test_another_form_than_published_is_final_and_named(body: str, said: str) -> None:
    with pytest.raises(SourceError) as caught:
        hrfco.parse(answer(body), wanted())
    assert said in caught.value.problem
    assert not isinstance(caught.value, SourceUnavailable)


@pytest.mark.parametrize("field", ["wlobscd", "ymdhm", "wl"])
def test_a_renamed_field_is_named_with_what_was_found(field: str) -> None:
    renamed = (
        (FIXTURES / "waterlevel_list_10M.json").read_text("utf-8").replace(f'"{field}"', '"neu"')
    )
    with pytest.raises(SourceError) as caught:
        hrfco.parse(answer(renamed), wanted())
    assert f"no row has the field '{field}'" in caught.value.problem
    assert "'neu'" in caught.value.problem


def test_code_200_with_content_and_fields_in_capitals_are_read() -> None:
    body = '{"code":"200","content":[{"WLOBSCD":"2000001","YMDHM":"202608010900","WL":"1.5"}]}'
    assert told(hrfco.parse(answer("\ufeff" + body), wanted())) == [("00:00", 1.5, Flag.GOOD)]


def test_a_variable_that_hrfco_lacks_is_refused() -> None:
    with pytest.raises(SourceError, match="HRFCO has no 'tide'"):
        hrfco.parse(answer(content(row("0900"))), wanted(variable="tide"))


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not beside this checkout")
def test_the_shared_samples_are_read_json_and_xml_alike() -> None:
    json_, xml = (
        answer((SAMPLES / f"waterlevel_list_10M_1018683.{form}").read_bytes())
        for form in ("json", "xml")
    )
    since, until = (np.datetime64(t, "ns") for t in ("2026-07-19T18:00", "2026-07-19T19:00"))
    asked = Wanted("water_level", (Spot("1018683"),), since, until)
    assert told(hrfco.parse(json_, asked)) == told(hrfco.parse(xml, asked))
    assert [value for _, value, _ in told(hrfco.parse(json_, asked))] == [
        6.12, 6.35, 6.61, None, 7.10, 7.38, 7.66
    ]  # fmt: skip
