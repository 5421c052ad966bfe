"""Tide-phase persistence: the river does what it did a tidal day ago, 24 h 50 min before.

Twice the moon's semi-diurnal period of 12.42 h: at a tidal gauge the same hour of yesterday's tide.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from forecast.lags import Bends
from forecast.scaling import bent_by

DAY = np.timedelta64(24 * 60 + 50, "m")


@dataclass(frozen=True)
class Yesterday:
    """Takes the last feature, `change`, at its word; where it is not known, nothing changes."""

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Return changes (n,) from features (n, feature)."""
        return np.asarray(np.nan_to_num(x[:, -1].astype("float64")))


def change(table: xr.DataArray, bends: Bends, row: int, lead: int) -> np.ndarray:
    """Return the own value whole tidal days before the valid time, less the newest one.

    Between two readings on either side of that moment the value is interpolated; as many days back
    as are needed for both to lie at or before the issue time.

    Args:
        table: `forecast.inputs.channels`.
        lead: Steps ahead.

    Returns:
        float32 (time, 1), bent by `bends`; NaN where something is not known.
    """
    own = bent_by(table.sel(channel="own").values[row].astype("float64"), bends.bend[row, 0])
    time = table.time.values
    day = DAY / np.timedelta64(time[1] - time[0])  # steps
    back = day * np.ceil(lead / day) - lead
    near, share = int(back), back - int(back)
    then = (1 - share) * _back(own, near)
    if share > 0:
        then = then + share * _back(own, near + 1)
    return np.asarray((then - own)[:, None], dtype="float32")


def _back(values: np.ndarray, lag: int) -> np.ndarray:
    moved = np.full_like(values, np.nan)
    moved[lag:] = values[: max(0, values.size - lag)]
    return moved
