"""The network: one LSTM pair for all gauges of a river, the whole of it in this file."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from data.schema import QUANTILES


@dataclass(frozen=True)
class ModelConfig:
    """What must be known to build the network; training fills in the first three.

    Attributes:
        inputs: Number of features.
        window: Steps that the LSTM runs before it is asked for the last time.
        last: Steps of a window at which it forecasts; those before only fill its memory.
        age_limit: Oldest reading that a forecast may start from [steps]; beyond it the river may
            have risen and fallen again unseen, and a stale gauge is UNKNOWN.
        near: Leads 1 .. near have an LSTM of their own, trained without dropout.
        dropout: Share of the memory that the far leads do without in training, for a whole window.
        blind: The same for their inputs; one LSTM for each, their forecasts are averaged. Whoever
            sees all is better in years like the known ones, whoever does not in floods unheard of.
    """

    inputs: int = 0
    stations: int = 0
    horizon: int = 0
    hidden: int = 64
    near: int = 6
    embedding: int = 4
    dropout: float = 0.4
    blind: tuple[float, ...] = (0.0, 0.3)
    window: int = 96
    last: int = 72
    age_limit: int = 6


class Branch(nn.Module):
    """One LSTM, and quantiles of the scaled change for some leads."""

    def __init__(
        self, config: ModelConfig, leads: slice, dropout: float = 0.0, blind: float = 0.0
    ) -> None:
        super().__init__()
        self.leads = leads
        self.outputs = leads.stop - leads.start, len(QUANTILES)
        width = config.inputs + config.embedding
        self.embedding = nn.Embedding(config.stations, config.embedding)
        self.lstm = nn.LSTM(width, config.hidden)
        self.forget = nn.Dropout(dropout)
        self.blind = nn.Dropout(blind)
        self.head = nn.Linear(config.hidden + width, self.outputs[0] * self.outputs[1])
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)
        with torch.no_grad():
            forget = slice(config.hidden, 2 * config.hidden)
            self.lstm.get_parameter("bias_hh_l0")[forget] = 1.0  # remember at first
            self.head.bias.view(self.outputs)[:, 1:] = -2.0  # narrow at first

    def forward(self, x: Tensor, station: Tensor, last: int | Tensor) -> Tensor:
        """Return (B, last, leads, quantile) for the last steps of x (B, T, inputs), or for some."""
        asked = slice(-last, None) if isinstance(last, int) else last
        place = self.embedding(station).expand(x.shape[1], -1, -1)  # (T, B, E)
        seen = torch.cat([x.transpose(0, 1), place], dim=-1)  # (T, B, F + E), as the LSTM runs
        seen = _without(self.blind, seen)
        hidden, _ = self.lstm(seen)  # (T, B, H)
        state = torch.cat([_without(self.forget, hidden[asked]), seen[asked]], dim=-1)
        raw = self.head(state).float()
        return quantiles(raw.view(*raw.shape[:2], *self.outputs)).transpose(0, 1)


def _without(dropout: nn.Dropout, values: Tensor) -> Tensor:
    """Return values (T, B, n) with some columns of each case left out, the same at every step."""
    if not (dropout.training and dropout.p):
        return values
    kept: Tensor = dropout(values.new_ones(1, *values.shape[1:]))
    return values * kept


def quantiles(raw: Tensor) -> Tensor:
    """Order by construction: a median, and steps away from it that are never negative.

    Args:
        raw: (..., quantile); the first is the median, then the steps up, then the steps down.
    """
    above = len(QUANTILES) // 2
    median, up, down = raw[..., :1], raw[..., 1 : 1 + above], raw[..., 1 + above :]
    upper = median + positive(up).cumsum(-1)
    lower = median - positive(down).cumsum(-1)
    return torch.cat([lower.flip(-1), median, upper], dim=-1)


def positive(raw: Tensor) -> Tensor:
    """Return a smooth positive number, raw where it is large and 1 at 0; quicker than softplus.

    Source: Barron (2021), Squareplus, arXiv:2112.11687.
    """
    return (raw + torch.sqrt(raw * raw + 4)) / 2


class LevelLSTM(nn.Module):
    """Near and far leads each by LSTMs of their own; those of the same leads are averaged."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        near = min(config.near, config.horizon)
        self.leads = [slice(0, near), slice(near, config.horizon)][: 1 + (near < config.horizon)]
        branches = [Branch(config, self.leads[0])]
        for leads in self.leads[1:]:
            branches += [Branch(config, leads, config.dropout, blind) for blind in config.blind]
        self._branches = nn.ModuleList(branches)

    @property
    def branches(self) -> list[Branch]:
        """One branch for the near leads, and those of the far leads."""
        return [branch for branch in self._branches if isinstance(branch, Branch)]

    def forward(self, x: Tensor, station: Tensor, last: int | Tensor = 1) -> Tensor:
        """Return quantiles (B, last, lead, quantile) of the scaled change.

        Args:
            x: (B, T, inputs).
            station: (B,) row of the station in the network.
            last: Forecast from each of the last so many steps, or from the steps of these numbers.
        """
        groups = [[b for b in self.branches if b.leads == leads] for leads in self.leads]
        means = [torch.stack([b(x, station, last) for b in group]).mean(0) for group in groups]
        return torch.cat(means, dim=2)
