"""Learn the limits of a site from its own record; hand in the training years only.

Floods exceed every level of the training years, so the range leaves a second river above the first:
as much again as the highest water rose above the median, at least 5 m; ten times the largest flow.
(In the Han, 2020 rose 41 % higher above the median than any of 2012 to 2018.) What a faulty range
lets pass, the other tests still see. A record only ever widens `jump`: a lively river earns more
room than the general limit, a calm one has not shown what a flood can do.
"""

from dataclasses import replace
from math import inf

import numpy as np

from data.cadence import TEN_MINUTES, cadence
from data.limits import Limits, general

ENOUGH = 10_000  # readings: a 99.99th percentile of fewer is only their maximum
EXTREME = 0.9999
LEVELS = {"water_level": 5.0, "dam_level": 5.0, "tide": 2.0}  # least room beyond the record [m]
FLOWS = ("discharge", "dam_inflow", "dam_release")
FLOW_ROOM = 10.0  # a 100-year flood of a dry basin is that many times a common one
# What lies beyond is held back for one reading only. Changes of a flow grow with the flow.
JUMP_ROOM = dict.fromkeys(LEVELS, 1.25) | dict.fromkeys(FLOWS, 3.0)
STANDING = ("water_level", "discharge", "tide")  # a dam may hold its level and its gates for days
ROUNDING = 1e-6
SHORTEST_FLAT, FLAT_ROOM = 6.0, 4.0  # hours; times the length that 0.1 % of all standstills exceed


def limits_of_record(
    values: np.ndarray, time: np.ndarray, variable: str, known: Limits | None = None
) -> Limits:
    """Return the limits of a site, learnt from its record.

    Args:
        values: Dims (time,), in the unit of `known`; NaN = missing.
        time: datetime64, strictly ascending; of the training years and no other.
        variable: Of `data.limits.GENERAL`.
        known: What holds without a record, never left by what is learnt; None: `limits.general`.

    Returns:
        `known` for rain, whose extremes no short record knows, and for a record of fewer than
        `ENOUGH` readings.
    """
    known = known or general(variable, cadence(time))
    absurd = np.isin(values, known.sentinels)
    absurd |= (values < known.lowest) | (values > known.highest)
    kept = np.where(absurd, np.nan, values)
    if variable == "rainfall" or np.isfinite(kept).sum() < ENOUGH:
        return known
    lowest, highest = _range(kept, variable, known)
    learnt = replace(known, lowest=lowest, highest=highest)
    changes = _changes(kept, time)
    if changes.size:
        learnt = replace(learnt, jump=_jump(changes, time, variable, known))
    return _standing(kept, time, learnt) if variable in STANDING else learnt


def _range(kept: np.ndarray, variable: str, known: Limits) -> tuple[float, float]:
    bottom, middle, top = np.nanquantile(kept, [1 - EXTREME, 0.5, EXTREME])
    if variable in FLOWS:
        return known.lowest, min(known.highest, tidy(FLOW_ROOM * top))
    room = LEVELS[variable]
    lowest, highest = bottom - max(middle - bottom, room), top + max(top - middle, room)
    return max(known.lowest, tidy(lowest)), min(known.highest, tidy(highest))


def _changes(kept: np.ndarray, time: np.ndarray) -> np.ndarray:
    """Return the sizes of the changes between readings that follow each other, without gaps."""
    sizes = abs(np.diff(kept))[np.diff(time) == cadence(time)]
    known: np.ndarray = sizes[np.isfinite(sizes)]
    return known


def _jump(changes: np.ndarray, time: np.ndarray, variable: str, known: Limits) -> float:
    largest = JUMP_ROOM[variable] * float(np.quantile(changes, EXTREME))
    in_ten_minutes = largest / max(1.0, cadence(time) / TEN_MINUTES)
    least = known.jump if known.jump < inf else 0.0
    return max(least, tidy(in_ten_minutes)) or inf


def _standing(kept: np.ndarray, time: np.ndarray, learnt: Limits) -> Limits:
    """Add how long a value may stand still: in drought for ever, above the median not so long."""
    longest = float(np.quantile(_standstills(kept, time), 0.999))
    hours = longest * (cadence(time) / np.timedelta64(1, "h"))
    least = learnt.flat if learnt.flat < inf else SHORTEST_FLAT
    sizes = _changes(kept, time)
    seen = sizes[sizes > ROUNDING]
    return replace(
        learnt,
        flat=max(least, tidy(FLAT_ROOM * hours)),
        moves=tidy(np.quantile(seen, 0.01)) if seen.size else learnt.moves,
        rests=-inf if np.isfinite(learnt.flat) else tidy(np.nanmedian(kept)),
    )


def _standstills(kept: np.ndarray, time: np.ndarray) -> np.ndarray:
    """Return the lengths [readings] of all runs of equal values of two readings or more."""
    begins = np.diff(kept, prepend=np.nan) != 0  # NaN differs from all
    begins[1:] |= np.diff(time) != cadence(time)
    lengths = np.diff(np.append(np.flatnonzero(begins), kept.size))
    longer = lengths[lengths > 1]
    return longer if longer.size else np.ones(1)


def tidy(limit: float) -> float:
    """Return a limit as one writes it down, without the noise of floating point."""
    return round(float(limit), 6)
