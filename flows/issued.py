"""The archive of issued forecasts: what was issued in earnest, and what was not, kept apart.

<network>/forecasts/*.nc             of the network's own kind: real-time of a live network, replays
                                     of a closed record
<network>/forecasts/replay/*.nc      replays of a live network
<network>/forecasts/drill/*.nc       issued from readings that a server replayed or simulated
<network>/hindcasts/2018-07.nc       never issued: what `mulgil hindcast` has made of a month

A file says its kind itself, too; one that says nothing (older than the attribute) is asked for in
the manifest of its run, and counts for nothing where that is gone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import h5py  # type: ignore[import-untyped]
import numpy as np
import xarray as xr

from data.errors import MulgilError
from data.network import Network
from data.schema import QUANTILES
from flows import hindcast_file, manifest
from flows.folders import Folders
from forecast.stand_in import beside

Kind = Literal["real-time", "replay", "drill", "hindcast"]
KINDS: tuple[Kind, ...] = ("real-time", "replay", "drill")  # what was issued
SCORED: tuple[Kind, ...] = (*KINDS, "hindcast")
MEDIAN = QUANTILES.index(0.5)
_STAMP = re.compile(r"(\d{4}-\d\d-\d\dT\d\d)(\d\d)Z\.nc")
_UNITS = {
    "days": np.timedelta64(1, "D"),
    "hours": np.timedelta64(1, "h"),
    "minutes": np.timedelta64(1, "m"),
    "seconds": np.timedelta64(1, "s"),
}


@dataclass(frozen=True)
class File:
    """One issued forecast.

    Attributes:
        changed: When the file was written [s since 1970].
    """

    issue_time: np.datetime64
    path: Path
    changed: float


@dataclass(frozen=True)
class _Content:
    values: np.ndarray  # (station, lead, quantile)
    own: np.ndarray  # (station, lead) median of the model itself
    last: np.ndarray  # (station,)
    model: str


def kind_of(network: Network, replay: bool, replayed: str) -> Kind:
    """Return the kind of a forecast.

    Args:
        replay: It is of the past.
        replayed: What of its readings a server replays or simulates; "" if nothing.
    """
    if replayed:
        return "drill"
    return "replay" if replay or not network.live else "real-time"


def own_kind(network: Network) -> Kind:
    """Return the kind that the network is there for."""
    return "real-time" if network.live else "replay"


def folder(folders: Folders, network: Network, kind: Kind) -> Path:
    """Return where forecasts of a kind are kept."""
    if kind == "hindcast":
        return folders.network(network.name) / "hindcasts"
    own = folders.forecasts(network.name)
    return own if kind == own_kind(network) else own / kind


def path_of(folders: Folders, network: Network, kind: Kind, issue_time: np.datetime64) -> Path:
    """Return the file of one forecast; a replay never takes the place of what was issued."""
    return folder(folders, network, kind) / folders.forecast(network.name, issue_time).name


def files(folders: Folders, network: Network, kind: Kind) -> list[File]:
    """Return the forecasts of a kind, ascending by issue time; a file of another name is none."""
    if kind == "hindcast":
        return _hindcasts(folder(folders, network, kind))
    found = []
    for path in folder(folders, network, kind).glob("*Z.nc"):
        issue_time = _issue_time(path)
        if issue_time is not None:
            found.append(File(issue_time, path, path.stat().st_mtime))
    return sorted(found, key=lambda file: file.issue_time)


def read(
    chosen: Sequence[File], folders: Folders, network: Network, kind: Kind, leads: np.ndarray
) -> xr.Dataset | None:
    """Return forecasts as `forecast.rolling.daily` wants them; None if there is none of the kind.

    A file that is broken, or of another kind, network, lead times or quantiles, is passed over.

    Args:
        leads: The lead times that are scored.

    Returns:
        Beside what `daily` asks for, `model_id` (issue_time).
    """
    found = _of_hindcasts(chosen, network) if kind == "hindcast" else {}
    for file in chosen if kind != "hindcast" else ():
        content = _content(file.path, folders, network, kind)
        if content is not None:
            found[file.issue_time] = content
    if not found:
        return None
    at = np.searchsorted(network.lead_times, leads)
    each = list(found.values())
    values, own, last = (np.stack([getattr(c, n) for c in each]) for n in ("values", "own", "last"))
    dims = ("issue_time", "station")
    return xr.Dataset(
        {
            "forecast": ((*dims, "lead_time", "quantile"), values[:, :, at]),
            "model": ((*dims, "lead_time"), own[:, :, at]),
            "median": ((*dims, "ahead"), values[..., MEDIAN]),
            "persistence": (dims, last),
            "model_id": ("issue_time", [c.model for c in each]),
        },
        coords={
            "issue_time": np.array(list(found)),
            "station": network.ids,
            "lead_time": leads,
            "ahead": network.lead_times,
            "quantile": list(QUANTILES),
        },
    )


def _content(path: Path, folders: Folders, network: Network, kind: Kind) -> _Content | None:
    """Return what a file holds of the network's stations; None if it is passed over.

    It is read without xarray, which takes 40 times as long for a file as small as this.
    """
    try:
        with h5py.File(path) as file:
            told = {str(name): file.attrs[name] for name in file.attrs}
            if _kind(told, folders, network) != kind or not _same_shape(file, network):
                return None
            values = file[network.quantity.value][0].astype("float64")
            kept = beside(network)
            own = file[kept][0].astype("float64") if kept in file else values
            last = file["last_observed"][0].astype("float64")
            stations = [station.decode() for station in file["station"][()]]
    except (OSError, KeyError, ValueError):
        return None
    rows = {station: row for row, station in enumerate(stations)}
    place = np.array([rows.get(station, -1) for station in network.ids])
    there = place >= 0
    values, own = (np.where(there[:, None, None], x[place], np.nan) for x in (values, own))
    last = np.where(there, last[place], np.nan)
    return _Content(values, own[..., MEDIAN], last, str(told.get("model", "")))


def _hindcasts(where: Path) -> list[File]:
    """Return each hindcast with the file of its month, ascending."""
    return [
        File(time, path, path.stat().st_mtime)
        for path in sorted(where.glob("????-??.nc"))
        if hindcast_file.told(path)
        for time in hindcast_file.issue_times(path)
    ]


def _of_hindcasts(chosen: Sequence[File], network: Network) -> dict[np.datetime64, _Content]:
    """Return what the files of some months hold; those of another network are passed over."""
    found = {}
    for path in dict.fromkeys(file.path for file in chosen):
        times = np.array([file.issue_time for file in chosen if file.path == path])
        if hindcast_file.told(path).get("network") != network.name:
            continue
        made = hindcast_file.read(path, network, times).reindex(station=network.ids)
        values = made[network.quantity.value].values.astype("float64")
        last, model = made.last_observed.values.astype("float64"), str(made.attrs["model"])
        for time, each, start in zip(times, values, last, strict=True):
            found[time] = _Content(each, each[..., MEDIAN], start, model)
    return found


def _same_shape(file: Any, network: Network) -> bool:
    unit = _UNITS[str(file["lead_time"].attrs["units"])]
    leads = (file["lead_time"][()] * unit).astype("timedelta64[ns]")
    shape = file[network.quantity.value].shape
    return bool(shape[-1] == len(QUANTILES) and np.array_equal(leads, network.lead_times))


def _kind(told: dict[str, Any], folders: Folders, network: Network) -> str:
    """Return what kind a file says that it is; "" if nobody knows."""
    if "kind" in told:
        return str(told["kind"])
    try:
        run = manifest.load(folders.run(str(told.get("run_id", ""))))
    except (MulgilError, OSError, ValueError, TypeError):
        return ""
    return kind_of(network, run.replay, run.replayed)


def _issue_time(path: Path) -> np.datetime64 | None:
    """Return the time in a name such as `2019-01-30T0600Z.nc`; None if it is none."""
    found = _STAMP.fullmatch(path.name)
    if not found:
        return None
    try:
        return np.datetime64(f"{found[1]}:{found[2]}", "ns")
    except ValueError:
        return None
