from pathlib import Path

import numpy as np
import pytest

from data.archive import VARIABLES
from data.errors import SourceError
from data.own import numbers as own_numbers
from data.own import readings as own_readings
from data.own import units as own_units
from data.own.clock import Clock
from data.own.numbers import Missing
from data.own.rows import Form, Known, Part
from data.schema import Flag
from data.stations import Quantity

KNOWN = Known(("S1", "S2"), Quantity.WATER_LEVEL)
NOW = np.datetime64("2021-01-01", "ns")
PLAIN = Form(Clock(NOW))
GOOD = "".join(f"2020-01-02T{hour:02}:00,S1,water_level,1\n" for hour in range(20))
HEAD = "time,station,variable,value\n"


def read(folder: Path, text: str, form: Form = PLAIN, known: Known = KNOWN) -> Part:
    (folder / "r.csv").write_text(text, encoding="utf-8")
    return own_readings.read(own_readings.files(folder), known, form)[0]


def told(part: Part) -> list[tuple[str, str, float, int]]:
    """Return station, variable, value and flag of every row."""
    rows = part.rows
    return [
        (*KNOWN.named(int(s)), v, int(f))
        for s, v, f in zip(rows.series, rows.value.tolist(), rows.flag, strict=True)
    ]


def test_a_long_file_tells_a_reading_per_line(tmp_path: Path) -> None:
    text = HEAD + "2020-01-01T00:00,S1,water_level,1.5\n2020-01-01T00:00,,rainfall,0.2\n"
    assert told(read(tmp_path, text)) == [
        ("S1", "water_level", 1.5, Flag.GOOD),
        ("", "rainfall", 0.2, Flag.GOOD),
    ]


def test_a_wide_file_tells_a_series_per_column(tmp_path: Path) -> None:
    text = "Time,S1,S2,S1:rainfall,dam_release\n2020-01-01T00:00,1.5,2.5,0.2,300\n"
    assert told(read(tmp_path, text)) == [
        ("S1", "water_level", 1.5, 0),
        ("S2", "water_level", 2.5, 0),
        ("S1", "rainfall", 0.2, 0),
        ("", "dam_release", 300.0, 0),
    ]


def test_blanks_and_sentinels_become_missing_with_a_flag(tmp_path: Path) -> None:
    cells = ["", "-", "NaN", "-999", "-9999", "-99", "Ice", "0"]
    text = "time,S1\n" + "".join(f"2020-01-01T0{n}:00,{cell}\n" for n, cell in enumerate(cells))
    part = read(tmp_path, text, Form(Clock(NOW), Missing.of(["-99", "ice"])))
    blank, sentinel = int(Flag.NOT_REPORTED), int(Flag.SENTINEL)
    assert part.rows.flag.tolist() == [blank] * 3 + [sentinel] * 4 + [0]
    assert np.isnan(part.rows.value[:7]).all()
    assert part.rows.value[7] == 0


def test_units_are_converted_exactly_in_their_column_or_as_asked(tmp_path: Path) -> None:
    text = (
        "time,station,variable,value,unit\n"
        "2020-01-01T00:00,S1,water_level,11.52,ft\n"
        "2020-01-01T00:00,S1,rainfall,2,in\n"
        "2020-01-01T00:00,S1,discharge,1000,cfs\n"
        "2020-01-01T00:00,S2,water_level,351,\n"
    )
    part = read(tmp_path, text, Form(Clock(NOW), units={"water_level": "cm"}))
    expected = [3.511296, 50.8, 28.316846592, 3.51]
    assert part.rows.value.tolist() == pytest.approx(expected, rel=1e-15)


