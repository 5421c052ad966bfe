"""Open one CSV file of readings: its header, its cells, and the lines that do not fit the header.

The separator is the one that the header has most of: comma, semicolon or tab. Columns of values
become numbers where all of their cells are; every other cell stays text.
"""

import csv
import gzip
import warnings
import zlib
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from data.errors import SourceError

WORDS = ("time", "station", "variable", "unit", "received", "flag")  # columns of text
NAMED = (*WORDS, "value")
BLANK = ("", "-", "--", "nan", "na", "n/a", "#n/a", "null", "none")  # lower case
_BLANKS = [*BLANK, *map(str.upper, BLANK[3:]), "NaN", "None", "Null"]
_SURPLUS = "\0"  # the column of a cell more than the header has
FIRST = 2  # line of the first row, below the header


@dataclass(frozen=True)
class Sheet:
    """A file as it was found.

    Attributes:
        name: The file's name, for complaints.
        cells: A column of each name in the header.
        line: The line of each row in the file.
        misfits: Lines that have more cells than the header, and the text of each.
    """

    name: str
    cells: pd.DataFrame
    line: np.ndarray
    misfits: tuple[tuple[int, str], ...] = ()

    @property
    def rows(self) -> int:
        """How many rows the file has; blank lines are none."""
        return len(self.cells) + len(self.misfits)


def fetch(path: Path) -> Sheet:
    """Open a CSV file, gzipped or not.

    Raises:
        SourceError: It is missing, empty, broken, not UTF-8, or its header cannot be right.
    """
    text = _text(path)
    _check_quotes(text, path.name)
    head, _, body = text.partition("\n")
    if not head.strip():
        raise SourceError(f"'{path.name}' has no header in line 1.", "Begin with: time,S1,S2")
    separator = max(",;\t", key=head.count)
    names = _names(next(csv.reader([head], delimiter=separator)), path.name)
    try:
        cells = _parsed(body, names, separator)
        found = Sheet(path.name, cells, np.arange(len(cells)) + FIRST)
    except (pd.errors.ParserError, pd.errors.ParserWarning):  # much longer lines than the header
        found = _line_by_line(body, names, separator, path.name)
    return _sorted_out(found, separator)


def _text(path: Path) -> str:
    try:
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except FileNotFoundError:
        raise SourceError(f"'{path}' is missing.", "Put the file there.") from None
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(f"'{path}' cannot be read: {error}.", "Get the file again.") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise SourceError(
            f"'{path.name}', line {line}: the text is not UTF-8.", "Save it as 'CSV UTF-8'."
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _check_quotes(text: str, file: str) -> None:
    """A quote that is never closed swallows every line up to the next one."""
    if '"' not in text:
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count('"') % 2:
            raise SourceError(
                f"{file}, line {number}: a quote is not closed on its line.",
                "Close it, or take it out.",
            )


def _names(header: list[str], file: str) -> list[str]:
    names = [name.strip() for name in header]
    names = [name.lower() if name.lower() in NAMED else name for name in names]
    names = [name or f"(column {number})" for number, name in enumerate(names, start=1)]
    twice = [name for number, name in enumerate(names) if name in names[:number]]
    if twice:
        raise SourceError(f"{file}, line 1: column '{twice[0]}' is there twice.", "Rename one.")
    return names


def _parsed(body: str, names: list[str], separator: str) -> pd.DataFrame:
    words = [name for name in names if name in WORDS]
    numbers = [name for name in names if name not in WORDS]
    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)
        return pd.read_csv(
            StringIO(body or "\n"),
            sep=separator,
            header=None,
            names=[*names, _SURPLUS],
            index_col=False,
            dtype=dict.fromkeys([*words, _SURPLUS], str),
            keep_default_na=False,
            na_values=dict.fromkeys(numbers, _BLANKS),
            skip_blank_lines=False,
            low_memory=False,
        )


def _line_by_line(body: str, names: list[str], separator: str, file: str) -> Sheet:
    width = len(names) + 1
    rows, lines, misfits = [], [], []
    for number, cells in enumerate(csv.reader(StringIO(body), delimiter=separator), start=FIRST):
        if len(cells) > width:
            misfits.append((number, separator.join(cells)))
        else:
            rows.append(cells + [""] * (width - len(cells)))
            lines.append(number)
    cells_ = pd.DataFrame(rows, columns=[*names, _SURPLUS], dtype=str)
    return Sheet(file, cells_, np.array(lines, int), tuple(misfits))


def _sorted_out(sheet: Sheet, separator: str) -> Sheet:
    """Take out blank lines, and those with a cell more than the header."""
    cells = sheet.cells
    surplus = (cells[_SURPLUS].fillna("").str.strip() != "").to_numpy()
    misfits = [
        (int(sheet.line[row]), separator.join(map(_shown, cells.iloc[row])))
        for row in np.flatnonzero(surplus)
    ]
    cells = cells.drop(columns=_SURPLUS)
    blank = cells.iloc[:, 0].isna().to_numpy() | (cells.iloc[:, 0] == "").to_numpy()
    rows = np.flatnonzero(blank)
    part = cells.iloc[rows]
    blank[rows] = (part.isna() | (part == "")).all(axis=1).to_numpy()
    keep = ~surplus & ~blank
    kept = cells[keep].reset_index(drop=True)
    return Sheet(sheet.name, kept, sheet.line[keep], tuple(sorted([*sheet.misfits, *misfits])))


def _shown(cell: Any) -> str:
    return "" if pd.isna(cell) else str(cell)
