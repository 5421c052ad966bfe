"""Sort out the rows of one file that cannot be read: which, why, and what stood there."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.own.sheet import Sheet

EXAMPLES = 20  # lines that are told of each reason
TOO_MANY = 0.2  # of a file's rows


@dataclass(frozen=True)
class Refused:
    """Rows, or cells, of one file that were refused for one reason.

    Attributes:
        count: How many there are.
        examples: Line and value of the first ones.
    """

    file: str
    column: str
    why: str
    count: int
    examples: tuple[tuple[int, str], ...]

    def __str__(self) -> str:
        """Return where, what and why, in one line."""
        line, value = self.examples[0]
        more = f" ({self.count:,} such)" if self.count > 1 else ""
        return f"{self.file}, line {line}, column '{self.column}': '{value}' {self.why}{more}."


class Sieve:
    """The rows of a sheet that are still usable; each is refused for its first reason only."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.kept = np.ones(len(sheet.cells), bool)
        self.hurt = np.zeros(len(sheet.cells), bool)  # a cell of it was refused
        self.refused: list[Refused] = []
        if sheet.misfits:
            last = str(sheet.cells.columns[-1])
            why = "has more cells than the header; a decimal comma? Write 3.51"
            self._note(last, why, len(sheet.misfits), sheet.misfits[:EXAMPLES])

    def rows(self, bad: np.ndarray, column: str, why: str) -> None:
        """Refuse whole rows for what stands in a column."""
        self.cells(bad, column, why)
        self.kept &= ~bad

    def cells(self, bad: np.ndarray, column: str, why: str) -> None:
        """Refuse the cells of a column; the other cells of their rows stay."""
        rows = np.flatnonzero(bad & self.kept)
        if not rows.size:
            return
        self.hurt[rows] = True
        first = rows[:EXAMPLES]
        lines, values = self.sheet.line[first].tolist(), self.sheet.cells[column].iloc[first]
        told = tuple(zip(lines, ["" if pd.isna(v) else str(v) for v in values], strict=True))
        self._note(column, why, rows.size, told)

    @property
    def lost(self) -> int:
        """How many rows of the file had something refused."""
        return int(self.hurt.sum()) + len(self.sheet.misfits)

    @property
    def too_many(self) -> bool:
        """Whether so much was refused that the file as a whole cannot be right."""
        return self.lost > TOO_MANY * self.sheet.rows

    def _note(self, column: str, why: str, count: int, told: tuple[tuple[int, str], ...]) -> None:
        self.refused.append(Refused(self.sheet.name, column, why, count, told))
