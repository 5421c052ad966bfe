"""Our way through the lesson of `bench_speed_task`: what `forecast.train` does, at equal sizes.

One tensor holds the record, a batch is gathered from it (`forecast.lessons`), `nn.LSTM` runs in the
fast number type of the processor, memory is kept (`forecast.threads`), and only the last step of a
window meets dropout and head.
"""

import numpy as np
import torch
from torch import Tensor, nn

from flows.bench_speed_task import Task, record
from forecast.lessons import Lessons
from forecast.model import ModelConfig
from forecast.threads import fast_dtype, keep_memory

_SMALLEST = 0.1  # beside the standard deviation, as in the rival's loss


class Plain(nn.Module):
    """One LSTM and one number from its last step."""

    def __init__(self, task: Task) -> None:
        super().__init__()
        self.lstm = nn.LSTM(task.inputs, task.hidden)
        self.forget = nn.Dropout(task.dropout)
        self.head = nn.Linear(task.hidden, 1)
        with torch.no_grad():
            forget = slice(task.hidden, 2 * task.hidden)
            self.lstm.get_parameter("bias_hh_l0")[forget] = task.forget_bias

    def forward(self, x: Tensor) -> Tensor:
        """Return (B,) levels from x (B, T, inputs)."""
        hidden, _ = self.lstm(x.transpose(0, 1).contiguous())  # (T, B, H), as `forecast.model`
        last: Tensor = self.head(self.forget(hidden[-1]))
        return last[:, 0].float()


class Learner:
    """A network under training."""

    def __init__(self, task: Task) -> None:
        torch.manual_seed(0)
        keep_memory()
        self.task, self.dtype = task, fast_dtype()
        self.lessons, self.spread = _lessons(task)
        self.model = Plain(task).train()
        self.optimiser = torch.optim.Adam(self.model.parameters(), lr=task.rate)
        self.rng = np.random.default_rng(0)

    def round(self) -> float:
        """Do the updates of one round; return the last loss."""
        sizes = ModelConfig(window=self.task.window, last=1)
        loss = torch.tensor(0.0)
        for _ in range(self.task.updates):
            pick = self.rng.integers(0, self.lessons.rows.size, self.task.batch)
            x, gauge, y = self.lessons.batch(pick, sizes)
            loss = self._update(x, y[:, 0, 0], self.spread[gauge])
        return float(loss)

    def _update(self, x: Tensor, level: Tensor, spread: Tensor) -> Tensor:
        self.optimiser.zero_grad()
        with torch.autocast("cpu", self.dtype, enabled=self.dtype != torch.float32):
            told = self.model(x)
        loss = ((told - level) ** 2 / (spread + _SMALLEST) ** 2).mean()
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), self.task.clip)
        self.optimiser.step()
        done: Tensor = loss.detach()
        return done


def _lessons(task: Task) -> tuple[Lessons, Tensor]:
    """Return all windows of the record, scaled, and the spread of the levels of each gauge."""
    seen, level = record(task)
    seen = (seen - seen.mean((0, 1))) / seen.std((0, 1))
    spread = level.std(axis=1)
    scaled = (level - level.mean()) / level.std()
    starts = np.arange(task.steps - task.window + 1)
    rows = np.repeat(np.arange(task.gauges), starts.size)
    change = torch.from_numpy(scaled)[..., None]
    windows = rows, np.tile(starts, task.gauges)
    return Lessons(torch.from_numpy(seen), change, task.gauges, *windows), torch.from_numpy(spread)
