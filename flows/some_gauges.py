"""Open the record of some gauges of a large network, and train a model on them for all."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from data import archive
from data.archive import Window
from data.network import Network
from data.sources import simulated_korea, simulated_record
from flows.folders import Folders
from forecast.checkpoint import Checkpoint
from forecast.many_gauges import train_on_some
from forecast.sampling import choose, cut
from forecast.scaling_of_all import Record
from forecast.train_config import Report, TrainConfig

JUDGED = 60  # gauges that were not learnt from, by which the model is judged
_PIECES, _HOURS = 6, 480  # of the last training year: what the gauges are scaled by


@dataclass(frozen=True)
class Made:
    """A model for all gauges, and what is true of most of them: gauges it did not learn from."""

    model: Checkpoint
    judges: Network
    record: xr.Dataset


def train(
    network: Network, folders: Folders, config: TrainConfig, report: Report, state: Path
) -> Made:
    """Train on `config.gauges` gauges; see `forecast.many_gauges`."""
    learnt = choose(network, config.gauges, config.seed)
    judges = cut(network, choose(network, JUDGED, config.seed, besides=learnt))
    report(0, 1, "opening the record")
    simulated = _unrecorded(network)
    opened = _simulated(network) if simulated else _stored(network, folders)
    both = opened(cut(network, [*learnt, *judges.ids]))

    def record(part: Network) -> xr.Dataset:
        return both.sel(station=part.ids)

    records = record, _short(network) if simulated else opened
    return Made(train_on_some(network, records, config, report, state), judges, record(judges))


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


def _short(network: Network) -> Record:
    """Return what opens some weeks of all seasons, simulated once."""
    begin = np.datetime64(f"{network.split.train[1]}-01-01", "ns")
    apart = 365 * 24 // _PIECES * simulated_record.HOUR
    pieces = [_piece(network, begin + number * apart) for number in range(_PIECES)]
    whole = xr.concat(pieces, "time")
    return lambda part: whole.sel(station=part.ids)


def _piece(network: Network, begin: np.datetime64) -> xr.Dataset:
    """Return some hours, and missing values behind them: no change reaches into the next piece."""
    made = simulated_record.observe(network, begin, _HOURS)[["water_level", "rainfall"]]
    hours = np.arange(_HOURS + network.horizon) * simulated_record.HOUR
    return made.reindex(time=(begin + hours).astype("datetime64[ns]"))


def _ends(network: Network) -> tuple[np.datetime64, np.datetime64]:
    """Return the first and last time of the training and validation years."""
    years = (*network.split.train, *network.split.validate)
    begin, end = np.datetime64(f"{min(years)}-01-01", "ns"), f"{max(years) + 1}-01-01"
    return begin, np.datetime64(end, "ns") - network.step
