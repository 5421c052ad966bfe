"""The rolling scorecard as files: <network>/scorecard.nc and .csv, over windows and by month.

Only forecasts of one kind are in it. `scorecard.*` has those that the network is there for
(real-time of a live network, replays of a closed record), `scorecard-<kind>.*` any other.
"""

from pathlib import Path
from uuid import uuid4

import numpy as np
import pandas as pd
import xarray as xr

from data import netcdf
from data.cf import CONVENTIONS
from data.errors import NothingThere
from data.network import Network
from flows import issued, ledger
from flows.folders import Folders
from flows.issued import Kind
from forecast import rolling

WINDOWS = (7, 30, 365)  # days
DAY = np.timedelta64(1, "D")
_SAYS: dict[Kind, str] = {
    "real-time": "Forecasts issued in real time. No replay, drill or simulation is among them.",
    "replay": "Replays: issued for the past, as it was known then. No real-time forecast is among "
    "them.",
    "hindcast": "HINDCASTS: computed afterwards, as known then, with the model of now. "
    "None of them was ever issued.",
    "drill": "DRILL: issued from readings that a server replayed or simulated. Nothing is real.",
}
_UNITS = {
    "rmse": "", "persistence_rmse": "", "mae": "", "bias": "", "crps": "", "width90": "",
    "peak_error": "", "peak_error_size": "", "peak_timing_error": "h", "lead_time_gained": "h",
}  # fmt: skip  # "": the unit of the network; all others are 1


def path_of(folders: Folders, network: Network, kind: Kind) -> Path:
    """Return the NetCDF file; the CSV beside it has the same name."""
    own = kind == issued.own_kind(network)
    return folders.network(network.name) / f"scorecard{'' if own else f'-{kind}'}.nc"


def write(folders: Folders, network: Network, kind: Kind) -> Path:
    """Write both files from all that was ever scored, and return the NetCDF's path.

    Raises:
        NothingThere: Nothing has met its outcome yet.
    """
    made = card(scored(folders, network, kind), network, kind)
    path = path_of(folders, network, kind)
    netcdf.write(path, made)
    part = path.with_name(f".{path.stem}.{uuid4().hex}.part")
    table(made).to_csv(part, index=False)
    part.replace(path.with_suffix(".csv"))
    return path


def scored(folders: Folders, network: Network, kind: Kind) -> xr.Dataset:
    """Return all days that were scored.

    Raises:
        NothingThere: There is none.
    """
    kept = ledger.load(folders, network.name, kind)
    if kept is None:
        raise NothingThere(
            f"No {kind} forecast of '{network.name}' was verified yet.",
            f"Run: mulgil verify-forecasts {network.name}",
        )
    return kept


def card(kept: xr.Dataset, network: Network, kind: Kind) -> xr.Dataset:
    """Return the scores over windows, all time and months, dims (period, station, lead_time, ..).

    Args:
        kept: `scored`.
    """
    periods = _periods(kept)
    scores = [rolling.score(of_days(kept, *span)) for span in periods.values()]
    made = xr.concat(scores, pd.Index(list(periods), name="period"))
    first, last = zip(*periods.values(), strict=True)
    dates = {"first_day": ("period", np.array(first)), "last_day": ("period", np.array(last))}
    described = made.assign_coords(dates).assign_attrs(_signed(kept, network, kind))
    for name in described.data_vars:
        unit = _UNITS.get(str(name), "1") or network.quantity.unit
        described[name] = described[name].assign_attrs(
            units=unit, long_name=str(name).replace("_", " ")
        )
    return described


def of_days(kept: xr.Dataset, first: np.datetime64, last: np.datetime64) -> xr.Dataset:
    """Return the sums of the days from `first` to `last`, both included."""
    plain = kept.drop_vars(["known_at", "scored_at", "issues", "forecasts", "models"])
    total: xr.Dataset = plain.sel(day=slice(first, last)).sum("day")
    return total


def until(kept: xr.Dataset) -> np.datetime64:
    """Return the time up to which all was known that is scored."""
    newest: np.datetime64 = kept.known_at.values.max()
    return newest


def window(kept: xr.Dataset, days: int) -> tuple[np.datetime64, np.datetime64]:
    """Return the first and the last of so many days that end with the newest one."""
    last = kept.day.values[-1]
    return last - (days - 1) * DAY, last


def table(made: xr.Dataset) -> pd.DataFrame:
    """Return a card as rows of period, station and lead; stages stand in columns of their own."""
    by_stage = [str(n) for n in made.data_vars if "stage" in made[n].dims]
    flat = made.drop_vars(by_stage)
    for name in by_stage:
        for stage in made.stage.values:
            flat[f"{stage}_{name}"] = made[name].sel(stage=stage, drop=True)
    order = ["period", "station", "lead_time"]
    only = flat.drop_vars("stage", errors="ignore").broadcast_like(flat["rmse"])
    rows = only.to_dataframe(dim_order=order).reset_index()
    rows.insert(2, "lead_hours", rows.pop("lead_time").dt.total_seconds() / 3600)
    return rows


def _periods(kept: xr.Dataset) -> dict[str, tuple[np.datetime64, np.datetime64]]:
    first, last = kept.day.values[0], kept.day.values[-1]
    found = {f"{days} d": window(kept, days) for days in WINDOWS} | {"all": (first, last)}
    for month in np.unique(kept.day.values.astype("datetime64[M]")):
        begin = month.astype("datetime64[ns]")
        found[str(month)] = begin, (month + 1).astype("datetime64[ns]") - DAY
    return found


def _signed(kept: xr.Dataset, network: Network, kind: Kind) -> dict[str, str]:
    simulated = "SIMULATED rivers, nothing here is real. " if network.simulated else ""
    what = "Hindcasts (never issued)" if kind == "hindcast" else "Issued forecasts"
    models = sorted({m for names in kept.models.values for m in str(names).split()})
    return {
        "Conventions": CONVENTIONS,
        "title": f"{simulated}{what} beside what was observed: {network.title_en}",
        "institution": "Mulgil",
        "source": f"Mulgil, models {' '.join(models)}; readings: {network.provenance}",
        "comment": f"{simulated}{_SAYS[kind]} {network.caveat_en}".strip(),
        "history": "made by mulgil verify-forecasts",
        "network": network.name,
        "kind": kind,
        "models": " ".join(models),
        "known_until": f"{str(until(kept))[:16]}Z",
        "forecasts": str(int(kept.forecasts.sum())),
        "days": str(kept.sizes["day"]),
        "counting": "Each pair counts on the day, UTC, of its valid time.",
    }
