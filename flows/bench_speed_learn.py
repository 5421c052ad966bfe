"""How long the LSTM of a real river takes until validation finds it at its best."""

from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np

from data.network import Network
from flows import bench_skill
from forecast.train import TrainConfig, train

Report = bench_skill.Report
SPLIT = ("2012-2018", "2019", "2020-2021")  # that of `mulgil bench skill`
_TOLD = "validation loss "


def measure(folder: Path, report: Report, config: TrainConfig | None = None) -> dict[str, Any]:
    """Train the reference network once, as `mulgil train` trains its LSTM, one branch per group.

    Args:
        folder: The record, see `data.sources.csv_folder`.

    Returns:
        Every look at the validation years (seconds from the start, losses), the seconds until the
        last branch was at its best, and until all was done.
    """
    network, observations = bench_skill.read(folder, bench_skill.split(*SPLIT))
    config = config or TrainConfig()
    looks = list[dict[str, Any]]()
    wall, processor = perf_counter(), process_time()

    def told(done: int, total: int, message: str) -> None:
        report(done, total, message)
        if message.startswith(_TOLD):
            losses = [float(loss) for loss in message.removeprefix(_TOLD).split(", ")]
            took = {"wall_s": perf_counter() - wall, "processor_s": process_time() - processor}
            looks.append(took | {"update": done, "losses": losses})

    train(network, observations, config, told)
    done = {"wall_s": perf_counter() - wall, "processor_s": process_time() - processor}
    best = looks[best_look([look["losses"] for look in looks])]
    return {"looks": looks, "best": best, "done": done, "targets": targets(network, config)}


def best_look(losses: list[list[float]]) -> int:
    """Return the number of the look at which the last branch had its lowest loss."""
    return int(np.argmin(np.array(losses), axis=0).max())


def targets(network: Network, config: TrainConfig) -> int:
    """Return how many values are learnt in one update, each lead at each of the last steps."""
    return config.batch * config.model.last * network.horizon


def figures(found: dict[str, Any]) -> dict[str, float]:
    """Return the seconds, and the values that are learnt in each of them."""
    best = found["best"]
    return {
        "train_to_best_s": best["wall_s"],
        "train_to_best_processor_s": best["processor_s"],
        "train_done_s": found["done"]["wall_s"],
        "train_targets_s": best["update"] * found["targets"] / best["wall_s"],
    }
