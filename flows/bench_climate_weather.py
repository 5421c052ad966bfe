"""Made-up daily weather for the bench: a seeded row of cells, repeated, so that it is cheap."""

import numpy as np
import xarray as xr

SEED = 20260701
UNITS = {"tas": "degC", "tasmax": "degC", "tasmin": "degC", "pr": "mm/day"}
_FIRST = 1991
_ABOVE_MEAN = {"tas": 0.0, "tasmax": 5.0, "tasmin": -5.0}  # degC


def field(name: str, side: int, years: int = 30, calendar: str = "standard") -> xr.DataArray:
    """Return (time, lat, lon) of `side` x `side` cells in memory, float32."""
    return _broadcast(name, side, years, calendar).copy()


def lazy_field(name: str, side: int, years: int = 30) -> xr.Dataset:
    """Return the same as a dataset that takes the memory of one row, whatever its size."""
    return _broadcast(name, side, years, "standard").to_dataset(name=name)


def _broadcast(name: str, side: int, years: int, calendar: str) -> xr.DataArray:
    last = f"{_FIRST + years - 1}-12-31"
    cftime = calendar != "standard"
    time = xr.date_range(f"{_FIRST}-01-01", last, calendar=calendar, use_cftime=cftime)
    row = _rain(len(time), side) if name == "pr" else _temperature(name, len(time), side)
    values = np.broadcast_to(row[:, None, :], (len(time), side, side))
    dims = ("time", "lat", "lon")
    return xr.DataArray(values, dims=dims, coords={"time": time}, attrs={"units": UNITS[name]})


def _rain(days: int, cells: int) -> np.ndarray:
    rng = np.random.default_rng(SEED)
    wet = rng.random((days, cells)) < 0.3
    return np.where(wet, rng.gamma(0.8, 14, (days, cells)), 0).astype("float32")


def _temperature(name: str, days: int, cells: int) -> np.ndarray:
    rng = np.random.default_rng(SEED)
    season = 13 - 15 * np.cos(2 * np.pi * np.arange(days) / 365.25)
    noise = rng.normal(0, 4, (days, cells))
    return np.asarray(season[:, None] + noise + _ABOVE_MEAN[name], dtype="float32")
