"""Fetch NEX-GDDP-CMIP6 year by year: resumable, checked, cut to a box, one small file per year.

A year that is already there is not asked for again. A year that cannot be had is named with the
reason, and the others are fetched. Values outside `LIMITS` (the archive is known to hold some,
e.g. tasmin of 163 K) become missing and are counted in the attribute `qc_removed`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import xarray as xr

from data.climate import cf, user_netcdf
from data.climate.axes import KOREA, Box, align, crop
from data.climate.nex_gddp import CAVEAT, NCSS, Entry, Run, known_hole, subset_url
from data.errors import InvalidData, SourceError, SourceUnavailable
from data.sources.asking import POLITE, Manners
from data.sources.downloads import download

LIMITS: Final = {  # in the archive's own units: K, kg m-2 s-1
    "tas": (183.0, 333.0),
    "tasmin": (183.0, 333.0),
    "tasmax": (183.0, 333.0),
    "pr": (-1e-7, 2000 / 86_400),
}
_TOLERATED = 0.01  # share of a year's values that may be impossible
Index = Mapping[tuple[Run, str, int], Entry]


@dataclass(frozen=True)
class Fetched:
    """What a run gave.

    Attributes:
        paths: One file per variable and year.
        missing: (variable, year) to the reason.
    """

    paths: tuple[Path, ...]
    missing: dict[tuple[str, int], str]


@dataclass(frozen=True)
class Archive:
    """Where to ask, and for which part of the Earth.

    Attributes:
        index: `nex_gddp.newest` of the index: whole global files (some 240 MB each) with
            checksums; None lets the server at `base` cut out the box.
        base: `nex_gddp.NCSS`, or `nex_gddp.S3` with an index.
    """

    index: Index | None = None
    base: str = NCSS
    box: Box = KOREA
    manners: Manners = POLITE


def fetch(
    run: Run, variables: Sequence[str], years: Sequence[int], folder: Path, archive: Archive
) -> Fetched:
    """Fetch variables and years of one run into `folder`/model/scenario.

    Raises:
        SourceUnavailable: The server does not answer at all; what was fetched before stays.
    """
    paths, missing = [], {}
    for variable in variables:
        for year in years:
            reason = known_hole(run, variable, year)
            try:
                if not reason:
                    paths.append(_fetch_year(run, variable, year, folder, archive))
            except SourceUnavailable:
                raise
            except (SourceError, InvalidData) as error:
                reason = str(error)
            if reason:
                missing[variable, year] = reason
    return Fetched(tuple(paths), missing)


def read(paths: Sequence[Path], wanted: Sequence[str]) -> xr.Dataset:
    """Return fetched years of one run as `data.climate.cf` DAILY.

    Raises:
        InvalidData: A variable is missing, or the files are of different runs.
    """
    ds = user_netcdf.read(paths, wanted)
    if not {"model", "scenario"} <= set(ds.attrs):
        raise InvalidData(f"The files {[path.name for path in paths]} are of different runs.")
    removed = 0
    for path in paths:
        with user_netcdf.open_file(path) as one:
            removed += int(one.attrs["qc_removed"])
    return ds.assign_attrs(qc_removed=removed)


def _fetch_year(run: Run, variable: str, year: int, folder: Path, archive: Archive) -> Path:
    target = folder / run.model / run.scenario / f"{variable}_{year}.nc"
    if target.exists():
        return target
    raw = target.with_suffix(".raw")
    if archive.index is None:
        url = subset_url(run, variable, year, archive.box, archive.base)
        download(url, raw, manners=archive.manners)
    else:
        entry = archive.index.get((run, variable, year))
        if entry is None:
            raise SourceError(f"The index has no {variable} of {run.model} {run.scenario} {year}.")
        download(f"{archive.base}/{entry.path}", raw, entry.md5, archive.manners)
    try:
        return _store(raw, target, run, variable, archive.box)
    finally:
        raw.unlink(missing_ok=True)


def _store(raw: Path, target: Path, run: Run, variable: str, box: Box) -> Path:
    """Cut out the box, mask what is impossible, and write one small file."""
    with user_netcdf.open_file(raw) as ds:
        values = crop(align(cf.find(ds, variable)), box).load()
    _expect_whole_year(values)
    low, high = LIMITS[variable]
    kept = values.where((values >= low) & (values <= high))
    removed = int((values.notnull() & kept.isnull()).sum())
    if removed > _TOLERATED * values.size:
        raise InvalidData(
            f"{removed:,} of {values.size:,} values of '{variable}' lie outside {low:g} to "
            f"{high:g} {values.attrs.get('units', '')}: the unit is wrong, or the file is broken."
        )
    facts = {"model": run.model, "scenario": run.scenario, "member": run.member}
    daily = cf.standardise(kept.to_dataset(name=variable), [variable]).assign_attrs(
        facts | {"source": CAVEAT, "qc_removed": removed}
    )
    part = target.with_suffix(".part")
    packing = {variable: {"zlib": True, "complevel": 4, "shuffle": True}}
    daily.to_netcdf(part, engine="h5netcdf", encoding=packing)
    return part.replace(target)


def _expect_whole_year(values: xr.DataArray) -> None:
    """Refuse a year that was cut short: 360 days in a 360-day calendar, else 365 or 366."""
    first = values["time"][0].dt
    expected = int(first.days_in_year)
    if values.sizes["time"] != expected:
        raise InvalidData(
            f"{int(first.year)} has {values.sizes['time']} days, expected {expected}."
        )
