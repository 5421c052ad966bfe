"""Pull a network's record from its source: one line per provider."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import xarray as xr

from data import archive, cf, regular, schema, station_table
from data.errors import SourceError
from data.network import Network
from data.sources import csv_folder, recorded, simulated, simulated_korea, simulated_record

Report = Callable[[str], None]
Span = tuple[np.datetime64 | None, np.datetime64 | None]
WHOLE: Span = (None, None)


def pull(
    network: Network,
    folder: Path | None = None,
    report: Report = lambda _: None,
    span: Span = WHOLE,
) -> xr.Dataset:
    """Return what happened at the stations of `network`.

    Args:
        folder: Where the files are, for a network that is read from a folder.
        report: Is told, line by line, what was found and what was wrong with it.
        span: First and last time wanted of a record that is made on the spot; None: all there is.

    Returns:
        `data.schema.observations`, checked, with CF attributes.

    Raises:
        SourceError: The source is missing or cannot be used; says file, line and column.
    """
    if network.source not in _SOURCES:
        known = ", ".join(_SOURCES)
        raise SourceError(f"'{network.name}' has source '{network.source}'.", f"Known: {known}.")
    if simulated_korea.asked(network.name):
        ds = simulated_record.pull(network, report, span)
    else:
        ds = _SOURCES[network.source](network, folder, report)
    if "received_time" not in ds:
        ds = regular.assume_received(ds)
    ds = ds.assign_attrs(archive.signature(network))
    ds = archive.located(ds, archive.as_pulled(network, ds))
    return schema.check(cf.describe(ds), schema.observations(network.quantity))


def _recorded(network: Network, _: Path | None, report: Report) -> xr.Dataset:
    return recorded.pull(network, report)


def _csv_folder(network: Network, folder: Path | None, report: Report) -> xr.Dataset:
    if folder is None:
        raise SourceError(f"'{network.name}' is read from a folder.", csv_folder.REMEDY)
    table = folder / "stations.csv"
    if not table.exists():
        return csv_folder.pull(network, folder, report)
    stations = station_table.read(table)
    for station in stations:
        if station.quantity is not network.quantity:
            raise SourceError(
                f"'{table}': station '{station.id}' measures {station.quantity}.",
                f"All stations of '{network.name}' measure {network.quantity}.",
            )
    report(f"{table.name}: {len(stations)} stations instead of the built-in table")
    ds = csv_folder.pull(replace(network, stations=stations), folder, report)
    return ds.assign_attrs(station_table=table.read_text(encoding="utf-8-sig"))


def _simulated(network: Network, _: Path | None, report: Report) -> xr.Dataset:
    first, last = network.split.train[0], network.split.test[1]
    start, end = np.datetime64(f"{first}-01-01"), np.datetime64(f"{last + 1}-01-01")
    report(f"SIMULATED rivers, {first} to {last}; nothing was measured")
    return simulated.observe(network, int((end - start) / simulated.HOUR), start=str(start))


_SOURCES = {"recorded": _recorded, "csv_folder": _csv_folder, "simulated": _simulated}
