"""Issue one forecast: what was known, the model, the outlooks, and a manifest of it all."""

from pathlib import Path

import numpy as np
import xarray as xr

from data import netcdf, store
from data.errors import MulgilError
from data.network import Network
from data.stations import Stage
from flows import computing, input_record, issued, kept, ledger, manifest, planning, pulling
from flows.folders import Folders
from flows.futures import Futures, Issue, Plan
from flows.moments import Moment, choose, known_then
from flows.pulling import Pulled
from flows.set_aside import set_aside
from flows.standing_in import said_by_model, with_stand_ins
from flows.widths import with_widths
from forecast import checkpoint
from forecast.checkpoint import Checkpoint
from forecast.outlook import Outlook, assess
from forecast.predict import look_back

SHOWN = 120  # steps more: what the pages show before the issue time


def issue(
    name: str,
    issue_time: np.datetime64 | Moment | None,
    folders: Folders,
    triggered_by: str = "operator",
    pulled: Pulled | None = None,
    plan: Plan | None = None,
) -> Path:
    """Issue the forecast of one network and return the path of its run manifest.

    A run that fails leaves its manifest, too: it says why.

    Args:
        issue_time: UTC; None is now for a live network, else the last time of the record. What
            was not known then is not seen. A moment is taken as it is (`flows.catching_up`).
        pulled: What the providers did in this cycle; None: they were not asked.
        plan: What was handed over of the hours ahead; None: the rain that was forecast, if it is
            known what follows from it (`flows.planning`).

    Raises:
        InvalidData: The plan cannot be used.
        OutsideRecord: The record has no such time; there is no run then.
        CheckpointMismatch: The model in service was made for another network.
        NothingThere: Nothing was pulled, or no model was trained yet.
    """
    moment = choose(name, folders, issue_time, pulled.now if pulled else None)
    run = manifest.begin(name, moment.issue_time, triggered_by, moment.replay)
    run.known_at = f"{moment.known_at}Z"  # to the nanosecond: it is asked for again
    run.late = moment.late
    run.providers = pulled.providers if pulled else {}
    run.code, run.machine = computing.code(), computing.machine()
    path = run.save(folders.run(run.run_id))
    try:
        _issue(run, moment, folders, plan)
    except BaseException as error:
        run.state = "failed"
        run.error = str(error) if isinstance(error, MulgilError) else repr(error)
        run.save(path)
        raise
    return run.save(path)


def _issue(run: manifest.Manifest, moment: Moment, folders: Folders, plan: Plan | None) -> None:
    with run.timed("load"):
        issue, trouble = _loaded(run, moment, folders)
    with run.timed("predict"):
        own, futures = planning.foretell(issue, folders, plan)
        own, wide = with_widths(own, issue.model, issue.network, folders, run)
        forecast = with_stand_ins(own, issue.network, folders, run)
        outlooks = assess(forecast.isel(issue_time=0), issue.network)
    run.degraded = {o.station: o.reason for o in outlooks if o.stage is Stage.UNKNOWN}
    run.warnings += _warnings(issue.network, moment.issue_time)
    run.warnings += said_by_model(own, outlooks, issue.network, run)
    run.warnings += [*trouble, *planning.said(futures)]
    with run.timed("record"):
        _record(run, issue, futures, forecast, folders)
        _keep(run, issue, folders, {"plan": plan.path if plan else None, "widths": wide})
    with run.timed("save"):
        kind = issued.kind_of(issue.network, run.replay, run.replayed)
        path = issued.path_of(folders, issue.network, kind, moment.issue_time)
        set_aside(path)
        netcdf.write(path, forecast.assign_attrs(_signed(run)))
    run.forecast = str(path.relative_to(folders.forecasts(run.network)))
    run.state = "forecast"


def _loaded(
    run: manifest.Manifest, moment: Moment, folders: Folders
) -> tuple[Issue, tuple[str, ...]]:
    """Return what is issued, and what must be said of its planner; note whose it is."""
    found = pulling.find(run.network, folders)
    model = checkpoint.load(folders.checkpoint(run.network), found)
    network, known = known_then(run.network, folders, moment, reach(model))
    planner, trouble = planning.ready(model, network, folders)
    run.providers = run.providers or {network.source: "not asked in this run"}
    run.model = model.model_id
    run.replayed = str(known.attrs.get("replayed", ""))
    run.kind = issued.kind_of(network, moment.replay, run.replayed)
    return Issue(model, planner, network, known, moment), trouble


def reach(model: Checkpoint) -> int:
    """Return how many steps before the issue time are looked at."""
    return model.model.window + look_back(model) + SHOWN


def read(path: Path, network: Network) -> tuple[xr.Dataset, tuple[Outlook, ...]]:
    """Read an issued forecast back, with its outlooks."""
    forecast = netcdf.read(path)
    return forecast, assess(forecast.isel(issue_time=0), network)


def _record(
    run: manifest.Manifest, issue: Issue, futures: Futures, forecast: xr.Dataset, folders: Folders
) -> None:
    """Note what went in and what came out, by fingerprints."""
    path = folders.observations(run.network)
    run.inputs = input_record.record(issue.network, issue.known) | {
        "observations": store.snapshot(path, issue.moment.known_at),
        "futures": futures.told,
    }
    run.used["network"] = input_record.of_network(issue.network)
    run.numbers = input_record.of_forecast(forecast)


def _keep(
    run: manifest.Manifest, issue: Issue, folders: Folders, used: dict[str, Path | None]
) -> None:
    """Keep what was used, so that the run can be issued again; if not, say so and go on.

    Args:
        used: Files by their sort, beside those that the manifest tells of.
    """
    name, files = run.network, {sort: path for sort, path in used.items() if path}
    if issue.planner is not None:
        files["planner"] = planning.path_of(folders, name, run.model)
    if run.fallback:
        files["persistence"] = ledger.home(folders, name) / "learnt.nc"
    try:
        run.used["model"] = kept.keep_model(folders, name, run.model)
        run.used["thresholds"] = kept.keep_thresholds(folders, issue.network)
        for sort, path in files.items():
            run.used[sort] = kept.keep(folders, name, sort, path)
    except OSError as error:
        run.warnings.append(f"This run may not be issued again to the bit: {error}")


def _signed(run: manifest.Manifest) -> dict[str, str]:
    """Return what a forecast says of itself: its run, its kind, and what is amiss where."""
    amiss = run.degraded | run.fallback
    told = " | ".join(f"{station}: {why}" for station, why in amiss.items())
    late = {"late": "yes"} if run.late else {}
    return {"run_id": run.run_id, "kind": run.kind, "degraded": told} | late


def _warnings(network: Network, when: np.datetime64) -> list[str]:
    year = int(str(when)[:4])
    first, last = network.split.train
    if first <= year <= last:
        return [f"in-sample: {year} is one of the training years {first}–{last}; no test of skill"]
    return []
