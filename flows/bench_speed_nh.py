"""NeuralHydrology's way through the lesson of `bench_speed_task`: its own trainer, as shipped.

Runs in the throw-away environment of `bench_speed_environment`; nothing here imports ours but the
sizes of the task.
"""

from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import xarray as xr

from flows.bench_speed_task import LEVEL, Task, record, times

_PERIODS = ("train", "validation", "test")


def write(task: Task, folder: Path) -> None:
    """Lay out the record as `GenericDataset` wants it: a NetCDF file per gauge, and their list."""
    seen, level = record(task)
    place = folder / "time_series"
    place.mkdir(parents=True, exist_ok=True)
    for number, basin in enumerate(task.basins):
        columns = {name: ("date", seen[number, :, i]) for i, name in enumerate(task.names)}
        columns[LEVEL] = ("date", level[number])
        xr.Dataset(columns, {"date": times(task)}).to_netcdf(place / f"{basin}.nc")
    (folder / "basins.txt").write_text("\n".join(task.basins) + "\n", encoding="utf-8")


def settings(task: Task, folder: Path) -> dict[str, Any]:
    """Return the configuration: the task's sizes, else what NeuralHydrology does by itself."""
    first, last = (times(task)[[0, -1]]).astype("datetime64[D]").astype(object)
    first += timedelta(hours=task.window) + timedelta(days=1)  # the first window begins with it
    periods: dict[str, Any] = {}
    for name in _PERIODS:
        periods[f"{name}_basin_file"] = str(folder / "basins.txt")
        periods[f"{name}_start_date"] = f"{first:%d/%m/%Y}"
        periods[f"{name}_end_date"] = f"{last - timedelta(days=1):%d/%m/%Y}"
    return periods | {
        "experiment_name": "bench",
        "run_dir": str(folder / "runs"),
        "data_dir": str(folder),
        "dataset": "generic",
        "device": "cpu",
        "seed": 0,
        "model": "cudalstm",
        "head": "regression",
        "output_activation": "linear",
        "hidden_size": task.hidden,
        "initial_forget_bias": task.forget_bias,
        "output_dropout": task.dropout,
        "dynamic_inputs": task.names,
        "target_variables": [LEVEL],
        "seq_length": task.window,
        "predict_last_n": 1,
        "loss": "NSE",
        "optimizer": "Adam",
        "learning_rate": {0: task.rate},
        "batch_size": task.batch,
        "clip_gradient_norm": task.clip,
        "epochs": 1,
        "max_updates_per_epoch": task.updates,
        "save_weights_every": 1000,
        "log_tensorboard": False,
        "verbose": 0,
    }


class Learner:
    """A network under training by NeuralHydrology's `BaseTrainer`."""

    def __init__(self, task: Task, folder: Path) -> None:
        trainer = import_module("neuralhydrology.training.basetrainer").BaseTrainer
        config = import_module("neuralhydrology.utils.config").Config
        self.trainer = trainer(config(settings(task, folder)))
        self.trainer.initialize_training()

    def round(self) -> float:
        """Do the updates of one round; return their mean loss."""
        self.trainer._train_epoch(epoch=1)
        return float(self.trainer.experiment_logger.summarise()["avg_total_loss"])
