"""One forecast from those of several members: the quantiles of what they tell together."""

import numpy as np
import xarray as xr

from data.schema import QUANTILES


def pool(members: list[xr.Dataset], name: str) -> xr.Dataset:
    """Return one forecast from one of each member, all equally likely; see `pooled`.

    Args:
        members: `data.schema.forecast` that differ in their values only.
        name: Of the values.
    """
    first = members[0]
    if len(members) == 1:
        return first
    values = pooled(np.stack([each[name].values for each in members]), np.array(QUANTILES))
    return first.assign({name: first[name].copy(data=values.astype(first[name].dtype))})


def pooled(values: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Return the quantiles (.., quantile) of the even mixture of members.

    Each member's distribution is linear between its quantiles, and goes on beyond the outermost
    ones as steeply as before them. Of members that agree, what they say comes back.

    Args:
        values: (member, .., quantile) ascending; a gap in any member is a gap in the mixture.
        levels: (quantile,) ascending.
    """
    shape = values.shape[1:]
    cases = np.moveaxis(values.reshape(len(values), -1, shape[-1]), 1, 0)  # (n, member, quantile)
    known = np.isfinite(cases).all(axis=(1, 2))
    made = np.full((len(cases), levels.size), np.nan)
    for row in np.flatnonzero(known):
        made[row] = _mixture(cases[row].astype("float64"), levels)
    return made.reshape(shape)


def _mixture(members: np.ndarray, levels: np.ndarray) -> np.ndarray:
    points = np.unique(members)
    below = np.mean([_below(points, each, levels) for each in members], axis=0)
    return np.asarray(np.maximum.accumulate(np.interp(levels, below, points)))


def _below(points: np.ndarray, member: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Return the probability that a member gives to values below some points, 0 .. 1."""
    inside = np.interp(points, member, levels)
    low, high = _slope(member[:2], levels[:2]), _slope(member[-2:], levels[-2:])
    under = levels[0] - low * np.maximum(member[0] - points, 0)
    over = levels[-1] + high * np.maximum(points - member[-1], 0)
    found = np.where(points < member[0], under, np.where(points > member[-1], over, inside))
    return np.asarray(np.clip(found, 0.0, 1.0))


def _slope(values: np.ndarray, levels: np.ndarray) -> float:
    """Return probability per unit; very steep where two quantiles coincide."""
    return float((levels[1] - levels[0]) / max(values[1] - values[0], 1e-9))
