"""What the columns of a folder of CSV files hold, what a value can be, and which are doubted."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr

from data import quality
from data.limits import GENERAL, Limits
from data.neighbours import all_others
from data.network import Years
from data.record_limits import limits_of_record


@dataclass(frozen=True)
class Kind:
    """What a column holds.

    Attributes:
        variable: Of `data.limits.GENERAL`.
        known: What it can be, in SI, before its record is seen.
        per_unit: How many of the column's units make one of SI.
    """

    variable: str
    known: Limits
    per_unit: float = 1.0


def _kind(variable: str, per_unit: float = 1.0, **known: Any) -> Kind:
    return Kind(variable, replace(GENERAL[variable], **known), per_unit)


LEVEL = _kind("water_level", 100, sentinels=(0, -9.9), lowest=-3, highest=30)
RAIN = _kind("rainfall", sentinels=(-990,))
FORCINGS = {
    "swl": _kind("dam_level", sentinels=(0, -990), lowest=20, highest=40),
    "inf": _kind("dam_inflow", sentinels=(-990,), jump=5000),
    "tototf": _kind("dam_release", sentinels=(-990,), jump=5000),
    "tide_level": _kind("tide", 100, sentinels=(-9.9,), lowest=-2, highest=12),
}


def judged(
    record: xr.Dataset, columns: list[str], kind: Kind, train: Years, report: Callable[[str], None]
) -> tuple[np.ndarray, np.ndarray]:
    """Return columns of one kind in SI, as published, and their flags, dims (column, time)."""
    values = np.array([record[column].values for column in columns]) / kind.per_unit
    flags = np.array([record[f"{column}_flag"].values for column in columns])
    limits = learnt(values, record.time, kind, train)
    flags = quality.judge(values, flags, record.time.values, limits, all_others(len(columns)))
    for column, told in zip(columns, flags, strict=True):
        report(quality.tally(column, told))
    return values, flags


def learnt(values: np.ndarray, time: xr.DataArray, kind: Kind, train: Years) -> list[Limits]:
    """Return the limits of each column of a kind, from its training years and no other."""
    past = (time.dt.year.values >= train[0]) & (time.dt.year.values <= train[1])
    return [
        limits_of_record(column[past], time.values[past], kind.variable, kind.known)
        for column in values
    ]
