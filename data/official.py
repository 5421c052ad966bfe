"""Thresholds and gauge zeros that an authority announces, out of a provider's list of sites."""

from dataclasses import replace
from math import isnan

from data.catalogue import LEVELS, Catalogue
from data.network import Network
from data.reading import Site
from data.stations import Station, Thresholds


def announced(network: Network, source: str, catalogue: Catalogue) -> Network:
    """Return `network` with what `source` announces of the stations that it measures.

    Only a station that one site of the source stands for, and that has no thresholds of its own
    table; thresholds that are not in order are none.
    """
    quantity = network.quantity.value
    sites = {
        station: spots[0].id
        for feed in network.feeds
        if feed.source == source and feed.variable == quantity
        for station, spots in feed.sites.items()
        if len(spots) == 1
    }
    stations = tuple(
        _announced(station, catalogue.get((quantity, sites.get(station.id, ""))))
        for station in network.stations
    )
    return replace(network, stations=stations)


def _announced(station: Station, site: Site | None) -> Station:
    if site is None:
        return station
    zero = site.gauge_zero if isnan(station.gauge_zero) else station.gauge_zero
    return replace(station, gauge_zero=zero, thresholds=station.thresholds or _thresholds(site))


def _thresholds(site: Site) -> Thresholds | None:
    levels = [getattr(site, name) for name in LEVELS]
    known = [level for level in levels if not isnan(level)]
    if not known or known != sorted(set(known)):
        return None
    method = f"announced by {site.agency or site.source} in its list of stations"
    attention, watch, warning, severe = levels
    return Thresholds(attention, watch, warning, severe, "official", method)
