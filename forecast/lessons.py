"""What the network is taught: windows of features, and the changes that followed."""

from dataclasses import dataclass

import numpy as np
import torch
import xarray as xr
from torch import Tensor

from data.errors import TooLittleHistory
from data.network import Years
from forecast import upon_ridge
from forecast.companion import Companion
from forecast.model import ModelConfig
from forecast.scaling import Scaling, bent_own
from forecast.windows import anchors, features, targets


@dataclass(frozen=True)
class Lessons:
    """Windows of one period; nothing is copied until a batch is asked for.

    Attributes:
        seen: (row, time, feature); the rows are the stations, once for each version of the record.
        change: (row, time, lead) scaled change that followed, NaN where unknown.
        stations: Number of stations; row % stations is the station.
        rows, starts: (n,) row and first step of each window that has anything to learn.
    """

    seen: Tensor
    change: Tensor
    stations: int
    rows: np.ndarray
    starts: np.ndarray

    def batch(self, pick: np.ndarray, config: ModelConfig) -> tuple[Tensor, Tensor, Tensor]:
        """Return x (B, window, feature), station (B,), y (B, last, lead) of some windows."""
        row = torch.from_numpy(self.rows[pick])
        steps = torch.from_numpy(self.starts[pick])[:, None] + torch.arange(config.window)
        asked = steps[:, config.window - config.last :]
        return self.seen[row[:, None], steps], row % self.stations, self.change[row[:, None], asked]

    def activity(self, config: ModelConfig) -> np.ndarray:
        """Return (n,) the summed size of the changes that each window asks for."""
        size = torch.nan_to_num(self.change).abs().mean(-1).double().numpy()
        so_far = np.cumsum(np.pad(size, ((0, 0), (1, 0))), axis=1)
        end = self.starts + config.window
        return np.asarray(so_far[self.rows, end] - so_far[self.rows, end - config.last])


def within(time: np.ndarray, years: Years) -> np.ndarray:
    """Say which times lie in the years, both included."""
    year = time.astype("datetime64[Y]").astype(int) + 1970
    return np.asarray((year >= years[0]) & (year <= years[1]))


def prepare(
    versions: list[xr.DataArray],
    scaling: Scaling,
    config: ModelConfig,
    years: Years,
    stride: int,
    beside: Companion | None = None,
) -> Lessons:
    """Cut the windows of some years.

    Args:
        versions: `forecast.inputs.channels` of the record, first as it is, then with holes
            punched into it; the truth is always the record as it is.
        stride: Steps from one window to the next.
        beside: What the LSTM stands on; it learns what its ridge leaves over.

    Raises:
        TooLittleHistory: No window in `years` has anything to learn.
    """
    keep = within(versions[0].time.values, years)
    truth = np.where(keep, bent_own(versions[0], scaling), np.nan)
    limit = config.age_limit
    starts = [anchors(bent_own(v, scaling), limit).value for v in versions]
    told = [upon_ridge.told(beside, version) for version in versions]
    change = np.concatenate(
        [
            upon_ridge.left(targets(truth, start, scaling.change), each, scaling)
            for start, each in zip(starts, told, strict=True)
        ]
    )
    seen = np.concatenate(
        [
            upon_ridge.seen(features(version, scaling, limit), each, scaling)
            for version, each in zip(versions, told, strict=True)
        ]
    )
    useful = np.isfinite(change).any(axis=-1) & keep
    row, start = _windows(useful, config, stride)
    if not row.size:
        raise TooLittleHistory(
            f"No {config.window} steps in a row with any reading in {years[0]}-{years[1]}.",
            "Pull a longer record, or move the years of training and validation.",
        )
    tensors = torch.from_numpy(seen), torch.from_numpy(change)
    return Lessons(*tensors, len(truth), row, start)


def _windows(useful: np.ndarray, config: ModelConfig, stride: int) -> tuple[np.ndarray, np.ndarray]:
    """Return row and first step of the windows with a useful step among their last."""
    so_far = np.cumsum(np.pad(useful, ((0, 0), (1, 0))), axis=1)
    start = np.arange(0, useful.shape[1] - config.window + 1, stride)
    end = start + config.window
    row, which = np.nonzero(so_far[:, end] - so_far[:, end - config.last])
    return row, start[which]
