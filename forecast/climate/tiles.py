"""Work on a field too large for memory: one tile of cells at a time, over all days.

Only the tile at hand is loaded; the results, a year instead of its days, are put in place.
"""

from collections.abc import Callable, Iterator
from itertools import product
from math import prod

import numpy as np
import xarray as xr

from data.errors import InvalidData

CELLS = 1500  # measured: 600 .. 2500 are alike; with fewer the loop over days weighs, with more
# a year of a tile is too large for the cache

Tile = dict[str, slice]
Report = Callable[[int, int, str], None]


def by_tile(
    daily: xr.Dataset,
    work: Callable[[xr.Dataset], xr.Dataset],
    cells: int = CELLS,
    report: Report | None = None,
) -> xr.Dataset:
    """Return what `work` makes of a dataset, tile by tile; the same as in one go.

    Args:
        daily: Time and any other dims, e.g. (time, lat, lon) or (time, station); may be lazy.
            Tiles are bands of the other dims, whole rows of the last ones where they fit.
        work: Takes one tile, time first, in memory; each variable that it returns keeps the
            other dims; its cells must not depend on each other.
        cells: Largest number of cells in a tile.
        report: Called with tiles done, tiles in all and a message.

    Raises:
        InvalidData: A result cannot be put in place: a dim is lost, or a type changes.
    """
    timed = {dim for x in daily.data_vars.values() if "time" in x.dims for dim in x.dims}
    sizes = {str(dim): size for dim, size in daily.sizes.items() if dim in timed - {"time"}}
    tiles = list(_tiles(sizes, cells))
    first, out = xr.Dataset(), dict[str, np.ndarray]()
    for done, tile in enumerate(tiles):
        found = work(_load(daily, tile))
        if not done:
            first, out = found, _allocate(found, sizes, tile)
        for name, values in found.data_vars.items():
            _put(out[str(name)], str(name), values, tile)
        if report:
            report(done + 1, len(tiles), f"tile {done + 1} of {len(tiles)}")
    made = {name: (first[name].dims, out[name], first[name].attrs) for name in out}
    return xr.Dataset(made, coords=_coords(daily, first, sizes), attrs=first.attrs)


def _tiles(sizes: dict[str, int], cells: int) -> Iterator[Tile]:
    """Yield tiles of at most so many cells: full rows of the last dims as far as they fit."""
    steps, room = dict[str, int](), max(cells, 1)
    for dim, size in reversed(sizes.items()):
        steps[dim] = max(1, min(size, room))
        room //= steps[dim]
    cuts = [[slice(a, a + steps[dim]) for a in range(0, sizes[dim], steps[dim])] for dim in sizes]
    for each in product(*cuts):
        yield dict(zip(sizes, each, strict=True))


def _load(daily: xr.Dataset, tile: Tile) -> xr.Dataset:
    """Return one tile in memory, time first, as contiguous arrays."""
    part = daily.isel(tile).transpose("time", ...).load()
    return part.map(lambda x: x.copy(data=np.asarray(x.values, order="C")), keep_attrs=True)


def _allocate(found: xr.Dataset, sizes: dict[str, int], tile: Tile) -> dict[str, np.ndarray]:
    cut = {dim for dim, part in tile.items() if (part.start, part.stop) != (0, sizes[dim])}
    for name, values in found.data_vars.items():
        if lost := sorted(cut - set(values.dims)):
            raise InvalidData(
                f"The result '{name}' has dims {values.dims}, without {lost} that is cut in tiles.",
                f"Return it for each cell, or use at least {prod(sizes.values())} cells a tile.",
            )
    return {
        str(name): np.empty([sizes.get(str(d), n) for d, n in values.sizes.items()], values.dtype)
        for name, values in found.data_vars.items()
    }


def _put(out: np.ndarray, name: str, values: xr.DataArray, tile: Tile) -> None:
    if values.dtype != out.dtype:
        raise InvalidData(
            f"'{name}' is {values.dtype} in one tile and {out.dtype} in the first.",
            "Return one type whatever the values: .astype('float32').",
        )
    out[tuple(tile.get(str(dim), slice(None)) for dim in values.dims)] = values.values


def _coords(daily: xr.Dataset, first: xr.Dataset, sizes: dict[str, int]) -> dict[str, xr.DataArray]:
    """Return coordinates of the cut dims from the data, all others from the first result."""
    kept = {str(name): x for name, x in first.coords.items() if not set(x.dims) & set(sizes)}
    cells = {
        str(name): x.variable
        for name, x in daily.coords.items()
        if "time" not in x.dims and set(x.dims) & set(sizes)
    }
    return kept | cells
