"""How time and memory grow with the number of cells, worked on tile by tile."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from math import log
from statistics import median

import xarray as xr

from flows.bench_climate_clock import clock
from flows.bench_climate_memory import above
from flows.bench_climate_weather import lazy_field
from forecast.climate import rain
from forecast.climate.tiles import by_tile
from forecast.climate.years import years_of

SIDES = (100, 400)


def measure(
    report: Callable[[int, int, str], None], sides: tuple[int, int] = SIDES, years: int = 30
) -> dict[str, float]:
    """Return the growth exponent (1 = linear in cells), seconds and peak memory of two fields."""
    small, large = sides
    order = (small, large, small)
    spawn = multiprocessing.get_context("spawn")
    found = dict[int, list[tuple[float, float]]]()
    for done, side in enumerate(order):
        report(done, len(order), f"{side} x {side} cells, tile by tile")
        with ProcessPoolExecutor(1, mp_context=spawn) as pool:
            found.setdefault(side, []).append(pool.submit(run, side, years).result())
    seconds = {side: median(each[0] for each in found[side]) for side in sides}
    return {
        "exponent": exponent((small**2, seconds[small]), (large**2, seconds[large])),
        "small_cells": small**2,
        "large_cells": large**2,
        "small_s": seconds[small],
        "large_s": seconds[large],
        "small_mb": max(each[1] for each in found[small]),
        "large_mb": max(each[1] for each in found[large]),
        "large_input_mb": large**2 * years * 365.25 * 4 / 1e6,
    }


def exponent(small: tuple[float, float], large: tuple[float, float]) -> float:
    """Return how time grows with size: 1 is linear, 2 is squared; each (size, seconds)."""
    return log(large[1] / small[1]) / log(large[0] / small[0])


def run(side: int, years: int) -> tuple[float, float]:
    """Return seconds and peak memory [MB] of three indices of one field; for its own process."""
    by_tile(lazy_field("pr", 4, 1), work)
    daily, seconds = lazy_field("pr", side, years), list[float]()
    peak = above(lambda: seconds.append(clock(lambda: by_tile(daily, work))[0]))
    return seconds[0], peak


def work(tile: xr.Dataset) -> xr.Dataset:
    """Return Rx5day, CDD and PRCPTOT of one tile."""
    years, days = years_of(tile["time"]), tile["pr"].values
    made = {
        "Rx5day": rain.most_in_five_days(days, years),
        "CDD": rain.dry_spell(days, years),
        "PRCPTOT": rain.total(days, years),
    }
    return xr.Dataset({name: (("year", "lat", "lon"), x) for name, x in made.items()})
