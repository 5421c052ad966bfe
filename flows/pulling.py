"""Pull what happened into the archive, and open it again with the network's thresholds."""

from collections.abc import Callable
from pathlib import Path

import xarray as xr

from data import archive, networks, thresholds
from data import pull as source
from data.network import Network
from flows.folders import Folders


def pull(
    name: str, folder: Path | None, folders: Folders, report: Callable[[str], None] = lambda _: None
) -> Path:
    """Pull one network's record from its source and archive it; return the archive's path."""
    observations = source.pull(networks.find(name), folder, report)
    path = folders.observations(name)
    archive.save(path, observations)
    return path


def open_network(name: str, folders: Folders) -> tuple[Network, xr.Dataset]:
    """Return a network, with thresholds derived where nobody set any, and what it observed.

    Raises:
        UnknownNetwork: There is no such network.
        NothingThere: It has not been pulled yet.
    """
    built_in = networks.find(name)
    observations = archive.load(folders.observations(name), built_in)
    network = archive.as_pulled(built_in, observations)
    return thresholds.derive(network, observations), observations
