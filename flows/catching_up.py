"""Fill in the cycles that were missed: newest first, in the time before the next one is due.

What is filled in is issued as of its issue time T with what had been received by T and the delay of
the network, as if it had been issued then; readings that came later are not seen. It is marked late
in its file and its manifest, kept with the others of its kind, and never shown as the newest.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data import steps
from data.errors import MulgilError, OutsideRecord
from data.network import Network
from flows import issued, issuing, manifest, pulling, telling
from flows.cycle import ISSUED, Cycle, lock
from flows.folders import Folders
from flows.issued import Kind
from flows.locking import alone
from flows.moments import Moment, span
from flows.pulling import this_moment
from flows.settings import Settings

BACK = np.timedelta64(2, "D")  # missed cycles before it stay missed
SPARE = 10  # a tenth of the cadence is kept free before the next cycle is due
_LOG = logging.getLogger("mulgil.catching_up")


@dataclass(frozen=True)
class Schedule:
    """The cadence of a network's cycles, by one of its due times."""

    due: np.datetime64
    every: np.timedelta64

    @property
    def end(self) -> np.datetime64:
        """When the last fill must have ended."""
        return self.due + self.every - self.every // SPARE


def fill(
    cycle: Cycle,
    settings: Settings,
    every: np.timedelta64,
    clock: Callable[[], np.datetime64] = this_moment,
) -> list[Cycle]:
    """Fill in what was missed before a cycle, as far as there is time; newest first.

    Args:
        cycle: The one that has just been issued; after any other, nothing is filled in.
        every: The cadence of the schedule.
        clock: Tells the time, UTC.
    """
    if cycle.state not in ISSUED or cycle.run is None:
        return []
    folders, schedule = settings.folders, Schedule(cycle.due, every.astype("timedelta64[ns]"))
    with alone(lock(folders, cycle.network).with_name(".catching-up.lock")) as ours:
        if not ours:  # another one is still at it
            return []
        network = pulling.find(cycle.network, folders)
        missing = missed(network, folders, manifest.load(cycle.run).kind, schedule)
        filled = _in_time(missing, network, settings, schedule, clock)
        if filled:
            _tell(filled, len(missing) - len(filled), settings)
        return filled


def missed(
    network: Network, folders: Folders, kind: str, schedule: Schedule
) -> list[np.datetime64]:
    """Return the issue times that no forecast was issued for, newest first.

    They lie after the first forecast of the kind that was ever issued, within `BACK`.
    """
    if not network.live:
        return []
    there = {file.issue_time for file in issued.files(folders, network, _kind(kind))}
    if not there:
        return []
    oldest = max(min(there), schedule.due - BACK)
    wanted = np.arange(schedule.due, oldest, -schedule.every)[1:]
    times = dict.fromkeys(steps.last(due, network.step) for due in wanted)
    return [time for time in times if time >= oldest and time not in there]


def _in_time(
    missing: list[np.datetime64],
    network: Network,
    settings: Settings,
    schedule: Schedule,
    clock: Callable[[], np.datetime64],
) -> list[Cycle]:
    """Fill in one after the other, while there is time for another as long as the longest."""
    filled: list[Cycle] = []
    longest = np.timedelta64(0, "ns")
    for time in missing:
        begun = clock()
        if begun + longest >= schedule.end:
            _LOG.info("%s: %d missed cycles wait", network.name, len(missing) - len(filled))
            break
        made = _late(time, network, settings)
        longest = np.maximum(longest, clock() - begun)
        if made is not None:
            seconds = float((clock() - begun) / np.timedelta64(1, "s"))
            told = f"{network.name}: forecast of {str(time)[:16]}Z was missed, and issued late."
            filled.append(Cycle(network.name, time, "late", made, None, seconds, told))
    return filled


def _late(time: np.datetime64, network: Network, settings: Settings) -> Path | None:
    """Issue the forecast of a past time with what was known then; None where that cannot be."""
    moment = Moment(time, steps.ns(time + network.delay), replay=False, late=True)
    try:
        if time < span(network, settings.folders)[0]:
            raise OutsideRecord(f"Nothing was known at {str(time)[:16]}Z.")
        return issuing.issue(network.name, moment, settings.folders, settings.triggered_by)
    except (MulgilError, OSError) as error:
        _LOG.warning("%s: %s stays missed: %s", network.name, str(time)[:16], error)
        return None


def _tell(filled: list[Cycle], wait: int, settings: Settings) -> None:
    network, times = filled[0].network, [f"{str(each.due)[:16]}Z" for each in filled]
    said = f"{network}: {len(filled)} missed forecasts were issued late: {', '.join(times[:5])}"
    more = f" and {len(times) - 5} more" if len(times) > 5 else ""
    left = f" {wait} others wait." if wait else ""
    body = f"{said}{more}.{left}"
    telling.tell("late", network, "missed forecasts were issued late", body, settings)


def _kind(kind: str) -> Kind:
    return next(each for each in issued.KINDS if each == kind)
