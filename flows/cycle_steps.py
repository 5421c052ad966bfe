"""The steps of a cycle: plain functions, which `flows.deployments` runs as tasks of Prefect."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from data.deadline import Deadline
from data.errors import MulgilError
from flows import issuing, manifest, publishing, pulling
from flows import verify_forecasts as verifying
from flows.futures import Plan
from flows.pulling import Pulled
from flows.settings import Settings

_LOG = logging.getLogger("mulgil.cycle")


@dataclass(frozen=True)
class Work:
    """What one cycle is to do.

    Attributes:
        now: The time at which it begins, UTC.
        deadline: Seconds after which providers are left behind.
        folder: Where the CSV files are, for a network that is read from some.
        plan: What was handed over of the hours ahead.
    """

    network: str
    settings: Settings = field(repr=False)
    now: np.datetime64
    triggered_by: str
    deadline: float
    folder: Path | None = None
    plan: Plan | None = None


def pull(work: Work) -> Pulled:
    """Ask the providers; what fails is told in the answer, for the forecast goes on without it."""
    folders, accesses = work.settings.folders, work.settings.accesses
    deadline = Deadline(work.deadline)
    try:
        return pulling.pull_in_time(
            work.network, work.folder, folders, accesses, work.now, deadline
        )
    except MulgilError as error:
        why = str(error)
    except Exception as error:  # noqa: BLE001  # one bad input never stops a forecast
        _LOG.exception("%s: pulling failed", work.network)
        why = repr(error)
    store = folders.observations(work.network)
    return Pulled(store, failed=f"failed: {why}", now=work.now)


def issue(work: Work, pulled: Pulled) -> Path:
    """Issue the forecast and return its manifest."""
    return issuing.issue(
        work.network, None, work.settings.folders, work.triggered_by, pulled, work.plan
    )


def publish(work: Work, run: Path) -> Path | None:
    """Publish the site with a run; None where the site already shows a newer forecast."""
    folders = work.settings.folders
    if _newer_is_shown(folders.shown(work.network), manifest.load(run), work.now):
        return None
    return publishing.publish(run, folders, settings=work.settings)


def follow(work: Work, run: Path) -> None:
    """Verify what was issued before; it never raises."""
    verifying.follow(run, work.settings.folders)


@dataclass(frozen=True)
class Steps:
    """The steps in their order."""

    pull: Callable[[Work], Pulled] = pull
    issue: Callable[[Work, Pulled], Path] = issue
    publish: Callable[[Work, Path], Path | None] = publish
    follow: Callable[[Work, Path], None] = follow


def _newer_is_shown(shown: Path, run: manifest.Manifest, now: np.datetime64) -> bool:
    """Whether the site shows a later issue time, and not one of a clock that was ahead."""
    try:
        other = manifest.load(shown).issue_time.rstrip("Z")
        return bool(np.datetime64(run.issue_time.rstrip("Z")) < np.datetime64(other) <= now)
    except (MulgilError, OSError, ValueError, TypeError):
        return False
