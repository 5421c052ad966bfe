"""Hourly rain from the text tables of KMA's hub: -9.0 is dry only where the row proves it."""

from dataclasses import replace
from math import isnan
from pathlib import Path

import numpy as np
import pytest

from data.errors import SourceError, SourceUnavailable
from data.reading import Parsed, Reading
from data.schema import Flag
from data.sources import kma_hub
from data.sources.asking import Answer, Spot, Wanted

TABLE = (Path(__file__).parent / "fixtures/kma/kma_sfctm3.euckr.txt").read_bytes()
SAMPLES = Path(__file__).parents[2] / "shared/samples/providers/kma"
HEADER = TABLE.decode("euc-kr").split("\r\n")[3:5]
ROW = TABLE.decode("euc-kr").split("\r\n")[6]  # 108, 11:00 KST, RN 3.5, RN_DAY 3.5


def answer(body: bytes | str, status: int = 200, what: str = "kma_sfctm3-x-y-all") -> Answer:
    raw = body if isinstance(body, bytes) else body.encode("euc-kr")
    return Answer("kma_hub", what, "", raw, np.datetime64("2026-07-02", "ns"), status)


def wanted(*ids: str, since: str = "2026-06-30", until: str = "2026-07-02") -> Wanted:
    spots = tuple(Spot(each) for each in ids)
    return Wanted("rainfall", spots, np.datetime64(since, "ns"), np.datetime64(until, "ns"))


def lines(*rows: str, header: tuple[str, ...] = tuple(HEADER), end: str = "#7777END\n") -> str:
    return "\n".join(("#START7777", *header, *rows, end))


def row(rain: str, day: str, hour: str = "11", alive: bool = True) -> str:
    """Return the fixture's row with other rain; a dead station gives -9 in all that proves life."""
    tokens = ROW.split()
    tokens[0], tokens[15], tokens[16], tokens[17] = f"20260701{hour}00", rain, day, day
    for at in range(2, 15) if not alive else ():
        tokens[at] = "-9.0"
    return " ".join(tokens)


def only(parsed: Parsed) -> Reading:
    (reading,) = parsed.readings
    return reading


def test_hourly_rain_is_read_at_the_end_of_its_hour_in_utc() -> None:
    parsed = kma_hub.parse(answer(lines(ROW)), wanted("108"))
    time = np.datetime64("2026-07-01T02:00", "ns")
    assert only(parsed) == Reading("108", "rainfall", time, 3.5, Flag.GOOD, "3.5")
    assert parsed.complaints == ()


def test_the_saved_table_gives_every_kind_of_hour_its_own_answer() -> None:
    parsed = kma_hub.parse(answer(TABLE), wanted("108", "90", "112", "999"))
    seen = {
        (r.site, int(str(r.time)[11:13])): (None if isnan(r.value) else r.value, r.flag)
        for r in parsed.readings
    }
    assert seen == {
        ("108", 1): (None, Flag.SENTINEL),  # RN and RN_DAY both -9
        ("108", 2): (3.5, Flag.GOOD),
        ("108", 3): (0.0, Flag.GOOD),  # -9, and the day's rain stands at 3.5
        ("108", 4): (None, Flag.SENTINEL),  # -9, and the day's rain has risen to 5.0
        ("108", 5): (0.0, Flag.GOOD),  # 0.0 is what it says
        ("90", 1): (12.0, Flag.GOOD),
        ("90", 2): (None, Flag.SENTINEL),  # all else is -9: the station is silent
        ("90", 3): (None, Flag.SENTINEL),  # -99.0
        ("90", 4): (None, Flag.NOT_REPORTED),  # "-"
        ("90", 5): (None, Flag.OUT_OF_RANGE),  # -2.5
        ("112", 3): (7.0, Flag.GOOD),
    }
    said = " ".join(parsed.complaints)
    assert "station 108: 1 h are missing: RN and RN_DAY are both -9" in said
    assert "station 108 at 2026-07-01T04:00Z: RN is -9, yet the day's rain has risen to 5" in said
    assert "'-2.5' is no amount of rain" in said
    assert "no row of station 999" in said
    assert len(parsed.complaints) == 4


@pytest.mark.parametrize(
    ("day", "alive", "value"),
    [
        ("44.5", True, 0.0),
        ("0.0", True, 0.0),
        ("-9.0", True, None),
        ("-9.0", False, None),
        ("44.5", False, None),
        ("-99.0", True, None),
        ("-", True, None),
        ("9999.0", True, None),
    ],
)
def test_minus_nine_is_zero_only_with_the_days_rain_and_a_station_at_work(
    day: str, alive: bool, value: float | None
) -> None:
    reading = only(kma_hub.parse(answer(lines(row("-9.0", day, alive=alive))), wanted("108")))
    assert (None if isnan(reading.value) else reading.value) == value
    assert reading.flag == (Flag.GOOD if value == 0 else Flag.SENTINEL)
    assert reading.raw == "-9.0"


