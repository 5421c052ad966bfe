"""Bring every channel and every target to about one, with numbers from the training years only."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import xarray as xr

from data.errors import TooLittleHistory
from data.network import Network, Years
from data.stations import Quantity
from forecast.inputs import NEIGHBOURS

FLOWS = ("rainfall", "dam_inflow", "dam_release")  # skewed, many small values: bent by asinh
_BENDING = 5.0  # of 1, 5 and 30 it forecast the validation years of three rivers best
BEYOND = 2.0  # times the fastest rise on record: no river is forecast to rise faster than that
_SMALLEST = 1e-3  # no spread below this: a dead channel must not be blown up


@dataclass(frozen=True)
class Scaling:
    """What the training years say about each channel.

    Attributes:
        channels: Names of the channels that have any training value.
        bend: (station, channel); x becomes asinh(x / bend); inf leaves x as it is.
        centre, spread: (station, channel), median and spread of the bent values.
        change: (station, lead) standard deviation of the change of the bent own value.
        floor: (station,) what no forecast lies below: 0 for a discharge that was never negative.
        high: (station,) bent own value that a tenth of the training values exceed: high water.
        rise: (station, lead) largest rise that is forecast within a lead, in the unit of the
            quantity: `BEYOND` times the largest on record; inf where none was seen. It bounds the
            change, not the level, so a flood above every earlier one can be forecast.
    """

    channels: tuple[str, ...]
    bend: np.ndarray
    centre: np.ndarray
    spread: np.ndarray
    change: np.ndarray
    floor: np.ndarray
    high: np.ndarray
    rise: np.ndarray


def fit(table: xr.DataArray, network: Network, years: Years) -> Scaling:
    """Learn the scaling from the training years.

    Args:
        table: `forecast.inputs.channels`.

    Raises:
        TooLittleHistory: No station has a value in `years`.
    """
    year = table.time.dt.year
    past = table.sel(time=(year >= years[0]) & (year <= years[1]))
    known = [c for c in table.channel.values if bool(past.sel(channel=c).notnull().any())]
    if "own" not in known:
        raise TooLittleHistory(
            f"'{network.name}' has no {network.quantity.value} in {years[0]}-{years[1]}.",
            "Pull a longer record, or move the years of training.",
        )
    values = past.sel(channel=known).values
    bend = _bends(values, known, network.quantity)
    bent = bent_by(values, bend[:, None])
    centre, spread = _centre_and_spread(bent)
    own = bent[:, :, 0]
    change = _changes(own, network.horizon)
    floor = _floors(values[:, :, 0], network.quantity)
    high = np.nanquantile(np.where(np.isnan(own).all(1, keepdims=True), 0, own), 0.9, axis=1)
    rise = _rises(values[:, :, 0], network.horizon)
    return Scaling(tuple(str(c) for c in known), bend, centre, spread, change, floor, high, rise)


def of_rows(scaling: Scaling, rows: slice | Sequence[int] | np.ndarray) -> Scaling:
    """Return the scaling of some stations."""
    names = [field.name for field in fields(scaling) if field.name != "channels"]
    return replace(scaling, **{name: getattr(scaling, name)[rows] for name in names})


def bent_own(table: xr.DataArray, scaling: Scaling) -> np.ndarray:
    """Return the bent own values (station, time) of `forecast.inputs.channels`."""
    return bent_by(table.sel(channel="own").values, scaling.bend[:, :1])


def bent_by(values: np.ndarray, bend: np.ndarray) -> np.ndarray:
    """Return asinh(values / bend), or the values where bend is inf; the two are broadcast."""
    linear = np.isinf(bend)
    if linear.all():
        return np.asarray(values + np.zeros(bend.shape))
    return np.where(linear, values, np.arcsinh(values / np.where(linear, 1.0, bend)))


def straightened(values: np.ndarray, bend: np.ndarray) -> np.ndarray:
    """Undo `bent_by`."""
    linear = np.isinf(bend)
    bent = np.where(linear, 0.0, values)
    return np.where(linear, values, np.sinh(bent) * np.where(linear, 1.0, bend))


def _bends(values: np.ndarray, names: list[str], quantity: Quantity) -> np.ndarray:
    """Return some times the mean of what is above zero, for flows; inf for levels."""
    positive = np.where(values > 0, values, np.nan)
    count = np.isfinite(positive).sum(axis=1)
    bend = _BENDING * np.nansum(positive, axis=1) / np.maximum(count, 1)
    levels = [not _is_flow(name, quantity) for name in names]
    bend = np.where(bend > 0, bend, 1.0)
    bend[:, levels] = np.inf
    return bend.astype("float64")


def _is_flow(name: str, quantity: Quantity) -> bool:
    gauge = name in ("own", *NEIGHBOURS)
    return name in FLOWS or (gauge and quantity is Quantity.DISCHARGE)


def _centre_and_spread(bent: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return median, and the standard deviation or the inner half's, whichever is more robust."""
    stations, _, width = bent.shape
    centre, spread = np.zeros((stations, width)), np.ones((stations, width))
    for row in range(stations):
        for column in range(width):
            known = bent[row, :, column][np.isfinite(bent[row, :, column])]
            if known.size:
                low, centre[row, column], high = np.quantile(known, (0.25, 0.5, 0.75))
                inner = (high - low) / 1.349  # = the standard deviation of a normal sample
                spread[row, column] = max(inner, 0.25 * known.std(), _SMALLEST)
    return centre, spread


def _changes(own: np.ndarray, horizon: int) -> np.ndarray:
    """Return (station, lead) standard deviations of the change over 1 .. horizon steps."""
    change = np.full((len(own), horizon), np.nan)
    for lead in range(1, horizon + 1):
        differences = own[:, lead:] - own[:, :-lead]
        count = np.isfinite(differences).sum(axis=1)
        squares = np.nansum(differences**2, axis=1) / np.maximum(count, 1)
        change[:, lead - 1] = np.sqrt(squares)
    return np.asarray(np.maximum(change, _SMALLEST))


def _rises(own: np.ndarray, horizon: int) -> np.ndarray:
    """Return (station, lead) the largest rise within 1 .. horizon steps, times `BEYOND`."""
    rise = np.zeros((len(own), horizon))
    for lead in range(1, horizon + 1):
        differences = own[:, lead:] - own[:, :-lead]
        rise[:, lead - 1] = np.nanmax(np.nan_to_num(differences), axis=1, initial=0.0)
    rise = np.maximum.accumulate(rise, axis=1)
    return np.where(rise > 0, BEYOND * rise, np.inf)


def _floors(own: np.ndarray, quantity: Quantity) -> np.ndarray:
    lowest = np.nanmin(np.where(np.isfinite(own), own, np.inf), axis=1)
    positive = (quantity is Quantity.DISCHARGE) & (lowest >= 0)
    return np.where(positive, 0.0, -np.inf)
