"""From any cadence to a regular UTC grid, never looking ahead of a grid time.

- Levels and discharge: the last reading in the sixth of a step that ends at the grid time (for an
  hourly grid: read less than 10 minutes before it). Older ones are not held, gaps not filled.
- Rain: the sum over the step; missing if one reading in it is, for a part of a sum is no sum.
- Dam flows: the mean of the step's readings; missing if more than half of them are.

Between seasons the grid goes on, with NaN. A missing value carries the reason of the last reading
that had one, else NOT_REPORTED.
"""

import numpy as np
import xarray as xr

from data.cadence import cadence
from data.errors import InvalidData
from data.schema import Flag
from data.steps import Steps, ends

SUMMED = ("rainfall",)
AVERAGED = ("dam_inflow", "dam_release")
ASSUMED = "no arrival times in the record: each value is assumed known at the end of its own step"


def to_grid(ds: xr.Dataset, step: np.timedelta64) -> xr.Dataset:
    """Put readings of any cadence on the regular grid of `step`, anchored at 00:00 UTC.

    Args:
        ds: Variables with dims (.., time), UTC, in any order, times may repeat (the last one
            wins); `<variable>_flag` and `received_time` beside them if there are any.

    Returns:
        The same variables, float32, from the first to the last grid time within the record;
        `<variable>_flag` for each; `received_time` (the latest in the step, at least its end)
        if `ds` has it.

    Raises:
        InvalidData: There is no grid time within the record, or rain or dam flow is reported less
            often than every step.
    """
    record = ordered(ds)
    step = step.astype("timedelta64[ns]")
    grid = ends(record.time.values.astype("datetime64[ns]"), step)
    record = record.isel(time=record.time.values <= grid[-1])
    steps = Steps(record.time.values.astype("datetime64[ns]"), grid, step)
    gridded = xr.Dataset(coords={"time": grid}, attrs=ds.attrs)
    for name in map(str, record.data_vars):
        if name == "received_time":
            gridded[name] = _latest(record[name], steps)
        elif not name.endswith("_flag"):
            values, flags = _variable(record, name, steps)
            gridded = gridded.assign({name: values, f"{name}_flag": flags})
    return gridded


def join(parts: list[xr.Dataset], step: np.timedelta64) -> list[xr.Dataset]:
    """Stretch gridded datasets to one common grid, the first to the last time of any of them."""
    first = min(part.time.values[0] for part in parts)
    last = max(part.time.values[-1] for part in parts)
    whole = np.arange(first, last + step, step).astype("datetime64[ns]")
    return [part.reindex(time=whole, fill_value=absent(part)) for part in parts]


def assume_received(ds: xr.Dataset) -> xr.Dataset:
    """Return `ds` with `received_time` (station, time) = the end of each step, and saying so."""
    shape = (ds.sizes["station"], ds.sizes["time"])
    received = np.broadcast_to(ds.time.values, shape).copy()
    return ds.assign(received_time=(("station", "time"), received)).assign_attrs(
        received_time_assumption=ASSUMED
    )


def absent(part: xr.Dataset) -> dict[str, object]:
    """Return what stands at a time that nothing is known of, by variable."""
    return {str(name): _nothing(str(name)) for name in part.data_vars}


def _nothing(name: str) -> object:
    if name.endswith("_flag"):
        return int(Flag.NOT_REPORTED)
    if name.endswith("_source"):
        return -1
    return np.datetime64("NaT", "ns") if name == "received_time" else np.nan


def ordered(ds: xr.Dataset) -> xr.Dataset:
    """Return `ds` with strictly ascending times; of repeated ones the last stays."""
    time = ds.time.values
    if (np.diff(time) > np.timedelta64(0, "ns")).all():
        return ds
    kept = ~ds.indexes["time"].duplicated(keep="last")
    return ds.isel(time=kept).sortby("time")


def _variable(ds: xr.Dataset, name: str, steps: Steps) -> tuple[xr.DataArray, xr.DataArray]:
    readings = ds[name].transpose(..., "time")
    unflagged = xr.zeros_like(readings, dtype="int8")  # Flag.GOOD
    reasons = ds.get(f"{name}_flag", unflagged).transpose(..., "time")
    rows = readings.values.reshape(-1, steps.time.size)  # (series, reading)
    why = reasons.values.reshape(rows.shape)
    if _one_each(steps):
        values, flags = _as_they_are(rows, why)
    else:
        values = np.array([_fill(name, row, steps) for row in rows], dtype="float32")
        pairs = zip(why, values, strict=True)
        flags = np.array([_reason(*pair, steps) for pair in pairs], dtype="int8")
    return (
        _like(readings, values, steps).assign_attrs(readings.attrs),
        _like(readings, flags, steps),
    )


