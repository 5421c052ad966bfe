"""Pieces that a large grid is carried over to, once, so that any band of its rows can be read.

A file that holds a day after the other has to be unpacked as a whole to read a few cells of it. So
each of its values is unpacked once, a block of chunks at a time (`data.climate.carrying`), and
written to a file of its own, rows first: PIECE (lat, time, lon) float32, in our unit. A band of
rows is then a slice of every piece.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Final

import numpy as np
import xarray as xr

from data.climate.large_grid import LargeGrid, Part
from data.errors import InvalidData, NothingThere

BLOCK: Final = 2**26  # bytes of float32 in a piece, or one chunk of the file where that is more
CHUNK: Final = 2**28  # bytes of float32 that a chunk of a file may have: it is unpacked as a whole
ORDER: Final = ("lat", "time", "lon")
_FLOAT: Final = 4  # bytes
Window = dict[str, slice]  # by dimension of the file, in its order


@dataclass(frozen=True)
class Block:
    """Some chunks of a file.

    Attributes:
        window: By dimension of the file, in its order.
        piece: The file that they are carried over to.
    """

    part: Part
    window: Window
    piece: Path

    def __str__(self) -> str:
        days = next(self.window[dim] for dim, axis in self.part.axes.items() if axis == "time")
        return f"{self.part.path.name}: {self.part.name}, days {days.start + 1} to {days.stop}"

    def local(self, axis: str) -> np.ndarray:
        """Return the run's index of each day, row or column of the window; -1 if not wanted."""
        [window] = [self.window[dim] for dim, found in self.part.axes.items() if found == axis]
        return self.part.places[axis][window]

    def places(self, axis: str) -> np.ndarray:
        """Return the run's indices of the days, rows or columns of the piece, ascending."""
        local = self.local(axis)
        return np.sort(local[local >= 0])


def blocks(grid: LargeGrid, name: str, folder: Path) -> list[Block]:
    """Return all blocks of one variable; pieces get numbered names in a folder.

    Raises:
        InvalidData: A chunk of a file is too large to be unpacked.
    """
    parts = [part for part in grid.parts if part.name == name]
    for part in parts:
        if _FLOAT * math.prod(part.chunk) > CHUNK:
            raise InvalidData(
                f"{part.path.name}: a chunk of '{part.variable}' holds {part.chunk} values, more "
                f"than {CHUNK // 2**20} MB.",
                "Write it in smaller chunks, e.g. with: nccopy -c time/365,lat/50,lon/50 in out",
            )
    whole = [{dim: slice(0, len(part.places[x])) for dim, x in part.axes.items()} for part in parts]
    windows = [
        (part, window)
        for part, all_of_it in zip(parts, whole, strict=True)
        for window in cut(part, all_of_it, BLOCK)
    ]
    return [
        Block(part, window, folder / f"{number:05d}.npy")
        for number, (part, window) in enumerate(windows)
    ]


def cut(part: Part, window: Window, size: int) -> Iterator[Window]:
    """Yield windows of whole chunks, as many as fit into a size, where anything is wanted."""
    wide = dict(zip(part.axes, part.chunk, strict=True))
    room = size // (_FLOAT * math.prod(part.chunk))
    for dim in sorted(part.axes, key=lambda dim: ("lon", "lat", "time").index(part.axes[dim])):
        length = window[dim].stop - window[dim].start
        count = max(1, min(room, math.ceil(length / wide[dim])))
        wide[dim] *= count
        room //= count
    for each in product(*(_steps(window[dim], wide[dim]) for dim in part.axes)):
        found = dict(zip(part.axes, each, strict=True))
        if all((part.places[axis][found[dim]] >= 0).any() for dim, axis in part.axes.items()):
            yield found


def _steps(window: slice, wide: int) -> list[slice]:
    starts = range(window.start, window.stop, wide)
    return [slice(start, min(start + wide, window.stop)) for start in starts]


def read(blocks: Sequence[Block], grid: LargeGrid, rows: slice) -> xr.Dataset:
    """Return some rows of a variable over all days, (time, lat, lon) float32, from its pieces.

    Raises:
        NothingThere: A piece is missing.
    """
    shape = (grid.time.size, rows.stop - rows.start, grid.lon.size)
    values = np.full(shape, np.nan, dtype="float32")
    for block in blocks:
        lat = block.places("lat")
        first, last = np.searchsorted(lat, [rows.start, rows.stop])
        if last > first:
            part = _open(block.piece)[first:last].transpose(1, 0, 2)
            where = (block.places("time"), lat[first:last] - rows.start, block.places("lon"))
            values[index(where)] = part
    coords = {"time": grid.time, "lat": grid.lat[rows], "lon": grid.lon}
    return xr.Dataset({blocks[0].part.name: (("time", "lat", "lon"), values)}, coords=coords)


def _open(piece: Path) -> np.ndarray:
    try:
        return np.asarray(np.load(piece, mmap_mode="r"))
    except FileNotFoundError as error:
        raise NothingThere(
            f"There is no '{piece.name}' in {piece.parent}.",
            "All workers must see MULGIL_HOME at the same path.",
        ) from error


def index(places: Sequence[np.ndarray]) -> tuple[Any, ...]:
    """Return what picks some places of each axis: slices, many times as fast, where that goes."""
    steps = [int(x[1] - x[0]) if len(x) > 1 else 1 for x in places]
    if all(abs(n) == 1 and (np.diff(x) == n).all() for n, x in zip(steps, places, strict=True)):
        ends = [int(x[-1]) + n for n, x in zip(steps, places, strict=True)]
        return tuple(
            slice(int(x[0]), end if end >= 0 else None, n)
            for n, x, end in zip(steps, places, ends, strict=True)
        )
    return np.ix_(*places)
