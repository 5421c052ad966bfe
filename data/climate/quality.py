"""Judge the daily record: what is impossible becomes missing, what is blank becomes dry or missing.

The rules, in this order; each counts what it changed (`apply`):

out_of_range            outside the widest values that Korea can have (`LIMITS`)
mean_outside_extremes   tas below tasmin or above tasmax: tas is missing
minimum_above_maximum   tasmin above tasmax: both are missing
burst_above_hour        ten minutes with more than the hour, or with more than 50 mm: both missing
wet_days_only           rain of a day without temperature, in a month with temperatures on less
                        than half of its days: only wet days were listed (Seoul 1950-09 .. 1953-11)
amount_unknown          rain is blank but an hour or ten minutes of it is not: stays missing
silent_gauge            rain is blank for 10 days and more while all neighbours had rain
                        (`data.climate.silence`): stays missing
dry_day                 rain is blank on any other day with a temperature at that station: 0 mm
hour_above_days         an hour with over 1 mm more than its day and both days beside it: missing
                        (an hour, or its ten minutes, may cross midnight and so exceed its own day)

A day without any temperature, and a day without a row, stays missing: never dry. An observer who
read a thermometer would have read the gauge; KMA leaves the rain of a dry day blank.
"""

from collections.abc import Callable

import numpy as np
import xarray as xr

from data.climate.silence import silent_days

LIMITS = {  # widest accepted in Korea: 41.0 degC, -32.6 degC, 870.5 mm in a day, 145 mm in an hour
    "tas": (-35.0, 42.0),
    "tasmin": (-35.0, 42.0),
    "tasmax": (-35.0, 42.0),
    "pr": (0.0, 1000.0),
    "pr_max_1h": (0.0, 200.0),
    "pr_max_10min": (0.0, 200.0),
}
BURST = 50.0  # mm in ten minutes: next below the one value above it is 47.2 (Seoul, 1956-06-22)
_ROUNDING = 0.05  # values are given to 0.1
_MIDNIGHT = 1.0  # mm by which an hour may exceed three days, as the gauges of the two may differ
TEMPERATURES = ("tas", "tasmin", "tasmax")

Masks = dict[str, xr.DataArray]


def apply(raw: xr.Dataset) -> tuple[xr.Dataset, dict[str, xr.DataArray]]:
    """Return the record with impossible values missing and dry days 0, and the counts.

    Returns:
        The record; and for each rule, in order, how many values it changed, or for
        `amount_unknown` and `silent_gauge` refused to fill: (station,).
    """
    ds, counts = raw, {}
    for rule in _REMOVALS:
        ds, counts[rule.__name__] = _remove(ds, rule(ds))
    blank = ds["pr"].isnull() & reported(ds)
    unknown = blank & ((ds["pr_max_1h"] > 0) | (ds["pr_max_10min"] > 0))
    silent = blank & ~unknown & silent_days(ds["pr"], reported(ds))
    dry = blank & ~unknown & ~silent
    for name, found in {"amount_unknown": unknown, "silent_gauge": silent, "dry_day": dry}.items():
        counts[name] = found.sum("time")
    ds = ds.assign(pr=ds["pr"].where(~dry, 0).assign_attrs(raw["pr"].attrs))
    ds, counts["hour_above_days"] = _remove(ds, hour_above_days(ds))
    return ds, counts


def reported(ds: xr.Dataset) -> xr.DataArray:
    """Return the days on which a station gave any temperature: (station, time) bool."""
    return ds["tas"].notnull() | ds["tasmin"].notnull() | ds["tasmax"].notnull()


def out_of_range(ds: xr.Dataset) -> Masks:
    """Find values outside `LIMITS`."""
    return {name: (ds[name] < low) | (ds[name] > high) for name, (low, high) in LIMITS.items()}


def mean_outside_extremes(ds: xr.Dataset) -> Masks:
    """Find daily means outside the day's own extremes."""
    below = ds["tas"] < ds["tasmin"] - _ROUNDING
    return {"tas": below | (ds["tas"] > ds["tasmax"] + _ROUNDING)}


def minimum_above_maximum(ds: xr.Dataset) -> Masks:
    """Find days whose extremes are the wrong way round."""
    return dict.fromkeys(("tasmin", "tasmax"), ds["tasmin"] > ds["tasmax"])


def burst_above_hour(ds: xr.Dataset) -> Masks:
    """Find ten minutes with more rain than the wettest hour, or than any gauge could believe."""
    ten = ds["pr_max_10min"]
    wrong = (ten > ds["pr_max_1h"] + _ROUNDING) | (ten > BURST)
    return dict.fromkeys(("pr_max_1h", "pr_max_10min"), wrong)


def wet_days_only(ds: xr.Dataset) -> Masks:
    """Find rain of days without temperature in months that list little but wet days."""
    there = reported(ds)
    month = ds["time"].dt.year * 12 + ds["time"].dt.month
    share = there.groupby(month.rename("month")).mean().sel(month=month).drop_vars("month")
    listed = ~there & (share < 0.5)
    return dict.fromkeys(("pr", "pr_max_1h", "pr_max_10min"), listed)


def hour_above_days(ds: xr.Dataset) -> Masks:
    """Find hours with more rain than the day, the day before and the day after together."""
    three = ds["pr"] + ds["pr"].shift(time=1) + ds["pr"].shift(time=-1)
    wrong = ds["pr_max_1h"] > three + _MIDNIGHT
    return dict.fromkeys(("pr_max_1h", "pr_max_10min"), wrong)


_REMOVALS: tuple[Callable[[xr.Dataset], Masks], ...] = (
    out_of_range,
    mean_outside_extremes,
    minimum_above_maximum,
    burst_above_hour,
    wet_days_only,
)


def _remove(ds: xr.Dataset, masks: Masks) -> tuple[xr.Dataset, xr.DataArray]:
    removed = [(mask & ds[name].notnull()).sum("time") for name, mask in masks.items()]
    kept = {name: ds[name].where(~mask) for name, mask in masks.items()}
    counts = xr.DataArray(np.sum(removed, axis=0), dims="station", name="count")
    return ds.assign(kept), counts
