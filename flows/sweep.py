"""Train the same network in several ways, side by side on any engine, and compare on validation.

Each way is a job that a worker does alone, from files to files. What is done stays in
<network>/sweeps/, so a killed sweep goes on where it was, and inside a training too. Every model
is kept with its card; none is put in service, for the best of many on the years that chose it
flatters itself: a person looks first, then `mulgil models --promote`.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from time import perf_counter
from typing import Any

from data import store, whole
from data.errors import InvalidData
from flows import models, pulling, training
from flows.executor import executor
from flows.folders import Folders
from forecast.train import before_the_test
from forecast.train_config import TrainConfig
from forecast.unfinished import digest, key_of

Report = Callable[[int, int, str], None]
Varied = dict[str, Sequence[float | int]]
MODEL = ("hidden", "dropout")  # settings of the network; the others are those of training


@dataclass(frozen=True)
class Job:
    """One way of training.

    Attributes:
        record: What stands for the readings that it learns from.
        varied: What makes it another way than the others.
    """

    home: Path
    network: str
    record: str
    config: TrainConfig
    varied: dict[str, float | int] = field(default_factory=dict)

    def __str__(self) -> str:
        return ", ".join(f"{name} {value:g}" for name, value in self.varied.items()) or "as usual"


def ways(usual: TrainConfig, varied: Varied) -> list[tuple[TrainConfig, dict[str, float | int]]]:
    """Return every combination of the settings that are varied.

    Args:
        varied: By the name of a setting of `TrainConfig`, or one of `MODEL`.

    Raises:
        InvalidData: A setting has no value, or one twice.
    """
    for name, values in varied.items():
        if not values or len(set(values)) < len(values):
            raise InvalidData(f"'{name}' is to be {list(values)}.", "Name each value once.")
    named = [dict(zip(varied, values, strict=True)) for values in product(*varied.values())]
    return [(_config(usual, each), each) for each in named]


def without_companion(usual: TrainConfig) -> TrainConfig:
    """Return the same training of the LSTM alone, no years left out."""
    return replace(usual, companion=0, folds=0)


def sweep(
    name: str,
    folders: Folders,
    found: Sequence[tuple[TrainConfig, dict[str, float | int]]],
    engine: tuple[str, int] = ("local", 0),
    report: Report = lambda *_: None,
) -> list[dict[str, Any]]:
    """Train in every way and return what came of each, the best on validation first.

    Args:
        found: `ways`.
        engine: And how many workers; see `flows.executor`.

    Raises:
        MulgilError: A training ended with an error; the others that were done stay.
    """
    record = _record(name, folders)
    jobs = [Job(folders.home, name, record, config, varied) for config, varied in found]
    made = executor(*engine)(train_one, jobs, report)
    return sorted(made, key=_rank)


def train_one(job: Job) -> dict[str, Any]:
    """Train in one way; return the settings, the model's id, its validation skill, seconds."""
    folders = Folders(job.home)
    network, place = pulling.find(job.network, folders), folders.network(job.network) / "sweeps"
    mark = _mark(job)
    done = place / f"{mark}.json"
    if done.exists():
        kept: dict[str, Any] = json.loads(done.read_text(encoding="utf-8"))
        return kept | {"kept": True}
    begun = perf_counter()
    model, contest = training.candidate(
        job.network, folders, job.config, lambda *_: None, place / f"{mark}-training"
    )
    card = models.card(folders, network, model.model_id)
    told = {
        "way": str(job),
        **job.varied,
        "model": model.model_id,
        "skill": None if card.skill != card.skill else card.skill,  # NaN
        "skills": card.told["validation_skill"],
        "contest": contest.told(),
        "won": contest.won,
        "seconds": round(perf_counter() - begun, 1),
    }
    whole.write(done, json.dumps(told, ensure_ascii=False, indent=1).encode())
    return told | {"kept": False}


def _config(usual: TrainConfig, varied: dict[str, float | int]) -> TrainConfig:
    inner = {name: value for name, value in varied.items() if name in MODEL}
    outer = {name: value for name, value in varied.items() if name not in MODEL}
    model = replace(usual.model, **inner)  # type: ignore[arg-type]  # names of MODEL
    return replace(usual, model=model, **outer)  # type: ignore[arg-type]  # names of TrainConfig


def _record(name: str, folders: Folders) -> str:
    """Return what stands for the record up to the end of the validation years.

    Of a network too large to be read whole: for all that is stored.
    """
    if training.sampled(pulling.find(name, folders)):
        return store.snapshot(folders.observations(name))
    network, observations = pulling.open_network(name, folders)
    return digest(before_the_test(observations, network), network)


def _mark(job: Job) -> str:
    """Return what stands for a way: the same settings, record and code give the same model."""
    return key_of(job.record, job.config)


def _rank(told: dict[str, Any]) -> tuple[bool, float, str]:
    skill = told["skill"]
    return skill is None, -(skill or 0.0), told["way"]
