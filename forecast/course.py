"""All that changes while a network is taught, so that it can be put down and taken up again."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from forecast.best_weights import BestWeights
from forecast.model import LevelLSTM, ModelConfig


@dataclass
class Course:
    """A network on its way, after `done` updates.

    Attributes:
        rng: Draws the windows; what is dropped out is drawn by torch's own generator.
        seconds: How long it took so far, also before it was put down.
    """

    lstm: LevelLSTM
    best: BestWeights
    optimiser: torch.optim.AdamW
    schedule: torch.optim.lr_scheduler.OneCycleLR
    rng: np.random.Generator
    done: int = 0
    seconds: float = 0.0

    def state(self) -> dict[str, Any]:
        """Return tensors and plain containers only."""
        return {
            "lstm": self.lstm.state_dict(),
            "best": self.best.state(),
            "optimiser": self.optimiser.state_dict(),
            "schedule": self.schedule.state_dict(),
            "windows": json.dumps(self.rng.bit_generator.state),
            "torch": torch.get_rng_state(),
            "done": self.done,
            "seconds": self.seconds,
        }

    def go_on(self, state: dict[str, Any]) -> None:
        """Be again what it was when `state` was taken, to the last bit."""
        self.lstm.load_state_dict(state["lstm"])
        self.best.go_on(state["best"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.schedule.load_state_dict(state["schedule"])
        self.rng.bit_generator.state = json.loads(state["windows"])
        torch.set_rng_state(state["torch"])
        self.done, self.seconds = state["done"], state["seconds"]


def begin(
    sizes: ModelConfig,
    rates: tuple[float, float, float],
    updates: int,
    rng: np.random.Generator,
) -> Course:
    """Return a course before its first update.

    Args:
        rates: Highest learning rate, weight decay, weight of the past in the running mean.
    """
    rate, decay, average = rates
    lstm = LevelLSTM(sizes)
    optimiser = torch.optim.AdamW(lstm.parameters(), lr=rate, weight_decay=decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, rate, total_steps=updates, pct_start=0.1
    )
    return Course(lstm, BestWeights(lstm, average), optimiser, schedule, rng)
