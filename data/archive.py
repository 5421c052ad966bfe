"""The observations of a network: kept in its store with every revision, opened as of any time."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from data import assemble, cf, schema, station_table, store
from data.assemble import WHOLE, Window
from data.errors import InvalidData, NothingThere
from data.network import Network
from data.schema import FORCINGS, Flag
from data.stations import Quantity
from data.storage.columns import of_grid
from data.store import Tally

__all__ = ["WHOLE", "Window", "as_pulled", "known_at", "load", "located", "save", "signature"]

RECORD = "record"  # the name of the facts that came with a record: whose it is, what to know
VARIABLES = (*(quantity.value for quantity in Quantity), *FORCINGS)


def save(path: Path, observations: xr.Dataset) -> Tally:
    """Keep observations; what differs from what is there is a revision, the older value stays.

    Args:
        observations: `data.schema.observations`, with `attrs["source"]` and
            `attrs["network"]`; `received_time` says when each was known.
    """
    received = _last_arrival(observations)
    columns = [of_grid(observations, name) for name in VARIABLES if name in observations]
    tally = store.append_columns(path, str(observations.attrs["source"]), columns, received)
    store.remember(path, RECORD, _facts(observations), received)
    return tally


def load(path: Path, network: Network, window: Window = WHOLE) -> xr.Dataset:
    """Return the observations of a network, with what is told of them.

    Raises:
        NothingThere: Nothing was pulled yet.
        InvalidData: The store is broken, of another network, or has nothing of its stations.
    """
    again = f"Run: mulgil pull --network {network.name}"
    if not path.exists():
        raise NothingThere(f"No observations of '{network.name}' at '{path}'.", again)
    facts = store.recall(path, RECORD) or {}
    found = facts.get("network", network.name)
    if found != network.name:
        raise InvalidData(f"'{path}' is of network '{found}', not '{network.name}'.", again)
    pulled = as_pulled(network, xr.Dataset(attrs=facts))
    ds = assemble.assemble(pulled, path, window)
    ds = located(ds.assign_attrs(signature(network) | facts | _replays(path)), pulled)
    return schema.check(cf.describe(ds), schema.observations(network.quantity))


def signature(network: Network) -> dict[str, str]:
    """Return whose data they are, and what to know before trusting them."""
    return {
        "network": network.name,
        "title": network.title_en,
        "source": network.source,
        "provenance": network.provenance,
        "caveat_ko": network.caveat_ko,
        "caveat_en": network.caveat_en,
    }


def located(ds: xr.Dataset, network: Network) -> xr.Dataset:
    """Return `ds` with the place of each station."""
    latitudes = [station.latitude for station in network.stations]
    longitudes = [station.longitude for station in network.stations]
    north = {"standard_name": "latitude", "units": "degrees_north"}
    east = {"standard_name": "longitude", "units": "degrees_east"}
    return ds.assign_coords(
        latitude=("station", latitudes, north), longitude=("station", longitudes, east)
    )


def as_pulled(network: Network, ds: xr.Dataset) -> Network:
    """Return `network` with the stations of the table that came with the record, if one did."""
    if "station_table" not in ds.attrs:
        return network
    stations = station_table.parse(ds.attrs["station_table"], "stations.csv")
    return replace(network, stations=stations)


def known_at(ds: xr.Dataset, issue_time: np.datetime64) -> xr.Dataset:
    """Return what had been received at or before `issue_time`, and nothing else.

    Later times are cut off. A value that arrived later, or nobody knows when, is NaN, flagged
    NOT_REPORTED, without a `received_time`.
    """
    past = ds.isel(time=ds.time.values <= issue_time)
    known = past["received_time"] <= issue_time  # NaT is never known
    if bool(known.all()):
        return past
    return past.assign({name: _hide(past[name], known) for name in past.data_vars})


def _hide(values: xr.DataArray, known: xr.DataArray) -> xr.DataArray:
    if str(values.name).endswith("_flag"):
        return values.where(known, int(Flag.NOT_REPORTED))
    if values.name == "received_time":
        return values.where(known, np.datetime64("NaT", "ns"))
    return values.where(known) if "time" in values.dims else values


def _last_arrival(ds: xr.Dataset) -> np.datetime64:
    last: np.datetime64 = np.nanmax(ds.received_time.values)
    return last


def _facts(ds: xr.Dataset) -> dict[str, Any]:
    told = {str(name): value for name, value in ds.attrs.items() if isinstance(value, str)}
    return {name: value for name, value in told.items() if name not in {"sources", "replayed"}}


def _replays(path: Path) -> dict[str, str]:
    """Return what is replayed or simulated of the network's sources; {} if nothing is."""
    said = [source.replayed for source in store.sources(path) if source.replayed]
    return {"replayed": "; ".join(dict.fromkeys(said))} if said else {}
