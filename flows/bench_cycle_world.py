"""What the bench of the cycle runs on: simulated gauges of Korea, their past, a model, a server.

The gauges are those of `simulated-korea-N`, at ten-minute steps, told by the replay server as HRFCO
tells its own. The model has the size of one in service and random weights: they cost the same.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import xarray as xr

from data import network_file, store
from data.network import Network
from data.schema import Flag
from data.sources import simulated_korea, simulated_record
from data.store import Columns
from flows import bench_network_files
from flows.bench_faults_drill import at
from flows.bench_network_files import SOURCE, VARIABLES
from flows.bench_speed_rivers import random_model
from flows.folders import Folders
from flows.replay.clock import Clock
from flows.replay.faults import Faults
from flows.replay.server import SOURCES, Stage, serving
from flows.replay.world import World
from flows.settings import Settings
from forecast import checkpoint
from forecast.inputs import channels
from forecast.scaling import fit

NAME, KEY = "bench", "BENCH-KEY"
MINUTES = 10
STEP, HOUR = np.timedelta64(MINUTES, "m"), np.timedelta64(1, "h")
FIRST = np.datetime64("2022-07-12T09:10", "ns")  # a great flood is under way
PAST = 60  # hours before: what a model looks back on, and what the pages show
AHEAD = 3  # hours after
LATE = 144  # steps that were appended one by one: a day
HORIZON = 36  # steps: 6 h

__all__ = ["FIRST", "NAME", "STEP", "at", "prepare", "served", "settings", "truth"]


def truth(gauges: int) -> World:
    """Return the truth around `FIRST`, hour by hour; between them it runs in straight lines."""
    river = simulated_korea.network(f"{simulated_korea.NAME}-{gauges}")
    start = FIRST.astype("M8[h]") - PAST * HOUR
    made = simulated_record.observe(river, start, PAST + AHEAD)
    return World(
        network=river,
        label="SIMULATED gauges of Korea, for the bench of the cycle",
        start=made.time.values[0],
        step=HOUR.astype("timedelta64[ns]"),
        values={name: made[name].values.astype("float64") for name in VARIABLES},
        rows=np.arange(gauges),
        simulated=True,
    )


def prepare(home: Path, true: World) -> Folders:
    """Lay out an installation that was in service until the step before `FIRST`."""
    folders = Folders(home)
    year = int(str(FIRST)[:4])
    years = [(each, each) for each in (year, year + 1, year + 2)]
    river = replace(true.network, horizon=HORIZON)
    bench_network_files.write(folders.network(NAME), river, MINUTES, years)
    river = network_file.read(folders.network(NAME))
    times = np.arange(true.start + HOUR, FIRST, STEP)
    values = {
        "water_level": true.read("water_level", true.rows, times).round(2),
        "rainfall": true.fell(true.rows, times, STEP).round(1),
    }
    _keep(folders.observations(NAME), river, times, values, true.label)
    known = _observations(river, times, values)
    scaling = fit(channels(known, river), river, river.split.train)
    checkpoint.save(folders.checkpoint(NAME), random_model(river, known, scaling))
    return folders


@contextmanager
def served(true: World, moments: list[np.datetime64]) -> Iterator[list[str]]:
    """Serve the truth as it is at each moment while the block lasts; yield HRFCO's addresses."""
    no_wait = np.timedelta64(0, "m")
    with ExitStack() as stack:
        stages = [Stage(true, Clock(now, 0), Faults(SOURCES), no_wait) for now in moments]
        yield [stack.enter_context(serving(stage)).url(SOURCE) for stage in stages]


def settings(folders: Folders, url: str) -> Settings:
    """Return the settings of a cycle that asks a server."""
    given = {"home": folders.home, "triggered_by": "bench", f"{SOURCE}_url": url}
    return Settings(**given, hrfco_key=KEY)  # type: ignore[arg-type]  # pydantic converts it


def _keep(
    path: Path, river: Network, times: np.ndarray, values: dict[str, np.ndarray], label: str
) -> None:
    """Store the past as a service has stored it: of late an append a cycle, before that at once."""
    bulk = max(0, times.size - LATE)
    for part in [slice(0, bulk), *(slice(n, n + 1) for n in range(bulk, times.size))]:
        if times[part].size:
            columns = [_columns(river, name, times[part], v[:, part]) for name, v in values.items()]
            store.append_columns(path, SOURCE, columns, times[part][-1], label)


def _columns(river: Network, variable: str, times: np.ndarray, values: np.ndarray) -> Columns:
    site, time = np.nonzero(np.isfinite(values))
    good = np.full(site.size, int(Flag.GOOD), "int8")
    return Columns(variable, river.ids, site, times[time], values[site, time], good, times[time])


def _observations(river: Network, times: np.ndarray, values: dict[str, np.ndarray]) -> xr.Dataset:
    dims = ("station", "time")
    made = {name: (dims, each.astype("float32")) for name, each in values.items()}
    received = {"received_time": (dims, np.broadcast_to(times, (len(river.ids), times.size)))}
    return xr.Dataset(made | received, {"station": river.ids, "time": times})
