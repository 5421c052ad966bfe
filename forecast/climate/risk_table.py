"""The user's table for the risk index: exposure and vulnerability of each region.

CSV in UTF-8, one line per region, a blank cell = unknown; further columns are not read:
    code                   as in `template`
    exposure               >= 0, e.g. people in the flooded area
    vulnerability          >= 0, e.g. share of people over 65
    damage                 optional, >= 0, only to check the index with
    exposure_source, vulnerability_source    optional, free text
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data import csv_file
from data.csv_file import FIRST, CsvFile
from data.errors import SourceError

_COLUMNS = (
    *("code", "name", "exposure", "vulnerability", "damage"),
    *("exposure_source", "vulnerability_source"),
)


@dataclass(frozen=True)
class Table:
    """What the user told of each region, (region,); NaN or "" = not told.

    Attributes:
        exposure, vulnerability, damage: As given, any unit.
    """

    exposure: np.ndarray
    vulnerability: np.ndarray
    damage: np.ndarray
    exposure_source: tuple[str, ...]
    vulnerability_source: tuple[str, ...]


def template(codes: Sequence[str], names: Sequence[str]) -> str:
    """Return the CSV text to fill in; write it as "utf-8-sig", which spreadsheets recognise."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(_COLUMNS)
    for code, name in zip(codes, names, strict=True):
        lines.writerow([code, name] + [""] * (len(_COLUMNS) - 2))
    return text.getvalue()


def read(path: Path, codes: Sequence[str]) -> Table:
    """Read the user's table, in the order of `codes`; a region without a line is NaN, never 0.

    Raises:
        SourceError: The file or a column is missing, a code is unknown or twice there, or a value
            is negative or no finite number; with line and value.
    """
    file = csv_file.fetch(path, "Fill in the template and put it there.")
    rows = _rows(file, codes)
    unknown = np.full(len(codes), np.nan)
    return Table(
        _values(file, "exposure", rows),
        _values(file, "vulnerability", rows),
        _values(file, "damage", rows) if "damage" in file.cells else unknown,
        _texts(file, "exposure_source", rows),
        _texts(file, "vulnerability_source", rows),
    )


def _rows(file: CsvFile, codes: Sequence[str]) -> np.ndarray:
    """Return the row of each region, -1 where the file has none."""
    known, row_of = set(codes), dict[str, int]()
    blank = file.cells.apply(lambda cells: cells.str.strip() == "").all(axis=1)
    for row, code in enumerate(csv_file.column(file, "code")):
        place = csv_file.where(file, "code", row)
        if blank.iloc[row]:
            continue
        if code not in known:
            raise SourceError(f"{place}: '{code}' is no region.", "Use the codes of the template.")
        if code in row_of:
            raise SourceError(
                f"{place}: '{code}' stands in line {row_of[code] + FIRST}, too.",
                "Keep one line per region.",
            )
        row_of[code] = row
    return np.array([row_of.get(code, -1) for code in codes], dtype="int64")


def _values(file: CsvFile, name: str, rows: np.ndarray) -> np.ndarray:
    """Return a column of numbers by region, NaN where blank or without a row."""
    values, flags = csv_file.numbers(file, name)
    wrong = csv_file.unreadable(file, name, flags)
    if wrong:
        raise SourceError(wrong, "Write finite numbers like 1234.5, and nothing where unknown.")
    negative = np.flatnonzero(values < 0)
    if negative.size:
        raise SourceError(
            f"{csv_file.where(file, name, negative[0])}: {values[negative[0]]:g} is negative.",
            "Give 0 or more, and nothing where unknown.",
        )
    return np.asarray(np.append(values, np.nan)[rows])


def _texts(file: CsvFile, name: str, rows: np.ndarray) -> tuple[str, ...]:
    """Return an optional column of text by region, "" without one."""
    if name not in file.cells:
        return ("",) * len(rows)
    texts = [*csv_file.column(file, name), ""]
    return tuple(texts[row] for row in rows)
