"""Train beside NeuralHydrology: each side in a process of its own, one round each in turn."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final

from data.errors import MulgilError
from flows.bench_speed_task import Task

Report = Callable[[int, int, str], None]
THREADS: Final = (1, 2)
KEPT: Final = {  # what `forecast.threads.keep_memory` says, for a program that does not say it
    "MALLOC_MMAP_MAX_": "0",
    "MALLOC_TRIM_THRESHOLD_": "2147483647",
    "MALLOC_TOP_PAD_": "268435456",
}
_ROOT = Path(__file__).parent.parent
_PATIENCE = 240.0  # s for all rounds with so many threads: two of them crawl beside other load


@dataclass(frozen=True)
class Side:
    """How one side is started.

    Attributes:
        learner: One of `bench_speed_worker.SIDES`.
        python: The interpreter of its environment.
        extra: What its environment variables have beside ours.
    """

    learner: str
    python: Path
    extra: dict[str, str]


def sides(rival: Path | None) -> dict[str, Side]:
    """Return who races: we alone where the rival has no environment."""
    ours = {"ours": Side("ours", Path(sys.executable), {})}
    if rival is None:
        return ours
    return {
        "nh": Side("nh", rival, {}),
        "nh_same_allocator": Side("nh", rival, KEPT),
        **ours,
    }


def race(
    runners: dict[str, Side], task: Task, rounds: int, folder: Path, report: Report
) -> dict[str, dict[str, Any]]:
    """Return, for each number of threads and each side, what every round took.

    One round of each comes before and is not counted: memory is fetched in it.
    """
    with ExitStack() as stack:
        asked = {
            name: stack.enter_context(started(side, task, folder / name, folder))
            for name, side in runners.items()
        }
        return {f"{threads}t": _rounds(asked, threads, rounds, report) for threads in THREADS}


def _rounds(
    asked: dict[str, Callable[[int], dict[str, float]]], threads: int, rounds: int, report: Report
) -> dict[str, Any]:
    found: dict[str, list[dict[str, float]]] = {name: [] for name in asked}
    begun = perf_counter()
    for number in range(rounds + 1):
        if number > 1 and perf_counter() - begun > _PATIENCE:
            break
        for name, ask in asked.items():
            report(number, rounds + 1, f"train, {threads} thread(s): {name}")
            answer = ask(threads)
            found[name] += [answer] if number else []
    return found


@contextmanager
def started(
    side: Side, task: Task, log: Path, folder: Path
) -> Iterator[Callable[[int], dict[str, float]]]:
    """Start a side; what is yielded asks it for a round with so many threads."""
    command = [str(side.python), "-m", "flows.bench_speed_worker", side.learner, str(folder)]
    surroundings = os.environ | side.extra | {"PYTHONPATH": str(_ROOT)}
    with (
        log.with_suffix(".log").open("w", encoding="utf-8") as told,
        subprocess.Popen(  # noqa: S603  # our own words only
            [*command, json.dumps(asdict(task))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=told,
            text=True,
            env=surroundings,
            cwd=folder,
        ) as process,
    ):
        _answer(process, Path(told.name))  # that it is ready

        def ask(threads: int) -> dict[str, float]:
            if process.stdin:
                process.stdin.write(f"{threads}\n")
                process.stdin.flush()
            return _answer(process, Path(told.name))

        try:
            yield ask
        finally:
            process.kill()


def _answer(process: "subprocess.Popen[str]", log: Path) -> dict[str, float]:
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        last = log.read_text(encoding="utf-8").strip().splitlines()[-1:]
        raise MulgilError(
            f"A side of the race ended: {' '.join(last)}", "See `flows/bench_speed*`."
        )
    found: dict[str, float] = json.loads(line)
    return found


def figures(found: dict[str, dict[str, Any]], task: Task) -> dict[str, float]:
    """Return ratios of samples per second, ours / theirs, and samples per second of each."""
    made = dict[str, float]()
    for threads, sides_of in found.items():
        end = "" if threads == "1t" else f"_{threads}"
        for name, key in (("nh", "nh"), ("nh_same_allocator", "nh_same_allocator")):
            if name in sides_of:
                pairs = list(zip(sides_of[name], sides_of["ours"], strict=True))
                made[f"train_ratio_{key}{end}"] = _ratio(pairs, "wall_s")
                made[f"train_ratio_{key}_processor{end}"] = _ratio(pairs, "processor_s")
        for name, rounds in sides_of.items():
            made[f"train_samples_s_{name}{end}"] = median(
                task.updates * task.batch / each["wall_s"] for each in rounds
            )
    return made


def spread(found: dict[str, dict[str, Any]]) -> dict[str, list[float]]:
    """Return the least and the largest ratio of any round, by threads and side."""
    made = dict[str, list[float]]()
    for threads, sides_of in found.items():
        for name in sides_of.keys() - {"ours"}:
            pairs = zip(sides_of[name], sides_of["ours"], strict=True)
            ratios = [theirs["wall_s"] / ours["wall_s"] for theirs, ours in pairs]
            made[f"{name}_{threads}"] = [min(ratios), max(ratios)]
    return made


def _ratio(pairs: list[tuple[dict[str, float], dict[str, float]]], key: str) -> float:
    return median(theirs[key] / ours[key] for theirs, ours in pairs)
