"""The series of the store: which site and datum a number stands for, per source and variable."""

import json
import sqlite3
from dataclasses import dataclass

import numpy as np

from data.storage.pack import Array
from data.storage.rows import key

Name = tuple[str, str]  # site, and what its level is measured from ("" if unknown)
_CUT = "\x1f"  # the unit separator of ASCII, which no id of a site contains


@dataclass(frozen=True)
class Roster:
    """The series of one variable of one source, in the order of appearance: by their numbers.

    Attributes:
        names: The site, and its datum behind a separator where one is known.
        keys: uint64, what stands for each series in a fingerprint, the same in every store.
    """

    names: list[str]
    keys: Array

    def pairs(self) -> list[Name]:
        """Return site and datum of each series."""
        parts = (name.partition(_CUT) for name in self.names)
        return [(site, datum) for site, _, datum in parts]


def source_number(db: sqlite3.Connection, name: str) -> int:
    """Return the number of a source, made if it is new."""
    db.execute("INSERT OR IGNORE INTO source (name) VALUES (?)", (name,))
    return known_source(db, name)


def known_source(db: sqlite3.Connection, name: str) -> int:
    """Return the number of a source, 0 if there is nothing of it."""
    found = db.execute("SELECT id FROM source WHERE name = ?", (name,)).fetchone()
    return int(found[0]) if found else 0


def roster(db: sqlite3.Connection, source: int, variable: str) -> Roster:
    """Return the series of a variable; none if it was never reported."""
    asked = "SELECT names, keys FROM roster WHERE source = ? AND variable = ?"
    found = db.execute(asked, (source, variable)).fetchone()
    names, keys = found or ("[]", b"")
    return Roster(json.loads(names), np.frombuffer(keys, "<u8"))


def numbers(
    db: sqlite3.Connection, source: int, variable: str, wanted: list[Name]
) -> tuple[Array, Roster]:
    """Return the number of each named series, made where it is new, and all series."""
    names = [f"{site}{_CUT}{datum}" if datum else site for site, datum in wanted]
    known = roster(db, source, variable)
    place = dict(zip(known.names, range(len(known.names)), strict=True))
    missing = [name for name in dict.fromkeys(names) if name not in place]
    if missing:
        known = _longer(db, source, variable, known, missing)
        place = dict(zip(known.names, range(len(known.names)), strict=True))
    return np.fromiter((place[name] for name in names), "int64", len(names)), known


def replays(db: sqlite3.Connection, source: int) -> str:
    """Return what was said of the replays that brought readings of a source; "" if none did."""
    asked = "SELECT DISTINCT replayed FROM append WHERE source = ? AND replayed > '' ORDER BY 1"
    return "; ".join(text for (text,) in db.execute(asked, (source,)))


def _longer(
    db: sqlite3.Connection, source: int, variable: str, known: Roster, missing: list[str]
) -> Roster:
    (words,) = db.execute("SELECT name FROM source WHERE id = ?", (source,)).fetchone()
    fresh = np.array([key(words, variable, name) for name in missing], "<u8")
    longer = Roster(known.names + missing, np.concatenate([known.keys, fresh]))
    names = json.dumps(longer.names, ensure_ascii=False)
    row = (source, variable, names, longer.keys.tobytes())
    db.execute("INSERT OR REPLACE INTO roster VALUES (?, ?, ?, ?)", row)
    return longer
