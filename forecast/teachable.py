"""Which records, and which of their gauges, can be learnt from.

A gauge with fewer than `FEWEST` readings in the training years, or one that never moved in them,
cannot: a forecast of it would look sure without knowing anything.
"""

from dataclasses import replace

import numpy as np
import xarray as xr

from data import schema
from data.errors import InvalidData
from data.network import Network
from data.schema import FORCINGS
from forecast.lessons import within
from forecast.scaling import Scaling

FEWEST = 100  # readings in the training years


def on_grid(observations: xr.Dataset, network: Network) -> xr.Dataset:
    """Return the record unchanged if it can be learnt from step by step.

    Raises:
        InvalidData: It breaks its schema, a value is infinite, its time is not ascending, or a
            step is missing.
    """
    schema.check(observations, schema.observations(network.quantity))
    _require_finite(observations, network)
    time = observations.time.values
    uneven = np.flatnonzero(np.diff(time) != network.step)
    if uneven.size:
        before, after = (str(time[uneven[0] + more])[:16] for more in (0, 1))
        raise InvalidData(
            f"{before} is followed by {after} in the record of '{network.name}', whose step is "
            f"{network.step}.",
            "Put it on a regular grid: data.regular.to_grid. What is missing is NaN there.",
        )
    return observations


def _require_finite(observations: xr.Dataset, network: Network) -> None:
    for name in (network.quantity.value, *FORCINGS):
        if name in observations and bool(np.isinf(observations[name].values).any()):
            where = np.argwhere(np.isinf(observations[name].transpose("station", "time").values))[0]
            station, time = (
                observations.station.values[where[0]],
                observations.time.values[where[1]],
            )
            raise InvalidData(
                f"{name} of '{station}' at {str(time)[:16]} is infinite.",
                "What was not measured is NaN.",
            )


def learnable(own: np.ndarray) -> np.ndarray:
    """Say of each gauge whether its readings (station, time) of the training years teach enough."""
    known = np.isfinite(own)
    lowest, highest = np.where(known, own, np.inf).min(1), np.where(known, own, -np.inf).max(1)
    return np.asarray((known.sum(axis=1) >= FEWEST) & (highest > lowest))


def silenced(scaling: Scaling, table: xr.DataArray, network: Network) -> Scaling:
    """Return a scaling in which the changes of a gauge that cannot be learnt are unknown.

    Args:
        table: `forecast.inputs.channels`.
    """
    inside = within(table.time.values, network.split.train)
    taught = learnable(table.sel(channel="own").values[:, inside])
    return replace(scaling, change=np.where(taught[:, None], scaling.change, np.nan))


def hushed(observations: xr.Dataset, network: Network) -> xr.Dataset:
    """Return a record in which a gauge that cannot be learnt has told nothing."""
    name, inside = network.quantity.value, within(observations.time.values, network.split.train)
    own = observations[name].transpose("station", "time")
    taught = learnable(own.values[:, inside])
    if taught.all():
        return observations
    return observations.assign({name: own.where(taught[:, None])})
