"""Yearly indices of a large grid: a band of rows at a time, read from pieces, written to a file.

BAND (year, lat, lon): what `forecast.climate.indices.annual` makes of one variable. The indices of
a variable need no other one, so variables are worked on one after the other.
"""

import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import h5netcdf  # type: ignore[import-untyped]
import numpy as np
import xarray as xr

from data.climate.large_grid import LargeGrid
from data.climate.pieces import Block, read
from forecast.climate.indices import annual
from forecast.climate.tiles import CELLS, by_tile

_TILES: Final = 6  # in a band, about: enough that to start a job is nothing beside it


@dataclass(frozen=True)
class Band:
    """Some rows of one variable.

    Attributes:
        blocks: All of the variable; their pieces must be there.
        rows: Of the grid.
        base: First and last year that percentiles and SPI refer to.
        path: The file of the band.
    """

    grid: LargeGrid
    blocks: tuple[Block, ...]
    rows: slice
    base: tuple[int, int]
    path: Path

    def __str__(self) -> str:
        name = self.blocks[0].part.name
        return f"{name}, rows {self.rows.start + 1} to {self.rows.stop} of {len(self.grid.lat)}"


def bands(grid: LargeGrid, blocks: list[Block], base: tuple[int, int], folder: Path) -> list[Band]:
    """Return the bands of one variable, from south to north; files get numbered names."""
    wide = _rows_a_tile(grid) * _TILES
    starts = range(0, len(grid.lat), wide)
    return [
        Band(
            grid,
            tuple(blocks),
            slice(start, min(start + wide, len(grid.lat))),
            base,
            folder / f"{number:05d}.nc",
        )
        for number, start in enumerate(starts)
    ]


def compute(band: Band) -> Path:
    """Write the file of a band, whole or not at all; return it.

    Raises:
        InvalidData: The base period is not in the record.
    """
    wide = _rows_a_tile(band.grid)
    starts = range(band.rows.start, band.rows.stop, wide)
    found = [_of_rows(band, slice(a, min(a + wide, band.rows.stop))) for a in starts]
    half = band.path.with_suffix(f".{os.getpid()}.part")
    xr.concat(found, "lat").transpose("year", "lat", "lon").to_netcdf(half, engine="h5netcdf")
    return half.replace(band.path)


def join(files: list[Path], lat: np.ndarray, target: Path) -> None:
    """Put the bands of a variable, from south to north, together in one file.

    Args:
        lat: Of all rows.
    """
    first = 0
    with h5netcdf.File(target, "w") as whole:
        for path in files:
            with xr.open_dataset(path, engine="h5netcdf", decode_timedelta=False) as band:
                if not first:
                    _begin(whole, band, lat)
                last = first + band.sizes["lat"]
                for name, values in band.data_vars.items():
                    whole[name][:, first:last] = values.values
                first = last


def _begin(whole: Any, band: xr.Dataset, lat: np.ndarray) -> None:
    """Make the axes and the variables of a file like those of a band, for all rows."""
    axes = {"year": band["year"].values, "lat": lat, "lon": band["lon"].values}
    whole.dimensions = {axis: len(values) for axis, values in axes.items()}
    for axis, values in axes.items():
        whole.create_variable(axis, (axis,), values.dtype, data=values)
    for name, one in band.data_vars.items():
        whole.create_variable(str(name), tuple(axes), one.dtype)
    whole.attrs["base"] = band.attrs["base"]


def _of_rows(band: Band, rows: slice) -> xr.Dataset:
    return by_tile(read(band.blocks, band.grid, rows), partial(annual, base=band.base))


def _rows_a_tile(grid: LargeGrid) -> int:
    return max(1, CELLS // len(grid.lon))
