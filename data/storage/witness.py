"""Stay connected to the stores that this process writes, so that no reader ever waits.

SQLite's last connection to leave a file locks everybody out while it tidies up, and the first to
come does while it looks for what a kill has left. Measured with a reader that has no patience:
one read in five was refused beside a writer that opens and closes for each append, one in forty
where a reader came and went with the writer, none of 2,895 where one stays for good.
"""

import atexit
import os
import sqlite3
from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Final

MOST: Final = 4  # stores at a time, the last written ones; each holds three files open
_STAYING: Final[OrderedDict[tuple[str, int], sqlite3.Connection]] = OrderedDict()
_ONE_AT_A_TIME: Final = Lock()


def stay(path: Path, name: str) -> None:
    """Stay connected to the store at `path`, as a reader that reads nothing.

    Args:
        path: The store.
        name: It, as SQLite is asked to open it.

    Raises:
        sqlite3.DatabaseError: It is no database, or damaged.
    """
    key = (str(path.resolve()), path.stat().st_ino)
    with _ONE_AT_A_TIME:
        if key not in _STAYING:
            _STAYING[key] = _connect(name)
        _STAYING.move_to_end(key)
        while len(_STAYING) > MOST:
            _STAYING.popitem(last=False)[1].close()


def leave() -> None:
    """Leave all stores: at the end, and before this process is copied (SQLite asks for that)."""
    with _ONE_AT_A_TIME:
        while _STAYING:
            _STAYING.popitem()[1].close()


def _connect(name: str) -> sqlite3.Connection:
    db = sqlite3.connect(name, uri=True, isolation_level=None, check_same_thread=False)
    try:
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError:
        db.close()
        raise
    return db


atexit.register(leave)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=leave)
