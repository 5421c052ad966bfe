"""Write a file whole or not at all, and on the disk before anyone relies on it."""

import os
import time
from pathlib import Path
from uuid import uuid4


def write(path: Path, content: bytes) -> Path:
    """Write `content`; readers see the old file or the new one, also after a crash."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{uuid4().hex}.part")
    try:
        part.write_bytes(content)
        to_disk(part)
        part.replace(path)
        to_disk(path.parent)
    finally:
        part.unlink(missing_ok=True)
    return path


def sweep(folder: Path, older: float = 3600.0) -> int:
    """Remove halves that killed writers left below a folder; return how many.

    Args:
        older: Seconds that a half must be old: no writer is at it any more.
    """
    swept, limit = 0, time.time() - older
    for here, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != "raw"]  # they go with their day
        for name in files:
            half = name.startswith(".") and name.endswith(".part")
            path = Path(here, name)
            if half and path.stat().st_mtime < limit:
                path.unlink(missing_ok=True)
                swept += 1
    return swept


def to_disk(path: Path) -> None:
    """Wait until a file, or a folder's list of names, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
