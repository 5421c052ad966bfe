"""Flood reports that HRFCO announces: none is lost, and no answer is not "no flood"."""

import json
from math import isnan
from pathlib import Path

import numpy as np
import pytest

from data.errors import SourceError, SourceUnavailable
from data.sources import hrfco
from data.sources.asking import Answer

FIXTURE = Path(__file__).parent / "fixtures" / "hrfco" / "fldfct_list.json"


def answer(body: str) -> Answer:
    return Answer("hrfco", "fldfct-list", "", body.encode(), np.datetime64("2026-08-01", "ns"))


def test_a_report_tells_where_what_and_when_in_utc() -> None:
    first = hrfco.parse_flood_reports(answer(FIXTURE.read_text("utf-8")))[0]
    assert (first.kind, first.number, first.station) == ("주의보", "3", "2000001")
    assert (first.name, first.river, first.area) == ("가람시(첫다리)", "가람강", "가람시 하류")
    assert str(first.announced)[:16] == "2026-08-01T00:10"
    assert (str(first.reached)[:16], first.reaches) == ("2026-08-01T02:30", 4.5)
    assert (str(first.current_time)[:16], first.current) == ("2026-08-01T00:00", 3.9)
    assert (str(first.forecast_time)[:16], first.forecast) == ("2026-08-01T15:00", 4.8)
    assert (first.reaches_el, first.current_el, first.forecast_el) == (7.0, 6.4, 7.3)
    assert (first.trend, first.office, first.notes) == ("상승", "시험홍수통제소", ())


def test_a_report_that_cannot_be_read_in_full_is_kept_with_notes() -> None:
    second = hrfco.parse_flood_reports(answer(FIXTURE.read_text("utf-8")))[1]
    assert second.kind == "주의보 해제"
    assert np.isnat(second.announced)
    assert isnan(second.reaches)
    assert second.notes == (
        "'ancdt' is '곧', no time.",
        "'fcthgt' is '높음', no level.",
        "Its kind '주의보 해제' is not one of 주의보, 경보.",
        "It names no station.",
    )


@pytest.mark.parametrize(
    "body",
    [
        '{"code":"990","message":"검색된 자료가 없습니다.","links":[]}',
        "<result><code>990</code><message>x</message></result>",
        '{"links":[],"content":[]}',
    ],
)
def test_no_report_is_an_empty_tuple(body: str) -> None:
    assert hrfco.parse_flood_reports(answer(body)) == ()


@pytest.mark.parametrize(
    "body", ["", '{"links":[],"content":null}', '{"content":[null]}', '{"content":[{', "<html>"]
)
def test_no_answer_is_not_no_flood(body: str) -> None:
    with pytest.raises(SourceUnavailable):
        hrfco.parse_flood_reports(answer(body))


def test_a_report_that_is_sent_twice_alike_is_one() -> None:
    row = {"kind": "경보", "ancdt": "202608010910", "sttnm": "1", "obsnm": "다리"}
    body = json.dumps({"content": [row, row]})
    assert len(hrfco.parse_flood_reports(answer(body))) == 1


def test_a_renamed_field_is_an_error() -> None:
    with pytest.raises(SourceError, match="no row has the field 'kind'"):
        hrfco.parse_flood_reports(answer(FIXTURE.read_text("utf-8").replace("kind", "type")))


def test_xml_in_capitals_is_read() -> None:
    body = """<entities><content><Fldfct><ANCDT>202608010910</ANCDT><KIND>경보</KIND>
        <STTNM>2000001</STTNM><OBSNM>첫다리</OBSNM></Fldfct></content></entities>"""
    (report,) = hrfco.parse_flood_reports(answer(body))
    assert (report.kind, report.station, report.notes) == ("경보", "2000001", ())
