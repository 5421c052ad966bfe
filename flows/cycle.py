"""One whole cycle in plain Python: pull, issue, publish, verify, tell, and leave a heartbeat.

A lock of the kernel keeps cycles of a network apart; a cycle that is older than its own cadence is
overtaken by the next; who does not answer by the deadline is left behind. Once a forecast is
issued, nothing that fails afterwards takes it back.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np

from data import steps as grid
from data.errors import MulgilError, SourceUnavailable, StoreUnavailable
from flows import cycle_told, heartbeat, manifest, pulling
from flows.cycle_steps import Steps, Work
from flows.folders import Folders
from flows.futures import Plan
from flows.heartbeat import Heartbeat, stamp
from flows.locking import alone, holder
from flows.redaction import redact
from flows.settings import Settings

State = Literal["issued", "degraded", "late", "overlapped", "superseded", "failed"]
ISSUED: tuple[State, ...] = ("issued", "degraded", "late")
PATIENCE = 300.0  # seconds that providers have, or a fifth of the cadence if that is less
_LOG = logging.getLogger("mulgil.cycle")


@dataclass(frozen=True)
class Cycle:
    """What one cycle did.

    Attributes:
        due: When it was due, UTC.
        state: `degraded`: some provider or gauge failed, or the site was not published; `late`:
            filled in afterwards.
        run: The manifest; None if nothing was issued.
        release: The folder of the site; None if it was not published.
        told: What happened, one sentence for a person.
        again: Of a failed one: trying again may help.
    """

    network: str
    due: np.datetime64
    state: State
    run: Path | None
    release: Path | None
    seconds: float
    told: str
    again: bool = False


@dataclass(frozen=True)
class How:
    """How a cycle is run.

    Attributes:
        every: The cadence of the schedule; None: the step of the network.
        deadline: Seconds that providers have; None: `PATIENCE`.
        force: Run it however old it is.
        folder: Where the CSV files are, for a network that is read from some.
        plan: What was handed over of the hours ahead.
        steps: The steps; Prefect's tasks around them where it runs them.
    """

    every: np.timedelta64 | None = None
    deadline: float | None = None
    force: bool = False
    folder: Path | None = None
    plan: Plan | None = None
    steps: Steps = field(default_factory=Steps)


def run(
    name: str,
    settings: Settings,
    due: np.datetime64 | None = None,
    now: np.datetime64 | None = None,
    triggered_by: str = "",
    how: How = How(),
) -> Cycle:
    """Run one cycle of a network.

    Args:
        due: When its schedule wanted it, UTC; None: the last grid time of the cadence.
        now: UTC; None: the clock's.
        triggered_by: Who or what started it; "" is what the settings say.

    Raises:
        UnknownNetwork: There is no such network.
        SourceError: Its files cannot be right.
    """
    begun, now = time.monotonic(), grid.ns(now if now is not None else pulling.this_moment())
    every = how.every or pulling.find(name, settings.folders).step
    due = grid.ns(due) if due is not None else grid.last(now, every)
    start = Cycle(name, due, "failed", None, None, 0.0, "")
    who = triggered_by or settings.triggered_by
    patience = PATIENCE if how.deadline is None else how.deadline
    work = Work(name, settings, now, who, min(patience, seconds(every) / 5), how.folder, how.plan)
    try:
        with alone(lock(settings.folders, name)) as ours:
            cycle = _in_turn(start, work, every, how) if ours else _overlapped(start, settings)
            lasted, told = time.monotonic() - begun, redact(cycle.told)
            cycle = replace(cycle, seconds=round(lasted, 3), told=told)
            if cycle.state not in ("overlapped", "superseded"):
                _tell(cycle, settings, every)
    except OSError as error:  # a disk that is full, read-only or gone
        cycle = replace(start, told=f"{name}: the cycle could not begin: {error}", again=True)
        _tell(cycle, settings, every)
    return cycle


def lock(folders: Folders, name: str) -> Path:
    """Return the lock that the cycles of a network take."""
    return folders.network(name) / ".cycle.lock"


def seconds(span: np.timedelta64) -> float:
    """Return a span of time in seconds."""
    return float(span / np.timedelta64(1, "s"))


def _in_turn(start: Cycle, work: Work, every: np.timedelta64, how: How) -> Cycle:
    """Run a cycle whose turn it is; one older than its cadence has been overtaken."""
    if work.now - start.due < every or how.force:
        return _whole(start, work, how.steps)
    minutes = seconds(work.now - start.due) / 60
    told = f"{start.network}: due {stamp(start.due)}, {minutes:.0f} min ago: a newer cycle is due."
    return replace(start, state="superseded", told=told)


def _overlapped(start: Cycle, settings: Settings) -> Cycle:
    by = holder(lock(settings.folders, start.network))
    told = f"{start.network}: the cycle before is still running (process {by}); nothing was done."
    return replace(start, state="overlapped", told=told)


def _whole(start: Cycle, work: Work, steps: Steps) -> Cycle:
    """Pull and issue, then publish and verify; whatever fails is told in the answer."""
    try:
        path = steps.issue(work, steps.pull(work))
    except MulgilError as error:
        again = isinstance(error, SourceUnavailable | StoreUnavailable)
        return replace(start, told=f"{start.network}: no forecast was issued: {error}", again=again)
    except Exception as error:  # noqa: BLE001  # the clock goes on, and a person is told
        _LOG.exception("%s: the cycle failed", start.network)
        return replace(start, told=f"{start.network}: no forecast was issued: {error!r}")
    troubles: list[str] = []
    release = _attempt(lambda: steps.publish(work, path), "the site was not published", troubles)
    _attempt(lambda: steps.follow(work, path), "what was issued was not verified", troubles)
    told = cycle_told.of(manifest.load(path), work, release, troubles)
    state: State = "degraded" if told.gaps else "issued"
    return replace(start, state=state, run=path, release=release, told=told.sentence)


def _attempt(step: Callable[[], Path | None], what: str, troubles: list[str]) -> Path | None:
    try:
        return step()
    except Exception as error:  # noqa: BLE001  # the forecast is out; nothing takes it back
        _LOG.exception("%s", what)
        troubles.append(f"{what}: {error}")
        return None


def _tell(cycle: Cycle, settings: Settings, every: np.timedelta64) -> None:
    """Tell those who want to know, then leave a heartbeat; neither ever raises."""
    before = heartbeat.read(settings.folders, cycle.network)
    try:
        from flows import notify

        notify.after(cycle, settings)
    except Exception:  # noqa: BLE001  # a mail server is no reason to stop
        _LOG.exception("%s: nobody was notified", cycle.network)
    issued = manifest.load(cycle.run) if cycle.run else None
    heart = Heartbeat(
        network=cycle.network,
        due=stamp(cycle.due),
        finished=stamp(pulling.this_moment()),
        next_due=stamp(cycle.due + every),
        state=cycle.state,
        seconds=cycle.seconds,
        issue_time=issued.issue_time if issued else (before.issue_time if before else ""),
        run=issued.run_id if issued else (before.run if before else ""),
        told=cycle.told,
    )
    heartbeat.beat(settings.folders, heart)
