"""What a model may look at: one channel table per station, for the LSTM and its baselines alike."""

import numpy as np
import xarray as xr

from data.network import Network, reached
from data.schema import FORCINGS

NEIGHBOURS = ("up1", "up2", "down1", "down2")


def channels(observations: xr.Dataset, network: Network) -> xr.DataArray:
    """Lay out everything that is known about each station, hour by hour.

    Args:
        observations: `data.schema.observations`; a variable that it lacks becomes a NaN channel.

    Returns:
        float32, dims (station, time, channel), in the units of the variables. Channels: `own`,
        the two nearest stations up- and downstream (`up1` ..), then `data.schema.FORCINGS`.
        What is not there or not measured is NaN.
    """
    names = ["own", *NEIGHBOURS, *FORCINGS]
    known = observations
    if list(observations.station.values) != network.ids:
        known = observations.sel(station=network.ids)
    own = known[network.quantity.value].transpose("station", "time").values
    beside = neighbours(network)
    made = np.empty((*own.shape, len(names)), "float32")
    made[..., 0] = own
    for place in range(len(NEIGHBOURS)):
        made[..., 1 + place] = _taken(own, beside[:, place])
    for column, name in enumerate(FORCINGS, start=1 + len(NEIGHBOURS)):
        made[..., column] = (
            known[name].transpose("station", "time").values if name in known else np.nan
        )
    return xr.DataArray(
        made,
        dims=("station", "time", "channel"),
        coords={"station": network.ids, "time": known.time.values, "channel": names},
    )


def neighbours(network: Network) -> np.ndarray:
    """Return the rows of the `NEIGHBOURS` of each station, dims (station, slot); -1 where none.

    As `Network.upstream` and `Network.downstream` tell them, in one pass over all stations.
    """
    row = {station: number for number, station in enumerate(network.ids)}
    above = {row[s.id]: [row[up] for up in s.upstream if up in row] for s in network.stations}
    found = np.full((len(row), len(NEIGHBOURS)), -1)
    below: list[list[tuple[int, int]]] = [[] for _ in row]
    for here in range(len(row)):
        order = reached(here, above)
        found[here, : min(2, len(order))] = order[:2]
        for distance, there in enumerate(order):
            below[there].append((distance, here))
    for here, order_below in enumerate(below):
        nearest = [there for _, there in sorted(order_below)[:2]]
        found[here, 2 : 2 + len(nearest)] = nearest
    return found


def _taken(own: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return the values of some rows; NaN where there is none."""
    taken: np.ndarray = own[rows]
    taken[rows < 0] = np.nan
    return taken
