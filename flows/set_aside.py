"""A forecast that is issued anew for the same time: the earlier one is set aside, not lost.

<folder of the forecast>/earlier/<run id>.nc
"""

import re
from pathlib import Path

import h5py  # type: ignore[import-untyped]

from data import whole

EARLIER = "earlier"
_RUN = re.compile(r"[\w.-]+")


def set_aside(path: Path) -> Path | None:
    """Give a forecast that is about to be replaced a second name, by its run; None if none is."""
    run = run_of(path)
    if not _RUN.fullmatch(run):
        return None
    aside = place(path, run)
    if not aside.exists():
        aside.parent.mkdir(parents=True, exist_ok=True)
        try:
            aside.hardlink_to(path)
        except OSError:  # a file system without hard links
            whole.write(aside, path.read_bytes())
    return aside


def place(path: Path, run_id: str) -> Path:
    """Return where the forecast of a run lies that another run has replaced at `path`."""
    return path.parent / EARLIER / f"{Path(run_id).name}.nc"


def run_of(path: Path) -> str:
    """Return the run that a forecast says it is of; "" if there is none, or it is broken."""
    try:
        with h5py.File(path) as file:
            return str(file.attrs.get("run_id", ""))
    except OSError:
        return ""
