"""Pull what happened into the archive, and open it again with the network's thresholds."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import xarray as xr

from data import (
    archive,
    catalogue,
    live,
    network_file,
    networks,
    raw,
    site_limits,
    store,
    thresholds,
    whole,
)
from data import pull as source
from data.archive import WHOLE, Window
from data.deadline import Deadline
from data.errors import InvalidData, MulgilError, SourceError
from data.live import Cycle, Told
from data.network import Network
from data.official import announced
from data.sources.asking import Access
from data.stations import Thresholds
from data.storage.fold import fold
from flows.folders import Folders

Report = Callable[[str], None]
_LOG = logging.getLogger("mulgil.pulling")
UNREAD = np.timedelta64(31, "D")  # no cycle looks back so far: such days are packed by gauge


@dataclass(frozen=True)
class Pulled:
    """What a pull did.

    Attributes:
        told: What each provider did; none where a record was read.
        failed: Why a record could not be read; "" if it was.
        now: The time at which live providers were asked; None where a record was read.
    """

    store: Path
    told: list[Told] = field(default_factory=list)
    failed: str = ""
    now: np.datetime64 | None = None

    @property
    def providers(self) -> dict[str, str]:
        """What each provider did, for the run manifest."""
        if not self.told:
            return {self.store.parent.name: self.failed or "ok"}
        return {f"{each.source} {each.variable}": str(each) for each in self.told}


def find(name: str, folders: Folders) -> Network:
    """Return the network of that name: one of one's own, or one that is built in.

    A live one with the thresholds that its providers announce (`mulgil stations`), where it has
    none of its own.

    Raises:
        UnknownNetwork: There is none.
        SourceError: Its files cannot be right.
    """
    own = folders.network(name)
    network = network_file.read(own) if network_file.exists(own) else networks.find(name)
    for provider in dict.fromkeys(feed.source for feed in network.feeds):
        network = announced(network, provider, catalogue.load(folders.catalogue(provider)))
    return network


def pull(
    name: str,
    folder: Path | None,
    folders: Folders,
    report: Report = lambda _: None,
    accesses: Mapping[str, Access] | None = None,
    now: np.datetime64 | None = None,
) -> Pulled:
    """Pull what is new of a network into its store.

    A live network asks its providers, a failing one is told in the answer and not raised; one that
    is simulated goes on to now; with a folder, and for a closed record, the record is read.

    Raises:
        SourceError: A record cannot be read.
    """
    network = find(name, folders)
    if network.live and folder is None and network.feeds:
        return _refresh(network, folders, accesses or {}, now or this_moment())
    if network.live and folder is None and network.simulated:
        return _go_on(network, folders, report, now or this_moment())
    if network.source == network_file.SOURCE:
        raise SourceError(
            f"'{network.name}' has no live feeds, and its record was read by `mulgil init`.",
            f"Add [[feeds]] to its network.toml, or: mulgil init {network.name} --readings FOLDER",
        )
    observations = source.pull(network, folder, report)
    path = folders.observations(network.name)
    tally = archive.save(path, observations)
    report(f"{tally.new:,} new readings, {tally.revised:,} revised, {tally.same:,} as before")
    if network.feeds:
        _learn(network, path, report)
    return Pulled(path)


def pull_in_time(
    name: str,
    folder: Path | None,
    folders: Folders,
    accesses: Mapping[str, Access],
    now: np.datetime64,
    deadline: Deadline,
) -> Pulled:
    """Pull as `pull` does, leaving providers behind that have not answered by the deadline.

    Raises:
        SourceError: A record cannot be read.
    """
    network = find(name, folders)
    if network.live and folder is None and network.feeds:
        return _refresh(network, folders, accesses, now, deadline)
    return pull(name, folder, folders, accesses=accesses, now=now)


def _go_on(network: Network, folders: Folders, report: Report, now: np.datetime64) -> Pulled:
    """Simulate what has happened since the last pull."""
    path = folders.observations(network.name)
    last = max(each.last for each in store.sources(path)) if path.exists() else None
    if last is None or last + network.step <= now:
        since = None if last is None else last + network.step
        archive.save(path, source.pull(network, None, report, (since, now)))
    return Pulled(path, now=now)


def _refresh(
    network: Network,
    folders: Folders,
    accesses: Mapping[str, Access],
    now: np.datetime64,
    deadline: Deadline | None = None,
) -> Pulled:
    path = folders.observations(network.name)
    cycle = Cycle(network, accesses, path, folders.raw(network.name), now, deadline)
    if path.exists() and not site_limits.known(network, path):
        _learn(network, path, lambda _: None)
    told = live.refresh(cycle)
    _tidy(cycle)
    return Pulled(path, told, now=cycle.now)


def _learn(network: Network, path: Path, report: Report) -> None:
    """Learn what live sites can read from what is stored of them, if there is anything."""
    try:
        record = archive.load(path, network)
    except InvalidData:
        return
    learnt = site_limits.learn(network, path, record, this_moment())
    report(f"limits of {learnt} live sites learnt from {network.split.train}")


def _tidy(cycle: Cycle) -> None:
    """Remove old raw answers and halves of files, and pack days that no cycle reads any more."""
    try:
        raw.prune(cycle.raw)
        whole.sweep(cycle.store.parent)
        if cycle.store.exists():
            fold(cycle.store, cycle.now - UNREAD)
    except (OSError, MulgilError) as error:
        _LOG.warning("%s: tidying up must wait: %s", cycle.network.name, error)


def this_moment() -> np.datetime64:
    """Return the time now, UTC."""
    return np.datetime64(datetime.now(UTC).replace(tzinfo=None), "ns")


def open_network(name: str, folders: Folders, window: Window = WHOLE) -> tuple[Network, xr.Dataset]:
    """Return a network, with thresholds derived where nobody set any, and what it observed.

    Args:
        window: The part of the record that is wanted; thresholds come from all of it.

    Raises:
        UnknownNetwork: There is no such network.
        NothingThere: It has not been pulled yet.
    """
    known = find(name, folders)
    path = folders.observations(name)
    observations = archive.load(path, known, window)
    network = archive.as_pulled(known, observations)
    if window == WHOLE:
        return thresholds.derive(network, observations), observations
    return _with_thresholds(network, path), observations


def _with_thresholds(network: Network, path: Path) -> Network:
    """Return a network with the thresholds of its whole record, derived once and remembered."""
    name = "thresholds {}-{}".format(*network.split.train)
    facts = store.recall(path, name)
    if facts is None:
        derived = thresholds.derive(network, archive.load(path, network))
        own = {station.id for station in network.stations if station.thresholds}
        found = {s.id: s.thresholds for s in derived.stations if s.id not in own}
        facts = {station: asdict(each) for station, each in found.items() if each}
        store.remember(path, name, facts, this_moment())
    return network.with_thresholds({s: Thresholds(**each) for s, each in facts.items()})
