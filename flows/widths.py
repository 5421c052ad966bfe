"""How wide intervals are issued: factors decided after each day that is over, kept for ever.

<network>/scored/widths-<kind>/<day>-<model id>.nc   `factor` (station, lead_time), after that day

A day is counted once, when it is over and verified for the first time. An issue goes by the newest
file of its own model that was decided by its own time, so a replay of the past sees what held then.
Another model begins anew: its intervals are as it has learnt them.
"""

from pathlib import Path

import numpy as np
import xarray as xr

from data import netcdf
from data.errors import MulgilError
from data.network import Network
from flows import issued, ledger
from flows.fallbacks import log_kind
from flows.folders import Folders
from flows.issued import Kind
from flows.manifest import Manifest
from forecast.adapting import adapted, at_leads, next_factor
from forecast.checkpoint import Checkpoint

DAY = np.timedelta64(1, "D")
OF_PLANS = "futures"  # the attribute of a forecast that knows what is ahead: it has other widths


def with_widths(
    forecast: xr.Dataset, model: Checkpoint, network: Network, folders: Folders, run: Manifest
) -> tuple[xr.Dataset, Path | None]:
    """Return the forecast with its intervals as wide as the last weeks ask, and by which file.

    Whatever is wrong with it, a forecast is issued: as the model has learnt it, with a warning.

    Args:
        forecast: The model's own.
        run: With `known_at`: what was decided later is not seen.
    """
    kind = log_kind(network, issued.kind_of(network, run.replay, run.replayed))
    known_at = np.datetime64(run.known_at.rstrip("Z"), "ns")
    path = newest(folders, network, kind, known_at, model.model_id)
    if path is None or OF_PLANS in forecast.attrs:
        return forecast, None
    try:
        return widened_by(path, forecast, model, network), path
    except (MulgilError, KeyError, ValueError) as error:
        run.warnings.append(f"Intervals are as the model has learnt them: {error}")
        return forecast, None


def widened_by(path: Path, forecast: xr.Dataset, model: Checkpoint, network: Network) -> xr.Dataset:
    """Return the model's own forecast with the factors of a file."""
    kept = netcdf.read(path)["factor"].reindex(station=network.ids, fill_value=1.0)
    leads = forecast.lead_time.values
    factor = at_leads(kept.values.astype("float64"), kept.lead_time.values, leads)
    return adapted(forecast, model.scaling, factor, network.step)


def newest(
    folders: Folders, network: Network, kind: Kind, known_at: np.datetime64, model: str
) -> Path | None:
    """Return the newest file of a model that was decided by a time; None if there is none."""
    last = f"{known_at.astype('datetime64[D]')}-"
    for path in sorted(_folder(folders, network, kind).glob(f"*-{model}.nc"), reverse=True):
        if path.name < last and _decided_by(path, known_at):
            return path
    return None


def decide(
    folders: Folders,
    network: Network,
    kind: Kind,
    sums: xr.Dataset,
    model: str,
) -> Path | None:
    """Count the days that are over and not yet counted; return the file, None if there is none.

    Args:
        sums: `forecast.rolling.daily` with `models` by day; its attribute `known_at` (UTC) says
            when that was known.
        model: The id of the model that issues now: days of others count for nothing.
    """
    now = np.datetime64(str(sums.attrs["known_at"]), "ns")
    before = newest(folders, network, kind, now, model)
    over = sums.sel(day=(sums.day.values + DAY <= now) & (sums.models.values == model))
    days = over.day.values.astype("datetime64[D]")
    since = None if before is None else np.datetime64(before.name[:10], "D")
    due = days[-1:] if since is None else days[days > since]
    if not due.size:
        return before
    factor = _start(before, over)
    for day in due:
        covered, pairs = (_of_day(over[name], day) for name in ("covered", "n"))
        factor = next_factor(factor, pairs - covered, pairs, DAY / network.step)
    path = _folder(folders, network, kind) / f"{due[-1]}-{model}.nc"
    if not path.exists():
        netcdf.write(path, _written(factor, over, now))
    return path


def _of_day(sums: xr.DataArray, day: np.datetime64) -> np.ndarray:
    """Return the sums (station, lead_time) of a day; nothing counted is 0."""
    here = sums.sel(day=day.astype("M8[ns]")).transpose("station", "lead_time")
    return np.asarray(np.nan_to_num(here.values))


def _start(before: Path | None, sums: xr.Dataset) -> np.ndarray:
    if before is None:
        return np.ones((sums.sizes["station"], sums.sizes["lead_time"]))
    kept = netcdf.read(before)["factor"]
    same = {"station": sums.station.values, "lead_time": sums.lead_time.values}
    return np.asarray(kept.reindex(same, fill_value=1.0).values, dtype="float64")


def _written(factor: np.ndarray, sums: xr.Dataset, now: np.datetime64) -> xr.Dataset:
    about = {"units": "1", "long_name": "factor of the distances from the median at usual water"}
    return xr.Dataset(
        {"factor": (("station", "lead_time"), factor.astype("float32"), about)},
        coords={"station": sums.station.values, "lead_time": sums.lead_time.values},
        attrs={"known_at": str(now), "source": "forecast.adapting"},
    )


def _decided_by(path: Path, known_at: np.datetime64) -> bool:
    """Say whether a file was decided by a time; one that is broken is passed over."""
    try:
        told = netcdf.read(path)
        decided = np.datetime64(str(told.attrs["known_at"]), "ns")
        return "factor" in told and bool(decided <= known_at)
    except (MulgilError, KeyError, ValueError):
        return False


def _folder(folders: Folders, network: Network, kind: Kind) -> Path:
    return ledger.home(folders, network.name) / f"widths-{kind}"
