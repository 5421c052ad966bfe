"""How early a stage was forecast that then was reached: the lead time that was gained.

An onset is the first observed value at or above a threshold after at least 12 h below it, with a
reading one step before. Of the forecasts issued before it, the newest that still looked that far
is asked first, then the one before, and so on as long as each says, within 6 h of the onset, that
the stage is reached (its median). The lead time gained is the onset less the first issue time of
that unbroken row; 0 if already the newest did not say so.
"""

from dataclasses import dataclass

import numpy as np

CALM = np.timedelta64(12, "h")
NEAR = np.timedelta64(6, "h")


@dataclass(frozen=True)
class Issued:
    """The medians that were issued for one station.

    Attributes:
        issue_time: (issue,) ascending.
        lead_time: (lead,).
        median: (issue, lead), NaN where there was none.
    """

    issue_time: np.ndarray
    lead_time: np.ndarray
    median: np.ndarray


def onsets(time: np.ndarray, values: np.ndarray, threshold: float) -> np.ndarray:
    """Return when a stage began at one station.

    Args:
        time: On a regular grid.
        values: (time,), NaN where nothing was observed.
    """
    if np.isnan(threshold) or time.size < 2:
        return time[:0]
    above = values >= threshold  # NaN is never above
    reach = int(CALM / (time[1] - time[0]))
    total = np.concatenate([[0], np.cumsum(above)])
    place = np.arange(time.size)
    before = total[place] - total[np.maximum(place - reach, 0)]
    read = np.concatenate([[False], np.isfinite(values[:-1])])
    return np.asarray(time[above & read & (before == 0)])


def gained(issued: Issued, onset: np.datetime64, threshold: float) -> np.timedelta64 | None:
    """Return the lead time that was gained at one onset; None if no forecast looked there."""
    first = onset - issued.lead_time[-1]
    asked = np.flatnonzero((issued.issue_time >= first) & (issued.issue_time < onset))
    asked = asked[np.isfinite(issued.median[asked]).any(axis=1)]
    if not asked.size:
        return None
    valid = issued.issue_time[asked, None] + issued.lead_time
    near = np.abs(valid - onset) <= NEAR
    said = ((issued.median[asked] >= threshold) & near).any(axis=1)
    silent = np.flatnonzero(~said)
    since = silent[-1] + 1 if silent.size else 0
    if since == asked.size:
        return np.timedelta64(0, "ns")
    return np.timedelta64(onset - issued.issue_time[asked[since]])
