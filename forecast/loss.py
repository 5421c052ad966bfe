"""What a forecast costs when the truth is known; what is not known costs nothing."""

import torch
from torch import Tensor

from data.schema import QUANTILES


def pinball(forecast: Tensor, truth: Tensor) -> tuple[Tensor, Tensor]:
    """Return the sum of the quantile loss and the number of cases, by lead.

    Args:
        forecast: (B, T, lead, quantile).
        truth: (B, T, lead), NaN where unknown.

    Source: Koenker & Bassett (1978), Econometrica 46, doi:10.2307/1913643.
    """
    level = torch.tensor(QUANTILES)
    known = torch.isfinite(truth)
    error = torch.nan_to_num(truth)[..., None] - forecast
    slope = (level - (error < 0).float()) * known[..., None]
    return (error * slope).sum((0, 1)).mean(-1), known.sum((0, 1))


def huber(median: Tensor, truth: Tensor, most: float = 4.0) -> Tensor:
    """Return the sum of half the squared errors by lead, linear beyond `most`.

    Args:
        median: (B, T, lead).
        truth: (B, T, lead), NaN where unknown.
    """
    known = torch.isfinite(truth)
    error = torch.where(known, torch.nan_to_num(truth) - median, 0.0)
    size = error.abs().clamp(max=most)
    return (size * (error.abs() - size / 2)).sum((0, 1))
