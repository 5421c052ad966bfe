import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data import csv_file
from data.csv_file import CsvFile
from data.errors import SourceError
from data.schema import Flag

FORM = "%Y-%m-%d %H:%M"
NO_TIME = np.timedelta64(0, "h")


def file(**columns: list[str]) -> CsvFile:
    return CsvFile("data_2013.csv", pd.DataFrame(columns, dtype=str))


def test_a_time_in_seoul_is_nine_hours_ahead_of_utc() -> None:
    seoul = file(ymdhm=["2013-06-05 09:50"])
    utc = csv_file.times(seoul, "ymdhm", FORM, ahead=np.timedelta64(9, "h"))
    assert utc[0] == np.datetime64("2013-06-05T00:50", "ns")
    assert utc.dtype == np.dtype("datetime64[ns]")


def test_a_time_that_is_none_is_named_by_file_line_and_column() -> None:
    wrong = file(ymdhm=["2013-06-05 09:50", "2013-06-05 24:00"])
    with pytest.raises(SourceError) as told:
        csv_file.times(wrong, "ymdhm", FORM, NO_TIME)
    assert told.value.problem == (
        "data_2013.csv, line 3, column 'ymdhm': '2013-06-05 24:00' is not a time."
    )
    assert told.value.remedy == "Write times like '2013-07-15 09:10'."


def test_blank_is_not_reported_and_text_is_unreadable_and_neither_is_zero() -> None:
    values, flags = csv_file.numbers(file(swl=["25.1", "", "broken", "NaN", "inf", " 0 "]), "swl")
    assert np.isnan(values[1:5]).all()
    assert (values[0], values[5]) == (25.1, 0.0)
    assert [Flag(flag) for flag in flags] == [
        Flag.GOOD,
        Flag.NOT_REPORTED,
        Flag.UNREADABLE,
        Flag.NOT_REPORTED,
        Flag.UNREADABLE,
        Flag.GOOD,
    ]


def test_unreadable_text_is_pointed_at() -> None:
    broken = file(swl=["25.1", "oops", "oh"])
    flags = csv_file.numbers(broken, "swl")[1]
    assert csv_file.unreadable(broken, "swl", flags) == (
        "data_2013.csv, line 3, column 'swl': 'oops' is no number (2 such in the column)."
    )
    assert csv_file.unreadable(broken, "swl", np.zeros(3)) == ""


def test_a_column_of_nothing_but_text_is_refused() -> None:
    with pytest.raises(SourceError, match=r"line 3, column 'swl': '25,1' is no number\."):
        csv_file.numbers(file(swl=["", "25,1"]), "swl")


def test_a_column_of_nothing_but_blanks_was_not_reported() -> None:
    values, flags = csv_file.numbers(file(swl=["", ""]), "swl")
    assert np.isnan(values).all()
    assert (flags == Flag.NOT_REPORTED).all()


def test_a_missing_column_is_named() -> None:
    with pytest.raises(SourceError, match=r"data_2013.csv, line 1: column 'wl_1' is missing"):
        csv_file.column(file(wl_2=["1"]), "wl_1")


def test_cells_stay_text_and_blank_lines_keep_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("ymdhm,swl\n007,NA\n\n1\n", encoding="utf-8-sig")
    cells = csv_file.fetch(path).cells
    assert cells["ymdhm"].tolist() == ["007", "", "1"]
    assert cells["swl"].tolist() == ["NA", "", ""]


def test_a_gzipped_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"a\n1\n"))
    assert csv_file.fetch(path).cells["a"].tolist() == ["1"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b""),
        ("a.csv", "a\n가\n".encode("cp949")),
        ("a.csv", b"a,b\n1,2,3\n4,5\n"),
        ("a.csv", b"a,b\n1,2\n1,2,3\n"),
        ("a.csv.gz", b"no gzip"),
        ("a.csv.gz", gzip.compress(b"a\n" + bytes(range(48, 58)) * 99, mtime=0)[:-12]),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=rf"{name}' cannot be read"):
        csv_file.fetch(tmp_path / name)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"a.csv' is missing\. Look elsewhere\."):
        csv_file.fetch(tmp_path / "a.csv", "Look elsewhere.")
