"""Issue one forecast: what was known, the model, the outlooks, and a manifest of it all."""

from pathlib import Path

import numpy as np
import xarray as xr

from data import netcdf, store
from data.network import Network
from data.schema import FORCINGS
from data.stations import Stage
from flows import issued, manifest, planning, pulling
from flows.folders import Folders
from flows.futures import Issue, Plan
from flows.moments import choose, known_then
from flows.pulling import Pulled
from flows.standing_in import said_by_model, with_stand_ins
from forecast import checkpoint
from forecast.outlook import Outlook, assess
from forecast.predict import look_back

SHOWN = 120  # steps more: what the pages show before the issue time


def issue(
    name: str,
    issue_time: np.datetime64 | None,
    folders: Folders,
    triggered_by: str = "operator",
    pulled: Pulled | None = None,
    plan: Plan | None = None,
) -> Path:
    """Issue the forecast of one network and return the path of its run manifest.

    Args:
        issue_time: UTC; None is now for a live network, else the last time of the record. What
            was not known then is not seen.
        pulled: What the providers did in this cycle; None: they were not asked.
        plan: What was handed over of the hours ahead; None: the rain that was forecast, if it is
            known what follows from it (`flows.planning`).

    Raises:
        InvalidData: The plan cannot be used.
        OutsideRecord: The record has no such time.
        CheckpointMismatch: The model in service was made for another network.
        NothingThere: Nothing was pulled, or no model was trained yet.
    """
    moment = choose(name, folders, issue_time, pulled.now if pulled else None)
    when = moment.issue_time
    run = manifest.begin(name, when, triggered_by, moment.replay)
    with run.timed("load"):
        model = checkpoint.load(folders.checkpoint(name), pulling.find(name, folders))
        reach = model.model.window + look_back(model) + SHOWN
        network, known = known_then(name, folders, moment, reach)
        planner, trouble = planning.ready(model, network, folders)
    run.providers = pulled.providers if pulled else {network.source: "not asked in this run"}
    run.model = model.model_id
    run.known_at = f"{moment.known_at}Z"  # to the nanosecond: it is asked for again
    run.replayed = str(known.attrs.get("replayed", ""))
    kind = issued.kind_of(network, moment.replay, run.replayed)
    run.kind = kind
    with run.timed("predict"):
        own, futures = planning.foretell(
            Issue(model, planner, network, known, moment), folders, plan
        )
        forecast = with_stand_ins(own, network, folders, run)
        outlooks = assess(forecast.isel(issue_time=0), network)
    run.inputs = _inputs(network, known) | {
        "observations": store.snapshot(folders.observations(name), moment.known_at),
        "futures": futures.told,
    }
    run.degraded = {o.station: o.reason for o in outlooks if o.stage is Stage.UNKNOWN}
    run.warnings += _warnings(network, when) + said_by_model(own, outlooks, network, run)
    run.warnings += [*trouble, *planning.said(futures)]
    path = issued.path_of(folders, network, kind, when)
    with run.timed("save"):
        netcdf.write(path, forecast.assign_attrs(_signed(run)))
    run.forecast = str(path.relative_to(folders.forecasts(name)))
    run.state = "forecast"
    return run.save(folders.run(run.run_id))


def read(path: Path, network: Network) -> tuple[xr.Dataset, tuple[Outlook, ...]]:
    """Read an issued forecast back, with its outlooks."""
    forecast = netcdf.read(path)
    return forecast, assess(forecast.isel(issue_time=0), network)


def _signed(run: manifest.Manifest) -> dict[str, str]:
    """Return what a forecast says of itself: its run, its kind, and what is amiss where."""
    amiss = run.degraded | run.fallback
    told = " | ".join(f"{station}: {why}" for station, why in amiss.items())
    return {"run_id": run.run_id, "kind": run.kind, "degraded": told}


def _warnings(network: Network, when: np.datetime64) -> list[str]:
    year = int(str(when)[:4])
    first, last = network.split.train
    if first <= year <= last:
        return [f"in-sample: {year} is one of the training years {first}–{last}; no test of skill"]
    return []


def _inputs(network: Network, known: xr.Dataset) -> dict[str, object]:
    """Return, per station and variable, the last value's time and who gave it."""
    variables = [network.quantity.value, *(name for name in FORCINGS if name in known)]
    order = str(known.attrs["sources"]).split()
    last: dict[str, dict[str, str | None]] = {}
    given: dict[str, dict[str, str]] = {}
    for station in network.ids:
        here = known.sel(station=station)
        rows = {name: np.flatnonzero(here[name].notnull().values) for name in variables}
        last[station] = {name: _time(here, row) for name, row in rows.items()}
        given[station] = {
            name: order[int(here[f"{name}_source"].values[row[-1]])]
            for name, row in rows.items()
            if row.size
        }
    return {"last_value": last, "source": given}


def _time(series: xr.Dataset, seen: np.ndarray) -> str | None:
    return f"{str(series.time.values[seen[-1]])[:16]}Z" if seen.size else None
