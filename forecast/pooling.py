"""One forecast from those of several members: the quantiles of what they tell together."""

import numpy as np
import xarray as xr

from data.schema import QUANTILES
from forecast.threads import side_by_side

_AT_ONCE = 2_000  # cases: some 10 MB for each ten members
_NARROW = 1e-7  # in the unit of the values: quantiles that coincide are that far apart


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
    known = np.flatnonzero(np.isfinite(cases).all(axis=(1, 2)))
    made = np.full((len(cases), levels.size), np.nan)
    parts = np.split(known, range(_AT_ONCE, known.size, _AT_ONCE))
    for some, mixed in zip(
        parts,
        side_by_side(lambda part: _mixtures(cases[part].astype("float64"), levels), parts),
        strict=True,
    ):
        made[some] = mixed
    return made.reshape(shape)


def _mixtures(members: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Return quantiles (n, quantile) of members (n, member, quantile), all cases side by side.

    The density of a member is a staircase; that of all changes, at each corner of any of them, by
    what it changes there. Summed up twice along the corners it is the distribution.
    """
    corners, change = _staircases(members, levels)
    flat = corners.reshape(len(corners), -1)
    order = np.argsort(flat, axis=1)
    at = np.take_along_axis(flat, order, axis=1)
    density = np.take_along_axis(change.reshape(flat.shape), order, axis=1).cumsum(axis=1)
    below = np.zeros_like(at)
    below[:, 1:] = (density[:, :-1] * np.diff(at, axis=1)).cumsum(axis=1) / members.shape[1]
    below = np.maximum.accumulate(below, axis=1)
    own = (order % corners.shape[2] % (levels.size + 1)) > 0  # a quantile, no end of a member
    points = np.sort(members.reshape(len(members), -1), axis=1)
    below = below[own].reshape(points.shape)
    return np.stack([_where_it_reaches(points, below, level) for level in levels], axis=-1)


def _staircases(members: np.ndarray, levels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return corners (n, member, quantile + 2), and by how much the density changes at each."""
    apart = _NARROW * np.arange(levels.size)  # no two quantiles at the same place
    inner = members + apart
    width = np.diff(inner, axis=-1)
    share = np.diff(levels)
    ends = levels[0] / share[0], (1 - levels[-1]) / share[-1]
    first = inner[..., :1] - ends[0] * width[..., :1]
    last = inner[..., -1:] + ends[1] * width[..., -1:]
    steep = share / width
    density = np.concatenate([steep[..., :1], steep, steep[..., -1:]], axis=-1)
    nothing = np.zeros_like(density[..., :1])
    change = np.diff(np.concatenate([nothing, density, nothing], axis=-1), axis=-1)
    return np.concatenate([first, inner, last], axis=-1), change


def _where_it_reaches(at: np.ndarray, below: np.ndarray, level: float) -> np.ndarray:
    """Return where each distribution (n, corner) reaches a level, (n,)."""
    right = np.clip((below < level).sum(axis=1), 1, at.shape[1] - 1)[:, None]
    (low, high), (under, over) = (
        [np.take_along_axis(each, right - back, axis=1)[:, 0] for back in (1, 0)]
        for each in (at, below)
    )
    share = (level - under) / np.maximum(over - under, 1e-12)
    return np.asarray(low + np.clip(share, 0, 1) * (high - low))
