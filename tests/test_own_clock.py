import numpy as np
import pandas as pd
import pytest

from data.errors import SourceError
from data.own import clock as own_clock
from data.own.clock import Clock, Times

NOW = np.datetime64("2021-01-01", "ns")


def read(*texts: str, zone: str = "UTC", form: str = "") -> Times:
    return own_clock.read(pd.Series(texts), Clock(NOW, own_clock.zone(zone), form))


def utc(text: str) -> np.datetime64:
    return np.datetime64(text, "ns")


@pytest.mark.parametrize(
    "text",
    [
        "2020-08-06T01:00",
        "2020-08-06 01:00:00",
        "2020/08/06 01:00",
        "2020.8.6 1:00",
        "202008060100",
        "2020080601",
        "20200806010000",
        " 2020-08-06T01:00Z ",
        "2020-08-06T10:00+09:00",
        "2020-08-05T21:00-0400",
    ],
)
def test_the_common_forms_are_read(text: str) -> None:
    assert read(text).utc.tolist() == [utc("2020-08-06T01:00").astype(int)]


def test_times_without_an_offset_are_on_the_given_clock() -> None:
    times = read("2020-08-06T10:00", "2020-08-06T10:00Z", zone="Asia/Seoul")
    assert times.utc[0] == utc("2020-08-06T01:00")
    assert times.utc[1] == utc("2020-08-06T10:00")
    assert times.naive
    assert not read("2020-08-06T10:00Z").naive
    assert read("2020-08-06T10:00", zone="+09:00").utc[0] == utc("2020-08-06T01:00")
    assert read("2020-08-06T10:00", zone="-3").utc[0] == utc("2020-08-06T13:00")


def test_hour_24_is_midnight_of_the_next_day() -> None:
    times = read("2020-08-06 24:00", "202008062400", "2020/8/6 24:00:00", "2020080624")
    assert set(times.utc) == {utc("2020-08-07")}


def test_dates_alone_are_whole_days_that_are_known_at_their_end() -> None:
    times = read("2020-08-06", "2020-08-07", "", zone="+09:00")
    assert times.whole_days
    assert times.utc[0] == utc("2020-08-06T15:00")  # midnight in Korea after the 6th


def test_dates_between_times_are_midnights() -> None:
    times = read("2020-08-05T23:00", "2020-08-06", "2020-08-06T01:00")
    assert not times.whole_days
    assert times.utc[1] == utc("2020-08-06T00:00")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is blank"),
        ("soon", "is no time; write 2020-08-06T01:00"),
        ("now", "is no time"),
        ("2020-08", "is no time"),
        ("2020-13-01T00:00", "is no time"),
        ("43831.5", "is no time"),
        ("06/08/2020 01:00", "begins with the day or the month; say which: --time-format"),
        ("2021-01-01T00:01", "lies in the future"),
        ("1020-01-01T00:00", "is before 1800"),
    ],
)
def test_what_is_no_time_is_told_why(text: str, why: str) -> None:
    times = read(text)
    assert np.isnat(times.utc[0])
    assert why in own_clock.why(int(times.reason[0]), Clock(NOW))


def test_hours_that_clocks_skip_or_repeat_are_refused_and_the_rest_is_right() -> None:
    texts = ("2020-11-01T01:30", "2020-03-08T02:30", "2020-07-01T00:00", "2020-11-01T01:30-05:00")
    times = read(*texts, zone="America/New_York")
    assert np.isnat(times.utc[:2]).all()
    assert "happened twice" in own_clock.REASONS[times.reason[0]]
    assert "never was" in own_clock.REASONS[times.reason[1]]
    assert times.utc[2] == utc("2020-07-01T04:00")
    assert times.utc[3] == utc("2020-11-01T06:30")


def test_a_form_is_taken_at_its_word() -> None:
    times = read("06/08/2020 01:00", "08/13/2020 01:00", form="%d/%m/%Y %H:%M")
    assert times.utc[0] == utc("2020-08-06T01:00")
    why = own_clock.why(int(times.reason[1]), Clock(NOW, form="%d/%m/%Y %H:%M"))
    assert why == "does not fit --time-format '%d/%m/%Y %H:%M'"
    with_zone = read("06/08/2020 10:00 +0900", zone="Asia/Seoul", form="%d/%m/%Y %H:%M %z")
    assert with_zone.utc[0] == utc("2020-08-06T01:00")
    assert read("06/08/2020", form="%d/%m/%Y").utc[0] == utc("2020-08-07")


def test_an_unknown_zone_is_named() -> None:
    for text in ("KST9", "+25:00", "../etc"):
        with pytest.raises(SourceError, match="Asia/Seoul, or an offset such as"):
            own_clock.zone(text)
