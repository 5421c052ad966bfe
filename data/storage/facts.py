"""Small facts with their history: station tables, attributes, limits of quality control."""

import json
import sqlite3
from typing import Any

import numpy as np

from data.storage.rows import key

Facts = dict[str, Any]


def keep(db: sqlite3.Connection, name: str, facts: Facts, received: int) -> bool:
    """Keep facts that differ from what was known when they were received; say whether they do.

    Raises:
        ValueError: A fact is no JSON; NaN is none.
    """
    body = json.dumps(facts, ensure_ascii=False, allow_nan=False, sort_keys=True)
    if newest(db, name, received) == body:
        return False
    row = (name, received, body)
    db.execute("INSERT INTO fact (name, received, body) VALUES (?, ?, ?)", row)
    return True


def newest(db: sqlite3.Connection, name: str, known_at: int) -> str | None:
    """Return the facts of that name as known then, as JSON; None if nothing was."""
    found = db.execute(
        "SELECT body FROM fact WHERE name = ? AND received <= ?"
        " ORDER BY received DESC, id DESC LIMIT 1",
        (name, known_at),
    ).fetchone()
    return None if found is None else str(found[0])


def fingerprint(db: sqlite3.Connection, known_at: int) -> int:
    """Return the sum of a hash of each fact that was known then, of 64 bits."""
    found = db.execute("SELECT name, received, body FROM fact WHERE received <= ?", (known_at,))
    hashes = [key(name, str(received), body) for name, received, body in found]
    return int(np.array(hashes, "uint64").sum())


def parsed(body: str | None) -> Facts | None:
    """Return facts from their JSON."""
    return None if body is None else json.loads(body)
