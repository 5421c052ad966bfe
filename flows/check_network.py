"""Is the network whole: its files, its record, its model, and the forecast that it showed last?"""

from collections.abc import Iterator

import numpy as np

from data.errors import MulgilError
from data.network import Network
from flows import heartbeat, models, pulling
from flows.check_finding import Finding
from flows.folders import Folders

HOUR = np.timedelta64(1, "h")
MINUTE = np.timedelta64(1, "m")
LATE = 2  # steps after which a heartbeat is old


def network(found: Network) -> Iterator[Finding]:
    """Yield what the network is, and gauges that can never be judged."""
    feeds = len(found.feeds)
    kind = "simulated" if found.simulated else "live" if found.live else "a record"
    told = f"{found.name}: {len(found.ids)} gauges, {kind}" + (f", {feeds} feeds" if feeds else "")
    yield Finding("network", "ok", told)
    bare = [s.id for s in found.stations if s.thresholds is None]
    if bare and found.source == "own":
        told = f"{len(bare)} gauges have no threshold of their own, e.g. {bare[0]}"
        remedy = (
            "Thresholds are derived from the record and labelled so; official ones belong into "
            "stations.csv (docs/bring-your-own-river.md)."
        )
        yield Finding("thresholds", "note", told, remedy)


def record(found: Network, folders: Folders) -> Iterator[Finding]:
    """Yield whether anything was pulled."""
    path = folders.observations(found.name)
    if path.exists():
        yield Finding("record", "ok", f"{path} ({path.stat().st_size / 2**20:.1f} MiB)")
    else:
        yield Finding("record", "wrong", "nothing was pulled yet", f"Run: mulgil pull {found.name}")


def model(found: Network, folders: Folders) -> Iterator[Finding]:
    """Yield whether there is a model that loads and fits.

    Raises:
        MulgilError: There is none.
    """
    serving = models.require_serving(folders, found)
    yield Finding("model", "ok", f"{serving.model_id} loads and fits '{found.name}'")


def last_cycle(found: Network, folders: Folders) -> Iterator[Finding]:
    """Yield how old the last heartbeat is."""
    heart = heartbeat.read(folders, found.name)
    if heart is None:
        remedy = f"Run one: mulgil cycle {found.name}; or start the clock: mulgil serve"
        yield Finding("heartbeat", "note", "no cycle has run yet", remedy)
        return
    age = pulling.this_moment() - np.datetime64(heart.finished.rstrip("Z"), "ns")
    due = np.datetime64(heart.next_due.rstrip("Z"), "ns") + (LATE - 1) * found.step
    told = f"the last cycle ended {age / MINUTE:,.0f} min ago: {heart.state}. {heart.told}"
    if age < -5 * MINUTE:
        yield Finding("heartbeat", "wrong", told, "It lies ahead of our clock: set the clock.")
    elif pulling.this_moment() > due:
        remedy = "Is `mulgil serve` running? systemctl status mulgil; journalctl -u mulgil"
        yield Finding("heartbeat", "wrong", told, remedy)
    elif heart.state in ("failed", "degraded"):
        grave = heart.state == "failed"
        remedy = f"Look at the run: mulgil runs list -n {found.name}"
        yield Finding("heartbeat", "wrong" if grave else "note", told, remedy)
    else:
        yield Finding("heartbeat", "ok", told)


def find(name: str, folders: Folders) -> Network:
    """Return the network, its files checked.

    Raises:
        MulgilError: There is none of that name, or its files cannot be right.
    """
    try:
        return pulling.find(name, folders)
    except OSError as error:
        raise MulgilError(
            f"The files of '{name}' cannot be read: {error.strerror}.",
            f"Look at {folders.network(name)}.",
        ) from None
