"""Punch holes into a record, so that the network learns to live with them."""

import numpy as np
import xarray as xr

_LONGEST = 72  # steps
_EVERY = 300  # steps between two holes, on average


def punch(table: xr.DataArray, rng: np.random.Generator) -> xr.DataArray:
    """Return the table with holes of 1 to 72 steps, short ones more often than long ones.

    Args:
        table: `forecast.inputs.channels`.
    """
    stations, steps, width = table.shape
    holes = (stations, width, steps // _EVERY + 1)
    start = rng.integers(0, steps, holes)
    length = np.exp(rng.uniform(0, np.log(_LONGEST), holes)).astype(int)
    edges = np.zeros((stations, width, steps + _LONGEST + 1))
    row, column, _ = np.indices(holes)
    np.add.at(edges, (row, column, start), 1)
    np.add.at(edges, (row, column, start + length), -1)
    hole = np.cumsum(edges, axis=-1)[..., :steps] > 0
    return table.where(~np.moveaxis(hole, 1, 2))
