"""A simulated river: storms, rainfall-runoff storage and routing. It is no real river, and says so.

Made for tests and demonstrations; every dataset it makes carries `simulated: true`.
"""

import numpy as np
import xarray as xr

from data.network import Network, Split
from data.schema import Flag
from data.stations import Quantity, Station, Thresholds

HOUR = np.timedelta64(1, "h")
_CAVEAT_KO = "모의 자료입니다. 실제 하천이 아닙니다."
_CAVEAT_EN = "SIMULATED data. This is not a real river."


def network(gauges: int = 3, horizon: int = 24) -> Network:
    """Return a chain of simulated gauges, `S1` at the top; stages at 2, 3, 4 and 5 m."""
    stations = tuple(_station(number) for number in range(1, gauges + 1))
    return Network(
        name="simulated",
        title_ko="모의 하천",
        title_en="Simulated river",
        quantity=Quantity.WATER_LEVEL,
        step=HOUR,
        horizon=horizon,
        stations=stations,
        split=Split((2018, 2018), (2019, 2019), (2020, 2020)),
        source="simulated",
        provenance="Simulated by Mulgil (linear reservoirs, seeded); nothing was measured.",
        caveat_ko=_CAVEAT_KO,
        caveat_en=_CAVEAT_EN,
        simulated=True,
    )


def observe(river: Network, hours: int, start: str = "2018-06-01", seed: int = 0) -> xr.Dataset:
    """Simulate what the gauges of `river` would have reported.

    Args:
        hours: Length of the record [h], from `start` (UTC) on.

    Returns:
        `data.schema.observations`: water_level [m], rainfall [mm in the hour], no gaps.
    """
    rng = np.random.default_rng(seed)
    rain = _storms(rng, hours)
    levels, water = [], rain
    for _ in river.stations:
        water = _reservoir(water, hours=6.0)
        levels.append(0.5 + 0.8 * np.sqrt(water) + rng.normal(0, 0.005, hours))
    return _dataset(river, np.array(levels), rain, start)


def _station(number: int) -> Station:
    return Station(
        id=f"S{number}",
        name_ko=f"모의 {number}",
        name_en=f"Simulated {number}",
        river_ko="모의강",
        river_en="Simulated River",
        latitude=37.5 - 0.05 * number,
        longitude=127.5 - 0.1 * number,
        gauge_zero=0.0,
        quantity=Quantity.WATER_LEVEL,
        upstream=(f"S{number - 1}",) if number > 1 else (),
        thresholds=Thresholds(
            2.0, 3.0, 4.0, 5.0, "derived", "simulated gauge: fixed at 2, 3, 4, 5 m"
        ),
    )


def _storms(rng: np.random.Generator, hours: int) -> np.ndarray:
    """Return rain [mm/h]: a storm every four days or so, 6 to 30 hours long."""
    rain = np.zeros(hours)
    for _ in range(max(1, hours // 96)):
        start, length = rng.integers(0, hours), rng.integers(6, 30)
        rain[start : start + length] += rng.gamma(1.2, 6.0)
    return rain * rng.gamma(4.0, 0.25, hours)


def _reservoir(inflow: np.ndarray, hours: float) -> np.ndarray:
    """Route through a linear reservoir, outflow = storage / `hours`."""
    storage, outflow = 0.0, np.empty_like(inflow)
    for step, entering in enumerate(inflow):
        storage += entering
        outflow[step] = storage / hours
        storage -= outflow[step]
    return outflow


def _dataset(river: Network, levels: np.ndarray, rain: np.ndarray, start: str) -> xr.Dataset:
    time = np.datetime64(start, "ns") + np.arange(len(rain)) * HOUR
    dims = ("station", "time")
    every_station = np.repeat(rain[None].astype("float32"), len(river.ids), axis=0)
    good = np.full(levels.shape, int(Flag.GOOD), dtype="int8")
    return xr.Dataset(
        {
            "water_level": (dims, levels.astype("float32"), {"units": "m"}),
            "rainfall": (dims, every_station, {"units": "mm"}),
            "water_level_flag": (dims, good),
            "rainfall_flag": (dims, good),
            "received_time": (dims, np.repeat(time[None], len(river.ids), axis=0)),
        },
        coords={"station": river.ids, "time": time},
        attrs={
            "network": river.name,
            "source": river.source,
            "provenance": river.provenance,
            "caveat_en": river.caveat_en,
            "simulated": "true",
            "received_time_assumption": "each value is known at the end of its own hour",
        },
    )
