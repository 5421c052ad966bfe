"""Which weights of a training run are kept: their running mean, each branch at its best."""

import copy

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

    def weights(self) -> dict[str, Tensor]:
        """Return the best weights so far."""
        return {name: weight.detach().clone() for name, weight in self._best.state_dict().items()}
