"""What a missing gauge costs: the newest readings of one gauge are taken away, gauge by gauge."""

from typing import Any

import numpy as np
import xarray as xr

from data.network import Network
from forecast.checkpoint import Checkpoint
from forecast.predict import predict
from forecast.verify import score

MISSING = (0, 1, 3, 6, 12)  # steps; beyond the age limit of 6 the gauge itself is UNKNOWN
APART = 48  # steps between two issue times, so that the holes of one stay clear of the next


def measure(
    model: Checkpoint, network: Network, observations: xr.Dataset, times: np.ndarray
) -> list[dict[str, Any]]:
    """Return a row by gauge that is missing, for how long, and lead.

    Each has, for the missing gauge itself and for the mean of the others: the RMSE, the mean width
    of the 90 % interval, and the number of forecasts.

    Args:
        times: Issue times; every `APART`th of them is taken.
    """
    some = times[::APART]
    rows = []
    for station in network.ids:
        for steps in MISSING:
            holed = without(observations, network, (station, steps), some)
            made = score(predict(model, network, holed, some), observations, network)
            rows += _rows(made, station, steps)
    return rows


def without(
    observations: xr.Dataset, network: Network, gap: tuple[str, int], issues: np.ndarray
) -> xr.Dataset:
    """Return the record without the newest values of one gauge before each issue time.

    Args:
        gap: The gauge, and how many steps up to and including the issue time are missing.
    """
    station, steps = gap
    back = (np.arange(steps) * network.step).astype("timedelta64[ns]")
    gone = (observations.station == station) & observations.time.isin(issues[:, None] - back)
    name = network.quantity.value
    return observations.assign({name: observations[name].where(~gone)})


def _rows(scores: xr.Dataset, station: str, steps: int) -> list[dict[str, Any]]:
    here, others = scores.sel(station=station), scores.drop_sel(station=[station]).mean("station")
    return [
        {
            "missing": station,
            "steps": steps,
            "lead_hours": float(lead / np.timedelta64(1, "h")),
            "rmse": float(here.rmse.sel(lead_time=lead)),
            "width90": float(here.width90.sel(lead_time=lead)),
            "n": int(here.n.sel(lead_time=lead)),
            "rmse_of_others": float(others.rmse.sel(lead_time=lead)),
            "width90_of_others": float(others.width90.sel(lead_time=lead)),
        }
        for lead in scores.lead_time.values
    ]
