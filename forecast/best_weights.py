"""Which weights of a training run are kept: their running mean, each branch at its best."""

import copy
import math
from typing import Any

import torch
from torch import Tensor

from forecast.model import LevelLSTM


class BestWeights:
    """A running mean of a network's weights, and the best it has been so far.

    Near and far leads are best at different moments (the far ones overtrain first), so each branch
    is chosen on its own.
    """

    def __init__(self, lstm: LevelLSTM, share: float) -> None:
        self.mean = copy.deepcopy(lstm).eval()
        self._best = copy.deepcopy(lstm)
        self._lowest = [float("inf")] * len(lstm.branches)
        self._share = share
        self._seen = 0

    @torch.no_grad()
    def follow(self, lstm: LevelLSTM) -> None:
        """Move the mean towards the weights, faster at first."""
        self._seen += 1
        share = min(self._share, self._seen / (10 + self._seen))
        for mean, weight in zip(self.mean.parameters(), lstm.parameters(), strict=True):
            mean.lerp_(weight, 1 - share)

    def judge(self, loss: list[float]) -> None:
        """Keep each branch of the mean that has never had a lower loss."""
        branches = zip(self._best.branches, self.mean.branches, strict=True)
        for number, (best, now) in enumerate(branches):
            if loss[number] < self._lowest[number]:
                self._lowest[number] = loss[number]
                best.load_state_dict(now.state_dict())

    @property
    def judged(self) -> bool:
        """Whether every branch has been found good at least once."""
        return all(math.isfinite(loss) for loss in self._lowest)

    def state(self) -> dict[str, Any]:
        """Return all that `go_on` needs."""
        return {
            "mean": self.mean.state_dict(),
            "best": self._best.state_dict(),
            "lowest": list(self._lowest),
            "seen": self._seen,
        }

    def go_on(self, state: dict[str, Any]) -> None:
        """Be again what it was when `state` was taken."""
        self.mean.load_state_dict(state["mean"])
        self._best.load_state_dict(state["best"])
        self._lowest, self._seen = list(state["lowest"]), state["seen"]

    def weights(self) -> dict[str, Tensor]:
        """Return the best weights so far."""
        return {name: weight.detach().clone() for name, weight in self._best.state_dict().items()}
