"""Make a network of one's own out of CSV files, or add more files to it.

A new network is made beside its place and moved there when it is whole; to one that is there, new
and revised readings are appended, and its `network.toml` stays as it is.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from data import archive, network_file, regular, store, thresholds, whole
from data.errors import SourceError
from data.network_file import STATIONS
from data.own import network as own_network
from data.own import prepared as own_prepared
from data.own import readings as own_readings
from data.own import record as own_record
from data.own import report as own_report
from data.own import stations as own_stations
from data.own.lines import Key
from data.own.network import Wishes
from data.own.prepared import Prepared
from data.own.readings import Progress
from data.own.record import Record
from data.own.report import Report
from data.own.rows import Form, Known, Part
from data.stations import Station
from data.storage import file as store_file
from data.storage import witness as store_witness
from data.store import Tally

STORE = "observations.sqlite"


@dataclass(frozen=True)
class Order:
    """What a person orders.

    Attributes:
        stations: The station table; None: the one that the network has.
        readings: A folder of CSV files, or one file.
        form: How the files are written.
        wishes: What the network is to be, where the defaults will not do.
        replace_stations: Another table may take the place of the network's.
        above_sea: Water levels are above the sea, not on the gauge.
    """

    stations: Path | None
    readings: Path
    form: Form
    wishes: Wishes = field(default_factory=Wishes)
    replace_stations: bool = False
    above_sea: bool = False

    @property
    def now(self) -> np.datetime64:
        """The time of the order, UTC."""
        return self.form.clock.now


@dataclass(frozen=True)
class _Table:
    """A station table as text, and what it says."""

    text: str
    stations: tuple[Station, ...]


def make(
    folder: Path, order: Order, dry: bool = False, report: Progress = lambda *_: None
) -> Report:
    """Make the network of a folder, or add to it; the name is the folder's.

    Args:
        dry: Do all of it, and keep nothing.

    Raises:
        SourceError: Something cannot be as it is; says where, what and the remedy.
        StoreUnavailable: The store cannot be written now.
    """
    own_network.check_name(folder.name)
    there = network_file.exists(folder)
    if there and order.wishes.named:
        raise SourceError(
            f"'{folder / network_file.NAME}' is there already, and "
            f"{', '.join(order.wishes.named)} would not change it.",
            "Edit that file, or take the folder away to begin anew.",
        )
    if not there and (folder / STORE).exists():
        raise SourceError(
            f"'{folder}' has observations, but no {network_file.NAME}.",
            "Take the folder away, or choose another name.",
        )
    if there and not dry:
        return _made(folder, order, report)
    with _beside(folder, keep=not dry) as work:
        made = _made(work, order, report)
    return replace(made, folder=str(folder), made=not there, dry=dry)


@contextmanager
def _beside(folder: Path, keep: bool) -> Iterator[Path]:
    """Yield a folder to work in, with what is in `folder`; it takes its place if all goes well."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".init-", dir=folder.parent) as scratch:
        work = Path(scratch) / folder.name
        work.mkdir()
        _copy(folder, work)
        yield work
        store_witness.leave()  # SQLite wants a file that is moved, or removed, to be closed
        if keep:
            _move(work, folder)


def _copy(folder: Path, work: Path) -> None:
    for name in (STATIONS, network_file.NAME):
        if (folder / name).exists():
            shutil.copy2(folder / name, work / name)
    if (folder / STORE).exists():
        store_file.copy(folder / STORE, work / STORE)


def _move(work: Path, folder: Path) -> None:
    """Move a network to its place; network.toml, which makes it one, comes last."""
    folder.mkdir(exist_ok=True)
    for name in (STORE, STATIONS, network_file.NAME):
        (work / name).replace(folder / name)
    whole.to_disk(folder)
    whole.to_disk(folder.parent)


def _made(work: Path, order: Order, report: Progress) -> Report:
    table, there = _table(work, order), network_file.exists(work)
    parts = _read(order, table, report)
    plan = own_network.of_network(network_file.read(work)) if there else None
    stations = table.stations
    ready = own_prepared.prepare(parts, stations, order.wishes, plan, order.above_sea)
    report(98, 100, "judging the whole record")
    records = own_record.judged(work / STORE, ready.lines, stations, ready.plan.split.train)
    whole.write(work / STATIONS, table.text.encode())
    tally = own_record.keep(work / STORE, records, order.now)
    _remember(work, ready, order.now)
    if not there:
        day = str(order.now)[:10]
        own_network.write(work, ready.plan, order.wishes, ready.caveats, day)
    report(99, 100, "looking at what was made")
    told = _told(work, ready, records, tally)
    return replace(
        told, files=tuple(parts), remarks=(*_read_how(parts, order, not there), *told.remarks)
    )


def _table(work: Path, order: Order) -> _Table:
    """Return the station table to use.

    Raises:
        SourceError: There is none, it cannot be right, or it would take another one's place.
    """
    here = work / STATIONS
    if order.stations is None and not here.exists():
        raise SourceError(
            f"'{work.name}' has no station table yet.",
            f"Give one: --stations stations.csv, with the columns {own_stations.MINIMAL}",
        )
    path = order.stations or here
    text = own_stations.fetch(path)
    stations = own_stations.parse(text, path.name)
    held = here.exists() and not order.replace_stations
    if held and not own_stations.same(text, own_stations.fetch(here)):
        raise SourceError(
            f"'{work.name}' has another station table than '{path}'.",
            "Leave --stations out, or let it take its place: --replace-stations",
        )
    return _Table(text, stations)


def _read(order: Order, table: _Table, report: Progress) -> list[Part]:
    ids = tuple(station.id for station in table.stations)
    known = Known(ids, table.stations[0].quantity)
    paths = own_readings.files(order.readings, order.stations)

    def told(done: int, total: int, message: str) -> None:
        report(95 * done // total, 100, message)

    return own_readings.read(paths, known, order.form, told)


def _remember(work: Path, ready: Prepared, now: np.datetime64) -> None:
    """Keep whose record it is, and what is assumed of the times of receipt."""
    facts = store.recall(work / STORE, archive.RECORD) or {}
    facts |= {"network": work.name}
    if any(line.assumed for line in ready.lines.values()):
        facts["received_time_assumption"] = regular.ASSUMED
    store.remember(work / STORE, archive.RECORD, facts, now)


def _told(work: Path, ready: Prepared, records: dict[Key, Record], tally: Tally) -> Report:
    network = network_file.read(work)
    observations = archive.load(work / STORE, network)
    found = own_report.series(ready.lines, records, observations)
    without = [
        f"'{station}' gets no thresholds, so its stage stays UNKNOWN: {why}. Give official ones "
        f"in {STATIONS} if there are any."
        for station, why in thresholds.reasons(network, observations).items()
    ]
    remarks = (*ready.remarks, *own_report.dropped(found, records), *without)
    return Report(network, str(work), (), found, tally, remarks, made=False, dry=False)


def _read_how(parts: list[Part], order: Order, new: bool) -> list[str]:
    """Return what was taken for granted."""
    told = []
    if not order.wishes.provenance and new:
        told.append("Nobody said who measured this: --provenance, or a line of network.toml.")
    if any(part.naive for part in parts):
        told.append(f"Times without an offset were read as {order.form.clock.zone}.")
    if any(part.whole_days for part in parts):
        told.append("Dates without a time were taken for whole days, known at the end of each.")
    return told
