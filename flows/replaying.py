"""Issue a past run anew, from what is kept of it, into a temporary place; publish nothing.

The same readings as they were known then, the same model, planner, plan, thresholds and fall-backs:
the numbers are the same to the bit, or what differs is named (`flows.replaying_causes`).
"""

from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import xarray as xr

from data import archive, netcdf, thresholds
from data.archive import Window
from data.errors import InvalidData, MulgilError, NothingThere
from data.network import Network
from data.steps import ns
from flows import issuing, kept, ledger, planning, pulling
from flows.folders import Folders
from flows.futures import Futures, Issue, Plan
from flows.manifest import Manifest
from flows.moments import Moment
from flows.widths import widened_by
from forecast import checkpoint, planned_file
from forecast.checkpoint import Checkpoint
from forecast.foresight import Foresight
from forecast.stand_in import stand_in


@dataclass(frozen=True)
class Anew:
    """A run issued anew.

    Attributes:
        network: With the thresholds that held then.
        known: `data.schema.observations`, as it was known then.
        substitutes: What was taken in the place of something that is not kept, a sentence each.
    """

    network: Network
    known: xr.Dataset
    forecast: xr.Dataset
    futures: Futures
    substitutes: tuple[str, ...]


def again(run: Manifest, folders: Folders) -> Anew:
    """Issue a run anew; nothing below the home is written.

    Raises:
        NothingThere: The model, the plan or the readings are gone, or the run issued nothing.
        CheckpointMismatch: The model does not fit the network as it is now.
        InvalidData: What was kept was changed.
    """
    if not run.forecast:
        told = f" {run.error}" if run.error else ""
        raise NothingThere(
            f"The run {run.run_id} issued no forecast (state: {run.state}).{told}",
            "Choose another: mulgil runs",
        )
    missed: list[str] = []
    found = pulling.find(run.network, folders)
    model = _model(run, found, folders, missed)
    moment = Moment(_time(run.issue_time), _time(run.known_at or run.issue_time), run.replay)
    network, known = _known(run, found, moment, issuing.reach(model), folders)
    planner = _planner(run, model, network, folders, missed)
    issue = Issue(model, planner, network, known, moment)
    with TemporaryDirectory(prefix="mulgil-replay-") as place:
        plan = _plan(run, folders, Path(place))
        own, futures = planning.foretell(issue, folders, plan)
        own = _with_widths(own, run, issue, folders, missed)
        forecast = _with_stand_ins(own, run, network, folders, missed)
        path = Path(place) / "forecast.nc"
        netcdf.write(path, forecast)
        return Anew(network, known, netcdf.read(path), futures, tuple(missed))


def _time(text: str) -> np.datetime64:
    return ns(np.datetime64(text.rstrip("Z")))


def _model(run: Manifest, found: Network, folders: Folders, missed: list[str]) -> Checkpoint:
    """Return the model that issued the run: its very file, else the one of that id."""
    digest = run.used.get("model", "")
    by_id = kept.model_path(folders, run.network, run.model)
    exact = [by_id, kept.path_of(folders, run.network, "model", digest)]
    for path in [*exact, folders.checkpoint(run.network)]:
        if digest and kept.digest_of(path) == digest:
            return checkpoint.load(path, found)
    for path in (by_id, folders.checkpoint(run.network)):
        model = checkpoint.load(path, found) if path.exists() else None
        if model is not None and model.model_id == run.model:
            if digest:
                missed.append(
                    f"the very file of model {run.model} is gone; one of the same id is taken"
                )
            return model
    raise NothingThere(
        f"The model {run.model} of '{run.network}' is gone: '{by_id}'.",
        "Restore it from a copy; without it the run cannot be issued anew.",
    )


def _known(
    run: Manifest, found: Network, moment: Moment, reach: int, folders: Folders
) -> tuple[Network, xr.Dataset]:
    """Return the network as it stood then, and what was known; as `flows.moments.known_then`."""
    since = ns(moment.issue_time - reach * found.step)
    window = Window(since, moment.issue_time, moment.known_at)
    path = folders.observations(run.network)
    ds = archive.load(path, found, window)
    received = ds["received_time"]
    early = received.where(~(received > moment.issue_time), moment.issue_time)
    network = _with_thresholds(run, archive.as_pulled(found, ds), folders)
    return network, ds.assign(received_time=early)


def _with_thresholds(run: Manifest, network: Network, folders: Folders) -> Network:
    """Return a network with the thresholds of the run; an older run noted none: those of now."""
    digest = run.used.get("thresholds", "")
    if digest:
        limits = kept.thresholds(folders, run.network, digest)
        stations = tuple(replace(s, thresholds=limits.get(s.id)) for s in network.stations)
        return replace(network, stations=stations)
    return thresholds.derive(network, archive.load(folders.observations(run.network), network))


def _planner(
    run: Manifest, model: Checkpoint, network: Network, folders: Folders, missed: list[str]
) -> Foresight | None:
    """Return the planner of the run; none where it had none, though there may be one now."""
    if not run.used:
        return planning.planner_of(model, network, folders)
    digest = run.used.get("planner", "")
    if not digest:
        return None
    path = kept.path_of(folders, run.network, "planner", digest)
    if kept.digest_of(path) != digest:
        missed.append("the planner that was used then is gone; the one of now is taken")
        path = planning.path_of(folders, run.network, run.model)
    return planned_file.load(path, network, run.model)


def _plan(run: Manifest, folders: Folders, place: Path) -> Plan | None:
    """Return the plan of the run, under the name that it had.

    Raises:
        NothingThere: It is gone.
    """
    told = run.inputs.get("futures", {}).get("plan")
    if told is None:
        return None
    path = place / (Path(str(told["file"])).name or "plan.csv")
    path.write_bytes(kept.read(folders, run.network, "plan", str(told["sha256"])))
    return Plan(path, str(told["who"]), str(told["reason"]))


def _with_widths(
    own: xr.Dataset, run: Manifest, issue: Issue, folders: Folders, missed: list[str]
) -> xr.Dataset:
    """Return the forecast with intervals as wide as they were issued then."""
    digest = run.used.get("widths", "")
    if not digest:
        return own
    path = kept.path_of(folders, run.network, "widths", digest)
    if kept.digest_of(path) != digest:
        missed.append("how wide intervals were issued then is not kept; they are as learnt")
        return own
    return widened_by(path, own, issue.model, issue.network)


def _with_stand_ins(
    own: xr.Dataset, run: Manifest, network: Network, folders: Folders, missed: list[str]
) -> xr.Dataset:
    """Return the forecast with persistence where it stood in then, whatever is decided by now."""
    if not run.fallback:
        return own
    digest = run.used.get("persistence", "")
    path = kept.path_of(folders, run.network, "persistence", digest)
    if not digest or kept.digest_of(path) != digest:
        missed.append("what persistence said then is not kept; what it says now is taken")
        path = ledger.home(folders, run.network) / "learnt.nc"
    try:
        return stand_in(own, network, netcdf.read(path), run.fallback)
    except (MulgilError, KeyError) as error:
        raise InvalidData(
            f"Persistence stood in at {', '.join(run.fallback)}, and is not to be had: {error}",
            f"Run: mulgil verify-forecasts {run.network}",
        ) from error
