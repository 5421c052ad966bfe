"""Checked hourly rain: an empty field is zero only where its flag and its row allow it."""

import json
from math import isnan
from pathlib import Path

import numpy as np
import pytest

from data.errors import SourceError
from data.schema import Flag
from data.sources import kma_asos
from data.sources.asking import Answer, Spot, Wanted

SAVED = (Path(__file__).parent / "fixtures/kma/getWthrDataList.json").read_text()
WANTED = Wanted(
    "rainfall", (Spot("108"),), np.datetime64("2026-06-29", "ns"), np.datetime64("2026-07-01", "ns")
)
ITEM = {"tm": "2026-06-30 01:00", "stnId": "108", "ta": "20.1", "rn": "", "rnQcflg": ""}


def answer(*items: object) -> Answer:
    body = {"items": {"item": list(items)}, "totalCount": len(items)}
    text = json.dumps({"response": {"header": {"resultCode": "00"}, "body": body}})
    return Answer("kma_asos", "x", "", text.encode(), np.datetime64("2026-07-01", "ns"))


def rain(**changes: object) -> tuple[float | None, Flag]:
    (reading,) = kma_asos.parse(answer(ITEM | changes), WANTED).readings
    return (None if isnan(reading.value) else reading.value), reading.flag


def test_the_saved_answer_gives_every_kind_of_hour_its_own_answer() -> None:
    saved = Answer("kma_asos", "x", "", SAVED.encode(), np.datetime64("2026-07-01", "ns"))
    parsed = kma_asos.parse(saved, WANTED)
    assert [None if isnan(r.value) else r.value for r in parsed.readings] == [
        0.0,  # empty, no flag
        8.5,
        None,  # flag 9
        0.0,  # empty, flag 0
        None,  # the station reports nothing at all
        None,  # empty, flag 1
        None,  # 4.0 with flag 1
    ]
    assert parsed.readings[0].time == np.datetime64("2026-06-29T16:00", "ns")
    assert len(parsed.complaints) == 3


@pytest.mark.parametrize(
    ("rn", "check", "expected"),
    [
        ("", "", (0.0, Flag.GOOD)),
        ("", "0", (0.0, Flag.GOOD)),
        ("", "9", (None, Flag.NOT_REPORTED)),
        ("0.0", "9", (None, Flag.NOT_REPORTED)),
        ("", "1", (None, Flag.OUT_OF_RANGE)),
        ("", None, (None, Flag.NOT_REPORTED)),
        (None, "", (None, Flag.NOT_REPORTED)),
        ("0.0", "", (0.0, Flag.GOOD)),
        ("12.5", "0", (12.5, Flag.GOOD)),
        (12.5, 0, (12.5, Flag.GOOD)),
        ("-999", "", (None, Flag.SENTINEL)),
        ("-9.0", "", (None, Flag.OUT_OF_RANGE)),
        ("trace", "", (None, Flag.UNREADABLE)),
    ],
)
def test_rain_is_zero_only_if_it_is_empty_and_not_flagged_missing(
    rn: object, check: object, expected: tuple[float | None, Flag]
) -> None:
    assert rain(rn=rn, rnQcflg=check) == expected


def test_a_station_that_reports_nothing_else_is_not_dry() -> None:
    assert rain(ta="") == (None, Flag.NOT_REPORTED)


def test_a_renamed_field_is_an_error_and_a_lacking_one_a_complaint() -> None:
    renamed = {name: value for name, value in ITEM.items() if name != "rnQcflg"}
    with pytest.raises(SourceError, match="no item has 'rnQcflg'"):
        kma_asos.parse(answer(renamed), WANTED)
    parsed = kma_asos.parse(answer(ITEM, renamed), WANTED)
    assert len(parsed.readings) == 1
    assert "no rnQcflg" in parsed.complaints[0]


def test_other_stations_other_times_and_broken_times_give_no_reading() -> None:
    rows = (ITEM | {"stnId": "112"}, ITEM | {"tm": "2026-07-20 01:00"}, ITEM | {"tm": "today"})
    parsed = kma_asos.parse(answer(*rows), WANTED)
    assert parsed.readings == ()
    assert "'today' is not a time" in parsed.complaints[0]


@pytest.mark.parametrize(
    ("now", "newest"),
    [
        ("2026-07-02T01:59", "2026-06-30T14:00"),  # 10:59 KST: the day before yesterday
        ("2026-07-02T02:00", "2026-07-01T14:00"),  # 11:00 KST: yesterday until 23:00 KST
        ("2026-07-01T15:00", "2026-06-30T14:00"),  # midnight KST
    ],
)
def test_yesterday_is_out_after_eleven_in_korea(now: str, newest: str) -> None:
    assert kma_asos.newest_hour(np.datetime64(now, "ns")) == np.datetime64(newest, "ns")
