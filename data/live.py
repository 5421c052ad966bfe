"""Ask the providers of a live network for what is new; keep, understand, judge and store it.

Per variable the feeds are asked in their fall-back order: the next one only for the stations that
the ones before left without a reading of the wanted time. A provider that fails costs its own
readings and nothing else; what each did is told, never raised.
"""

import gc
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from data import feeds, judging, raw, steps, store
from data.beside import beside
from data.deadline import Deadline, Gate
from data.errors import MulgilError, SourceError, SourceUnavailable
from data.feeds import Feed
from data.network import Network
from data.reading import FORECAST_RAIN, NAT, Parsed
from data.sources.asking import Access, Answer, Spot, Wanted
from data.sources.connectors import CONNECTORS

GAPS = 150  # sites with a gap that are asked one by one in a cycle: 50 s at HRFCO's pace
AGAIN = 2  # sites whose last hours are asked again, where the newest of all come in one answer
OVERLAP = np.timedelta64(6, "h")  # asked again each time: providers revise and deliver late
RECENT = np.timedelta64(12, "h")
REACH = np.timedelta64(14, "D")  # asked where nothing is stored yet, or after a long silence
_LOG = logging.getLogger("mulgil.live")


@dataclass(frozen=True)
class Cycle:
    """One round of asking.

    Attributes:
        accesses: By source; a source without one is not asked.
        store: The file of the network's readings.
        raw: The folder of answers as they came.
        now: UTC; readings of the last grid time before it are wanted.
        deadline: Who has not answered by then is left behind; None: all are waited for.
        gate: What comes after it has closed is kept as it came, and not stored.
    """

    network: Network
    accesses: Mapping[str, Access]
    store: Path
    raw: Path
    now: np.datetime64
    deadline: Deadline | None = None
    gate: Gate = field(default_factory=Gate)

    @property
    def target(self) -> np.datetime64:
        """The last grid time at or before now: the issue time of a forecast made now."""
        return steps.last(self.now, self.network.step)


@dataclass(frozen=True)
class Told:
    """What one feed did in one cycle.

    Attributes:
        state: `ok`; `late`: it answered, but some station lacks the wanted time; `failed`: nothing
            that can be used; `not set up`: no access to it was given.
        why: One sentence; "" where all is well.
        newest: Of the readings with a value; NaT if there is none.
        replayed: What the server says that it replays or simulates; "" from the real provider.
        complaints: A sentence for each row that could not be used.
    """

    source: str
    variable: str
    state: str
    why: str = ""
    new: int = 0
    revised: int = 0
    newest: np.datetime64 = NAT
    replayed: str = ""
    complaints: tuple[str, ...] = ()

    def __str__(self) -> str:
        reached = "" if np.isnat(self.newest) else f"newest {str(self.newest)[:16]}Z"
        counts = f"{self.new:,} new, {self.revised:,} revised" if reached else ""
        parts = (self.state, reached, counts, self.replayed, self.why)
        return " · ".join(part for part in parts if part)


def refresh(cycle: Cycle) -> list[Told]:
    """Ask for everything that is new; return what each feed did, in the order of asking."""
    told: list[Told] = []
    for variable in feeds.variables(cycle.network.feeds):
        lacking = list(cycle.network.ids)
        for feed in feeds.of(cycle.network.feeds, variable):
            asked = [station for station in lacking if feed.sites.get(station)]
            if asked:
                did = _ask_in_time(cycle, feed, asked)
                late = _lacking(cycle, feed, asked)
                told.append(_late(did, late, cycle.target))
                served = set(asked) - set(late)
                lacking = [station for station in lacking if station not in served]
    if any(each.state == "failed" for each in told):
        gc.collect()  # refused answers, held by errors that hold each other: 300 MB in a cycle
    return told


