"""What engines cost and save: the same hindcast on each of them, one after the other.

FIGURES
    engine_{name}_s       the whole hindcast on an engine of two workers, one thread each
    speed_up_{name}       seconds of one core ÷ seconds of the engine; 2 at most
    one_core_s            one job after the other on one thread
    all_cores_s           one job after the other, the model step on all cores: the usual `serial`
    start_{name}_s        an engine with nothing to do: start and end of its workers
    job_{name}_ms         what a job costs that does nothing, workers started already
    hindcast_lstm_per_s   forecasts of a gauge a second by the LSTM alone, on all cores
    hindcast_per_s        the same of the whole, files read and written; trees that a model in
                          service has beside the LSTM are not in it
    differences_{name}    months whose values are not those of one core, bit by bit; must be 0
The gauges are simulated; the model has the size of one in service and random weights.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final

import h5netcdf  # type: ignore[import-untyped]
import numpy as np

from data import archive
from data.sources import simulated_korea, simulated_record
from flows import hindcast, hindcast_month
from flows.bench_speed_rivers import random_model
from flows.executor import lasting
from flows.executor_worker import alone
from flows.folders import Folders
from forecast import checkpoint
from forecast.inputs import channels
from forecast.scaling import fit

Report = Callable[[int, int, str], None]
WORKERS: Final = 2
ENGINES: Final = ("processes", "dask")
START: Final = np.datetime64("2020-01-01", "ns")
_BEFORE = 30  # days that the first forecasts look back on
_NOTHING = 200  # jobs that do nothing


def run(report: Report, gauges: int = 223, months: int = 6) -> dict[str, Any]:
    """Measure hindcasts of so many months, hour by hour.

    Returns:
        {"figures", "settings", "raw"}, see the module.
    """
    with TemporaryDirectory() as place:
        home, name = Path(place), f"{simulated_korea.NAME}-{gauges}"
        report(0, 2 + len(ENGINES), f"simulating {months} months of {gauges} gauges")
        asked = prepare(home, name, months)
        figures: dict[str, float] = {}
        raw: dict[str, Any] = {}
        for done, way in enumerate(("one core", "all cores", *ENGINES)):
            report(done, 2 + len(ENGINES), f"hindcasts, {way}")
            raw[way] = _measured(home, name, asked, way)
            figures |= _figures(way, raw[way], raw["one core"])
    for engine in ENGINES:
        figures |= _overhead(engine)
    return {
        "figures": figures,
        "settings": {"gauges": gauges, "months": months, "workers": WORKERS},
        "raw": raw,
    }


def prepare(home: Path, name: str, months: int) -> hindcast.Asked:
    """Lay out a record and a model; return what is to be forecast."""
    folders, river = Folders(home), simulated_korea.network(name)
    end = (START.astype("datetime64[M]") + months).astype("datetime64[ns]")
    first = START - np.timedelta64(_BEFORE, "D")
    hours = int((end - first) / river.step)
    record = simulated_record.observe(river, first, hours)
    archive.save(folders.observations(name), record)
    year = int(str(START)[:4])
    learnt = replace(river.split, train=(year - 1, year + 1))
    scaling = fit(channels(record, river), river, learnt.train)
    checkpoint.save(folders.checkpoint(name), random_model(river, record, scaling))
    return hindcast.Asked(START, end - river.step, engine="serial")


def _measured(home: Path, name: str, asked: hindcast.Asked, way: str) -> dict[str, Any]:
    """Make all hindcasts anew in one way; return what was told, seconds, prints of the files."""
    folders = Folders(home)
    made = hindcast_month.folder(folders, name)
    rmtree(made, ignore_errors=True)
    engine = way if way in ENGINES else "serial"
    work = replace(asked, engine=engine, workers=WORKERS)
    begun = perf_counter()
    if way == "one core":
        told = alone(lambda job: hindcast.hindcast(name, folders, job), work)
    else:
        told = hindcast.hindcast(name, folders, work)
    took = perf_counter() - begun
    return {
        "s": took,
        "told": told,
        "prints": {p.name: _print(p) for p in sorted(made.glob("*.nc"))},
    }


def _figures(way: str, found: dict[str, Any], base: dict[str, Any]) -> dict[str, float]:
    different = sum(found["prints"][name] != mark for name, mark in base["prints"].items())
    if way == "one core":
        return {"one_core_s": found["s"]}
    if way in ENGINES:
        speed = {f"engine_{way}_s": found["s"], f"speed_up_{way}": base["s"] / found["s"]}
        return speed | {f"differences_{way}": float(different)}
    return {
        "all_cores_s": found["s"],
        "hindcast_lstm_per_s": found["told"]["model_step_per_s"],
        "hindcast_per_s": found["told"]["gauge_forecasts"] / found["s"],
        "differences_all_cores": float(different),
    }


def _print(path: Path) -> str:
    """Return a hash of all values of a file, whatever order it keeps them in."""
    mark = sha256()
    with h5netcdf.File(path, "r") as file:
        for name in sorted(file.variables):
            mark.update(name.encode())
            for part in _parts(file.variables[name]):
                mark.update(np.ascontiguousarray(part).tobytes())
    return mark.hexdigest()


def _parts(variable: Any, rows: int = 24) -> Iterator[np.ndarray]:
    if variable.dtype.kind not in "iuf":
        yield np.array([str(each) for each in np.ravel(variable[...])], dtype="S")
        return
    for first in range(0, variable.shape[0] if variable.ndim else 0, rows):
        yield variable[first : first + rows]


def _overhead(engine: str) -> dict[str, float]:
    """Return what it costs to start and end an engine, and a job that does nothing."""
    begun = perf_counter()
    with lasting(engine, WORKERS) as run_all:
        run_all(_nothing, [0] * WORKERS, _silent)
        started = perf_counter()
        run_all(_nothing, list(range(_NOTHING)), _silent)
        jobs = perf_counter() - started
    whole = perf_counter() - begun
    return {f"start_{engine}_s": whole - jobs, f"job_{engine}_ms": 1000 * jobs / _NOTHING}


def _nothing(job: int) -> int:
    return job


def _silent(*_: object) -> None:
    return None
