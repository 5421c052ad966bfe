"""The bench of the climate map: speed and memory beside the libraries that do the same.

FIGURES
    index_ratio_median   xclim's seconds (in memory) / ours (in threads), median over the indices
    index_memory_ratio   our peak memory above the input / xclim's, median over the indices
    zonal_ratio          exactextract's seconds, asked band by band, / ours with the weights' time
    observed_layers_s    seconds for all layers of the observed record
    growth_exponent      of time with the number of cells, 1 = linear
DETAIL: every index, both ways to ask exactextract, sizes, versions; see `bench_climate_*`.
"""

import os
import platform
from collections.abc import Callable
from importlib.metadata import version
from statistics import median
from typing import Any

from data.climate import observed
from flows import bench_climate_growth as growth
from flows import bench_climate_indices as indices
from flows import bench_climate_zonal as zonal
from flows.bench_climate_clock import clock
from flows.bench_climate_pairs import PAIRS, rival
from flows.bench_climate_weather import SEED
from forecast.climate.at_once import threads
from forecast.climate.indices import annual

Report = Callable[[int, int, str], None]
_RIVALS = {"xclim": "xclim<1.0", "exactextract": "exactextract>=0.3"}
_PACKAGES = ("numpy", "scipy", "xarray", "xclim", "exactextract", "geopandas", "shapely")
_ROUNDS = 3
_BASE = (1991, 2020)


def run(report: Report | None = None) -> dict[str, Any]:
    """Measure everything in one run of some eight minutes.

    Returns:
        {"figures": .., "detail": ..}, see the module.

    Raises:
        MulgilError: xclim or exactextract is not installed.
    """
    tell = report or _silent
    for module, requirement in _RIVALS.items():
        rival(module, requirement)
    rows = indices.measure(list(PAIRS), _ROUNDS, None, tell)
    detail = {
        "indices": rows,
        "index_memory_ratio_worst": max(row["memory_ratio"] for row in rows.values()),
        "zonal": zonal.measure(zonal.districts(), tell),
        "growth": growth.measure(tell),
        "observed_layers_s": observed_layers_seconds(),
        "machine": machine(),
    }
    return {"figures": figures(detail), "detail": detail}


def figures(detail: dict[str, Any]) -> dict[str, float]:
    """Return the figures that stand for the whole."""
    rows = detail["indices"].values()
    return {
        "index_ratio_median": median(row["ratio"] for row in rows),
        "index_memory_ratio": median(row["memory_ratio"] for row in rows),
        "zonal_ratio": detail["zonal"]["per_band_ratio"],
        "observed_layers_s": detail["observed_layers_s"],
        "growth_exponent": detail["growth"]["exponent"],
    }


def observed_layers_seconds() -> float:
    """Return the seconds of all annual indices of the observed record; reading is not in it."""
    record = observed.read()
    return clock(lambda: annual(record, _BASE))[0]


def machine() -> dict[str, Any]:
    """Return what the figures depend on: processors, versions and the seed."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "threads": threads(),
        "seed": SEED,
        **{name: version(name) for name in _PACKAGES},
    }


def _silent(done: int, total: int, message: str) -> None:
    """Tell nobody."""
