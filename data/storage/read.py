"""Read the store as a grid of sites and times: the newest revision, or as known at a time."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import xarray as xr

from data.errors import InvalidData
from data.reading import UNITS
from data.schema import Flag
from data.storage.blocks import EVER, Key, find, find_times
from data.storage.pack import Array
from data.storage.series import Name, known_source, replays, roster

NAT: Final = np.iinfo("int64").min


@dataclass(frozen=True)
class Wanted:
    """What is read.

    Attributes:
        variable: One of `data.reading.UNITS`.
        sites: In the order of the answer; None: all that ever reported it.
        since: The first time, included; None: from the beginning.
        until: The last time, included.
        known_at: Only what had been received by then, included; None: the newest revision.
        datums: By site, which of several datums its levels are wanted from.
    """

    source: str
    variable: str
    sites: Sequence[str] | None = None
    since: np.datetime64 | None = None
    until: np.datetime64 | None = None
    known_at: np.datetime64 | None = None
    datums: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Lines:
    """Which row of the grid each series goes to.

    Attributes:
        sites: The sites of the rows.
        datums: What the levels of each row are measured from; "" where unknown or ambiguous.
        row: By the number of a series, its row, -1 for none.
        ambiguous: A sentence per site that has several datums, none of them chosen.
    """

    sites: list[str]
    datums: list[str]
    row: Array
    ambiguous: list[str]


def grid(db: sqlite3.Connection, wanted: Wanted) -> xr.Dataset:
    """Return value, flag and received_time by (site, time); see `data.store.read`."""
    source = known_source(db, wanted.source)
    lines = _lines(roster(db, source, wanted.variable).pairs(), wanted)
    series = lines.row >= 0
    asked = Key(source, wanted.variable, _span(wanted), None if series.all() else series)
    times = find_times(db, asked)
    known_at = EVER[1] if wanted.known_at is None else _ns(wanted.known_at)
    filled = _fill(db, asked, lines, times, known_at)
    found = _dataset(filled, lines, times, wanted)
    return found.assign_attrs(replayed=replays(db, source))


def _span(wanted: Wanted) -> tuple[int, int]:
    since = EVER[0] if wanted.since is None else _ns(wanted.since)
    return since, EVER[1] if wanted.until is None else _ns(wanted.until)


def _ns(time: np.datetime64) -> int:
    return int(time.astype("datetime64[ns]").astype("int64"))


def _lines(names: list[Name], wanted: Wanted) -> Lines:
    """Choose the series of each site; levels from different datums are never mixed."""
    sites = list(dict.fromkeys(site for site, _ in names))
    sites = sites if wanted.sites is None else list(wanted.sites)
    if len(set(sites)) < len(sites):
        raise InvalidData(f"Sites are asked for twice: {sites}.", "Name each site once.")
    datums = dict[str, set[str]]((site, set()) for site in sites)
    for site, datum in names:
        datums.get(site, set()).add(datum)
    chosen = {s: wanted.datums.get(s) or _only(found) for s, found in datums.items()}
    place = {site: row for row, site in enumerate(sites)}
    row = np.full(len(names), -1)
    for number, (site, datum) in enumerate(names):
        alone = len(datums.get(site, set()) - {""}) < 2  # then unsaid means the same
        if datum == chosen.get(site) or (datum == "" and alone and site in place):
            row[number] = place[site]
    ambiguous = [
        f"{site}: {', '.join(sorted(datums[site] - {''}))}"
        for site, datum in chosen.items()
        if datum is None
    ]
    return Lines(sites, [chosen[site] or "" for site in sites], row, ambiguous)


def _only(datums: set[str]) -> str | None:
    """Return the one datum that is named, "" if none is, None if several are."""
    stated = datums - {""}
    return None if len(stated) > 1 else next(iter(stated), "")


def _fill(
    db: sqlite3.Connection, asked: Key, lines: Lines, times: Array, known_at: int
) -> tuple[Array, Array, Array]:
    """Return value, flag and received by (time, site); what was received later wins."""
    width = len(lines.sites)
    value = np.full(len(times) * width, np.nan, "float32")
    flag = np.full(len(times) * width, int(Flag.NOT_REPORTED), "int8")
    received = np.full(len(times) * width, NAT)
    for block in find(db, asked):
        rows = block.rows
        at = _places(times, rows.times) * width + lines.row[rows.series]
        newer = (rows.received <= known_at) & (rows.received >= received[at])
        if not newer.all():
            rows, at = rows.pick(newer), at[newer]
        value[at], flag[at], received[at] = rows.vals, rows.flags, rows.received
    shape = (len(times), width)
    return value.reshape(shape), flag.reshape(shape), received.reshape(shape)


def _places(times: Array, wanted: Array) -> Array:
    """Return where each wanted time stands; a cycle has but one."""
    if len(wanted) and (wanted == wanted[0]).all():
        wanted = wanted[:1]
    return np.asarray(times.searchsorted(wanted))


def _dataset(
    filled: tuple[Array, Array, Array], lines: Lines, times: Array, wanted: Wanted
) -> xr.Dataset:
    value, flag, received = filled
    seen = (received != NAT).any(axis=1)  # a time of which nothing was known is no time
    if not seen.all():
        value, flag, received, times = value[seen], flag[seen], received[seen], times[seen]
    dims = ("time", "site")
    found = xr.Dataset(
        {
            "value": (dims, value, {"units": UNITS[wanted.variable]}),
            "flag": (dims, flag),
            "received_time": (dims, received.view("datetime64[ns]")),
        },
        coords={
            "site": np.array(lines.sites, dtype=object),
            "time": times.view("datetime64[ns]"),
            "datum": ("site", np.array(lines.datums, dtype=object)),
        },
        attrs={"source": wanted.source, "variable": wanted.variable}
        | ({"ambiguous_datum": "; ".join(lines.ambiguous)} if lines.ambiguous else {}),
    )
    return found.transpose("site", "time")
