"""Judge readings: one `Flag` for each, with its reason; the readings themselves stay as they are.

In this order, each test on what the ones before left good: gross range and sentinels; spikes;
rate of change; flat line (these four by `ioos-qc`, spikes of several readings by
`data.excursions`); neighbours (`data.neighbours`).

Call it again each cycle on the last hours: a flag may be revised. It only uses what is handed in,
so at the newest reading a jump is doubted until the next one confirms it. What is final is kept
when handed in again: SPIKE and FLAT_LINE. The rest is judged anew, except where its own past is
out of sight: RATE_OF_CHANGE at the first reading, NEIGHBOURS in the first `PAST` hours. To see a
flat line, hand in as many hours as `Limits.flat`; to see one gauge stand still, `PAST`.
"""

from collections.abc import Sequence

import numpy as np

from data import qartod
from data.cadence import TEN_MINUTES, cadence
from data.excursions import confirmed, excursions
from data.limits import Limits as Limits  # where it has always been
from data.limits import by_site, column
from data.neighbours import FEWEST, HOUR, STILL, alone, still
from data.schema import Flag

PAST = STILL + HOUR  # how far back `data.neighbours` looks


def judge(
    values: np.ndarray,
    flags: np.ndarray,
    time: np.ndarray,
    limits: Limits | Sequence[Limits],
    neighbours: np.ndarray | None = None,
) -> np.ndarray:
    """Return `flags` with a reason at every reading that is doubted.

    Args:
        values: Dims (site, time) or (time,), in the unit of `limits`; NaN = missing.
        flags: `data.schema.Flag`, same dims; of the provider, or of an earlier call.
        time: datetime64, strictly ascending.
        limits: One for all sites, or one each.
        neighbours: Rows of each site's neighbours, see `data.neighbours`; None: not asked.
    """
    table, told = np.atleast_2d(values).astype("float64"), np.atleast_2d(flags)
    sites = by_site(limits, table.shape[0])
    judged = _reopened(told, table, time, neighbours is not None)
    good = judged == Flag.GOOD
    outside = qartod.outside(table, column(sites, "lowest"), column(sites, "highest"))
    judged[good & outside] = Flag.OUT_OF_RANGE
    judged[good & _sentinels(table, sites)] = Flag.SENTINEL
    _judge_jumps(table, judged, time, column(sites, "jump"))
    _judge_standing(table, judged, time, sites)
    if neighbours is not None and neighbours.shape[1] >= FEWEST:
        _judge_beside(table, judged, time, sites, neighbours)
    return judged.reshape(np.shape(flags))


def only_good(values: np.ndarray, flags: np.ndarray) -> np.ndarray:
    """Return `values`, NaN where a flag says why not."""
    return np.where(flags == Flag.GOOD, values, np.nan)


def tally(name: str, flags: np.ndarray) -> str:
    """Say in one line how many readings are missing or doubted, and why."""
    counts = [(flag.name.lower(), int((flags == flag).sum())) for flag in Flag if flag]
    found = ", ".join(f"{count:,} {reason.replace('_', ' ')}" for reason, count in counts if count)
    return f"{name}: {found or 'all good'}, of {flags.size:,}"


def _reopened(told: np.ndarray, values: np.ndarray, time: np.ndarray, asked: bool) -> np.ndarray:
    """Return flags with GOOD where an earlier verdict may be revised."""
    since = time - time[:1]  # of none, none
    revised = (told == Flag.NEIGHBOURS) & (since >= PAST) & asked
    revised |= (told == Flag.RATE_OF_CHANGE) & (since > np.timedelta64(0, "m"))
    revised |= told == Flag.OUT_OF_RANGE
    return np.where(revised & np.isfinite(values), np.int8(Flag.GOOD), told.astype("int8"))


def _sentinels(values: np.ndarray, sites: Sequence[Limits]) -> np.ndarray:
    found = np.zeros(values.shape, dtype=bool)
    for sentinel in {each for site in sites for each in site.sentinels}:
        has = np.array([sentinel in site.sentinels for site in sites])
        found |= (values == sentinel) & has[:, None]
    return found


def _judge_jumps(
    values: np.ndarray, judged: np.ndarray, time: np.ndarray, jump: np.ndarray
) -> None:
    """Mark spikes, then jumps that nothing confirms yet, in `judged`.

    Args:
        jump: Dims (site,), per 10 minutes; a slower record may change more between two readings.
    """
    limit = jump * max(1.0, cadence(time) / TEN_MINUTES)
    good = only_good(values, judged)
    judged[qartod.spikes(good, time, limit) | excursions(good, time, limit)] = Flag.SPIKE
    good = only_good(values, judged)
    jumps = qartod.changes(good, time, limit)
    judged[jumps & ~confirmed(good, jumps)] = Flag.RATE_OF_CHANGE


def _judge_standing(
    values: np.ndarray, judged: np.ndarray, time: np.ndarray, sites: Sequence[Limits]
) -> None:
    """Mark values that stand still for too long above where they may rest, in `judged`."""
    good = only_good(values, judged)
    tolerance = column(sites, "moves") / 2
    stuck = qartod.flat(good, time, column(sites, "flat"), tolerance)
    judged[stuck & (good > column(sites, "rests")[:, None])] = Flag.FLAT_LINE


def _judge_beside(
    values: np.ndarray,
    judged: np.ndarray,
    time: np.ndarray,
    sites: Sequence[Limits],
    neighbours: np.ndarray,
) -> None:
    """Mark what no neighbour bears out, in `judged`."""
    good = only_good(values, judged)
    doubted = alone(good, time, column(sites, "alone"), neighbours)
    tolerance = column(sites, "moves") / 2
    doubted |= still(good, time, (column(sites, "felt"), tolerance), neighbours)
    judged[doubted] = Flag.NEIGHBOURS
