"""The numbers that a run issued, wherever they lie now; and what they mean by its thresholds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import xarray as xr

from data import netcdf
from data.errors import MulgilError
from flows import kept, pulling
from flows.folders import Folders
from flows.manifest import Manifest
from flows.set_aside import place, run_of
from forecast.outlook import Outlook, assess


@dataclass(frozen=True)
class Numbers:
    """The forecast of a run.

    Attributes:
        forecast: None where it is not to be had.
        why: Why not; "" if it is there.
    """

    forecast: xr.Dataset | None
    why: str = ""


def read(run: Manifest, folders: Folders) -> Numbers:
    """Return the forecast of a run, also if a later run of the same time took its place."""
    if not run.forecast:
        return Numbers(None, f"The run {run.run_id} issued no forecast (state: {run.state}).")
    path = folders.forecasts(run.network) / run.forecast
    for candidate in (path, place(path, run.run_id)):
        if run_of(candidate) == run.run_id:
            try:
                return Numbers(netcdf.read(candidate))
            except MulgilError as error:
                return Numbers(None, str(error))
    there = run_of(path)
    why = f"a later run took its place: {there}" if there else "it was removed, or is broken"
    return Numbers(None, f"The forecast of the run {run.run_id} is not there: {why}.")


def outlooks(run: Manifest, numbers: Numbers, folders: Folders) -> Sequence[Outlook]:
    """Return what a forecast means by the thresholds that its run noted; () if that is unknown."""
    if numbers.forecast is None:
        return ()
    try:
        network = pulling.find(run.network, folders)
        limits = kept.thresholds(folders, run.network, run.used["thresholds"])
        there = {str(station) for station in numbers.forecast.station.values}
        stations = tuple(
            replace(s, thresholds=limits.get(s.id)) for s in network.stations if s.id in there
        )
        return assess(numbers.forecast.isel(issue_time=0), replace(network, stations=stations))
    except (MulgilError, KeyError, ValueError):
        return ()