def test_an_unknown_unit_is_refused_with_those_that_are_known(tmp_path: Path) -> None:
    text = "time,station,variable,value,unit\n" + GOOD.replace(",1\n", ",1,m\n")
    part = read(tmp_path, text + "2020-01-01T00:00,S1,rainfall,2,furlong\n")
    (refused,) = part.refused
    assert str(refused) == (
        "r.csv, line 22, column 'unit': 'furlong' is no known unit of rainfall. "
        "Known: mm, in, cm, m."
    )
    assert len(part.rows) == 20


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (
            "2020-01-01T00:00,S3,water_level,1",
            "column 'station': 'S3' is an unknown station, known: S1",
        ),
        ("2020-01-01T00:00,s1,water_level,1", "is an unknown station, did you mean 'S1'?"),
        ("2020-01-01T00:00,S1,stage,1", "is an unknown variable, did you mean 'water_level'?"),
        ("2020-01-01T00:00,S1,rainfal,1", "is an unknown variable, did you mean 'rainfall'?"),
        ("2020-01-01T00:00,*,water_level,1", "stands for all stations; a gauge's reading needs"),
        ("2020-01-01T00:00,S1,water_level,wet", "column 'value': 'wet' is no number; if it means"),
        ('2020-01-01T00:00,S1,water_level,"3,51"', "'3,51' is no number: a decimal comma? Write"),
        ("2020-01-01T00:00,S1,water_level,3,51", "has more cells than the header; a decimal com"),
        ("2020-01-01T00:00,S1,water_level,inf", "'inf' is no number"),
        ("yesterday,S1,water_level,1", "column 'time': 'yesterday' is no time"),
        (",S1,water_level,1", "column 'time': '' is blank"),
    ],
)
def test_a_row_that_cannot_be_read_is_told_and_the_rest_goes_on(
    tmp_path: Path, line: str, why: str
) -> None:
    part = read(tmp_path, HEAD + GOOD + line + "\n")
    (refused,) = part.refused
    assert str(refused).startswith("r.csv, line 22, column ")
    assert why in str(refused)
    assert (len(part.rows), part.lost, part.count) == (20, 1, 21)


def test_refusals_are_counted_by_series_where_that_is_known(tmp_path: Path) -> None:
    part = read(tmp_path, HEAD + GOOD + "2020-01-01T00:00,S1,water_level,wet\n")
    assert {KNOWN.named(s): n for s, n in part.refused_of.items()} == {("S1", "water_level"): 1}
    wide = "time,S1,S2\n" + "".join(f"2020-01-02T{h:02}:00,1,2\n" for h in range(20))
    part = read(tmp_path, wide + "2020-01-03T00:00,wet,2\nsoon,1,2\n")
    assert {KNOWN.named(s): n for s, n in part.refused_of.items()} == {
        ("S1", "water_level"): 2,
        ("S2", "water_level"): 1,
    }
    assert (part.lost, len(part.rows)) == (2, 41)  # S2 keeps its reading beside 'wet'


def test_a_file_of_which_a_fifth_is_refused_is_an_error(tmp_path: Path) -> None:
    bad = "".join(f"2020-01-03T0{n}:00,S1,water_level,3;51\n" for n in range(6))
    with pytest.raises(SourceError, match=r"6 of its 26 rows cannot be read. r.csv, line 22"):
        read(tmp_path, HEAD + GOOD + bad)


def test_other_stations_may_be_left_out_in_silence(tmp_path: Path) -> None:
    text = HEAD + GOOD + GOOD.replace("S1", "Z9")
    with pytest.raises(SourceError, match="leave the others out with --listed-only"):
        read(tmp_path, text)
    part = read(tmp_path, text, Form(Clock(NOW), listed_only=True))
    assert (len(part.rows), part.lost) == (20, 0)


def test_flags_and_times_of_receipt_are_read(tmp_path: Path) -> None:
    text = (
        "time,station,variable,value,received,flag\n"
        "2020-01-01T00:00,S1,water_level,1,2020-01-01T00:10,\n"
        "2020-01-01T01:00,S1,water_level,9,,Spike\n"
    )
    part = read(tmp_path, text)
    assert part.rows.received[0] == np.datetime64("2020-01-01T00:10")
    assert np.isnat(part.rows.received[1])
    assert part.rows.flag.tolist() == [Flag.GOOD, Flag.SPIKE]


