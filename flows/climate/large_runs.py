"""Model runs too large for memory: carried over to pieces, then computed in bands, by any engine.

A run that was killed over this begins again; what it left is removed first. One at a time: it
takes the room of one variable on the disk.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import xarray as xr

from data.climate.carrying import carry, weigh_all
from data.climate.large_grid import LargeGrid
from data.climate.pieces import blocks
from data.errors import MulgilError
from flows.climate import keys, steps
from flows.climate.sources import Plan
from flows.executor import Map
from flows.locking import alone
from forecast.climate import runs
from forecast.climate.atlas import REFERENCE
from forecast.climate.bands import bands, compute, join

_TOLD: Final = 10  # times of one kind of work
_SPARE: Final = 1.2  # of the room of a variable: the indices of it are on the disk, too


@dataclass(frozen=True)
class Work:
    """Who does the work, and who is told.

    Attributes:
        report: Told in words how far it is.
    """

    run: Map
    report: Callable[[str], None]

    def on(self, what: str, work: Callable[[Any], Any], jobs: Sequence[Any]) -> list[Any]:
        """Return the results of jobs, in their order; tell of every tenth part of them."""

        def tell(done: int, of: int, job: str) -> None:
            if done * _TOLD // of > (done - 1) * _TOLD // of:
                self.report(f"{what} {done} of {of}: {job}")

        return self.run(work, jobs, tell)


def project(home: Path, measured: Path, plan: Plan, grid: LargeGrid, work: Work) -> Path:
    """Compute the yearly indices of one model run by region; return the file.

    The same numbers as `steps.project` has of a run in memory, to the bit.

    Raises:
        MulgilError: There is no room for it, or another one is computed now.
    """

    def make(part: Path) -> None:
        calendar = str(grid.time.dt.calendar)
        with _room(home / "runs") as folder, annual(grid, folder, work) as found:
            table, at, pull = steps.ground(home, measured)
            steps.store(runs.by_region(found, table, pull, at, calendar), plan, part)

    return keys.once(steps.projected(home, measured, plan), make)


@contextmanager
def annual(grid: LargeGrid, folder: Path, work: Work) -> Iterator[xr.Dataset]:
    """Yield ANNUAL of `forecast.climate.indices`, on the disk: an index is read when asked for.

    Raises:
        InvalidData: Values do not fit their unit, or the reference years are not in the run.
        MulgilError: There is no room for it.
    """
    names = dict.fromkeys(part.name for part in grid.parts)
    files = [_annual(grid, name, folder, work) for name in names]
    opened = [
        xr.open_dataset(path, engine="h5netcdf", decode_timedelta=False, cache=False)
        for path in files
    ]
    try:
        yield xr.merge(opened, join="exact", compat="override", combine_attrs="override")
    finally:
        for each in opened:
            each.close()


def _annual(grid: LargeGrid, name: str, folder: Path, work: Work) -> Path:
    """Return the file of all yearly indices of one variable."""
    pieces, target = folder / name, folder / f"{name}.nc"
    _require_room(folder, grid)
    pieces.mkdir()
    cut = blocks(grid, name, pieces)
    seen = work.on("unpacking", carry, cut)
    weigh_all(list(zip(cut, seen, strict=True)))
    made = work.on("indices", compute, bands(grid, cut, REFERENCE, pieces))
    join(made, grid.lat, target)
    shutil.rmtree(pieces)
    return target


@contextmanager
def _room(folder: Path) -> Iterator[Path]:
    """Yield an empty folder of ours alone, which is removed afterwards."""
    made = folder.resolve() / "large.work"  # for workers in other folders
    with alone(folder / ".large.lock") as ours:
        if not ours:
            raise MulgilError(
                "Another run of a large grid is computed now.", "Wait until it has ended."
            )
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        try:
            yield made
        finally:
            shutil.rmtree(made, ignore_errors=True)


def _require_room(folder: Path, grid: LargeGrid) -> None:
    """Refuse to begin what the disk cannot hold."""
    need, free = grid.bytes_of_one * _SPARE, shutil.disk_usage(folder).free
    if need > free:
        raise MulgilError(
            f"A variable of this run takes {need / 1e9:.1f} GB in {folder} for a while, "
            f"{free / 1e9:.1f} GB are free.",
            "Free the room, or set MULGIL_HOME to a larger disk.",
        )
