"""Judge new readings beside the hours before them, and keep them with every verdict that changed.

A reading that a provider delivers again keeps the verdict it has; a jump that later readings
confirm is cleared, which is a revision like any other; a blank where there was a value corrects
nothing, for some answers leave out what others tell. Forecasts are kept as they are told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from data import quality, store
from data.cadence import TEN_MINUTES, cadence
from data.limits import GENERAL, Limits, general, of_dict, to_dict
from data.neighbours import NONE
from data.reading import Reading
from data.schema import Flag
from data.sources.asking import Answer
from data.storage.columns import by_variable
from data.store import Columns, Tally

CONTEXT = np.timedelta64(12, "h")  # before the first new reading; longer where a flat line needs it
HOUR = np.timedelta64(1, "h")
LONGEST = 72  # hours of context at most


@dataclass(frozen=True)
class _Grid:
    """Readings of one variable, dims (site, time)."""

    sites: list[str]
    time: np.ndarray
    value: np.ndarray
    flag: np.ndarray


def judged(
    path: Path,
    source: str,
    readings: Sequence[Reading],
    answer: Answer,
    beside: Mapping[str, tuple[str, ...]] | None = None,
) -> Tally:
    """Judge the readings of one answer and keep what is new; return how many were.

    Args:
        beside: The neighbours of each site, see `data.beside`.

    Raises:
        InvalidData: The store is damaged, or a reading is of a variable that there is not.
        StoreUnavailable: Another writer does not end, or the disk is full.
    """
    columns = [
        _judge(path, source, each, beside or {}) if _is_judged(each) else each
        for each in by_variable(readings)
    ]
    return store.append_columns(path, source, columns, answer.fetched, answer.replayed)


def remember_limits(
    path: Path, source: str, variable: str, limits: dict[str, Limits], now: np.datetime64
) -> None:
    """Keep the limits of a source's sites, learnt from their record."""
    told = {site: to_dict(each) for site, each in limits.items()}
    store.remember(path, _name(source, variable), told, now)


def has_learnt(path: Path, source: str, variable: str) -> bool:
    """Whether limits of a source's sites were remembered, be it of none."""
    return store.recall(path, _name(source, variable)) is not None


def limits_of(
    path: Path,
    source: str,
    variable: str,
    sites: Sequence[str],
    every: np.timedelta64 = TEN_MINUTES,
) -> list[Limits]:
    """Return each site's own limits, or those that hold for any that reports so often."""
    known = store.recall(path, _name(source, variable)) if path.exists() else None
    own = known or {}
    any_site = general(variable, every)
    return [of_dict(own[site]) if site in own else any_site for site in sites]


def _name(source: str, variable: str) -> str:
    return f"limits {source} {variable}"


def _is_judged(columns: Columns) -> bool:
    """Whether there are limits; a site that tells of two datums at once is two series, not one."""
    return columns.variable in GENERAL and len(set(columns.sites)) == len(columns.sites)


def _judge(path: Path, source: str, new: Columns, beside: Mapping[str, tuple[str, ...]]) -> Columns:
    """Return the new readings with verdicts, and older ones whose verdict has changed."""
    own = list(new.sites)
    sites = [*own, *sorted({n for site in own for n in beside.get(site, ())} - set(own))]
    before = _before(path, source, new, sites)
    merged = _merged(before, new)
    limits = limits_of(path, source, new.variable, sites, _every(merged.time))
    table = _rows(sites, beside)
    flags = quality.judge(merged.value, merged.flag, merged.time, limits, table)
    changed = (flags != before.flag) | ~_same(merged.value, before.value)
    site, at = np.nonzero(changed[: len(own)])
    return Columns(
        new.variable,
        own,
        site,
        merged.time[at],
        merged.value[site, at],
        flags[site, at],
        datums=new.datums,
    )


def _rows(sites: list[str], beside: Mapping[str, tuple[str, ...]]) -> np.ndarray | None:
    """Return the rows of each site's neighbours, dims (site, neighbour); None if there are none."""
    row = {site: n for n, site in enumerate(sites)}
    near = [[row[n] for n in beside.get(site, ()) if n in row] for site in sites]
    most = max(map(len, near))
    return np.array([each + [NONE] * (most - len(each)) for each in near]) if most else None


def _every(time: np.ndarray) -> np.timedelta64:
    """Return the usual spacing; an hour if there is one time only: rather too much than too little.

    What may fall in an hour may not in ten minutes; a true cloudburst must not be doubted.
    """
    return cadence(time) if time.size > 1 else HOUR


def _before(path: Path, source: str, new: Columns, sites: list[str]) -> _Grid:
    """Return what is known of the asked sites, on the times of both, from some hours before."""
    limits = limits_of(path, source, new.variable, sites)
    hours = min(max((each.flat for each in limits if np.isfinite(each.flat)), default=0), LONGEST)
    back = max(CONTEXT, np.timedelta64(int(np.ceil(hours)), "h"))
    datums = dict(zip(new.sites, new.datums, strict=True)) if new.datums else {}
    wanted = store.Wanted(source, new.variable, sites, new.time.min() - back, datums=datums)
    known = _read(path, wanted)
    time = np.union1d(known.time.values, new.time)
    aligned = known.reindex(
        time=time, fill_value={"value": np.nan, "flag": np.int8(Flag.NOT_REPORTED)}
    )
    return _Grid(sites, time, aligned["value"].values, aligned["flag"].values)


def _read(path: Path, wanted: store.Wanted) -> xr.Dataset:
    if path.exists():
        return store.read(path, wanted)[["value", "flag"]]
    sites = list(wanted.sites or ())
    empty = np.zeros((len(sites), 0))
    return xr.Dataset(
        {
            "value": (("site", "time"), empty.astype("float32")),
            "flag": (("site", "time"), empty.astype("int8")),
        },
        coords={"site": sites, "time": np.zeros(0, dtype="datetime64[ns]")},
    )


def _merged(before: _Grid, new: Columns) -> _Grid:
    """Return `before` with the new readings; one that is as before keeps its verdict."""
    value, flag = before.value.copy(), before.flag.copy()
    at = np.searchsorted(before.time, new.time)
    fresh = new.value.astype("float32")
    other = ~_same(fresh, value[new.site, at]) | (new.flag != Flag.GOOD)
    other |= flag[new.site, at] == Flag.NOT_REPORTED
    other &= (new.flag != Flag.NOT_REPORTED) | np.isnan(
        value[new.site, at]
    )  # a blank corrects none
    value[new.site[other], at[other]] = fresh[other]
    flag[new.site[other], at[other]] = new.flag[other]
    return _Grid(before.sites, before.time, value, flag)


def _same(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    equal: np.ndarray = (one == other) | (np.isnan(one) & np.isnan(other))
    return equal
