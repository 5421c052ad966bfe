"""Read a station table: one CSV row per gauge, checked cell by cell.

Columns: id, name_ko, name_en, river_ko, river_en, latitude, longitude, quantity; and, where known,
gauge_zero [m El.], upstream (ids, nearest first, separated by spaces), attention, watch, warning,
severe [unit of the quantity], origin (official or derived), method.
"""

import csv
from collections.abc import Iterator
from io import StringIO
from math import inf, isfinite, isnan, nan
from pathlib import Path

from data.errors import SourceError
from data.stations import Quantity, Station, Thresholds

NEEDED = (
    "id",
    "name_ko",
    "name_en",
    "river_ko",
    "river_en",
    "latitude",
    "longitude",
    "quantity",
)
LEVELS = ("attention", "watch", "warning", "severe")
ORIGINS = ("official", "derived")


class Row(dict[str, str]):
    """The cells of one line; knows where it stands, so that every complaint can say so."""

    def __init__(self, cells: dict[str, str], file: str, line: int) -> None:
        super().__init__(cells)
        self.file, self.line = file, line

    def wrong(self, column: str, expected: str) -> SourceError:
        """Return the error that names file, line, column, value and what would be right."""
        where = f"{self.file}, line {self.line}, column '{column}'"
        return SourceError(f"{where}: found '{self.cell(column)}', expected {expected}.", _REMEDY)

    def cell(self, column: str) -> str:
        """Return the text of a cell; "" where the table has no such column."""
        return (self.get(column) or "").strip()

    def number(self, column: str, lowest: float = -inf, highest: float = inf) -> float:
        """Return the number in a cell; a blank one is NaN.

        Raises:
            SourceError: It is no number, or outside `lowest` .. `highest`.
        """
        try:
            value = float(self.cell(column) or nan)
        except ValueError:
            raise self.wrong(column, "a number") from None
        if not (isnan(value) or (isfinite(value) and lowest <= value <= highest)):
            raise self.wrong(column, f"a number from {lowest:g} to {highest:g}")
        return value

    def needed_number(self, column: str, lowest: float, highest: float) -> float:
        """Return the number in a cell that must not be blank.

        Raises:
            SourceError: It is blank, no number, or outside `lowest` .. `highest`.
        """
        value = self.number(column, lowest, highest)
        if isnan(value):
            raise self.wrong(column, f"a number from {lowest:g} to {highest:g}")
        return value


_REMEDY = "Correct that cell of the station table."


def read(path: Path) -> tuple[Station, ...]:
    """Read the stations of a table, in its order.

    Raises:
        SourceError: The file is missing, lacks a column, or has a cell that cannot be right.
    """
    return parse(text(path), path.name)


def text(path: Path) -> str:
    """Return the text of a table.

    Raises:
        SourceError: The file is missing, or no UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SourceError(f"The station table '{path}' is missing.", "Put it there.") from None
    except UnicodeDecodeError as error:
        raise SourceError(
            f"The station table '{path}' is not UTF-8 at byte {error.start}.", "Save it as UTF-8."
        ) from None


def parse(text: str, file: str) -> tuple[Station, ...]:
    """Read the stations of a table's text; `file` is the name that complaints give.

    Raises:
        SourceError: A column is missing, or a cell cannot be right.
    """
    rows = list(_rows(text, file))
    if not rows:
        raise SourceError(f"{file}: the station table has no station.", "Add a line per station.")
    stations = tuple(_station(row) for row in rows)
    ids, above = {station.id for station in stations}, set[str]()
    for row, station in zip(rows, stations, strict=True):
        if station.id in above:
            raise row.wrong("id", "an id that no line above has")
        above.add(station.id)
        if station.id in station.upstream or not ids.issuperset(station.upstream):
            others = sorted(ids - {station.id})
            raise row.wrong("upstream", f"ids of other stations, of {others}")
    return stations


def _rows(text: str, file: str) -> Iterator[Row]:
    reader = csv.DictReader(StringIO(text))
    columns = [name.strip() for name in reader.fieldnames or ()]
    reader.fieldnames = columns
    for name in NEEDED:
        if name not in columns:
            raise SourceError(
                f"{file}, line 1: column '{name}' is missing, found {columns}.", "Add it."
            )
    for cells in reader:
        yield Row(cells, file, reader.line_num)


def _station(row: Row) -> Station:
    for name in NEEDED:
        if not row.cell(name):
            raise row.wrong(name, "something")
    if row.cell("quantity") not in list(Quantity):
        raise row.wrong("quantity", f"one of {', '.join(Quantity)}")
    return Station(
        id=row.cell("id"),
        name_ko=row.cell("name_ko"),
        name_en=row.cell("name_en"),
        river_ko=row.cell("river_ko"),
        river_en=row.cell("river_en"),
        latitude=row.needed_number("latitude", -90, 90),
        longitude=row.needed_number("longitude", -180, 180),
        gauge_zero=row.number("gauge_zero"),
        quantity=Quantity(row.cell("quantity")),
        upstream=tuple(row.cell("upstream").split()),
        thresholds=_thresholds(row),
    )


def _thresholds(row: Row) -> Thresholds | None:
    levels = [row.number(name) for name in LEVELS]
    below = -inf
    for name, level in zip(LEVELS, levels, strict=True):
        if level <= below:
            raise row.wrong(name, f"more than the stage below it, {below:g}")
        below = below if isnan(level) else level
    if below == -inf:
        return None
    if row.cell("origin") not in ORIGINS:
        raise row.wrong("origin", f"one of {', '.join(ORIGINS)}")
    if not row.cell("method"):
        raise row.wrong("method", "who set the thresholds, or how they were derived")
    attention, watch, warning, severe = levels
    return Thresholds(attention, watch, warning, severe, row.cell("origin"), row.cell("method"))
