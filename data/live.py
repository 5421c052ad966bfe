"""Ask the providers of a live network for what is new; keep, understand, judge and store it.

Per variable the feeds are asked in their fall-back order: the next one only for the stations that
the ones before left without a reading of the wanted time. A provider that fails costs its own
readings and nothing else; what each did is told, never raised.
"""

import gc
import logging
from dataclasses import replace

import numpy as np

from data import feeds
from data.errors import MulgilError, SourceUnavailable
from data.feeds import Feed
from data.live_cycle import Cycle, Told
from data.live_rounds import last_times, rounds
from data.live_taking import take

_LOG = logging.getLogger("mulgil.live")

__all__ = ["Cycle", "Told", "refresh", "rounds"]


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
        return take(cycle, feed, rounds(cycle, feed, stations))
    except MulgilError as error:  # a provider, its answer, or its rows; the cycle goes on
        _LOG.warning("%s, %s: %s", feed.source, feed.variable, error)
        return Told(feed.source, feed.variable, "failed", str(error))


def _lacking(cycle: Cycle, feed: Feed, stations: list[str]) -> list[str]:
    """Return the stations of which no site has a reading of the wanted time, or a later one."""
    ids = list(dict.fromkeys(spot.id for station in stations for spot in feed.sites[station]))
    before = cycle.target - np.timedelta64(1, "ns")
    last = dict(zip(ids, last_times(cycle, feed, ids, before), strict=True))
    return [s for s in stations if max(last[o.id] for o in feed.sites[s]) < cycle.target]


def _late(did: Told, stations: list[str], target: np.datetime64) -> Told:
    if did.state != "ok" or not stations:
        return did
    many = f"{', '.join(stations[:3])}{' ..' if len(stations) > 3 else ''}"
    why = f"No reading of {str(target)[:16]}Z yet at {len(stations)} stations: {many}."
    return replace(did, state="late", why=f"{why} {did.why}".strip())
