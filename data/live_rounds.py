"""What a live cycle asks of a feed: what is new, and in turn what has gaps or may be revised."""

import numpy as np

from data import steps, store
from data.feeds import Feed
from data.live_cycle import Cycle
from data.reading import FORECAST_RAIN
from data.sources.asking import Spot, Wanted
from data.sources.connectors import CONNECTORS

GAPS = 150  # sites with a gap that are asked one by one in an hour: 50 s at HRFCO's pace
AGAIN = 2  # sites whose last hours are asked again, where the newest of all come in one answer
OVERLAP = np.timedelta64(6, "h")  # asked again each time: providers revise and deliver late
RECENT = np.timedelta64(12, "h")
REACH = np.timedelta64(14, "D")  # asked where nothing is stored yet, or after a long silence


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
    last = last_times(cycle, feed, [spot.id for spot in spots], cycle.now - REACH)
    newest = getattr(CONNECTORS[feed.source], "NEWEST", None)
    if newest is None or len(spots) < newest.stations:
        return [_since(cycle, feed, spots, last)]
    told = steps.ns(cycle.now - newest.reach)
    behind = [n for n, time in enumerate(last) if time < told]
    whole = [n for n, time in enumerate(last) if time >= told]
    gaps = max(1, int(GAPS * cycle.network.step / np.timedelta64(1, "h")))  # fewer, but oftener
    again = sorted({*_in_turn(behind, gaps, cycle), *_in_turn(whole, AGAIN, cycle)})
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


def last_times(
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
