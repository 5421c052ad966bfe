"""Names of finished steps: a digest of all that went in, the code that computed it included.

So a step is done again when its input or its code changed, and never otherwise; a killed run goes
on where it stopped.
"""

import os
import shutil
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path

from data.errors import NothingThere


@cache
def code() -> str:
    """Return the digest of the code that computes the climate map."""
    return _source(("data/climate", "forecast/climate"), "*.py")


@cache
def pages() -> str:
    """Return the digest of the code that draws it."""
    return _source(("maps", "maps/climate", "maps/templates", "maps/assets"), "*.*")


def _source(folders: tuple[str, ...], pattern: str) -> str:
    root = Path(__file__).parents[2]
    found = sha256()
    for folder in folders:
        for path in sorted((root / folder).glob(pattern)):
            found.update(path.read_bytes())
    return found.hexdigest()


def digest(*parts: object) -> str:
    """Return twelve digits that stand for all the parts."""
    return sha256("\n".join(map(str, parts)).encode()).hexdigest()[:12]


def of_files(paths: list[Path]) -> str:
    """Return a digest of files by name, size and time of change.

    Raises:
        NothingThere: One of them is missing.
    """
    for path in paths:
        if not path.is_file():
            raise NothingThere(f"There is no file '{path}'.")
    stats = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in paths]
    return digest(*stats)


def once(path: Path, make: Callable[[Path], None]) -> Path:
    """Make a file or folder unless it is there; by way of a part, so that a half is never taken."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        if part.is_dir():
            shutil.rmtree(part)  # left by a run that was killed under the same number
        make(part)
        part.replace(path)
    return path
