"""The naive cycle: a task of Prefect, a file and a popup for each gauge.

Beside the same installation: each gauge's readings are read from the archive, forecast by its
persistence (the model would only add to it) and written to a NetCDF file of its own, by a task for
each gauge; then folium draws a marker with a popup for each. No feed, page or quality is in it.
"""

import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

import folium
import numpy as np
import xarray as xr

from data import store
from data.stations import Station
from flows import bench_cycle_world as world
from flows import pulling
from flows.bench_network_files import SOURCE
from flows.folders import Folders

_WRITING = Lock()  # h5netcdf stumbles when several threads write, if to files of their own


def run(home: str) -> dict[str, Any]:
    """Return the seconds of the parts; Prefect's start is not in them."""
    with TemporaryDirectory() as place:
        os.environ |= {
            "PREFECT_HOME": place,
            "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
            "PREFECT_LOGGING_TO_API_ENABLED": "false",
            "PREFECT_LOGGING_LEVEL": "ERROR",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
        }
        return _measured(Folders(Path(home)), Path(place))


def _measured(folders: Folders, place: Path) -> dict[str, Any]:
    from prefect import flow, task
    from prefect.cache_policies import NO_CACHE

    river = pulling.find(world.NAME, folders)
    path = folders.observations(world.NAME)

    @task(cache_policy=NO_CACHE)
    def of_gauge(gauge: str) -> str:
        return str(_file(path, gauge, place))

    @flow
    def every(gauges: list[str]) -> None:
        of_gauge.map(gauges).wait()

    every([])  # Prefect has started then
    begun = time.perf_counter()
    every(river.ids)
    tasks = time.perf_counter() - begun
    begun = time.perf_counter()
    (place / "map.html").write_text(_page(river.stations), encoding="utf-8")
    page = time.perf_counter() - begun
    return {"all_s": tasks + page, "tasks_and_files_s": tasks, "popups_s": page}


def _file(path: Path, gauge: str, place: Path) -> Path:
    since = world.FIRST - np.timedelta64(24, "h")
    read = store.read(path, store.Wanted(SOURCE, "water_level", [gauge], since))
    values = read["value"].values[0]
    last = float(values[-1]) if values.size else np.nan  # a silent gauge
    made = xr.Dataset(
        {"water_level": ("time", values), "forecast": ("lead", np.full(36, last))},
        {"time": read.time.values},
    )
    with _WRITING:
        made.to_netcdf(place / f"{gauge}.nc", engine="h5netcdf")
    return place / f"{gauge}.nc"


def _page(stations: tuple[Station, ...]) -> str:
    chart = folium.Map(location=[36.3, 127.8], zoom_start=7)
    for station in stations:
        folium.CircleMarker(
            (station.latitude, station.longitude),
            radius=6,
            tooltip=station.name_en,
            popup=folium.Popup(f"<h4>{station.name_en}</h4>"),
        ).add_to(chart)
    return str(chart.get_root().render())
