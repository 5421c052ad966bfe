"""Work on a large field tile by tile, so that memory stays bounded whatever its size."""

from collections.abc import Callable

import numpy as np
import xarray as xr

CELLS = 2_500  # of a tile: 30 years of daily float32 in it are 110 MB
Report = Callable[[int, int, str], None]
Work = Callable[[xr.Dataset], xr.Dataset]


def by_tile(
    daily: xr.Dataset, work: Work, cells: int = CELLS, report: Report | None = None
) -> xr.Dataset:
    """Return what `work` makes of a field, computed on one tile after the other.

    Args:
        daily: (time, ...) with one or two further dims, e.g. station, or lat and lon; may be lazy,
            a tile is loaded as it is needed.
        work: Takes a loaded tile, returns a dataset on the same cells without time.
        cells: How many cells a tile holds at most (at least one row of the first dim).
        report: Told of tiles done and in all.
    """
    first, *others = [dim for dim in _dims(daily) if dim != "time"]
    width = int(np.prod([daily.sizes[dim] for dim in others]))
    step = max(1, cells // max(width, 1))
    starts = range(0, daily.sizes[first], step)
    if len(starts) == 1:
        return work(daily.load())
    parts = []
    for done, start in enumerate(starts, start=1):
        parts.append(work(daily.isel({first: slice(start, start + step)}).copy(deep=True).load()))
        if report:
            report(done, len(starts), "")
    return xr.concat(parts, first, combine_attrs="override")


def _dims(daily: xr.Dataset) -> tuple[str, ...]:
    return tuple(map(str, next(iter(daily.data_vars.values())).dims))
