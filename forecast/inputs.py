"""What a model may look at: one channel table per station, for the LSTM and its baselines alike."""

import numpy as np
import xarray as xr

from data.network import Network
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
    own = observations[network.quantity.value].sel(station=network.ids)
    table = {"own": own.values}
    table |= {slot: _neighbour(own, network, slot) for slot in NEIGHBOURS}
    for name in FORCINGS:
        missing = np.full(own.shape, np.nan)
        table[name] = (
            observations[name].sel(station=network.ids).values if name in observations else missing
        )
    return xr.DataArray(
        np.stack([table[name] for name in table], axis=-1).astype("float32"),
        dims=("station", "time", "channel"),
        coords={"station": network.ids, "time": own.time.values, "channel": list(table)},
    )


def _neighbour(own: xr.DataArray, network: Network, slot: str) -> np.ndarray:
    towards = network.upstream if slot.startswith("up") else network.downstream
    rank = int(slot[-1]) - 1
    columns = np.full(own.shape, np.nan)
    for row, station in enumerate(network.ids):
        neighbours = towards(station)
        if rank < len(neighbours):
            columns[row] = own.sel(station=neighbours[rank]).values
    return columns
