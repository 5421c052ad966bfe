"""What the training years say of a network's gauges, learnt once for each model that serves.

<network>/scored/learnt.nc: `forecast.persistence.learn` and `flood_level`.
"""

from dataclasses import replace

import numpy as np
import xarray as xr

from data import archive, netcdf, store
from data.archive import Window
from data.errors import MulgilError
from data.network import Network
from flows import ledger
from flows.folders import Folders
from forecast import checkpoint, persistence
from forecast.scaling import of_rows
from forecast.verify import flood_level

AT_ONCE = 20_000_000  # values of a variable in memory: four years of ten minutes of 100 gauges


def recall(folders: Folders, network: Network) -> xr.Dataset | None:
    """Return what was learnt, if it is of these gauges."""
    path = ledger.home(folders, network.name) / "learnt.nc"
    if not path.exists():
        return None
    try:
        found = netcdf.read(path)
    except MulgilError:
        return None
    return found if list(found.station.values) == network.ids else None


def learnt(folders: Folders, network: Network) -> xr.Dataset:
    """Return what the training years say, from the record if it is not yet known of this model.

    Raises:
        NothingThere: No model was trained.
        CheckpointMismatch: The model is of another network.
    """
    found, model = (
        recall(folders, network),
        checkpoint.load(folders.checkpoint(network.name), network),
    )
    if found is not None and found.attrs.get("model") == model.model_id:
        return found
    path, (start, end) = folders.observations(network.name), _years(network, folders)
    most = max(1, AT_ONCE // max(1, int((end - start) / network.step)))
    parts = []
    for first in range(0, len(network.ids), most):
        rows = slice(first, first + most)
        some = replace(network, stations=network.stations[rows])
        record = archive.load(path, some, Window(start, end))
        made = persistence.learn(some, record, of_rows(model.scaling, rows))
        parts.append(made.assign(flood_level=flood_level(record, some)))
    whole = xr.concat(parts, "station").assign_attrs(model=model.model_id)
    netcdf.write(ledger.home(folders, network.name) / "learnt.nc", whole)
    return whole


def _years(network: Network, folders: Folders) -> tuple[np.datetime64, np.datetime64]:
    """Return the training years, as far as there are readings: a window is filled to its ends."""
    first, last = network.split.train
    start, end = np.datetime64(f"{first}-01-01", "ns"), np.datetime64(f"{last}-12-31T23:59", "ns")
    sources = store.sources(folders.observations(network.name))
    known = [(each.first, each.last) for each in sources] or [(start, end)]
    begun, ended = min(one for one, _ in known), max(other for _, other in known)
    return max(start, min(begun, end)), min(end, max(ended, start))
