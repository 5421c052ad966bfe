"""Make the truth of a replay: from simulated rivers, or from a record shifted to now."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import xarray as xr

from data import station_table
from data.errors import OutsideRecord
from data.network import Network
from data.pull import pull
from data.sources import csv_folder, simulated
from data.stations import Station
from flows.replay.world import World

CHAIN = 10  # gauges of a simulated river
RIVERS = 4  # simulated rivers that differ; with more gauges they repeat
TEN_MINUTES = np.timedelta64(10, "m")
AHEAD = "forecasts in it are its own future with an error added"


def simulate(network: Network, now: np.datetime64, seed: int = 0) -> World:
    """Simulate rivers for the stations of `network`, from last January to the end of next year.

    The same seed gives the same truth in the same calendar year, whenever the server is started.
    """
    year = now.astype("datetime64[Y]").astype(int) + 1970
    start = np.datetime64(f"{year - 1}-01-01", "ns")
    hours = int((np.datetime64(f"{year + 2}-01-01", "ns") - start) / simulated.HOUR)
    count = len(network.stations)
    river = simulated.network(min(count, CHAIN))
    made = [
        simulated.observe(river, hours, str(start)[:10], seed + number)
        for number in range(min(RIVERS, -(-count // CHAIN)))
    ]
    level = np.concatenate([each["water_level"].values for each in made]).astype(float)
    rain = np.concatenate([each["rainfall"].values for each in made]).astype(float)
    return World(
        network=network,
        label=f"SIMULATED rivers (seed {seed}), nothing was measured; {AHEAD}",
        start=start,
        step=simulated.HOUR.astype("timedelta64[ns]"),
        values=_flowing(level) | {"rainfall": rain},
        rows=np.arange(count) % len(level),
        simulated=True,
    )


def gauged(count: int) -> Network:
    """Return a network of `count` simulated gauges, spread over Korea, in rivers of ten."""
    network = simulated.network(count)
    if count <= CHAIN:
        return network
    return replace(network, stations=tuple(map(_spread, network.stations, range(count))))


def replay(
    network: Network, folder: Path | None, as_now: np.datetime64, now: np.datetime64
) -> World:
    """Replay a record so that `as_now` of it is at most one step before `now`.

    Args:
        folder: In the layout of `data.sources.csv_folder`; None: the record is in a package.

    Raises:
        SourceError: A file is missing or broken.
        OutsideRecord: The record does not reach `as_now`.
    """
    record = pull(network) if folder is None else _of_folder(network, folder, as_now)
    time = record.time.values
    if not time[0] <= as_now <= time[-1]:
        raise OutsideRecord(
            f"{as_now} is not in the record.",
            f"It has {str(time[0])[:16]} to {str(time[-1])[:16]}.",
        )
    step = (time[1] - time[0]).astype("timedelta64[ns]")
    year = str(as_now)[:4]
    return World(
        network=network,
        label=f"REPLAY of recorded readings of {year}, shifted to now; {AHEAD}",
        start=time[0] + (now - as_now) // step * step,
        step=step,
        values={
            str(name): record[name].values.astype(float)
            for name in record.data_vars
            if record[name].dtype.kind == "f"
        },
        rows=np.arange(len(network.stations)),
        simulated=False,
    )


def with_table(network: Network, folder: Path | None) -> Network:
    """Return `network` with the stations of the folder's own table, if it has one."""
    table = None if folder is None else folder / "stations.csv"
    if table is None or not table.exists():
        return network
    return replace(network, stations=station_table.read(table))


def _of_folder(network: Network, folder: Path, as_now: np.datetime64) -> xr.Dataset:
    """Read the years around `as_now` in steps of ten minutes."""
    files = csv_folder.fetch(folder)
    year = as_now.astype("datetime64[Y]").astype(int) + 1970
    near = re.compile("|".join(str(year + offset) for offset in (-1, 0, 1)))
    chosen = csv_folder.Folder(
        [file for file in files.water if near.search(file.name)] or files.water,
        [file for file in files.rain if near.search(file.name)] or files.rain,
    )
    return csv_folder.parse(chosen, replace(network, step=TEN_MINUTES), lambda _: None)


def _flowing(level: np.ndarray) -> dict[str, np.ndarray]:
    """Return level [m], a discharge that goes with it, and a dam above the first station [SI]."""
    discharge = 30.0 * np.maximum(level, 0.0) ** 1.6
    return {
        "water_level": level,
        "discharge": discharge,
        "dam_inflow": discharge[:1],
        "dam_release": 0.9 * discharge[:1],
        "dam_level": 100.0 + level[:1],
    }


def _spread(station: Station, number: int) -> Station:
    """Put a simulated gauge somewhere in Korea: evenly, and the same for the same number."""
    river, place = divmod(number, CHAIN)
    return replace(
        station,
        latitude=round(34.5 + 3.5 * (0.618034 * number % 1), 4),
        longitude=round(126.5 + 2.5 * (0.754878 * number % 1), 4),
        river_ko=f"모의강 {river + 1}",
        river_en=f"Simulated River {river + 1}",
        upstream=station.upstream if place else (),
    )
