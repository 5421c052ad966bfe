"""The simulated rivers of the bench of faults: who measures what there, and what is true.

Three gauges; it rains at all of them all the time, so that a made-up zero is seen. Every provider
rounds in its own way: a value within half of its last digit is right.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from data.climate.stations import read_stations
from data.feeds import Feed
from data.network import Network
from data.reading import FORECAST_RAIN
from data.sources import simulated
from data.sources.asking import Spot
from flows.replay.world import World
from flows.replay.worlds import simulate

MINUTE = np.timedelta64(1, "m")
TEN, QUARTER, HOUR = 10 * MINUTE, 15 * MINUTE, 60 * MINUTE
FIRST = np.datetime64("2026-07-20T03:12", "ns")  # the clean cycle before
MOMENTS = (FIRST, FIRST + HOUR, FIRST + 2 * HOUR)  # .. the faulty one, and the clean one after it
KMA = {"S1": "202", "S2": "203", "S3": "108"}  # synoptic stations that stand for the gauges
FLOAT = 1e-4  # of the store


@dataclass(frozen=True)
class Told:
    """One variable of a provider.

    Attributes:
        rounding: Half of the last digit that it writes [SI].
        span: Of rain, how long it is summed; None: an instantaneous value.
    """

    rounding: float
    span: np.timedelta64 | None = None


FOOT = Told(0.005 * 0.3048)
OBSERVED: dict[str, dict[str, Told]] = {
    "hrfco": {"water_level": Told(0.005), "rainfall": Told(0.05, TEN)},
    "kma_hub": {"rainfall": Told(0.05, HOUR)},
    "kma_forecast": {"rainfall": Told(0.05, HOUR)},
    "usgs": {"water_level": FOOT, "rainfall": Told(0.127, QUARTER)},
    "nwps": {"water_level": FOOT},
    "environment_agency": {"water_level": Told(0.0005), "rainfall": Told(0.0005, QUARTER)},
    "open_meteo": {"rainfall": Told(0.005, HOUR)},
}
AHEAD = ("kma_forecast", "open_meteo")  # they forecast rain, too


def world(now: np.datetime64 = FIRST, seed: int = 0) -> World:
    """Return the truth: rivers as always simulated, with 1 to 4 mm more rain in every hour."""
    made = simulate(simulated.network(), now, seed)
    rain = made.values["rainfall"]
    more = np.random.default_rng(seed).uniform(1.0, 4.0, rain.shape)
    return replace(made, values={**made.values, "rainfall": rain + more})


def network(source: str) -> Network:
    """Return three gauges with the feeds of one provider; levels of HRFCO where it has none."""
    still = simulated.network()
    sites = spots(source)
    variables = [*OBSERVED[source], *([FORECAST_RAIN] if source in AHEAD else [])]
    feeds = [Feed(source, variable, sites) for variable in variables]
    if "water_level" not in variables:
        feeds.insert(0, Feed("hrfco", "water_level", spots("hrfco")))
    return replace(still, live=True, feeds=tuple(feeds), delay=12 * MINUTE)


def spots(source: str) -> Mapping[str, tuple[Spot, ...]]:
    """Return the provider's site of each gauge."""
    known = {station.id: station for station in read_stations()}
    found = {}
    for station in simulated.network().stations:
        place = known[KMA[station.id]] if source == "kma_hub" else station
        found[station.id] = (Spot(place.id, place.latitude, place.longitude),)
    return found


def truth(
    true: World, source: str, variable: str, sites: list[str], times: np.ndarray
) -> np.ndarray:
    """Return what is true at a provider's sites [SI], dims (site, time)."""
    places = {spot.id: spot for here in spots(source).values() for spot in here}
    nearest = [true.nearest(places[s].latitude, places[s].longitude) for s in sites]
    span = OBSERVED[source][variable].span
    if span is None:
        return true.read(variable, np.array(nearest), times)
    return true.fell(np.array(nearest), times, span)
