"""Teach the network: draw windows, step, look at the validation years, keep what is best."""

from dataclasses import dataclass
from time import perf_counter

import numpy as np
import torch
from torch import Tensor, nn

from data.errors import MulgilError
from data.schema import QUANTILES
from forecast.course import Course, begin
from forecast.lessons import Lessons
from forecast.loss import huber, pinball
from forecast.model import LevelLSTM, ModelConfig
from forecast.threads import fast_dtype, keep_memory, one_thread
from forecast.train_config import Report, TrainConfig
from forecast.unfinished import Unfinished

PART = "lstm"
SAVE_EVERY = 5.0  # s between two states that are kept, besides one at each look at validation
MOST_CHECKED = 4096  # windows of the validation years: of more, so many evenly
_MEDIAN = len(QUANTILES) // 2


class NotANumber(MulgilError):
    """A loss or its gradient was infinite or no number before any weights were found good."""


@dataclass(frozen=True)
class Taught:
    """What came out.

    Attributes:
        weights: The best on the way, by the validation years.
        updates: How many were made.
        stopped: Why it ended before the last update; "" if it did not.
    """

    weights: dict[str, Tensor]
    updates: int
    seconds: float
    stopped: str = ""


def teach(
    config: TrainConfig,
    lessons: tuple[Lessons, Lessons],
    rng: np.random.Generator,
    report: Report,
    unfinished: Unfinished,
) -> Taught:
    """Teach a new network, or one that was put down, to the last update.

    Args:
        config: With the sizes of the network filled in.
        lessons: What to learn from, and what to choose the weights by.

    Raises:
        NotANumber: The loss is no number, and no weights were found good before.
    """
    keep_memory()
    with one_thread(), torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        rates = config.rate, config.decay, config.average
        course = begin(config.model, rates, config.updates, rng)
        state = unfinished.take(PART)
        if state is not None:
            course.go_on(state)
            report(course.done, config.updates, f"going on after update {course.done}")
        stopped = _to_the_end(course, config, lessons, report, unfinished)
    return Taught(course.best.weights(), course.done, course.seconds, stopped)


def _to_the_end(
    course: Course,
    config: TrainConfig,
    lessons: tuple[Lessons, Lessons],
    report: Report,
    unfinished: Unfinished,
) -> str:
    """Make all updates that are left; return why not, "" if they were made."""
    learn, check = lessons
    share = _shares(learn, config)
    begun, kept = perf_counter() - course.seconds, perf_counter()
    for update in range(course.done + 1, config.updates + 1):
        pick = course.rng.choice(len(share), config.batch, p=share)
        wrong = _update(course, learn.batch(pick, config.model), config.square)
        if wrong:
            return _no_number(course, update, config, wrong)
        course.schedule.step()
        course.best.follow(course.lstm)
        course.done, course.seconds = update, perf_counter() - begun
        told = _looked(course, check, config) if _due(update, config) else ""
        if told or perf_counter() - kept > SAVE_EVERY:
            unfinished.keep(PART, course.state())
            kept = perf_counter()
        if told:  # only what is kept is told
            report(update, config.updates, told)
    return ""


def _no_number(course: Course, update: int, config: TrainConfig, wrong: str) -> str:
    """Return what is to be told of an end before the end, if there are weights to fall back on.

    Raises:
        NotANumber: There are none.
    """
    told = f"The loss of update {update} of {config.updates} is {wrong}"
    if not course.best.judged:
        raise NotANumber(
            f"{told}, before any weights were found good.",
            "Look for wild values in the record, or train at a lower rate.",
        )
    return f"{told}: the best weights before it are kept."


def _due(update: int, config: TrainConfig) -> bool:
    return update % config.check_every == 0 or update == config.updates


def _looked(course: Course, check: Lessons, config: TrainConfig) -> str:
    losses = _losses(check, course.best.mean, config.model)
    course.best.judge(losses)
    return "validation loss " + ", ".join(f"{loss:.4f}" for loss in losses)


def _shares(learn: Lessons, config: TrainConfig) -> np.ndarray:
    """Return the probability of each window to be drawn."""
    holes = learn.rows >= learn.stations
    parts = ((holes, config.gapped), (~holes, 1 - config.gapped))
    even = sum(part * share / max(part.sum(), 1) for part, share in parts)
    busy = learn.activity(config.model)
    share = even * (1 - config.busy + config.busy * busy / max((even * busy).sum(), 1e-9))
    return np.asarray(share / share.sum())


def _update(course: Course, batch: tuple[Tensor, Tensor, Tensor], square: float) -> str:
    """Make one step of the optimiser, unless its loss or gradient is no number: return that."""
    x, station, y = batch
    fast = fast_dtype()
    course.optimiser.zero_grad()
    for branch in course.lstm.branches:  # each learns for itself, also those that are averaged
        truth = y[..., branch.leads]
        with torch.autocast("cpu", fast, enabled=fast != torch.float32):
            forecast = branch(x, station, y.shape[1])
        loss, count = pinball(forecast, truth)
        loss = loss + square * huber(forecast[..., _MEDIAN], truth)
        mean = (loss / count.clamp(min=1)).mean()
        mean.backward()
        norm = nn.utils.clip_grad_norm_(branch.parameters(), 1.0)
        if not bool(torch.isfinite(mean) & torch.isfinite(norm)):
            return f"{mean.item():g}, of its gradient {norm.item():g}"
    course.optimiser.step()
    return ""


@torch.no_grad()
def _losses(check: Lessons, lstm: LevelLSTM, config: ModelConfig) -> list[float]:
    """Return the quantile loss of each branch, mean over its leads."""
    total = [torch.zeros(2) for _ in lstm.branches]
    number = len(check.rows)
    few = np.linspace(0, number - 1, min(number, MOST_CHECKED)).round().astype(int)
    for pick in np.array_split(few, len(few) // 256 + 1):
        x, station, y = check.batch(pick, config)
        for number, branch in enumerate(lstm.branches):
            parts = pinball(branch(x, station, config.last), y[..., branch.leads])
            total[number] += torch.stack([part.sum() for part in parts])
    return [float(loss / cases.clamp(min=1)) for loss, cases in total]
