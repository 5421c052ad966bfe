"""Verify what was issued: score the days that are due, keep the scorecard, decide on fall-backs."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from data.archive import Window
from data.errors import MulgilError, NothingThere
from data.network import Network
from flows import fallbacks, issued, ledger, manifest, pulling, scorecard_file, widths
from flows.due import DAY, Job, due_days
from flows.folders import Folders
from flows.issued import Kind
from flows.learnt import learnt
from forecast import events, fallback, rolling
from forecast.counted import Truth
from forecast.fallback import State

Report = Callable[[int, int, str], None]
AT_ONCE = 7  # days: what is in memory together
SELDOM = np.timedelta64(50, "m")  # a cycle that comes sooner after a verification asks for none
_LOG = logging.getLogger("mulgil.verify")


@dataclass(frozen=True)
class Verified:
    """What a verification did.

    Attributes:
        days: How many days were scored in it.
        states: What is issued at each gauge from now on; {} where that could not be decided.
        trouble: Why it could not; "" if it could.
    """

    path: Path
    kind: Kind
    days: int
    states: dict[str, State]
    trouble: str = ""


def verify(
    name: str,
    folders: Folders,
    kind: Kind | None = None,
    known_at: np.datetime64 | None = None,
    report: Report = lambda *_: None,
    since: np.datetime64 | None = None,
) -> Verified:
    """Score issued forecasts, keep the scorecard, and decide which gauges fall back.

    Args:
        kind: None: what the network is there for (`flows.issued`).
        known_at: Nothing received later is seen, UTC; None: now.
        report: Is told how many days are scored, of how many, and which is next.
        since: Days before it are left as they are; None: all days are looked at.

    Raises:
        NothingThere: Nothing was issued yet, or nothing that has met its outcome.
    """
    network = pulling.find(name, folders)
    kind, until = kind or issued.own_kind(network), known_at or pulling.this_moment()
    files = [f for f in issued.files(folders, network, kind) if f.issue_time <= until]
    kept = ledger.load(folders, name, kind, since)
    if not files and kept is None:
        raise NothingThere(
            f"No {kind} forecast of '{name}' was issued yet.", f"Run: mulgil forecast {name}"
        )
    facts, trouble = _facts(folders, network)
    job = Job(folders, network, kind, files, until, _floods(facts, network))
    due = due_days(job, kept, since)
    fresh = ledger.joined(list(_scored(job, due, report)))
    if fresh is not None:
        _keep(job, fresh, kept)
    path = scorecard_file.write(folders, network, kind)
    states = {} if facts is None else _decided(job, facts, kept, fresh)
    return Verified(path, kind, due.size, states, trouble)


def follow(run_path: Path, folders: Folders) -> None:
    """Verify after a cycle, as far as fall-backs look back; what fails is logged, never raised."""
    try:
        run = manifest.load(run_path)
        network = pulling.find(run.network, folders)
        kind = issued.kind_of(network, run.replay, run.replayed)
        until = np.datetime64(run.known_at.rstrip("Z"), "ns")
        if _just_done(folders, network, kind, until):
            return
        verify(run.network, folders, kind, until, since=until - fallback.WINDOW)
    except Exception as error:  # noqa: BLE001  # whatever is wrong with it, the forecast is out
        _LOG.warning("issued forecasts were not verified after '%s': %s", run_path.name, error)


def _just_done(folders: Folders, network: Network, kind: Kind, until: np.datetime64) -> bool:
    kept = ledger.load(folders, network.name, kind, until - DAY)
    if kept is None:
        return False
    return bool(np.timedelta64(0, "ns") <= until - kept.known_at.values.max() < SELDOM)


def _facts(folders: Folders, network: Network) -> tuple[xr.Dataset | None, str]:
    try:
        return learnt(folders, network), ""
    except MulgilError as error:
        return None, f"Fall-backs are not decided, and no flood peaks scored: {error}"


def _floods(facts: xr.Dataset | None, network: Network) -> xr.DataArray:
    if facts is not None:
        return facts["flood_level"]
    nowhere = np.full(len(network.ids), np.nan)
    return xr.DataArray(nowhere, dims="station", coords={"station": network.ids})


def _scored(job: Job, due: np.ndarray, report: Report) -> Iterator[xr.Dataset]:
    """Yield the sums of days, a few at a time."""
    breaks = np.flatnonzero(np.diff(due) > DAY) + 1
    runs = [run for run in np.split(due, breaks) if run.size]
    done = 0
    for days in [part for run in runs for part in np.split(run, range(AT_ONCE, run.size, AT_ONCE))]:
        report(done, due.size, str(days[0]))
        done += days.size
        sums = _of_days(job, days)
        if sums is not None:
            yield sums
    report(done, due.size, "done")


def _of_days(job: Job, days: np.ndarray) -> xr.Dataset | None:
    start, end = days[0].astype("datetime64[ns]"), days[-1].astype("datetime64[ns]") + DAY
    first, last = start - job.horizon - events.AROUND, end + events.AROUND
    near = [file for file in job.files if first <= file.issue_time <= last]
    made = issued.read(near, job.folders, job.network, job.kind, job.leads)
    if made is None:
        return None
    window = Window(start - events.APART, min(end + events.APART, job.until), job.until)
    network, observations = pulling.open_network(job.network.name, job.folders, window)
    sums = rolling.daily(made, Truth(network, observations, job.floods, job.until), days)
    return sums.assign_coords(_told(made, days, job))


def _told(made: xr.Dataset, days: np.ndarray, job: Job) -> dict[str, tuple[str, np.ndarray]]:
    """Return what is to be known of the scoring of each day."""
    issue, names = made.issue_time.values, made.model_id.values.astype(str)
    begins = (issue + job.network.step).astype("datetime64[D]")
    into = [(issue < day + DAY) & (issue + job.horizon >= day) for day in days]
    return {
        "known_at": ("day", np.full(days.size, job.until.astype("M8[s]").astype("M8[ns]"))),
        "scored_at": ("day", np.full(days.size, time.time())),
        "issues": ("day", np.array([each.sum() for each in into])),
        "forecasts": ("day", (begins == days[:, None]).sum(axis=1)),
        "models": ("day", np.array([" ".join(np.unique(names[each])) for each in into])),
    }


def _keep(job: Job, fresh: xr.Dataset, kept: xr.Dataset | None) -> None:
    """Keep what was scored, but never in place of what was scored from more."""
    if kept is not None:
        known = kept.known_at.to_series().reindex(fresh.day.values).values
        fresh = fresh.isel(day=~(known > fresh.known_at.values))
    if fresh.sizes["day"]:
        ledger.keep(job.folders, job.network.name, job.kind, fresh)


def _decided(
    job: Job, facts: xr.Dataset, kept: xr.Dataset | None, fresh: xr.Dataset | None
) -> dict[str, State]:
    """Decide on widths and fall-backs from the last 30 days, by what was known then alone."""
    if job.kind == "hindcast":  # never issued: nothing follows from it for what will be
        return {}
    usable = [] if kept is None else [kept.sel(day=kept.known_at.values <= job.until)]
    if fresh is not None:
        usable = [old.sel(day=~np.isin(old.day.values, fresh.day.values)) for old in usable]
        usable.append(fresh)
    sums = ledger.joined(usable)
    newest = issued.read(job.files[-1:], job.folders, job.network, job.kind, job.leads)
    if sums is None or newest is None:
        return {}
    then = sums.sel(day=slice(job.until - fallback.WINDOW - DAY, job.until))
    then = then.reindex(station=job.network.ids).assign_attrs(known_at=str(job.until))
    model = str(newest.model_id.values[-1])
    widths.decide(job.folders, job.network, job.kind, then, model)
    return fallbacks.decide(job.folders, job.network, job.kind, then, facts["size"], model)
