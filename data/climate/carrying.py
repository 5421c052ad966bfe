"""Carry the days of a large grid over into pieces: unpack, bring into our unit, put rows first.

A piece is written whole or not at all, and may be written twice: a worker may die over it. The
values of a file are weighed when all of its pieces are there (`weigh_all`).
"""

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import xarray as xr

from data.climate.large_grid import Part
from data.climate.pieces import ORDER, Block, cut, index
from data.climate.units import Span, scale, settle, unit_of, weigh
from data.climate.user_netcdf import open_file
from data.errors import InvalidData

STEP: Final = 2**22  # bytes of float32 that are unpacked at once, or one chunk of the file


@dataclass(frozen=True)
class Carried:
    """What was seen of the values of a block: their unit, and their span."""

    unit: str
    span: Span


def carry(block: Block) -> Carried:
    """Write the piece of a block, and say what was seen.

    Raises:
        InvalidData: The unit is missing or unknown, or the file cannot be read.
    """
    piece = np.empty([len(block.places(axis)) for axis in ORDER], dtype="float32")
    spans, unit = list[Span](), ""
    try:
        with open_file(block.part.path) as ds:
            for window in cut(block.part, block.window, STEP):
                raw = _load(ds, replace(block, window=window))
                scaled = scale(block.part.name, raw)
                unit = unit_of(raw)
                spans.append(Span.of(scaled))
                settled = settle(block.part.name, scaled).transpose(*ORDER).values
                _carry_over(settled, replace(block, window=window), block, piece)
    except (InvalidData, OSError) as error:
        said = error.problem if isinstance(error, InvalidData) else f"It cannot be read: {error}."
        raise InvalidData(f"{block.part.path.name}: {said}") from error
    half = block.piece.with_suffix(f".{os.getpid()}.part")
    with half.open("wb") as file:
        np.save(file, piece)
    half.replace(block.piece)
    return Carried(unit, _all(spans, 0))


def _load(ds: xr.Dataset, block: Block) -> xr.DataArray:
    """Return a window from its first to its last wanted index, axes named as ours."""
    found = {}
    for dim, axis in block.part.axes.items():
        inside = np.flatnonzero(block.local(axis) >= 0) + block.window[dim].start
        found[dim] = slice(int(inside[0]), int(inside[-1]) + 1)
    values = ds[block.part.variable].isel(found).variable.load()
    return xr.DataArray(
        values.values, dims=[block.part.axes[str(d)] for d in values.dims], attrs=values.attrs
    )


def _carry_over(values: np.ndarray, step: Block, block: Block, piece: np.ndarray) -> None:
    """Put the wanted values of a step, in the run's order, where they belong in the piece."""
    there = [np.searchsorted(block.places(axis), step.places(axis)) for axis in ORDER]
    here = [_ascending(step.local(axis)) for axis in ORDER]
    piece[index(there)] = values[index(here)]


def _ascending(local: np.ndarray) -> np.ndarray:
    """Return where the wanted ones lie, from the first wanted one on, in the run's order."""
    inside = np.flatnonzero(local >= 0)
    return np.asarray((inside - inside[0])[np.argsort(local[inside])])


def weigh_all(carried: Sequence[tuple[Block, Carried]]) -> None:
    """Refuse a file whose values do not fit its unit.

    Args:
        carried: All blocks of one variable, and what was seen of each.

    Raises:
        InvalidData: No climate on Earth has such values; the message names the file.
    """
    seen = dict[Path, list[tuple[Part, Carried]]]()
    for block, found in carried:
        seen.setdefault(block.part.path, []).append((block.part, found))
    for path, found_there in seen.items():
        part, unit = found_there[0][0], found_there[0][1].unit
        days = int((part.places["time"] >= 0).sum())
        try:
            weigh(part.name, unit, _all([found.span for _, found in found_there], days))
        except InvalidData as error:
            raise InvalidData(f"{path.name}: {error.problem}", error.remedy) from error


def _all(spans: Sequence[Span], days: int) -> Span:
    low, high = np.array([(x.low, x.high) for x in spans]).T
    there = ~np.isnan(low)
    if not there.any():
        return Span(math.nan, math.nan, days)
    return Span(float(low[there].min()), float(high[there].max()), days)