def _ask_in_time(cycle: Cycle, feed: Feed, stations: list[str]) -> Told:
    if cycle.deadline is None:
        return _ask(cycle, feed, stations)
    try:
        return cycle.deadline.wait_for(
            feed.source, lambda gate: _ask(replace(cycle, gate=gate), feed, stations)
        )
    except SourceUnavailable as error:
        _LOG.warning("%s, %s: %s", feed.source, feed.variable, error)
        return Told(feed.source, feed.variable, "failed", str(error))


def _ask(cycle: Cycle, feed: Feed, stations: list[str]) -> Told:
    if feed.source not in cycle.accesses:
        setting = f"MULGIL_{feed.source.upper()}_KEY"
        return Told(feed.source, feed.variable, "not set up", f"Set {setting} to use it.")
    try:
        return _take(cycle, feed, rounds(cycle, feed, stations))
    except MulgilError as error:  # a provider, its answer, or its rows; the cycle goes on
        _LOG.warning("%s, %s: %s", feed.source, feed.variable, error)
        return Told(feed.source, feed.variable, "failed", str(error))


def rounds(cycle: Cycle, feed: Feed, stations: list[str]) -> list[Wanted]:
    """Return what is asked of a feed: from the oldest last reading on, and an overlap before it.

    Where a provider tells the newest of all sites in one answer and many are wanted, that is asked
    first; then, some in each cycle and in turn, sites with a gap before it, and sites whose last
    hours may have been revised. Forecasts are asked from now on.
    """
    spots = feed.spots(stations)
    if feed.variable == FORECAST_RAIN:
        horizon = cycle.network.horizon * cycle.network.step
        return [Wanted(feed.variable, spots, cycle.target, cycle.target + horizon)]
    last = _last_times(cycle, feed, [spot.id for spot in spots], cycle.now - REACH)
    newest = getattr(CONNECTORS[feed.source], "NEWEST", None)
    if newest is None or len(spots) < newest.stations:
        return [_since(cycle, feed, spots, last)]
    told = steps.ns(cycle.now - newest.reach)
    behind = [n for n, time in enumerate(last) if time < told]
    whole = [n for n, time in enumerate(last) if time >= told]
    again = sorted({*_in_turn(behind, GAPS, cycle), *_in_turn(whole, AGAIN, cycle)})
    first = Wanted(feed.variable, spots, told, steps.ns(cycle.now))
    some = tuple(spots[n] for n in again)
    return [first, _since(cycle, feed, some, [last[n] for n in again])] if some else [first]


def _since(cycle: Cycle, feed: Feed, spots: tuple[Spot, ...], last: list[np.datetime64]) -> Wanted:
    since = max(cycle.now - REACH, min(last) - OVERLAP)
    return Wanted(feed.variable, spots, steps.ns(since), steps.ns(cycle.now))


def _in_turn(places: list[int], most: int, cycle: Cycle) -> list[int]:
    """Return up to so many, others in each cycle, until all had their turn."""
    if len(places) <= most:
        return places
    number = int(
        cycle.target.astype("datetime64[s]").astype(int)
        // (cycle.network.step // np.timedelta64(1, "s"))
    )
    start = number * most % len(places)
    return (places + places)[start : start + most]


def _last_times(
    cycle: Cycle, feed: Feed, sites: list[str], since: np.datetime64
) -> list[np.datetime64]:
    """Return the time of each site's last value; `since` where there is none after it.

    The last hours are looked at first: mostly all is found there, in a small part of the store.
    """
    soon = max(since, steps.ns(cycle.now - RECENT))
    found = _last_since(cycle, feed, sites, soon)
    rest = [site for site in sites if site not in found] if since < soon else []
    found |= _last_since(cycle, feed, rest, since)
    return [found.get(site, since) for site in sites]


def _last_since(
    cycle: Cycle, feed: Feed, sites: list[str], since: np.datetime64
) -> dict[str, np.datetime64]:
    """Return the time of the last value of each site that has one after a time."""
    if not sites or not cycle.store.exists():
        return {}
    read = store.read(cycle.store, store.Wanted(feed.source, feed.variable, sites, since))
    seen = np.isfinite(read["value"].transpose("site", "time").values)
    there = seen.any(axis=1)
    if not there.any():
        return {}
    last = read.time.values[seen.shape[1] - 1 - seen[:, ::-1].argmax(axis=1)]
    return {str(s): t for s, t, has in zip(read.site.values, last, there, strict=True) if has}


