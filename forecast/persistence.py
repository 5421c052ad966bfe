"""Persistence as a forecast in service: the last reading stays, as surely as its record says.

Around the last reading lie the quantiles of the changes that the training years saw over the same
lead time, bent for discharge as the model's own (`forecast.scaling`); after an old reading those
of a lead time longer by its age.
"""

import numpy as np
import xarray as xr

from data.network import Network
from data.schema import QUANTILES
from forecast.cells import spread
from forecast.scaling import Scaling, bent_by, straightened

FEWEST = 100  # changes: below that nothing is said


def learn(network: Network, observations: xr.Dataset, scaling: Scaling) -> xr.Dataset:
    """Return what the training years say about changes.

    Args:
        scaling: Of the model in service.

    Returns:
        Dims station, lead_time, quantile: `errors` (bent), `size` (station, lead_time) mean square
        change in the unit of the network squared, `bend` and `floor` (station,); NaN where the
        record has fewer than 100 changes.
    """
    first, last = network.split.train
    year = observations.time.dt.year.values
    own = observations[network.quantity.value].sel(station=network.ids).transpose("station", "time")
    past = np.where((year >= first) & (year <= last), own.values.astype("float64"), np.nan)
    bend = scaling.bend[:, 0]
    leads = range(1, network.horizon + 1)
    bent = bent_by(past, bend[:, None])
    rows = zip(past, bent, strict=True)
    made = [[_of_lead(row, bent_row, lead) for lead in leads] for row, bent_row in rows]
    dims = ("station", "lead_time")
    return xr.Dataset(
        {
            "errors": ((*dims, "quantile"), np.array([[e for e, _ in row] for row in made])),
            "size": (dims, np.array([[size for _, size in row] for row in made])),
            "bend": ("station", bend),
            "floor": ("station", scaling.floor.astype("float64")),
        },
        coords={
            "station": network.ids,
            "lead_time": network.lead_times,
            "quantile": list(QUANTILES),
        },
        attrs={"train_years": "{}–{}".format(*network.split.train), "network": network.name},
    )


def _of_lead(values: np.ndarray, bent: np.ndarray, lead: int) -> tuple[np.ndarray, float]:
    """Return the quantiles of the bent changes over a lead, and their mean square, unbent."""
    change, changes = values[lead:] - values[:-lead], bent[lead:] - bent[:-lead]
    known = np.isfinite(change)
    if known.sum() < FEWEST:
        return np.full(len(QUANTILES), np.nan), np.nan
    return spread(changes[known]), float(np.mean(change[known] ** 2))


def persist(recorded: xr.Dataset, last: np.ndarray, age: np.ndarray) -> np.ndarray:
    """Return forecasts (station, lead, quantile), NaN where the last value or its record is.

    Args:
        recorded: `learn`.
        last: (station,) last observed values.
        age: (station,) steps since they were read.
    """
    errors = recorded.errors.transpose("station", "lead_time", "quantile").values
    leads = errors.shape[1]
    further = np.minimum(np.arange(leads) + age[:, None], leads - 1)
    wide = np.take_along_axis(errors, further[..., None], axis=1)
    bend = recorded.bend.values[:, None, None]
    told = straightened(bent_by(last.astype("float64"), bend[:, 0, 0])[:, None, None] + wide, bend)
    return np.asarray(np.maximum(told, recorded.floor.values[:, None, None]))
