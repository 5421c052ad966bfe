"""What live readings of a network's sites can be, learnt from the network's own record."""

from pathlib import Path

import numpy as np
import xarray as xr

from data import judging
from data.feeds import Feed
from data.limits import GENERAL, Limits
from data.network import Network
from data.record_limits import limits_of_record

LEARNT = set(GENERAL) - {"rainfall"}  # no short record knows its extremes


def learn(network: Network, path: Path, observations: xr.Dataset, now: np.datetime64) -> int:
    """Learn and remember the limits of every site that alone stands for its station.

    Args:
        observations: The record, `data.schema.observations`; only its training years are used.

    Returns:
        How many sites have limits of their own now.
    """
    first, last = network.split.train
    year = observations.time.dt.year
    record = observations.sel(time=(year >= first) & (year <= last))
    learnt = 0
    for feed in network.feeds:
        if feed.variable in LEARNT and feed.variable in record:
            limits = _of_feed(network, feed, record) if record.sizes["time"] else {}
            judging.remember_limits(path, feed.source, feed.variable, limits, now)
            learnt += len(limits)
    return learnt


def known(network: Network, path: Path) -> bool:
    """Whether limits were learnt before, be it of no site."""
    feeds = [feed for feed in network.feeds if feed.variable in LEARNT]
    return not feeds or any(judging.has_learnt(path, f.source, f.variable) for f in feeds)


def _of_feed(network: Network, feed: Feed, record: xr.Dataset) -> dict[str, Limits]:
    alone = {s: feed.sites[s][0].id for s in network.ids if len(feed.sites.get(s, ())) == 1}
    sites = {site: station for station, site in alone.items()}
    values = record[feed.variable]
    return {
        site: limits_of_record(
            values.sel(station=station).values, record.time.values, feed.variable
        )
        for site, station in sites.items()
    }
