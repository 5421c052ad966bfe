"""The ledger: what `forecast.rolling` counted, day by day, a file a month and kind, kept for ever.

<network>/scored/<kind>/2026-11.nc

It stays when forecasts are pruned. Beside the sums of each day stand `known_at`: nothing that was
received later was seen; `scored_at` [s since 1970]; `issues`: how many forecasts looked into the
day; `forecasts`: how many began in it; and `models`: whose they were.
"""

from pathlib import Path

import numpy as np
import xarray as xr

from data import netcdf
from flows.folders import Folders
from flows.issued import Kind

NEVER = np.datetime64("NaT", "ns")


def home(folders: Folders, network: str) -> Path:
    """Return the folder of all that is kept of verified forecasts."""
    return folders.network(network) / "scored"


def load(
    folders: Folders, network: str, kind: Kind, since: np.datetime64 | None = None
) -> xr.Dataset | None:
    """Return the days that were scored, ascending; None if there is none.

    Args:
        since: Days before its month are not read.
    """
    first = "" if since is None else str(since.astype("datetime64[M]"))
    paths = [p for p in sorted((home(folders, network) / kind).glob("*.nc")) if p.stem >= first]
    return joined([netcdf.read(path) for path in paths])


def keep(folders: Folders, network: str, kind: Kind, sums: xr.Dataset) -> None:
    """Keep days, each in place of what was kept of it before; a month is written whole."""
    months = sums.day.values.astype("datetime64[M]")
    for month in np.unique(months):
        path = home(folders, network) / kind / f"{month}.nc"
        new = sums.isel(day=months == month)
        before = [netcdf.read(path)] if path.exists() else []
        stay = [old.sel(day=~np.isin(old.day.values, new.day.values)) for old in before]
        merged = joined([*stay, new])
        if merged is not None:
            netcdf.write(path, merged)


def joined(parts: list[xr.Dataset]) -> xr.Dataset | None:
    """Return days in one, ascending; what one has no station or lead for is NaN there."""
    parts = [part for part in parts if part.sizes["day"]]
    if not parts:
        return None
    return xr.concat(parts, "day", join="outer", data_vars="all", coords="minimal").sortby("day")