@pytest.mark.parametrize(
    ("end", "why"),
    [
        ("2019-12-31T00:00,", "column 'received': '2019-12-31T00:00' is before the reading's own"),
        ("later,", "column 'received': 'later' is no time"),
        (",P", "column 'flag': 'P' is no flag of ours; leave it blank, or write one of good, not"),
    ],
)
def test_a_receipt_or_a_flag_that_cannot_be_is_refused(tmp_path: Path, end: str, why: str) -> None:
    head = "time,station,variable,value,received,flag\n"
    good = GOOD.replace(",1\n", ",1,,\n")
    part = read(tmp_path, f"{head}{good}2020-01-01T00:00,S1,water_level,1,{end}\n")
    assert [why in str(each) for each in part.refused] == [True]


@pytest.mark.parametrize(
    ("column", "why"),
    [
        ("s1", "no such station, did you mean 'S1'?"),
        ("S1:rain", "no variable 'rain', did you mean 'rainfall'?"),
        ("water_level", "it names no station, write 'S1'"),
        ("precip", "no such station, did you mean 'rainfall'?"),
    ],
)
def test_a_column_that_says_nothing_to_us_is_told(tmp_path: Path, column: str, why: str) -> None:
    part = read(tmp_path, f"time,S2,{column}\n2020-01-01T00:00,1,2\n")
    assert [why in told for told in part.ignored] == [True]
    assert len(part.rows) == 1


def test_of_one_station_its_quantity_needs_no_id(tmp_path: Path) -> None:
    known = Known(("S1",), Quantity.WATER_LEVEL)
    part = read(tmp_path, "time,water_level\n2020-01-01T00:00,1\n", known=known)
    assert known.named(int(part.rows.series[0])) == ("S1", "water_level")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("datetime,S1\n2020-01-01,1\n", "column 'time' is missing.*Rename 'datetime' to 'time'"),
        ("time,station,level\n2020-01-01,S1,1\n", "a column 'station' and no 'value'"),
        ("time,Q\n2020-01-01T00:00,1\n", "No file has a usable reading. r.csv: column 'Q' is not"),
        ("time,S1\n", "No file has a usable reading"),
    ],
)
def test_a_file_that_nothing_can_be_read_of_is_an_error(
    tmp_path: Path, text: str, why: str
) -> None:
    with pytest.raises(SourceError, match=why):
        read(tmp_path, text)


def test_the_station_table_is_not_read_as_readings(tmp_path: Path) -> None:
    table = tmp_path / "stations.csv"
    table.write_text("id\n")
    with pytest.raises(SourceError, match="There is no readings file"):
        own_readings.files(tmp_path, table)
    (tmp_path / "b.csv").write_text("")
    (tmp_path / "a.csv.gz").write_text("")
    names = [path.name for path in own_readings.files(tmp_path, table)]
    assert names == ["a.csv.gz", "b.csv"]
    assert own_readings.files(tmp_path / "b.csv") == [tmp_path / "b.csv"]


@pytest.mark.parametrize("text", ["water_level", "depth=ft", "water_level=mile"])
def test_a_unit_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(SourceError, match=r"names no variable and unit|which is unknown. Known"):
        own_units.wishes([text], VARIABLES)


def test_a_unit_of_another_kind_is_unknown() -> None:
    assert own_units.wishes(["discharge=cfs"], VARIABLES) == {"discharge": "cfs"}
    with pytest.raises(SourceError, match="'rainfall' is in 'ft'"):
        own_units.factor("ft", "rainfall")


def test_the_usual_sentinels_stay_when_others_are_added() -> None:
    assert {-999.0, -9999.0, -77.0} < Missing.of(["-77"]).numbers
    assert -999.0 in own_numbers.SENTINELS
