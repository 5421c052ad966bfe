"""When a forecast is issued, and what was known then."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from data import steps, store
from data.archive import Window
from data.errors import NothingThere, OutsideRecord
from data.network import Network
from flows.folders import Folders
from flows.pulling import find, open_network, this_moment


@dataclass(frozen=True)
class Moment:
    """The time of a forecast.

    Attributes:
        known_at: Nothing received later is seen: the moment of issuing; for a replay the issue time
            and the network's delay.
        replay: It is of the past, issued again as it would have been then.
        late: Its cycle was missed, and it is issued afterwards with what was known then.
    """

    issue_time: np.datetime64
    known_at: np.datetime64
    replay: bool
    late: bool = False


def choose(
    name: str,
    folders: Folders,
    issue_time: np.datetime64 | Moment | None = None,
    now: np.datetime64 | None = None,
) -> Moment:
    """Return the moment of a forecast.

    Args:
        issue_time: None: now for a live network, the last time of the record for a closed one.
            A moment is taken as it is.
        now: The time of a live network's cycle; None: the clock's. Drills may have another.

    Raises:
        OutsideRecord: The record has no such time.
        NothingThere: Nothing was pulled yet.
    """
    if isinstance(issue_time, Moment):
        return issue_time
    network = find(name, folders)
    if network.live and issue_time is None:
        return Moment(steps.last(now or this_moment(), network.step), this_moment(), replay=False)
    when = on_the_grid(network, *span(network, folders), issue_time)
    return Moment(when, steps.ns(when + network.delay), replay=True)


def known_then(
    name: str, folders: Folders, moment: Moment, look_back: int
) -> tuple[Network, xr.Dataset]:
    """Return a network and what was known of it at a moment, up to its issue time.

    Args:
        look_back: Steps before the issue time.
    """
    step = find(name, folders).step
    since = steps.ns(moment.issue_time - look_back * step)
    network, ds = open_network(name, folders, Window(since, moment.issue_time, moment.known_at))
    received = ds["received_time"]
    early = received.where(~(received > moment.issue_time), moment.issue_time)
    return network, ds.assign(received_time=early)  # all of this was known by then


def span(network: Network, folders: Folders) -> tuple[np.datetime64, np.datetime64]:
    """Return the first and the last grid time of what was read, whatever its source.

    Raises:
        NothingThere: Nothing was pulled yet.
    """
    path = folders.observations(network.name)
    if not path.exists():
        again = f"Run: mulgil pull --network {network.name}"
        raise NothingThere(f"No observations of '{network.name}' at '{path}'.", again)
    known = [
        source for source in store.sources(path) if {network.quantity.value} & set(source.variables)
    ]
    first, last = min(s.first for s in known), max(s.last for s in known)
    return steps.next_(first, network.step), steps.last(last, network.step)


def on_the_grid(
    network: Network,
    first: np.datetime64,
    last: np.datetime64,
    issue_time: np.datetime64 | None,
) -> np.datetime64:
    """Return the issue time, if the record has it; None is its last time.

    Raises:
        OutsideRecord: It is before, after or between the times of the record.
    """
    when = last if issue_time is None else steps.ns(issue_time)
    if when < first or when > last:
        raise OutsideRecord(
            f"The issue time {str(when)[:16]}Z is outside the record of '{network.name}'.",
            f"Choose one from {str(first)[:16]}Z to {str(last)[:16]}Z, or pull newer data.",
        )
    before = steps.last(when, network.step)
    if when != before:
        step = network.step.astype("timedelta64[m]").astype(int)
        raise OutsideRecord(
            f"The issue time {str(when)[:16]}Z is not on the {step} min grid of '{network.name}'.",
            f"The time before it is {str(before)[:16]}Z.",
        )
    return when
