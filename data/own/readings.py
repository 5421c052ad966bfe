"""Read a folder of CSV files with readings, long or wide, in any mixture.

The format is documented in `docs/bring-your-own-river.md`.
"""

from collections.abc import Callable
from pathlib import Path

from data.errors import SourceError
from data.own import long as own_long
from data.own import sheet as own_sheet
from data.own import wide as own_wide
from data.own.rows import Form, Known, Part
from data.own.sheet import Sheet
from data.own.sieve import TOO_MANY

Progress = Callable[[int, int, str], None]
FORMS = "time,station,variable,value (long) or time,S1,S2,rainfall (wide)"
_TIMES = ("datetime", "date", "timestamp", "date_time", "ymdhm", "일시", "시각", "dates")


def files(source: Path, table: Path | None = None) -> list[Path]:
    """Return the CSV files of a folder in the order of their names; a file is one by itself.

    Args:
        table: The station table, which may lie in the same folder.

    Raises:
        SourceError: There is none.
    """
    if source.is_file():
        return [source]
    found = [*source.glob("*.csv"), *source.glob("*.csv.gz")] if source.is_dir() else []
    found = [path for path in found if table is None or not _same(path, table)]
    if not found:
        raise SourceError(
            f"There is no readings file '*.csv' or '*.csv.gz' in '{source}'.",
            f"Put them there, as {FORMS}.",
        )
    return sorted(found, key=lambda path: path.name)


def read(
    paths: list[Path], known: Known, form: Form, report: Progress = lambda *_: None
) -> list[Part]:
    """Read all files.

    Raises:
        SourceError: A file is broken, has no column that we know, more than a fifth of its rows
            was refused, or none has a usable reading.
    """
    parts = []
    for done, path in enumerate(paths):
        report(done, len(paths), path.name)
        parts.append(read_one(own_sheet.fetch(path), known, form))
    if not any(len(part.rows) for part in parts):
        told = [str(each) for part in parts for each in part.refused]
        told += [f"{part.file}: {each}." for part in parts for each in part.ignored]
        raise SourceError(f"No file has a usable reading. {' '.join(told[:3])}", f"Write {FORMS}.")
    return parts


def read_one(sheet: Sheet, known: Known, form: Form) -> Part:
    """Read one file.

    Raises:
        SourceError: It has no column that we know, or more than a fifth of it was refused.
    """
    _check_columns(sheet)
    read_as = own_long.read if own_long.fits(sheet) else own_wide.read
    part = read_as(sheet, known, form)
    if part.lost > TOO_MANY * max(part.count, 1):
        share = f"{part.lost:,} of its {part.count:,} rows cannot be read"
        most = sorted(part.refused, key=lambda each: -each.count)
        told = " ".join(str(each) for each in most[:3])
        raise SourceError(f"{part.file}: {share}. {told}", _remedy(part))
    return part


def _check_columns(sheet: Sheet) -> None:
    names = [str(name) for name in sheet.cells]
    if "time" not in names:
        others = [name for name in names if name.lower() in _TIMES]
        meant = f"Rename '{others[0]}' to 'time'." if others else f"Write {FORMS}."
        raise SourceError(f"{sheet.name}, line 1: column 'time' is missing, found {names}.", meant)
    if "station" in names and "value" not in names:
        raise SourceError(
            f"{sheet.name}, line 1: there is a column 'station' and no 'value', found {names}.",
            f"Write {FORMS}.",
        )


def _remedy(part: Part) -> str:
    if all(each.column == "station" for each in part.refused):
        return "Add the stations to the table, or leave the others out with --listed-only."
    return "Correct that. A few such rows would be left out; these are too many."


def _same(one: Path, other: Path) -> bool:
    return other.exists() and one.samefile(other)