@pytest.mark.parametrize("nine", ["-9", "-9.0", "-9.00"])
def test_minus_nine_is_the_same_however_it_is_written(nine: str) -> None:
    assert only(kma_hub.parse(answer(lines(row(nine, "4.0"))), wanted("108"))).value == 0


def test_a_total_that_appears_with_minus_nine_is_not_dry_where_the_hour_before_had_none() -> None:
    table = lines(row("-9.0", "-9.0", "10"), row("-9.0", "2.0", "11"))
    assert all(isnan(r.value) for r in kma_hub.parse(answer(table), wanted("108")).readings)


def test_a_total_that_stood_through_a_silent_hour_is_dry() -> None:
    table = lines(row("-9.0", "-9.0", "10", alive=False), row("-9.0", "2.0", "11"))
    values = [r.value for r in kma_hub.parse(answer(table), wanted("108")).readings]
    assert isnan(values[0])
    assert values[1] == 0


@pytest.mark.parametrize("rain", ["-999", "999.9", "-998.9"])
def test_other_sentinels_are_missing(rain: str) -> None:
    assert only(kma_hub.parse(answer(lines(row(rain, "4.0"))), wanted("108"))).flag == Flag.SENTINEL


def test_an_amount_that_is_no_number_is_missing_and_named() -> None:
    parsed = kma_hub.parse(answer(lines(row("2,5", "4.0").replace("2,5", "2;5"))), wanted("108"))
    assert only(parsed).flag == Flag.UNREADABLE
    assert "'2;5' is no amount of rain" in parsed.complaints[0]


@pytest.mark.parametrize("tail", [",=", ",", ""])
def test_the_comma_variant_is_the_same_table(tail: str) -> None:
    header = tuple("# " + ",".join(line.strip("# ").split()) for line in HEADER)
    commas = ",".join(ROW.split()) + tail
    for form in (header, tuple(HEADER), ()):
        parsed = kma_hub.parse(answer(lines(commas, header=form)), wanted("108"))
        assert only(parsed).value == 3.5


def test_a_blank_between_commas_is_not_reported() -> None:
    tokens = ROW.split()
    tokens[15] = ""
    parsed = kma_hub.parse(answer(lines(",".join(tokens) + ",=", header=())), wanted("108"))
    assert only(parsed).flag == Flag.NOT_REPORTED


def test_columns_are_found_by_the_header_wherever_they_stand() -> None:
    head, units, tokens = HEADER[0].split(), HEADER[1].split(), ROW.split()
    for row_of, at in ((head, 3), (units, 3), (tokens, 2)):
        row_of.insert(at, "77")
    table = lines(" ".join(tokens), header=(" ".join(head), " ".join(units)))
    assert only(kma_hub.parse(answer(table), wanted("108"))).value == 3.5


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("YYMMDDHHMI", "DATETIME", "YYMMDDHHMI"),
        (" STN ", " SID ", "STN"),
        ("    RN     RN     RN     RN", "  RAIN     RN     RN     RN", "RN mm"),
    ],
)
def test_a_renamed_column_is_an_error_that_names_it(old: str, new: str, named: str) -> None:
    with pytest.raises(SourceError, match=f"no column '{named}'") as caught:
        kma_hub.parse(answer(TABLE.decode("euc-kr").replace(old, new)), wanted("108"))
    assert "kma_hub" in str(caught.value)
    assert not isinstance(caught.value, SourceUnavailable)


def test_a_rain_unit_that_changes_is_a_column_that_has_gone() -> None:
    header = (HEADER[0], HEADER[1].replace("  mm ", "inch "))
    with pytest.raises(SourceError, match=r"no column 'RN mm'; it has .*RN inch"):
        kma_hub.parse(answer(lines(ROW, header=header)), wanted("108"))


def test_a_column_that_is_there_twice_is_an_error() -> None:
    header = (HEADER[0].replace(" SD ", " RN "), HEADER[1].replace(" HR3 ", " DAY "))
    with pytest.raises(SourceError, match="has 'RN DAY' twice"):
        kma_hub.parse(answer(lines(ROW, header=header)), wanted("108"))


def test_a_row_with_another_number_of_columns_is_a_complaint_but_all_of_them_are_an_error() -> None:
    short = " ".join(ROW.split()[:45])
    parsed = kma_hub.parse(answer(lines(ROW, short)), wanted("108"))
    assert only(parsed).value == 3.5
    assert "has 45 columns, not 46" in parsed.complaints[0]
    for header in (tuple(HEADER), ()):
        with pytest.raises(SourceError, match="45 columns, expected 46"):
            kma_hub.parse(answer(lines(short, header=header)), wanted("108"))


def test_without_a_header_the_known_46_columns_are_taken() -> None:
    assert only(kma_hub.parse(answer(ROW + "\n#7777END\n"), wanted("108"))).value == 3.5
    assert only(kma_hub.parse(answer(ROW + "\n"), wanted("108"))).value == 3.5


