"""The same lesson for us and for NeuralHydrology: sizes, and a made-up record of four gauges."""

from dataclasses import dataclass
from typing import Final

import numpy as np

START: Final = np.datetime64("2012-01-01T00:00", "ns")
STEP: Final = np.timedelta64(1, "h")
LEVEL: Final = "level"
_SEED: Final = 20260702


@dataclass(frozen=True)
class Task:
    """What is learnt: the level at the last hour of a window, from inputs of the whole window.

    Attributes:
        steps: Hours of record of each gauge.
        updates: Steps of the optimiser in one round.
    """

    gauges: int = 4
    inputs: int = 12
    steps: int = 30_168
    window: int = 168
    hidden: int = 64
    batch: int = 256
    updates: int = 20
    dropout: float = 0.4
    forget_bias: float = 3.0
    rate: float = 1e-3
    clip: float = 1.0

    @property
    def names(self) -> list[str]:
        """Names of the inputs."""
        return [f"x{number}" for number in range(self.inputs)]

    @property
    def basins(self) -> list[str]:
        """Names of the gauges."""
        return [f"{number:08d}" for number in range(1, self.gauges + 1)]


def record(task: Task) -> tuple[np.ndarray, np.ndarray]:
    """Return inputs (gauge, step, input) and levels (gauge, step), float32, no gap, seeded."""
    rng = np.random.default_rng(_SEED)
    seen = rng.gamma(0.3, 2.0, (task.gauges, task.steps, task.inputs)).astype("float32")
    level = np.zeros((task.gauges, task.steps), "float32")
    for step in range(1, task.steps):
        level[:, step] = 0.97 * level[:, step - 1] + 0.05 * seen[:, step, :3].mean(-1)
    return seen, level


def times(task: Task) -> np.ndarray:
    """Return the hours of the record."""
    return START + np.arange(task.steps) * STEP
