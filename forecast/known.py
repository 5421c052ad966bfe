"""What was known at an issue time, for many issue times at once."""

from collections.abc import Iterator

import numpy as np
import xarray as xr

from data.archive import known_at
from data.errors import OutsideRecord


def ascending(observations: xr.Dataset, issue_times: np.ndarray) -> np.ndarray:
    """Return the issue times in ascending order, each once.

    Raises:
        OutsideRecord: One of them is not a time of the record.
    """
    issues = np.unique(np.asarray(issue_times, dtype="datetime64[ns]"))
    time = observations.time.values
    strange = issues[~np.isin(issues, time)]
    if strange.size:
        raise OutsideRecord(
            f"{str(strange[0])[:16]} UTC is not a time of the record.",
            f"Ask for one from {str(time[0])[:16]} to {str(time[-1])[:16]} UTC, on its grid.",
        )
    return issues


def batches(
    observations: xr.Dataset, issues: np.ndarray, reach: np.timedelta64
) -> Iterator[tuple[np.ndarray, xr.Dataset]]:
    """Yield rows of `issues` with the observations that were known to all of them.

    Where nothing was under way all go in one batch, each to look back from its own time only; an
    issue time at which an earlier value had not arrived yet goes alone.

    Args:
        issues: Ascending times of the record.
        reach: How far a look back goes.
    """
    late = _late(observations, issues)
    prompt = np.flatnonzero(~late)
    if prompt.size:
        first, last = issues[prompt[0]] - reach, issues[prompt[-1]]
        yield prompt, _told(observations.sel(time=slice(first, last)))
    for row in np.flatnonzero(late):
        near = observations.sel(time=slice(issues[row] - reach, issues[row]))
        yield np.array([row]), known_at(near, issues[row])


def _told(observations: xr.Dataset) -> xr.Dataset:
    """Blank the values of which nobody knows when they arrived."""
    return known_at(observations, np.datetime64("2262-01-01", "ns"))


def _late(observations: xr.Dataset, issues: np.ndarray) -> np.ndarray:
    """Say for each issue time whether some earlier value was still under way."""
    time = observations.time.values
    received = observations.received_time.transpose("station", "time").values
    stations, steps = np.nonzero(received > time)
    arrived = np.searchsorted(time, received[stations, steps])
    under_way = np.zeros(time.size + 1, dtype=int)
    np.add.at(under_way, steps, 1)
    np.add.at(under_way, arrived, -1)
    return np.asarray(np.cumsum(under_way)[np.searchsorted(time, issues)] > 0)
