"""KMA's clock, and which issue is the newest that can be asked for."""

import numpy as np
import pytest

from data.sources.kma_times import newest_base, newest_bases, stamp, utc


def kst(text: str) -> np.datetime64:
    return np.datetime64(text, "ns") - np.timedelta64(9, "h")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("202607200300", "2026-07-19T18:00"),
        ("2026-07-20 03:00", "2026-07-19T18:00"),
        ("20260720 0300", "2026-07-19T18:00"),
        ("202601010000", "2025-12-31T15:00"),
        ("202602282400", "2026-02-28T15:00"),
    ],
)
def test_korean_time_is_nine_hours_ahead(written: str, expected: str) -> None:
    assert utc(written) == np.datetime64(expected, "ns")


@pytest.mark.parametrize(
    "written",
    [
        "",
        "20260720",
        "202602310300",
        "202607202401",
        "202607200360",
        "000107200300",
        "2026072003000",
    ],
)
def test_what_is_no_time_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        utc(written)


def test_a_time_is_written_in_korean_time() -> None:
    assert stamp(np.datetime64("2026-07-19T18:00", "ns")) == "202607200300"
    assert stamp(np.datetime64("2026-07-20T18:59:59", "ns")) == "202607210359"


@pytest.mark.parametrize(
    ("operation", "now", "base"),
    [
        ("getVilageFcst", "2026-07-20T02:09", "2026-07-19T23:00"),
        ("getVilageFcst", "2026-07-20T02:10", "2026-07-20T02:00"),
        ("getVilageFcst", "2026-07-20T05:09:59", "2026-07-20T02:00"),
        ("getVilageFcst", "2026-07-20T00:00", "2026-07-19T23:00"),
        ("getVilageFcst", "2026-07-19T23:09", "2026-07-19T20:00"),
        ("getVilageFcst", "2026-07-19T23:10", "2026-07-19T23:00"),
        ("getVilageFcst", "2026-01-01T00:30", "2025-12-31T23:00"),
        ("getUltraSrtNcst", "2026-07-20T00:39", "2026-07-19T23:00"),
        ("getUltraSrtNcst", "2026-07-20T00:40", "2026-07-20T00:00"),
        ("getUltraSrtNcst", "2026-03-01T00:10", "2026-02-28T23:00"),
        ("getUltraSrtFcst", "2026-07-20T00:14", "2026-07-19T22:30"),
        ("getUltraSrtFcst", "2026-07-20T00:15", "2026-07-19T23:30"),
        ("getUltraSrtFcst", "2026-07-20T01:15", "2026-07-20T00:30"),
        ("getUltraSrtFcst", "2026-07-20T23:59", "2026-07-20T22:30"),
    ],
)
def test_the_newest_issue_is_the_last_one_that_is_out(operation: str, now: str, base: str) -> None:
    assert newest_base(operation, kst(now)) == kst(base)


def test_the_issue_before_is_known_for_when_the_newest_is_late() -> None:
    bases = newest_bases("getVilageFcst", kst("2026-07-20T02:30"))
    assert bases == (kst("2026-07-20T02:00"), kst("2026-07-19T23:00"))
    bases = newest_bases("getUltraSrtNcst", kst("2026-07-20T00:59"))
    assert bases == (kst("2026-07-20T00:00"), kst("2026-07-19T23:00"))
    bases = newest_bases("getUltraSrtFcst", kst("2026-07-20T01:15"))
    assert bases == (kst("2026-07-20T00:30"), kst("2026-07-19T23:30"))