def _take(cycle: Cycle, feed: Feed, asked: list[Wanted]) -> Told:
    """Fetch, keep, parse, judge and store, answer by answer: what came before a failure counts."""
    parsed: list[Parsed] = []
    failures: list[SourceError] = []
    sums = Told(feed.source, feed.variable, "ok")
    near = beside(cycle.network, feed)
    for wanted, answer in _all_answers(cycle, feed, asked, failures):
        raw.keep(cycle.raw, answer)
        try:
            rows = CONNECTORS[feed.source].parse(answer, wanted)
        except SourceError as error:
            failures.append(error)
            continue
        with cycle.gate.passing():
            tally = judging.judged(cycle.store, feed.source, rows.readings, answer, near)
        parsed.append(rows)
        sums = replace(
            sums,
            new=sums.new + tally.new,
            revised=sums.revised + tally.revised,
            replayed=sums.replayed or answer.replayed,
        )
    return _told(feed, parsed, failures, sums)


def _all_answers(
    cycle: Cycle, feed: Feed, asked: list[Wanted], failures: list[SourceError]
) -> Iterator[tuple[Wanted, Answer]]:
    """Yield answers, round by round; a provider that does not answer is not asked for more."""
    for wanted in asked:
        for answer in _answers(cycle.accesses[feed.source], feed, wanted, failures):
            yield wanted, answer
        if any(isinstance(failure, SourceUnavailable) for failure in failures):
            return


def _answers(
    access: Access, feed: Feed, wanted: Wanted, failures: list[SourceError]
) -> Iterator[Answer]:
    """Yield answers; where one site is refused, the others are asked one by one."""
    connector = CONNECTORS[feed.source]
    one_by_one: tuple[Spot, ...] = ()
    try:
        yield from connector.ask(access, wanted)
    except SourceUnavailable as error:  # the others would wait for the same dead server
        failures.append(error)
    except SourceError as error:
        failures.append(error)
        one_by_one = wanted.spots if len(wanted.spots) > 1 else ()
    for spot in one_by_one:
        yield from _answers(access, feed, replace(wanted, spots=(spot,)), failures)


def _told(feed: Feed, parsed: list[Parsed], failures: list[SourceError], sums: Told) -> Told:
    times = [r.time for rows in parsed for r in rows.readings if np.isfinite(r.value)]
    complaints = [*map(str, failures), *(c for rows in parsed for c in rows.complaints)]
    if not times:
        why = complaints[0] if complaints else f"It gave no {feed.variable} of the wanted sites."
        return replace(sums, state="failed", why=why, complaints=tuple(complaints))
    why = complaints[0] if complaints else ""
    return replace(sums, why=why, newest=max(times), complaints=tuple(complaints))


def _lacking(cycle: Cycle, feed: Feed, stations: list[str]) -> list[str]:
    """Return the stations of which no site has a reading of the wanted time, or a later one."""
    ids = list(dict.fromkeys(spot.id for station in stations for spot in feed.sites[station]))
    before = cycle.target - np.timedelta64(1, "ns")
    last = dict(zip(ids, _last_times(cycle, feed, ids, before), strict=True))
    return [s for s in stations if max(last[o.id] for o in feed.sites[s]) < cycle.target]


def _late(did: Told, stations: list[str], target: np.datetime64) -> Told:
    if did.state != "ok" or not stations:
        return did
    many = f"{', '.join(stations[:3])}{' ..' if len(stations) > 3 else ''}"
    why = f"No reading of {str(target)[:16]}Z yet at {len(stations)} stations: {many}."
    return replace(did, state="late", why=f"{why} {did.why}".strip())
