"""A made-up model run on a large grid, written as archives write them: a file a variable, packed.

The weather is invented and seeded: a season, a pattern of the land, and noise that a window on a
few larger fields gives, another one each day. Values are rounded to an eighth, as archives round
theirs, so that they pack about as well.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import h5netcdf  # type: ignore[import-untyped]
import numpy as np
import pandas as pd

from flows.bench_climate_weather import SEED

VARIABLES: Final = ("tas", "tasmin", "tasmax", "pr")
FIRST: Final = 2000  # of the reference years that changes are told against
_ABOVE_MEAN: Final = {"tas": 0.0, "tasmax": 5.0, "tasmin": -5.0}  # K
_FIELDS: Final = 24
_EIGHTH: Final = 8


@dataclass(frozen=True)
class Kind:
    """How large a made-up run is, and how it lies in its files.

    Attributes:
        side: Cells in a row, and rows; the grid covers Korea.
        days_a_chunk: Days and cells of a side that a chunk of the file holds.
    """

    side: int
    years: int
    days_a_chunk: int = 1
    cells_a_chunk: int = 0

    @property
    def chunk(self) -> tuple[int, int, int]:
        """Return days, rows and columns of a chunk; 0 cells mean the whole grid."""
        cells = min(self.cells_a_chunk or self.side, self.side)
        return self.days_a_chunk, cells, cells

    @property
    def time(self) -> pd.DatetimeIndex:
        """Return the days, whole years from `FIRST` on."""
        return pd.date_range(f"{FIRST}-01-01", f"{FIRST + self.years - 1}-12-31")


def write(folder: Path, kind: Kind) -> list[Path]:
    """Write one file for each of `VARIABLES`; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(folder / f"{name}.nc", name, kind) for name in VARIABLES]


def _write(path: Path, name: str, kind: Kind) -> Path:
    days, side = len(kind.time), kind.side
    with h5netcdf.File(path, "w") as file:
        file.dimensions = {"time": days, "lat": side, "lon": side}
        file.attrs["title"] = "Invented values on a large grid, for the bench"
        time = file.create_variable("time", ("time",), "i4", data=np.arange(days))
        time.attrs["units"] = f"days since {FIRST}-01-01"
        for axis, low, high, unit in (("lat", 33.2, 39.4, "north"), ("lon", 124.2, 131.8, "east")):
            made = file.create_variable(axis, (axis,), "f8", data=np.linspace(low, high, side))
            made.attrs["units"] = f"degrees_{unit}"
        values = file.create_variable(
            name, ("time", "lat", "lon"), "f4", chunks=kind.chunk, compression="gzip",
            compression_opts=1, shuffle=True, fillvalue=np.float32(1e20),
        )  # fmt: skip
        values.attrs["units"] = "mm/day" if name == "pr" else "K"
        weather = _Weather(name, kind)
        step = max(kind.days_a_chunk, 60)
        for first in range(0, days, step):
            values[first : first + step] = weather.of(range(first, min(first + step, days)))
    return path


class _Weather:
    """The fields that days are cut from."""

    def __init__(self, name: str, kind: Kind) -> None:
        self.name, self.side = name, kind.side
        rng = np.random.default_rng([SEED, VARIABLES.index(name)])
        shape = (_FIELDS, 2 * kind.side, 2 * kind.side)
        if name == "pr":
            wet = rng.random(shape, dtype="f4") < 0.3
            self.fields = wet * (rng.standard_gamma(0.8, shape, dtype="f4") * 14)
        else:
            self.fields = rng.standard_normal(shape, dtype="f4") * 2
        self.season = 286 - 15 * np.cos(2 * np.pi * kind.time.day_of_year.to_numpy() / 365.25)
        self.noise = rng.normal(0, 3, len(kind.time))
        self.cut = rng.integers(0, (_FIELDS, kind.side, kind.side), (len(kind.time), 3))

    def of(self, days: range) -> np.ndarray:
        """Return (day, lat, lon) of some days, float32."""
        made = np.empty((len(days), self.side, self.side), dtype="f4")
        for row, day in enumerate(days):
            field, y, x = self.cut[day]
            part = self.fields[field, y : y + self.side, x : x + self.side]
            made[row] = part if self.name == "pr" else part + self._level(day)
        return np.asarray(np.round(made * _EIGHTH) / np.float32(_EIGHTH))

    def _level(self, day: int) -> np.float32:
        return np.float32(self.season[day] + self.noise[day] + _ABOVE_MEAN[self.name])
