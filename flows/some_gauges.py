"""Open the record of some gauges of a large network, and train a model on them for all."""

from pathlib import Path

import numpy as np
import xarray as xr

from data import archive
from data.archive import Window
from data.network import Network
from data.sources import simulated_korea, simulated_record
from flows.folders import Folders
from forecast.checkpoint import Checkpoint
from forecast.many_gauges import Record, train_on_some
from forecast.sampling import choose, cut
from forecast.train_config import Report, TrainConfig

JUDGED = 60  # gauges that were not learnt from, by which the model is judged
_SEASON = ("07-01", 62 * 24)  # of the last training year, and hours: what gauges are scaled by


def train(
    network: Network, folders: Folders, config: TrainConfig, report: Report, state: Path
) -> Checkpoint:
    """Train on `config.gauges` gauges; see `forecast.many_gauges`."""
    if not _unrecorded(network):
        return train_on_some(network, _stored(network, folders), config, report, state)
    year = network.split.train[1]
    begin, hours = np.datetime64(f"{year}-{_SEASON[0]}", "ns"), _SEASON[1]
    season = simulated_record.observe(network, begin, hours)

    def ruler(part: Network) -> xr.Dataset:
        return season.sel(station=part.ids)

    return train_on_some(network, _simulated(network), config, report, state, ruler)


def judges(network: Network, folders: Folders, config: TrainConfig) -> tuple[Network, xr.Dataset]:
    """Return gauges that were not learnt from, and their record: what is true of most gauges."""
    learnt = choose(network, config.gauges, config.seed)
    part = cut(network, choose(network, JUDGED, config.seed, besides=learnt))
    record = _simulated(network) if _unrecorded(network) else _stored(network, folders)
    return part, record(part)


def _unrecorded(network: Network) -> bool:
    """Whether only the last days of a simulated network are stored: the rest is simulated anew."""
    what = simulated_korea.asked(network.name)
    return what is not None and what.count > simulated_record.LONG


def _stored(network: Network, folders: Folders) -> Record:
    path, (first, last) = folders.observations(network.name), _ends(network)
    window = Window(since=first, until=last)
    return lambda part: archive.load(path, part, window).sel(station=part.ids)


def _simulated(network: Network) -> Record:
    """Return what simulates the whole network, and keeps some gauges of it."""
    first, last = _ends(network)
    first = max(first, np.datetime64(f"{network.split.train[1]}-01-01", "ns"))
    hours = int((last - first) / simulated_record.HOUR) + 1
    return lambda part: simulated_record.observe(network, first, hours, only=part.ids)


def _ends(network: Network) -> tuple[np.datetime64, np.datetime64]:
    """Return the first and last time of the training and validation years."""
    years = (*network.split.train, *network.split.validate)
    begin, end = np.datetime64(f"{min(years)}-01-01", "ns"), f"{max(years) + 1}-01-01"
    return begin, np.datetime64(end, "ns") - network.step