def _one_each(steps: Steps) -> bool:
    """Return whether the readings come at the times of the grid: they are on it already."""
    return round(steps.full) == 1 and np.array_equal(steps.time, steps.grid)


def _as_they_are(values: np.ndarray, flags: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what `_fill` and `_reason` give where each step has one reading, at its end."""
    values = np.where(np.isfinite(values), values, np.nan).astype("float32")
    why = np.where(flags == Flag.GOOD, np.int8(Flag.NOT_REPORTED), flags.astype("int8"))
    return values, np.where(np.isfinite(values), np.int8(Flag.GOOD), why)


def _like(readings: xr.DataArray, gridded: np.ndarray, steps: Steps) -> xr.DataArray:
    """Give gridded values the dims and the coordinates of their readings."""
    leading = readings.dims[:-1]
    coords = {d: readings[d].values for d in leading if d in readings.coords}
    shape = (*readings.shape[:-1], steps.grid.size)
    return xr.DataArray(gridded.reshape(shape), coords | {"time": steps.grid}, (*leading, "time"))


def _fill(name: str, values: np.ndarray, steps: Steps) -> np.ndarray:
    if name in SUMMED:
        return _sum(name, values, steps)
    if name in AVERAGED:
        return _mean(name, values, steps)
    return _last(values, steps)


def _last(values: np.ndarray, steps: Steps) -> np.ndarray:
    usable = np.isfinite(values) & steps.fresh
    gridded = np.full(steps.grid.size, np.nan)
    gridded[steps.bins[usable]] = values[usable]  # times ascend: of several, the last one stays
    return gridded


def _sum(name: str, values: np.ndarray, steps: Steps) -> np.ndarray:
    sums, counts = _add_up(name, values, steps)
    return np.where(counts >= round(steps.full), sums, np.nan)


def _mean(name: str, values: np.ndarray, steps: Steps) -> np.ndarray:
    sums, counts = _add_up(name, values, steps)
    enough = (counts > 0) & (counts >= steps.full / 2)
    return np.where(enough, sums / np.maximum(counts, 1), np.nan)


def _add_up(name: str, values: np.ndarray, steps: Steps) -> tuple[np.ndarray, np.ndarray]:
    """Return the sum and the number of the readings in each step."""
    if steps.full < 1:
        every = cadence(steps.time).astype("timedelta64[m]")
        asked = steps.step.astype("timedelta64[m]")
        raise InvalidData(f"'{name}' comes every {every}, too seldom for steps of {asked}.")
    there = np.isfinite(values)
    bins, size = steps.bins[there], steps.grid.size
    sums = np.bincount(bins, weights=values[there], minlength=size)
    return sums, np.bincount(bins, minlength=size)


def _reason(flags: np.ndarray, gridded: np.ndarray, steps: Steps) -> np.ndarray:
    told = (flags != Flag.GOOD) & (flags != Flag.NOT_REPORTED)
    why = np.full(steps.grid.size, int(Flag.NOT_REPORTED), dtype="int8")
    why[steps.bins[told]] = flags[told]
    return np.where(np.isfinite(gridded), np.int8(Flag.GOOD), why)


def _latest(received: xr.DataArray, steps: Steps) -> xr.DataArray:
    """Return when the last reading of each step arrived, at least the end of that step."""
    arrivals = received.transpose(..., "time")
    known = arrivals.values.astype("datetime64[ns]")
    known = np.where(np.isnat(known), steps.time, known)
    if _one_each(steps):
        return _like(arrivals, np.maximum(known, steps.grid), steps)
    latest = np.broadcast_to(steps.grid, (*known.shape[:-1], steps.grid.size)).copy()
    for row, arrived in zip(
        latest.reshape(-1, steps.grid.size), known.reshape(-1, steps.time.size), strict=True
    ):
        np.maximum.at(row, steps.bins, arrived)
    return _like(arrivals, latest, steps)
