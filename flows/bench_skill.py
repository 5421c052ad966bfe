"""The bench of skill: what is operational beside every baseline on a real river, in one run.

FIGURES (mean over gauges; L = lead 1, 3, 6, 12, 24 h; at ten-minute steps 10 and 30 min, 1, 2, 4,
6 h; several seeds: their mean)
    ps_M_Lh, ps_flood_M_Lh   persistence skill of model M, in all hours and in flood hours
    rmse_ratio_Lh            RMSE of the operational forecast / of the best baseline at that lead
    rmse_ratio_flood_Lh      the same in flood hours
    coverage90_Lh            share of the observed within the operational 90 % interval
    coverage90_flood_Lh      the same in flood hours
    crps_ratio_Lh            CRPS of the operational forecast / of quantile LightGBM
    ps_known_future_24h      persistence skill of `forecast.planned`, told the true release and rain
RAW: every score by model, gauge and lead; the spread between seeds; how much the intervals hold as
they were learnt, before they adapt; what a missing gauge costs (the last seed's model); how
reliable chances of a flood are (the first seed's); seconds of each model.
A flood hour lies above the 95th percentile of the training years. The test years choose nothing;
intervals adapt in them to the days before each issue, as they do in service (`forecast.adapting`).
"""

import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
import xarray as xr

from data import archive, networks, thresholds
from data import pull as source
from data.errors import MulgilError
from data.network import Network, Split, Years
from flows import bench_skill_adapting, bench_skill_gaps
from flows.bench_skill_figures import figures, label, spread
from flows.training import operational
from flows.verifying import LEADS, issue_times
from forecast import baselines, planned, reliability
from forecast.accompanying import alone
from forecast.checkpoint import Checkpoint
from forecast.plan import PLANNED
from forecast.predict import predict
from forecast.train import TrainConfig, companions, train
from forecast.verify import compare, mean_over_stations, score, to_table

HOUR = np.timedelta64(1, "h")
Report = Callable[[int, int, str], None]
HOURLY, TEN_MINUTES = "han-river", "han-river-10min"
BASELINES = ("persistence", "tide", "ridge", "lightgbm", "lightgbm_quantile")
_PACKAGES = ("numpy", "torch", "lightgbm", "xarray", "scores")


def split(train: str, validate: str, test: str) -> Split:
    """Return a split from three periods such as `2012-2018` or `2019`.

    Raises:
        MulgilError: One is no period, or two of them overlap.
    """
    periods = [_years(text) for text in (train, validate, test)]
    for (_, last), (first, _) in zip(sorted(periods), sorted(periods)[1:], strict=False):
        if first <= last:
            raise MulgilError(
                f"The years {train}, {validate} and {test} overlap in {first}.",
                "A year is learnt from, chosen on, or judged by.",
            )
    return Split(*periods)


def _years(text: str) -> Years:
    first, _, last = text.partition("-")
    if not (first.isdecimal() and (last or first).isdecimal() and int(first) <= int(last or first)):
        raise MulgilError(f"'{text}' is no period.", "Write 2019, or 2012-2018.")
    return int(first), int(last or first)


def run(
    folder: Path,
    split: Split,
    seeds: Sequence[int],
    report: Report | None = None,
    name: str = HOURLY,
) -> dict[str, Any]:
    """Train, fit and judge everything in one process.

    Args:
        folder: `water_data/` and `rf_data/` in it, see `data.sources.csv_folder`.
        name: `HOURLY` or `TEN_MINUTES`.
        seeds: Of the LSTM; the figures are the mean over them.

    Returns:
        {"figures", "settings", "machine", "raw"}, see the module.
    """
    network, observations = read(folder, split, name)
    return measure(network, observations, seeds, operational(), report or _silent)


def read(folder: Path, split: Split, name: str = HOURLY) -> tuple[Network, xr.Dataset]:
    """Return the network of the reference task and its record."""
    network = replace(networks.find(name), split=split)
    observations = source.pull(network, folder)
    known = archive.as_pulled(network, observations)
    return thresholds.derive(known, observations), observations


