"""Put persistence in the place of the model's forecast at the gauges that have fallen back.

What the model said stays beside it as `<quantity>_model`, so that the two can go on being compared;
`fallback` (issue_time, station) says why, in Korean and English, and is "" where the model speaks.
"""

from collections.abc import Mapping

import numpy as np
import xarray as xr

from data.network import Network
from forecast.persistence import persist
from forecast.reasons import WHY


def beside(network: Network) -> str:
    """Return the name of the variable that keeps the model's own forecast."""
    return f"{network.quantity.value}_model"


def stand_in(
    forecast: xr.Dataset, network: Network, recorded: xr.Dataset, fallen: Mapping[str, str]
) -> xr.Dataset:
    """Return a forecast in which persistence stands in at the fallen gauges.

    A gauge without a recent reading stays without a forecast, for its own reason.

    Args:
        forecast: `data.schema.forecast` at one issue time.
        recorded: `forecast.persistence.learn`.
        fallen: Why, by station; a station that the network lacks is passed over.
    """
    why = np.array([fallen.get(station, "") for station in network.ids])
    name, dims = network.quantity.value, ("issue_time", "station", "lead_time", "quantile")
    own = forecast[name].sel(station=network.ids).transpose(*dims)
    held = persist(recorded.sel(station=network.ids), *_last(forecast, network))
    silent = (forecast.reason.sel(station=network.ids).values != "")[0]
    use = (why != "") & ~silent & np.isfinite(held).all(axis=(1, 2))
    if not use.any():
        return forecast
    values = np.where(use[:, None, None], held[:, : own.sizes["lead_time"]], own.values[0])
    told = ("issue_time", "station")
    return forecast.assign(
        {
            name: own.copy(data=values[None].astype("float32")),
            beside(network): own.assign_attrs(long_name="what the model itself forecast"),
            WHY: (told, np.where(use, why, "")[None]),
        }
    ).assign_attrs({WHY: " ".join(np.array(network.ids)[use])})


def as_modelled(forecast: xr.Dataset, network: Network) -> xr.DataArray:
    """Return what the model itself said, whether it was issued or not."""
    return forecast[beside(network) if beside(network) in forecast else network.quantity.value]


def as_issued(forecast: xr.Dataset, network: Network) -> xr.Dataset:
    """Return what was issued alone, without what the model said beside it."""
    return forecast.drop_vars([beside(network), WHY], errors="ignore")


def _last(forecast: xr.Dataset, network: Network) -> tuple[np.ndarray, np.ndarray]:
    """Return last observed values (station,) and their age [steps]; 0 where there is none."""
    here = forecast.sel(station=network.ids).isel(issue_time=0)
    age = here.issue_time.values - here.last_observed_time.values
    steps = np.where(np.isnat(age), np.timedelta64(0, "ns"), age) / network.step
    return here.last_observed.values.astype("float64"), np.round(steps).astype(int)
