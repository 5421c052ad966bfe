"""The station table of a network of one's own: completed where a name is enough, then checked.

Korean and English names stand for each other where one is missing, `name` and `river` for both.
"""

import csv
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

from data import station_table
from data.archive import VARIABLES
from data.errors import SourceError
from data.stations import Station

_TWINS = {
    "name_ko": ("name", "name_en", "id"),
    "name_en": ("name", "name_ko", "id"),
    "river_ko": ("river", "river_en"),
    "river_en": ("river", "river_ko"),
}
MINIMAL = "id,name,river,latitude,longitude,quantity"


def fetch(path: Path) -> str:
    """Return the text of a station table, as it will be kept.

    Raises:
        SourceError: It is missing, not UTF-8, or has no header.
    """
    if path.is_dir():
        raise SourceError(
            f"'{path}' is a folder.", f"Name the table itself: {path / path.name}.csv"
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SourceError(
            f"The station table '{path}' is missing.", f"Make one with the columns {MINIMAL}"
        ) from None
    except UnicodeDecodeError as error:
        raise SourceError(
            f"The station table '{path}' is not UTF-8 at byte {error.start}.", "Save it as UTF-8."
        ) from None
    return completed(text)


def completed(text: str) -> str:
    """Return the table with the names that another column of it gives; else just as it is."""
    reader = csv.DictReader(StringIO(text))
    columns = [name.strip() for name in reader.fieldnames or ()]
    reader.fieldnames = columns
    added = [
        name
        for name, twins in _TWINS.items()
        if name not in columns and any(twin in columns for twin in twins)
    ]
    if not added:
        return text if text.endswith("\n") else text + "\n"
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*columns, *added])
    for row in reader:
        cells = [(row.get(name) or "").strip() for name in columns]
        writer.writerow(cells + [_twin(row, name) for name in added])
    return out.getvalue()


def parse(text: str, file: str) -> tuple[Station, ...]:
    """Return the stations of a table, all of one quantity.

    Raises:
        SourceError: A cell cannot be right, or ids could be taken for something else.
    """
    stations = station_table.parse(text, file)
    first = stations[0].quantity
    other = next((s.id for s in stations if s.quantity is not first), None)
    if other is not None:
        raise SourceError(
            f"{file}: '{stations[0].id}' measures {first}, but '{other}' another quantity.",
            "A network is of one quantity: make two networks of it.",
        )
    _check_ids([station.id for station in stations], file)
    return stations


def same(one: str, other: str) -> bool:
    """Whether two tables say the same, whatever their line ends."""
    return one.split() == other.split()


def _check_ids(ids: Iterable[str], file: str) -> None:
    for each in ids:
        if each in VARIABLES or each in {"time", "*"}:
            raise SourceError(
                f"{file}: the id '{each}' means something else in a file of readings.",
                "Give the station another id.",
            )


def _twin(row: dict[str, str], name: str) -> str:
    found = [(row.get(twin) or "").strip() for twin in _TWINS[name]]
    return next((each for each in found if each), "")