def measure(
    network: Network,
    observations: xr.Dataset,
    seeds: Sequence[int],
    config: TrainConfig,
    report: Report,
) -> dict[str, Any]:
    """Judge every model on the same pairs of the test years."""
    times = issue_times(network, observations, network.split.test)
    leads = leads_of(network)
    made, seconds = dict[str, xr.Dataset](), dict[str, dict[str, float]]()
    total = len(BASELINES) + 1 + len(seeds)
    for done, name in enumerate(BASELINES):
        report(done, total, name)
        start = perf_counter(), process_time()
        fitted = baselines.fit(name, network, observations, leads)
        made[name] = baselines.predict(fitted, network, observations, times)
        seconds[name] = _since(*start)
    models, as_learnt = list[Checkpoint](), dict[str, dict[str, float]]()
    report(len(BASELINES), total, "companion")
    start = perf_counter(), process_time()
    beside = companions(
        network, observations, config, lambda done, _, what: report(done, total, what)
    )
    seconds["companion"] = _since(*start)
    for done, seed in enumerate(seeds, start=len(BASELINES) + 1):
        report(done, total, f"LSTM, seed {seed}")
        start = perf_counter(), process_time()
        model = train(network, observations, replace(config, seed=seed), beside=beside)
        seconds[f"lstm:{seed}"] = _since(*start)
        own = _at(predict(model, network, observations, times), leads)
        as_learnt[str(seed)] = bench_skill_adapting.coverage(own, observations, network)
        followed = bench_skill_adapting.follow(own, observations, network, model.scaling)
        made[f"operational:{seed}"] = followed
        models.append(model)
        lstm = predict(alone(model), network, observations, times)
        made[f"lstm:{seed}"] = _at(lstm, leads)
    report(total, total, "known future")
    scores = compare(made, observations, network)
    means = mean_over_stations(scores)
    return {
        "figures": figures(means, BASELINES) | _known_future(network, observations, times),
        "settings": _settings(network, times, seeds),
        "machine": _machine(),
        "raw": {
            "mean_over_gauges": to_table(means)["rows"],
            "by_gauge": to_table(scores)["rows"],
            "seed_spread": spread(means),
            "coverage_as_learnt": as_learnt,
            "missing_gauge": [
                row
                for model in models[-1:]
                for row in bench_skill_gaps.measure(model, network, observations, times)
            ],
            "reliability": reliability.rows(made[f"operational:{seeds[0]}"], observations, network),
            "seconds": seconds,
        },
    }


def leads_of(network: Network) -> list[int]:
    """Return the leads that are judged [steps]: some, and the horizon if it lies beyond them."""
    leads = [lead for lead in LEADS if lead <= network.horizon]
    return leads if network.step == HOUR else sorted({*leads, network.horizon})


def _known_future(
    network: Network, observations: xr.Dataset, times: np.ndarray
) -> dict[str, float]:
    """Return the skill at the longest lead, had the true release and rain been planned."""
    lead = leads_of(network)[-1]
    planner = planned.fit(network, observations, (lead,), _silent)
    future = observations[[name for name in PLANNED if name in observations]]
    told = planned.predict(planner, network, observations, future, times)
    scores = mean_over_stations(score(told, observations, network)).isel(lead_time=0)
    return {f"ps_known_future_{label(scores.lead_time.values)}": float(scores.persistence_skill)}


def _at(forecast: xr.Dataset, leads: Sequence[int]) -> xr.Dataset:
    return forecast.isel(lead_time=np.array(leads) - 1)


def _since(wall: float, processor: float) -> dict[str, float]:
    return {"wall": perf_counter() - wall, "processor": process_time() - processor}


def _settings(network: Network, times: np.ndarray, seeds: Sequence[int]) -> dict[str, Any]:
    return {
        "network": network.name,
        "train_years": list(network.split.train),
        "validate_years": list(network.split.validate),
        "test_years": list(network.split.test),
        "issue_times": int(times.size),
        "first_issue_time": f"{str(times[0])[:16]}Z",
        "last_issue_time": f"{str(times[-1])[:16]}Z",
        "seeds": list(seeds),
        "leads": [label(lead * network.step) for lead in leads_of(network)],
    }


def _machine() -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        **{name: version(name) for name in _PACKAGES},
    }


def _silent(done: int, total: int, message: str) -> None:
    """Tell nobody."""
