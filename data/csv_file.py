"""Read a CSV file as text, then turn its columns into times and numbers, naming what is wrong."""

import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from data.errors import SourceError
from data.schema import Flag

BLANK = ("", "nan", "na", "null", "none")  # lower case; all mean that nothing was reported
FIRST = 2  # line of the first row, below the header


@dataclass(frozen=True)
class CsvFile:
    """A CSV file as it was found: every cell is text.

    Attributes:
        name: The file's name, for complaints.
    """

    name: str
    cells: pd.DataFrame


def fetch(path: Path, remedy: str = "Put the file there.") -> CsvFile:
    """Open a CSV file, gzipped or not; every cell stays text, a missing one is "".

    Raises:
        SourceError: It is missing, empty, broken, or not UTF-8.
    """
    try:
        cells = pd.read_csv(
            path,
            dtype=str,
            keep_default_na=False,
            skip_blank_lines=False,
            encoding="utf-8-sig",
        )
    except FileNotFoundError:
        raise SourceError(f"'{path}' is missing.", remedy) from None
    except (OSError, EOFError, zlib.error, ValueError) as error:  # pandas' own are ValueErrors
        raise SourceError(f"'{path}' cannot be read: {error}.", "Get the file again.") from None
    if not isinstance(cells.index, pd.RangeIndex):  # pandas took the surplus cells for an index
        raise SourceError(
            f"'{path}' cannot be read: its lines have more cells than its header.",
            "Correct the header.",
        )
    return CsvFile(path.name, cells.fillna(""))


def column(file: CsvFile, name: str) -> pd.Series:
    """Return the text of one column.

    Raises:
        SourceError: There is no such column.
    """
    if name not in file.cells:
        raise SourceError(
            f"{file.name}, line 1: column '{name}' is missing, found {list(file.cells)}.",
            f"Add the column '{name}', or correct its name.",
        )
    return file.cells[name].str.strip()


def times(file: CsvFile, name: str, form: str, ahead: np.timedelta64) -> np.ndarray:
    """Return a column of times as UTC, datetime64[ns].

    Args:
        form: How times are written, as for `strptime`.
        ahead: How far the file's clock is ahead of UTC; 9 h for KST.

    Raises:
        SourceError: A cell is not such a time.
    """
    text = column(file, name)
    parsed = pd.to_datetime(text, format=form, errors="coerce")
    wrong = np.flatnonzero(parsed.isna())
    if wrong.size:
        example = pd.Timestamp("2013-07-15T09:10").strftime(form)
        raise SourceError(
            f"{where(file, name, wrong[0])}: '{text.iloc[wrong[0]]}' is not a time.",
            f"Write times like '{example}'.",
        )
    utc: np.ndarray = parsed.to_numpy(dtype="datetime64[ns]") - ahead
    return utc


def numbers(file: CsvFile, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return a column of numbers, and a `data.schema.Flag` for each.

    A blank cell is NOT_REPORTED and text is UNREADABLE; both are NaN.

    Raises:
        SourceError: The column has text and not one number.
    """
    text = column(file, name)
    values = pd.to_numeric(text, errors="coerce").to_numpy(dtype="float64")
    flags = np.full(values.size, int(Flag.GOOD), dtype="int8")
    flags[~np.isfinite(values)] = Flag.UNREADABLE
    flags[text.str.lower().isin(BLANK).to_numpy()] = Flag.NOT_REPORTED
    if not (flags == Flag.GOOD).any() and (flags == Flag.UNREADABLE).any():
        raise SourceError(unreadable(file, name, flags), "Write numbers with a decimal point.")
    return np.where(flags == Flag.GOOD, values, np.nan), flags


def unreadable(file: CsvFile, name: str, flags: np.ndarray) -> str:
    """Say where a column first has text instead of a number; "" if nowhere."""
    rows = np.flatnonzero(flags == Flag.UNREADABLE)
    if not rows.size:
        return ""
    more = f" ({rows.size:,} such in the column)" if rows.size > 1 else ""
    return f"{where(file, name, rows[0])}: '{file.cells[name].iloc[rows[0]]}' is no number{more}."


def where(file: CsvFile, name: str, row: int) -> str:
    """Name a cell as a person finds it: file, line, column."""
    return f"{file.name}, line {row + FIRST}, column '{name}'"