def test_a_table_that_was_cut_says_so_and_gives_no_half_row() -> None:
    cut = lines(ROW, end=row("12.5", "16.0", "12"))
    parsed = kma_hub.parse(answer(cut), wanted("108"))
    assert only(parsed).value == 3.5
    assert "#7777END is missing" in parsed.complaints[0]
    assert "is not whole" in parsed.complaints[1]


def test_an_empty_table_is_a_gap_that_is_told() -> None:
    parsed = kma_hub.parse(answer(lines()), wanted("108"))
    assert parsed.readings == ()
    assert len(parsed.complaints) == 2  # no rows, and no row of station 108


def test_an_hour_told_twice_keeps_the_last_and_says_so_if_they_differ() -> None:
    twice = lines(row("1.0", "1.0"), row("2.0", "2.0"))
    parsed = kma_hub.parse(answer(twice), wanted("108"))
    assert only(parsed).value == 2
    assert "told twice, '1.0' and then '2.0'" in parsed.complaints[0]
    assert kma_hub.parse(answer(lines(ROW, ROW)), wanted("108")).complaints == ()


def test_a_time_that_cannot_be_read_is_a_complaint() -> None:
    parsed = kma_hub.parse(
        answer(lines(ROW.replace("202607011100", "202613011100"))), wanted("108")
    )
    assert parsed.readings == ()
    assert "a row of station 108 cannot be read" in parsed.complaints[0]


def test_only_the_wanted_hours_and_stations_are_kept() -> None:
    ask = wanted("90", since="2026-07-01T02:00", until="2026-07-01T03:00")
    parsed = kma_hub.parse(answer(TABLE), ask)
    assert {(r.site, str(r.time)[:13]) for r in parsed.readings} == {
        ("90", "2026-07-01T02"),
        ("90", "2026-07-01T03"),
    }


def test_an_answer_for_one_station_does_not_complain_of_the_others() -> None:
    what = "kma_sfctm2-202607011100-108"
    assert kma_hub.parse(answer(lines(ROW), what=what), wanted("108", "112")).complaints == ()


def test_a_leading_zero_of_a_station_number_does_not_matter() -> None:
    assert {r.site for r in kma_hub.parse(answer(TABLE), wanted("090")).readings} == {"090"}


@pytest.mark.parametrize(
    ("status", "later"), [(401, False), (403, False), (400, False), (429, True), (500, True)]
)
def test_a_refusal_in_json_is_final_unless_it_may_pass(status: int, later: bool) -> None:
    body = f'{{"result":{{"status":{status},"message":"my-key 활용신청이 필요한 API 입니다."}}}}'
    for http in (200, 403):
        with pytest.raises(SourceError, match=f"status {status}") as caught:
            kma_hub.parse(answer(body, http), wanted("108"))
        assert isinstance(caught.value, SourceUnavailable) == later
        assert caught.value.remedy
        assert "my-key" not in str(caught.value)


@pytest.mark.parametrize(
    ("body", "status", "later"),
    [
        ("<html><body>점검 중</body></html>", 200, True),
        ("<html>Forbidden</html>", 403, False),
        ("<r><returnReasonCode>30</returnReasonCode></r>", 200, False),
        ("<r><returnReasonCode>22</returnReasonCode></r>", 200, True),
        ("<r><returnReasonCode>03</returnReasonCode></r>", 200, True),
        ("", 200, True),
        ("Unauthorized", 401, False),
        ("something else", 200, False),
        ('{"result":', 200, False),
        ('{"result":{"status":"x"}}', 200, False),
    ],
)
def test_what_is_no_table_is_an_error_with_source_and_remedy(
    body: str, status: int, later: bool
) -> None:
    with pytest.raises(SourceError, match=r"kma_hub|no data") as caught:
        kma_hub.parse(answer(body, status), wanted("108"))
    assert isinstance(caught.value, SourceUnavailable) == later
    assert caught.value.remedy


def test_a_table_in_utf8_or_with_broken_korean_is_read_all_the_same() -> None:
    text = TABLE.decode("euc-kr")
    for body in (text.encode(), b"# \xc7\xff\xfe\n" + TABLE):
        assert len(kma_hub.parse(answer(body), wanted("108")).readings) == 5


def test_another_variable_is_refused() -> None:
    ask = Wanted("water_level", (), np.datetime64("2026", "ns"), np.datetime64("2027", "ns"))
    with pytest.raises(SourceError, match="kma_hub has no 'water_level'"):
        kma_hub.parse(answer(TABLE), ask)


@pytest.mark.skipif(not SAMPLES.exists(), reason="the shared samples are not beside the checkout")
def test_the_shared_sample_has_a_wet_hour_and_one_that_is_missing() -> None:
    table = answer((SAMPLES / "kma_sfctm2.euckr.txt").read_bytes())
    table = replace(table, fetched=np.datetime64("2026-08-01", "ns"))
    parsed = kma_hub.parse(table, wanted("108", "112", until="2026-08-01"))
    assert [r.value for r in parsed.readings][:1] == [12.5]
    assert parsed.readings[1].flag == Flag.SENTINEL
    assert isnan(parsed.readings[1].value)
