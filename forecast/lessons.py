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
from forecast.scaling import Scaling, bent_own, of_rows
from forecast.windows import REACH, anchors, features, targets

AT_ONCE = 30  # stations that are laid out in one go: on the way they need many times the memory


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
    told = [upon_ridge.told(beside, version) for version in versions]
    if beside is None:  # a companion looks back further, and its sums begin with the record
        versions = _around(versions, years, config, stride)
    keep = within(versions[0].time.values, years)
    truth = np.where(keep, bent_own(versions[0], scaling), np.nan)
    seen, change = _laid_out(versions, truth, told, scaling, config)
    useful = np.isfinite(change).any(axis=-1) & keep
    row, start = _windows(useful, config, stride)
    if not row.size:
        raise TooLittleHistory(
            f"No {config.window} steps in a row with any reading in {years[0]}-{years[1]}.",
            "Pull a longer record, or move the years of training and validation.",
        )
    tensors = torch.from_numpy(seen), torch.from_numpy(change)
    return Lessons(*tensors, len(truth), row, start)


def _around(
    versions: list[xr.DataArray], years: Years, config: ModelConfig, stride: int
) -> list[xr.DataArray]:
    """Return the part of a record that windows of some years look at, whole strides cut off."""
    inside = np.flatnonzero(within(versions[0].time.values, years))
    if not inside.size:
        return versions
    first = max(0, inside[0] - config.window - REACH) // stride * stride
    return [version.isel(time=slice(first, inside[-1] + config.last + 1)) for version in versions]


def _laid_out(
    versions: list[xr.DataArray],
    truth: np.ndarray,
    told: list[np.ndarray | None],
    scaling: Scaling,
    config: ModelConfig,
) -> tuple[np.ndarray, np.ndarray]:
    """Return what is seen and what followed, (row, time, ..), laid out a few stations at a time."""
    stations = len(truth)
    seen, change = np.empty((0, 0, 0), "float32"), np.empty((0, 0, 0), "float32")
    for number, (version, whole) in enumerate(zip(versions, told, strict=True)):
        for rows in _pieces(stations):
            ridge = None if whole is None else whole[rows]
            few = version.isel(station=rows)
            x, y = _of_stations(few, truth[rows], ridge, of_rows(scaling, rows), config)
            if not seen.size:
                total = len(versions) * stations
                seen = np.empty((total, *x.shape[1:]), "float32")
                change = np.empty((total, *y.shape[1:]), "float32")
            at = slice(number * stations + rows.start, number * stations + rows.stop)
            seen[at], change[at] = x, y
    return seen, change


def _pieces(stations: int) -> list[slice]:
    begins = range(0, stations, AT_ONCE)
    return [slice(begin, min(begin + AT_ONCE, stations)) for begin in begins]


def _of_stations(
    table: xr.DataArray,
    truth: np.ndarray,
    told: np.ndarray | None,
    scaling: Scaling,
    config: ModelConfig,
) -> tuple[np.ndarray, np.ndarray]:
    start = anchors(bent_own(table, scaling), config.age_limit).value
    change = upon_ridge.left(targets(truth, start, scaling.change), told, scaling)
    return upon_ridge.seen(features(table, scaling, config.age_limit), told, scaling), change


def _windows(useful: np.ndarray, config: ModelConfig, stride: int) -> tuple[np.ndarray, np.ndarray]:
    """Return row and first step of the windows with a useful step among their last."""
    so_far = np.cumsum(np.pad(useful, ((0, 0), (1, 0))), axis=1)
    start = np.arange(0, useful.shape[1] - config.window + 1, stride)
    end = start + config.window
    row, which = np.nonzero(so_far[:, end] - so_far[:, end - config.last])
    return row, start[which]
