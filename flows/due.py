"""Which days of valid times are due to be scored, by what is known at a time.

A day is due until four days after its end, in which readings are corrected and floods pass their
tops. After that no forecast of it is read again, unless one was added or written anew.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from data.network import Network
from flows.folders import Folders
from flows.issued import File, Kind
from flows.verifying import LEADS

DAY = np.timedelta64(1, "D")
SETTLED = 4 * DAY


@dataclass(frozen=True)
class Job:
    """What is verified.

    Attributes:
        files: Ascending; none was issued after `until`.
        until: Nothing that was received later is seen.
        floods: (station,) the level above which a maximum is a flood peak.
    """

    folders: Folders
    network: Network
    kind: Kind
    files: list[File]
    until: np.datetime64
    floods: xr.DataArray

    @property
    def leads(self) -> np.ndarray:
        """The lead times that are scored: 1, 3, 6, 12, 24 steps and the last."""
        steps = [n for n in LEADS if n < self.network.horizon] + [self.network.horizon]
        return (np.array(steps) * self.network.step).astype("timedelta64[ns]")

    @property
    def horizon(self) -> np.timedelta64:
        """The longest lead time."""
        return np.timedelta64(self.network.lead_times[-1])


def due_days(job: Job, kept: xr.Dataset | None, since: np.datetime64 | None) -> np.ndarray:
    """Return the days (datetime64[D]) with valid times that are over, and not scored for good.

    Args:
        kept: `flows.ledger.load`.
        since: Days before it are left as they are.
    """
    touched = _touched(job)
    asked = [d for d in sorted(touched) if since is None or d >= since.astype("datetime64[D]")]
    rows = {} if kept is None else _rows(kept)
    due = [d for d in asked if d not in rows or not _done(job, rows[d], touched[d])]
    return np.array(due, dtype="datetime64[D]")


@dataclass(frozen=True)
class _Row:
    end: np.datetime64
    known_at: np.datetime64
    scored_at: float
    issues: int


def _rows(kept: xr.Dataset) -> dict[np.datetime64, _Row]:
    columns = (kept.known_at.values, kept.scored_at.values.tolist(), kept.issues.values.tolist())
    days = kept.day.values.astype("datetime64[D]")
    return {
        day: _Row((day + DAY).astype("datetime64[ns]"), known, at, int(issues))
        for day, known, at, issues in zip(days, *columns, strict=True)
    }


def _touched(job: Job) -> dict[np.datetime64, list[File]]:
    """Return the forecasts that look into each day, as far as it is over."""
    found: dict[np.datetime64, list[File]] = {}
    for file in job.files:
        first = (file.issue_time + job.network.step).astype("datetime64[D]")
        last = min(file.issue_time + job.horizon, job.until).astype("datetime64[D]")
        for day in np.arange(first, last + DAY):
            found.setdefault(day, []).append(file)
    return found


def _done(job: Job, row: _Row, files: list[File]) -> bool:
    """Say whether a day was scored for good, by what is known at the time that is asked for."""
    added = max(f.changed for f in files) > row.scored_at and len(files) >= row.issues
    settled = row.known_at >= row.end + SETTLED
    return bool(row.known_at <= job.until and settled and not added)
