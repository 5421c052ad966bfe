"""What the training years say of a network's gauges, learnt once for each model that serves.

<network>/scored/learnt.nc: `forecast.persistence.learn` and `flood_level`.
"""

import numpy as np
import xarray as xr

from data import archive, netcdf
from data.archive import Window
from data.errors import MulgilError
from data.network import Network
from flows import ledger
from flows.folders import Folders
from forecast import checkpoint, persistence
from forecast.verify import flood_level


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
    first, last = network.split.train
    years = Window(
        np.datetime64(f"{first}-01-01", "ns"), np.datetime64(f"{last}-12-31T23:59", "ns")
    )
    record = archive.load(folders.observations(network.name), network, years)
    made = persistence.learn(network, record, model.scaling)
    made = made.assign(flood_level=flood_level(record, network))
    made = made.assign_attrs(model=model.model_id)
    netcdf.write(ledger.home(folders, network.name) / "learnt.nc", made)
    return made
