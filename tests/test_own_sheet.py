import gzip
from pathlib import Path

import pytest

from data.errors import SourceError
from data.own import sheet as own_sheet


def put(folder: Path, text: str, name: str = "r.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_numbers_become_numbers_and_ids_stay_as_they_are_written(tmp_path: Path) -> None:
    path = put(tmp_path, "time,station,value\n2020-01-01T00:00,0012,3.5\n2020-01-01T01:00,NA,-\n")
    sheet = own_sheet.fetch(path)
    assert sheet.cells["station"].tolist() == ["0012", "NA"]
    assert sheet.cells["value"].iloc[0] == 3.5
    assert sheet.cells["value"].isna().tolist() == [False, True]
    assert sheet.line.tolist() == [2, 3]


def test_blank_lines_are_no_rows_and_keep_their_line_numbers(tmp_path: Path) -> None:
    sheet = own_sheet.fetch(put(tmp_path, "time,S1\n2020-01-01T00:00,1\n\n,\n2020-01-01T01:00,2\n"))
    assert sheet.rows == 2
    assert sheet.line.tolist() == [2, 5]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_semicolons_and_tabs_separate_too(tmp_path: Path, separator: str) -> None:
    text = "time,S1\n2020-01-01T00:00,1.5\n".replace(",", separator)
    assert own_sheet.fetch(put(tmp_path, text)).cells["S1"].tolist() == [1.5]


def test_gzip_a_mark_of_utf_8_and_line_ends_of_windows_are_read(tmp_path: Path) -> None:
    path = tmp_path / "r.csv.gz"
    path.write_bytes(gzip.compress("\ufefftime,S1\r\n2020-01-01T00:00,1.5\r\n".encode()))
    assert own_sheet.fetch(path).cells["S1"].tolist() == [1.5]


def test_a_line_with_one_cell_too_many_is_put_aside(tmp_path: Path) -> None:
    sheet = own_sheet.fetch(put(tmp_path, "time,S1\n2020-01-01T00:00,3,51\n2020-01-01T01:00,2\n"))
    assert sheet.misfits == ((2, "2020-01-01T00:00,3,51"),) or sheet.misfits[0][0] == 2
    assert sheet.cells["S1"].tolist() == [2]


@pytest.mark.parametrize("first", [True, False])
def test_a_line_with_many_cells_too_many_is_put_aside_wherever_it_stands(
    tmp_path: Path, first: bool
) -> None:
    lines = ["2020-01-01T00:00,1,2,3,4", "2020-01-01T01:00,2"]
    text = "\n".join(["time,S1", *(lines if first else lines[::-1])])
    sheet = own_sheet.fetch(put(tmp_path, text))
    assert [line for line, _ in sheet.misfits] == [2 if first else 3]
    assert sheet.cells["S1"].tolist() == ["2"]


def test_a_column_without_a_name_is_called_by_its_place(tmp_path: Path) -> None:
    sheet = own_sheet.fetch(put(tmp_path, ",time,S1\n1,2020-01-01T00:00,3\n"))
    assert list(sheet.cells) == ["(column 1)", "time", "S1"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "has no header in line 1"),
        ("time,S1,S1\n", "column 'S1' is there twice"),
        ('time,S1\n2020-01-01,"3\n2020-01-02,4\n', "line 2: a quote is not closed"),
    ],
)
def test_a_file_that_cannot_be_right_is_refused(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        own_sheet.fetch(put(tmp_path, text))


def test_a_file_in_another_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(b"time,S1\n2020-01-01,1\n" + "일시".encode("cp949"))
    with pytest.raises(SourceError, match=r"line 3: the text is not UTF-8. Save it as 'CSV UTF-8'"):
        own_sheet.fetch(path)


def test_a_missing_file_and_a_broken_one_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is missing"):
        own_sheet.fetch(tmp_path / "r.csv")
    (tmp_path / "r.csv.gz").write_bytes(b"no gzip")
    with pytest.raises(SourceError, match="cannot be read"):
        own_sheet.fetch(tmp_path / "r.csv.gz")
