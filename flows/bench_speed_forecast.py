"""How long a forecast of many gauges takes, the whole look-back run anew, and its memory."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from statistics import median
from time import perf_counter, process_time
from typing import Any, Final

import numpy as np
import xarray as xr

from data.errors import MulgilError
from data.network import Network
from data.schema import QUANTILES
from flows.bench_climate_growth import exponent
from flows.bench_climate_memory import above
from flows.bench_speed_rivers import checkpoint, issue_time, nation, record
from forecast.checkpoint import Checkpoint
from forecast.model import ModelConfig
from forecast.predict import CASES, look_back, predict
from forecast.threads import cores

Report = Callable[[int, int, str], None]
SIZES: Final = (223, 2_000, 20_000)  # gauges; the first is what the ministry forecasts
LONGEST = ModelConfig().last - 1  # an issue time whose windows are the longest
USUAL = LONGEST // 2
_FIXED_MB = 60.0  # what the libraries take when they first run


def measure(rounds: int, report: Report, sizes: tuple[int, ...] = SIZES) -> dict[str, Any]:
    """Return seconds by number of gauges, and the memory of the largest number."""
    worlds = {gauges: world(gauges) for gauges in sizes}
    times: dict[int, list[dict[str, float]]] = {gauges: [] for gauges in sizes}
    for number in range(rounds + 1):
        for gauges, (network, known, model) in worlds.items():
            report(number, rounds + 1, f"forecast {gauges} gauges")
            took = {
                name: _clocked(model, network, known, into)
                for name, into in (("longest", LONGEST), ("usual", USUAL))
            }
            flat = {f"{n}_{k}": v for n, each in took.items() for k, v in each.items()}
            times[gauges] += [flat] if number else []
    most = max(sizes)
    bound = bound_mb(worlds[most][2], most)
    inputs = worlds[most][2].model.inputs
    del worlds
    return {
        "seconds": times,
        "inputs": inputs,
        "peak_mb": _peak(most),
        "bound_mb": bound,
    }


def world(gauges: int) -> tuple[Network, xr.Dataset, Checkpoint]:
    """Return rivers, their record and a model."""
    network = nation(gauges)
    known = record(network)
    return network, known, checkpoint(network, known)


def _clocked(model: Checkpoint, network: Network, known: xr.Dataset, into: int) -> dict[str, float]:
    when = issue_time(known, network.step, into)
    wall, processor = perf_counter(), process_time()
    made = predict(model, network, known, when)
    wall, processor = perf_counter() - wall, process_time() - processor
    if not np.isfinite(made[network.quantity.value]).all():
        raise MulgilError("A gauge of the bench got no forecast: nothing was measured.")
    return {"wall_s": wall, "processor_s": processor}


def _peak(gauges: int) -> float:
    """Return the peak above what was there before [MB], in a process of its own."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        return pool.submit(peak_mb, gauges).result()


def peak_mb(gauges: int) -> float:
    """Return how far one forecast raises the memory [MB]; meant for a process of its own."""
    network, known, model = world(gauges)
    when = issue_time(known, network.step, LONGEST)
    return above(lambda: predict(model, network, known, when))


def bound_mb(model: Checkpoint, gauges: int) -> float:
    """Return what the memory of a forecast cannot exceed [MB].

    fixed + gauges x (2 tables of the look-back + 6 forecasts in double precision)
          + cores x 6 arrays of what the LSTM sees in one part
    """
    sizes = model.model
    steps = sizes.window + look_back(model)
    table = 4 * steps * (len(model.scaling.channels) + 2)
    told = 8 * sizes.horizon * len(QUANTILES)
    part = 4 * CASES * sizes.window * (sizes.inputs + sizes.embedding + sizes.hidden)
    return _FIXED_MB + (gauges * (2 * table + 6 * told) + cores() * 6 * part) / 1e6


def figures(found: dict[str, Any]) -> dict[str, float]:
    """Return the figures that stand for the whole."""
    middle = {
        gauges: {key: median(each[key] for each in rounds) for key in rounds[0]}
        for gauges, rounds in found["seconds"].items()
    }
    few, *_, between, many = sorted(middle)
    return {
        f"forecast_ms_{few}": 1e3 * middle[few]["longest_wall_s"],
        f"forecast_ms_{few}_usual": 1e3 * middle[few]["usual_wall_s"],
        f"forecast_s_{many}": middle[many]["longest_wall_s"],
        f"forecast_s_{many}_usual": middle[many]["usual_wall_s"],
        f"forecast_processor_ms_{few}": 1e3 * middle[few]["longest_processor_s"],
        f"forecast_processor_s_{many}": middle[many]["longest_processor_s"],
        "growth_exponent": exponent(
            (between, middle[between]["longest_processor_s"]),
            (many, middle[many]["longest_processor_s"]),
        ),
        f"peak_mb_{many}": found["peak_mb"],
        "peak_mb_formula": found["bound_mb"],
    }
