"""A run on a grid too large for memory: how its days lie in the files, found without reading them.

`survey` looks at the axes alone, with the same checks as the door for small files
(`data.climate.user_netcdf`). What it returns says for each day, row and column of each file where
it belongs; `data.climate.pieces` then carries the values over, block by block.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import h5py  # type: ignore[import-untyped]
import numpy as np
import xarray as xr

from data.climate import cf
from data.climate.axes import Box, align, crop
from data.climate.user_netcdf import open_file
from data.errors import InvalidData

LARGE: Final = 2**29  # bytes of float32: a run below is held in memory as a whole
_GRID: Final = ("time", "lat", "lon")
_FLOAT: Final = 4  # bytes


@dataclass(frozen=True)
class Part:
    """One variable of one file, and where its values belong in the run.

    Attributes:
        name: tas, tasmin, tasmax or pr; `variable` is its name in the file.
        axes: Of each dimension of the file, in its order: time, lat or lon.
        places: By axis, the run's index of each index of the file; -1 where it is not wanted.
        chunk: Indices by dimension of the file that lie together in it.
    """

    path: Path
    name: str
    variable: str
    axes: dict[str, str]
    places: dict[str, np.ndarray]
    chunk: tuple[int, ...]


@dataclass(frozen=True)
class LargeGrid:
    """A run of daily values on a grid, none of them read.

    Attributes:
        time: (time,) days of the run, ascending, in the calendar of the files.
        lat, lon: Cell centres, ascending.
    """

    time: xr.DataArray
    lat: np.ndarray
    lon: np.ndarray
    parts: tuple[Part, ...]

    @property
    def bytes_of_one(self) -> int:
        """Return the size of one variable as float32."""
        return self.time.size * self.lat.size * self.lon.size * _FLOAT

    @property
    def large(self) -> bool:
        """Say whether all variables together are too much to be held in memory."""
        return self.bytes_of_one * len({part.name for part in self.parts}) > LARGE


Dates = np.ndarray  # datetime64[ns], or objects of cftime


@dataclass(frozen=True)
class _Laid:
    """A part on its own, its days not yet among those of the other files."""

    part: Part
    time: Dates
    lat: np.ndarray
    lon: np.ndarray


def may_be_large(paths: Sequence[Path]) -> bool:
    """Say by the sizes in the files' heads, in a moment, whether a run may be large.

    A file that cannot be read counts nothing: whoever reads it says so.
    """
    return sum(map(_at_most, paths)) > LARGE


def _at_most(path: Path) -> int:
    """Return how many bytes the values of a file take as float32, at most."""
    try:
        with h5py.File(path) as file:
            return _FLOAT * sum(int(x.size) for x in file.values() if isinstance(x, h5py.Dataset))
    except OSError:  # the classic format packs nothing, but may hold two bytes a value
        return 2 * path.stat().st_size if path.is_file() else 0


def survey(
    paths: Sequence[Path], wanted: Sequence[str], box: Box | None = None, since: int = 0
) -> LargeGrid | None:
    """Return how a run lies in its files; None where it is at points, not on a grid.

    Args:
        wanted: Of tas, tasmin, tasmax, pr.
        box: Only the cells whose centre lies inside; None takes all.
        since: First year that is wanted.

    Raises:
        NothingThere: A file is missing.
        InvalidData: As `data.climate.user_netcdf.read`, but for what only values can tell.
    """
    laid = [found for path in paths for found in _laid_in(path, wanted, box)]
    if not all(found.part.axes for found in laid):
        return None
    names = [path.name for path in paths]
    by_name = {name: [found for found in laid if found.part.name == name] for name in wanted}
    if absent := [name for name, found in by_name.items() if not found]:
        raise InvalidData(f"'{absent[0]}' is missing in all of {names}.")
    wrong = InvalidData(
        f"The files {names} do not fit together: their grids, calendars or days differ."
    )
    try:
        runs = [_in_order(found, since) for found in by_name.values()]
    except (ValueError, TypeError) as error:  # dates of two calendars
        raise wrong from error
    time = runs[0][0]
    same_days = all(np.array_equal(time, other) for other, _ in runs)
    if not same_days or not all(_same_cells(found, laid[0]) for found in laid):
        raise wrong
    axis = xr.DataArray(time, coords={"time": time}, dims="time")
    parts = tuple(part for _, found in runs for part in found)
    return LargeGrid(axis, laid[0].lat, laid[0].lon, parts)


def _laid_in(path: Path, wanted: Sequence[str], box: Box | None) -> list[_Laid]:
    try:
        with open_file(path) as ds:
            held = [name for name in wanted if cf.candidates(ds, name)]
            return [_lay(path.resolve(), name, cf.find(ds, name), box) for name in held]
    except InvalidData as error:
        raise InvalidData(f"{path.name}: {error.problem}", error.remedy) from error


def _lay(path: Path, name: str, values: xr.DataArray, box: Box | None) -> _Laid:
    """Find where each index of a variable goes, by marks that travel with its axes."""
    plain = _cut(values, box)  # before the marks: what it refuses names the file's own axes
    dates = np.asarray(plain.indexes["time"].values)
    if set(plain.dims) != set(_GRID):
        nowhere = Part(path, name, str(values.name), {}, {}, ())
        return _Laid(nowhere, dates, np.zeros(0), np.zeros(0))
    marks = {f"index of {dim}": (dim, np.arange(size)) for dim, size in values.sizes.items()}
    laid = _cut(values.assign_coords(marks), box)
    axes, places = dict[str, str](), dict[str, np.ndarray]()
    for dim, size in values.sizes.items():
        mark = laid[f"index of {dim}"]
        axis = axes[str(dim)] = str(mark.dims[0])
        places[axis] = np.full(size, -1)
        places[axis][mark.values] = np.arange(mark.size)
    part = Part(path, name, str(values.name), axes, places, _chunk(values))
    return _Laid(part, dates, laid["lat"].values, laid["lon"].values)


def _cut(values: xr.DataArray, box: Box | None) -> xr.DataArray:
    aligned = align(values)
    return crop(aligned, box) if box else aligned


def _chunk(values: xr.DataArray) -> tuple[int, ...]:
    """Return what lies together in the file; of a file without chunks, the last dimension."""
    stored = values.encoding.get("chunksizes")
    if stored and not values.encoding.get("contiguous"):
        return tuple(int(size) for size in stored)
    return (*(1 for _ in values.shape[1:]), values.shape[-1])


def _in_order(laid: list[_Laid], since: int) -> tuple[Dates, list[Part]]:
    """Return the wanted days of all files in order, and the parts with their places among them."""
    dates = np.concatenate([each.time for each in laid])
    order = np.argsort(dates, kind="stable")
    ordered = dates[order]
    twice = np.flatnonzero(ordered[1:] == ordered[:-1])
    if twice.size:
        raise InvalidData(f"Two files hold {str(ordered[twice[0]])[:10]}.")
    early = int((xr.DataArray(ordered, dims="time").dt.year.values < since).sum())
    rank = np.empty(len(dates), dtype=int)
    rank[order] = np.arange(len(dates)) - early
    ends = np.cumsum([len(each.time) for each in laid])
    parts = [
        _placed(each.part, rank[end - len(each.time) : end])
        for each, end in zip(laid, ends.tolist(), strict=True)
    ]
    return ordered[early:], parts


def _placed(part: Part, rank: np.ndarray) -> Part:
    """Return a part with its days among those of all files; -1 for those before."""
    days = part.places["time"]
    placed = np.where(days < 0, -1, np.maximum(rank[days], -1))
    return replace(part, places=part.places | {"time": placed})


def _same_cells(one: _Laid, other: _Laid) -> bool:
    return np.array_equal(one.lat, other.lat) and np.array_equal(one.lon, other.lon)
