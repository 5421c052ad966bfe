"""How long it takes to judge the last hours of very many sites."""

from dataclasses import replace

import numpy as np

from data import quality
from data.limits import GENERAL
from data.schema import Flag
from flows.bench_climate_clock import clock

SEED = 20260701
READINGS = 36  # six hours of 10 minutes
ROUNDS = 3


def seconds(sites: int) -> float:
    """Return the least seconds of a few rounds.

    One site in a hundred has a spike, one reading in a hundred is missing, and there are a
    hundred different limits; each site has four neighbours.
    """
    rng = np.random.default_rng(SEED)
    levels = (2 + np.cumsum(rng.normal(0, 0.02, (sites, READINGS)), axis=1)).round(2)
    levels[rng.random(levels.shape) < 1 / 100] = np.nan
    levels[::100, READINGS // 2] += 1.5
    told = np.where(np.isfinite(levels), Flag.GOOD, Flag.NOT_REPORTED).astype("int8")
    time = np.datetime64("2026-07-01", "ns") + np.arange(READINGS) * np.timedelta64(10, "m")
    limits = [replace(GENERAL["water_level"], jump=0.5 + n % 100 / 1000) for n in range(sites)]
    beside = (np.arange(sites)[:, None] + np.arange(1, 5)) % sites
    return min(
        clock(lambda: quality.judge(levels, told, time, limits, beside))[0] for _ in range(ROUNDS)
    )
