"""Issue one forecast: what was known, the model, the outlooks, and a manifest of it all."""

from pathlib import Path

import numpy as np
import xarray as xr

from data import archive
from data.errors import OutsideRecord
from data.network import Network
from data.schema import FORCINGS
from data.stations import Stage
from flows import manifest
from flows.folders import Folders
from flows.pulling import open_network
from forecast import checkpoint
from forecast.outlook import Outlook, assess
from forecast.predict import predict


def issue(
    name: str,
    issue_time: np.datetime64 | None,
    folders: Folders,
    triggered_by: str = "operator",
    providers: dict[str, str] | None = None,
) -> Path:
    """Issue the forecast of one network and return the path of its run manifest.

    Args:
        issue_time: UTC; None is the last time of the record. Nothing received later is seen.
        providers: What each provider did in this cycle, e.g. `{"recorded": "ok"}`.

    Raises:
        OutsideRecord: The record has no such time.
        CheckpointMismatch: The model in service was made for another network.
        NothingThere: Nothing was pulled, or no model was trained yet.
    """
    network, observations = open_network(name, folders)
    when = on_the_grid(network, observations, issue_time)
    replay = issue_time is not None or not network.live
    run = manifest.begin(name, when, triggered_by, replay)
    run.providers = providers or {network.source: "not asked in this run"}
    with run.timed("load"):
        known = archive.known_at(observations, when)
        model = checkpoint.load(folders.checkpoint(name), network)
    with run.timed("predict"):
        forecast = predict(model, network, known, np.array([when]))
        outlooks = assess(forecast.isel(issue_time=0), network)
    run.model = model.model_id
    run.inputs = _inputs(network, known, folders.observations(name))
    run.degraded = {o.station: o.reason for o in outlooks if o.stage is Stage.UNKNOWN}
    run.warnings = _warnings(network, when)
    path = folders.forecast(name, when)
    with run.timed("save"):
        archive.write(path, forecast.assign_attrs(run_id=run.run_id))
    run.forecast = path.name
    run.state = "forecast"
    return run.save(folders.run(run.run_id))


def on_the_grid(
    network: Network, observations: xr.Dataset, issue_time: np.datetime64 | None
) -> np.datetime64:
    """Return the issue time, if the record has it.

    Raises:
        OutsideRecord: It is before, after or between the times of the record.
    """
    times = observations.time.values
    when = times[-1] if issue_time is None else issue_time.astype("datetime64[ns]")
    if when < times[0] or when > times[-1]:
        span = f"{str(times[0])[:16]}Z to {str(times[-1])[:16]}Z"
        raise OutsideRecord(
            f"The issue time {str(when)[:16]}Z is outside the record of '{network.name}'.",
            f"Choose one from {span}, or pull newer data.",
        )
    if when not in times:
        step = network.step.astype("timedelta64[m]").astype(int)
        before = times[times < when][-1]
        raise OutsideRecord(
            f"The issue time {str(when)[:16]}Z is not on the {step} min grid of '{network.name}'.",
            f"The time before it is {str(before)[:16]}Z.",
        )
    return np.datetime64(when, "ns")


def read(path: Path, network: Network) -> tuple[xr.Dataset, tuple[Outlook, ...]]:
    """Read an issued forecast back, with its outlooks."""
    forecast = archive.read(path)
    return forecast, assess(forecast.isel(issue_time=0), network)


def _warnings(network: Network, when: np.datetime64) -> list[str]:
    year = int(str(when)[:4])
    first, last = network.split.train
    if first <= year <= last:
        return [f"in-sample: {year} is one of the training years {first}–{last}; no test of skill"]
    return []


def _inputs(network: Network, known: xr.Dataset, path: Path) -> dict[str, object]:
    """Return the snapshot's fingerprint and, per station and variable, the last value's time."""
    variables = [network.quantity.value, *(name for name in FORCINGS if name in known)]
    last = {
        station: {name: _last_time(known[name].sel(station=station)) for name in variables}
        for station in network.ids
    }
    return {"observations": manifest.fingerprint(path), "last_value": last}


def _last_time(series: xr.DataArray) -> str | None:
    seen = np.flatnonzero(series.notnull().values)
    return f"{str(series.time.values[seen[-1]])[:16]}Z" if seen.size else None
