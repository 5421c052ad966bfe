"""One month of hindcasts: a job that a worker does alone, from files to a file."""

import json
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from time import perf_counter

import numpy as np
import xarray as xr

from data import feeds, steps, store
from data.network import Network
from data.reading import FORECAST_RAIN
from data.schema import QUANTILES
from flows import hindcast_file, hindcast_record, planning, pulling
from flows.folders import Folders
from flows.futures import Issue
from flows.moments import Moment, known_then
from forecast import checkpoint
from forecast.checkpoint import Checkpoint
from forecast.foresight import Foresight
from forecast.predict import look_back, predict

VALUES = 20_000_000  # forecast at once: they take some eight times as many bytes, for a while


@dataclass(frozen=True)
class Job:
    """A month, or the part of it that is asked for.

    Attributes:
        first, last: Issue times on the grid of the record, both included.
        every: Steps from one issue time to the next.
        exact: Whether values are kept to the bit, in twice the space.
    """

    home: Path
    network: str
    first: np.datetime64
    last: np.datetime64
    every: int
    exact: bool

    def __str__(self) -> str:
        return str(self.first.astype("datetime64[M]"))

    @property
    def path(self) -> Path:
        """The file of the month."""
        return folder(Folders(self.home), self.network) / f"{self}.nc"


@dataclass(frozen=True)
class Made:
    """What came of a month.

    Attributes:
        issues: Issue times.
        forecasts: Forecasts of a gauge; without those that had no reading to start from.
        alone: Issue times that were read and forecast one by one.
        kept: It was there already.
        seconds: Of `read`, `model`, `alone` and `write`.
    """

    month: str
    issues: int
    forecasts: int
    alone: int
    kept: bool = False
    seconds: dict[str, float] = field(default_factory=dict)


def folder(folders: Folders, network: str) -> Path:
    """Return where the hindcasts of a network are kept."""
    return folders.network(network) / "hindcasts"


def make(job: Job) -> Made:
    """Forecast a month and keep it; one that is there from the same inputs is only named."""
    folders = Folders(job.home)
    network = pulling.find(job.network, folders)
    model, planner = _loaded(job.home, job.network, _stamp(folders, job.network))
    issues = np.arange(job.first, job.last + network.step, job.every * network.step)
    issues = issues.astype("datetime64[ns]")
    said = _signature(job, network, model, planner)
    before = hindcast_file.told(job.path)
    if all(before.get(name) == value for name, value in said.items()):
        count, forecasts, alone = (int(before[name]) for name in ("issues", "forecasts", "alone"))
        return Made(str(job), count, forecasts, alone, kept=True)
    return _made(job, issues, (model, planner), said)


def _made(
    job: Job,
    issues: np.ndarray,
    models: tuple[Checkpoint, Foresight | None],
    said: dict[str, str],
) -> Made:
    folders, (model, planner) = Folders(job.home), models
    found = pulling.find(job.network, folders)
    reach = (model.model.window + look_back(model)) * found.step
    clock = _Clock()
    alone = hindcast_record.otherwise(found, folders, issues, reach)
    if planner is not None and feeds.of(found.feeds, FORECAST_RAIN):
        alone[:] = True  # the rain that was forecast changed from one to the next
    network, record = hindcast_record.shared(job.network, folders, issues, reach)
    clock.stop("read")
    told: dict[str, str | int] = {"kind": "hindcast", "network": network.name, **said}
    told |= {"quantity": network.quantity.value, "issues": issues.size, "alone": int(alone.sum())}
    forecasts = 0
    with hindcast_file.writing(job.path, network, issues, told, job.exact) as put:
        for rows in _together(alone, network):
            if alone[rows[0]]:
                made = _alone(job, issues[rows[0]], models)
                clock.stop("alone")
            else:
                made = predict(model, network, record, issues[rows])
                clock.stop("model")
            forecasts += int(made.reason.size - (made.reason.values != "").sum())
            put(rows, made)
            told["forecasts"] = forecasts
            clock.stop("write")
    clock.stop("write")
    return Made(str(job), issues.size, forecasts, int(alone.sum()), seconds=clock.seconds)


def _together(alone: np.ndarray, network: Network) -> list[np.ndarray]:
    """Return rows that are forecast in one go: some that share a record, or one by itself."""
    each = len(network.ids) * network.horizon * len(QUANTILES)
    most = max(1, VALUES // each)
    breaks = np.flatnonzero(alone[1:] | alone[:-1]) + 1
    runs = np.split(np.arange(alone.size), breaks)
    return [part for run in runs for part in np.split(run, range(most, run.size, most))]


def _alone(
    job: Job, when: np.datetime64, models: tuple[Checkpoint, Foresight | None]
) -> xr.Dataset:
    """Return the forecast of one issue time as `mulgil forecast --issue-time` makes it."""
    folders, (model, planner) = Folders(job.home), models
    delay = pulling.find(job.network, folders).delay
    moment = Moment(when, steps.ns(when + delay), replay=True)
    back = model.model.window + look_back(model)
    network, known = known_then(job.network, folders, moment, back)
    return planning.foretell(Issue(model, planner, network, known, moment), folders)[0]


@lru_cache(maxsize=1)
def _loaded(home: Path, name: str, _: float) -> tuple[Checkpoint, Foresight | None]:
    """Return the model in service and its planner, read once by each worker."""
    folders = Folders(home)
    network = pulling.find(name, folders)
    model = checkpoint.load(folders.checkpoint(name), network)
    return model, planning.ready(model, network, folders)[0]


def _stamp(folders: Folders, name: str) -> float:
    path = folders.checkpoint(name)
    return path.stat().st_mtime if path.exists() else 0.0


def _signature(
    job: Job, network: Network, model: Checkpoint, planner: Foresight | None
) -> dict[str, str]:
    """Return what a month was made from: where all of it is the same, so is the month."""
    known_at = steps.ns(job.last + network.delay)
    asked = f"{job.first} {job.last} every {job.every}{' exact' if job.exact else ''}"
    stations = sha256(json.dumps(network.ids).encode()).hexdigest()[:12]
    return {
        "asked": asked,
        "model": f"{model.model_id}",
        "planner": "" if planner is None else planner.model,
        "stations": stations,
        "observations": store.snapshot(Folders(job.home).observations(job.network), known_at),
    }


class _Clock:
    """The seconds of some steps that follow each other."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = perf_counter()

    def stop(self, step: str) -> None:
        """Count the time since the last stop to a step."""
        now = perf_counter()
        self.seconds[step] = self.seconds.get(step, 0.0) + now - self._since
        self._since = now
