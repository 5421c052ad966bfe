"""What a store holds after a cycle: wrong values, made-up zeros, and what is lost for good."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import xarray as xr

from data import store
from data.reading import FORECAST_RAIN
from data.schema import Flag
from flows.bench_faults_rivers import AHEAD, FLOAT, OBSERVED, truth
from flows.replay.world import World


def good(path: Path, source: str, variable: str) -> xr.DataArray:
    """Return the values that are taken as good, dims (site, time); NaN elsewhere."""
    found = store.read(path, store.Wanted(source, variable))
    return found["value"].where(found["flag"] == Flag.GOOD)


def wrong(path: Path, source: str, true: World, controls: Sequence[Path]) -> tuple[int, int]:
    """Count good values that are not true, and of these the zeros.

    Args:
        controls: Stores of the same cycles without a fault: a forecast should be one of theirs.
    """
    pairs = [
        (held.values, off(held, source, variable, true))
        for variable in OBSERVED[source]
        for held in [good(path, source, variable)]
    ]
    if source in AHEAD:
        held = good(path, source, FORECAST_RAIN)
        told = [good(each, source, FORECAST_RAIN).reindex_like(held) for each in controls]
        right = np.any([np.abs(held.values - each.values) <= FLOAT for each in told], axis=0)
        pairs.append((held.values, held.notnull().values & ~right))
    bad = sum(int(found.sum()) for _, found in pairs)
    return bad, sum(int((found & (values == 0)).sum()) for values, found in pairs)


def off(held: xr.DataArray, source: str, variable: str, true: World) -> np.ndarray:
    """Say which values differ from the truth by more than the provider rounds."""
    right = truth(true, source, variable, list(held.site.values), held.time.values)
    within = np.abs(held.values - right) <= OBSERVED[source][variable].rounding + FLOAT
    return np.asarray(held.notnull().values & ~within)


def lost(path: Path, source: str, control: Path, until: np.datetime64) -> int:
    """Count good observations up to a time that the control has, and this store has not."""
    gone = 0
    for variable in OBSERVED[source]:
        whole = good(control, source, variable)
        whole = whole.sel(time=whole.time <= until)
        here = good(path, source, variable).reindex_like(whole)
        gone += int((whole.notnull() & here.isnull()).sum())
    return gone
