"""One side of the race: a process that learns a round whenever it is told so, on its own.

    python -m flows.bench_speed_worker SIDE FOLDER TASK

TASK is JSON. It reads a number of threads per line, and answers each with one line of JSON: wall
and processor seconds, page faults and the loss of a round. The first answer says that it is ready.
"""

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Protocol, TextIO

from flows.bench_speed_task import Task


class Learner(Protocol):
    """What can learn a round."""

    def round(self) -> float:
        """Do the updates of one round; return a loss."""


def _nh(task: Task, folder: Path) -> Learner:
    from flows.bench_speed_nh import Learner as Nh

    return Nh(task, folder)


def _ours(task: Task, folder: Path) -> Learner:
    from flows.bench_speed_ours import Learner as Ours

    return Ours(task)


SIDES: dict[str, Callable[[Task, Path], Learner]] = {"ours": _ours, "nh": _nh}


def serve(learner: Learner, asked: TextIO, answers: TextIO) -> None:
    """Learn a round for each line of `asked`."""
    _tell(answers, {"ready": True})
    for line in asked:
        _tell(answers, measured(learner, int(line)))


def measured(learner: Learner, threads: int) -> dict[str, float]:
    """Return what a round takes with so many threads."""
    import torch

    torch.set_num_threads(threads)
    faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    wall, processor = perf_counter(), process_time()
    loss = learner.round()
    wall, processor = perf_counter() - wall, process_time() - processor
    faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - faults
    return {"wall_s": wall, "processor_s": processor, "page_faults": faults, "loss": loss}


def _tell(answers: TextIO, found: dict[str, Any]) -> None:
    answers.write(json.dumps(found) + "\n")
    answers.flush()


def main(side: str, folder: str, task: str) -> None:
    """Be one side until nobody asks any more; what libraries print goes to the log."""
    answers, sys.stdout = sys.stdout, sys.stderr
    serve(SIDES[side](Task(**json.loads(task)), Path(folder)), sys.stdin, answers)


if __name__ == "__main__":
    main(*sys.argv[1:])
