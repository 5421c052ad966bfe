"""How far the numbers of two forecasts are apart, gauge by gauge."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from data.stations import Stage
from forecast.outlook import Outlook

HOUR = np.timedelta64(1, "h")
_NONE = Stage.UNKNOWN


@dataclass(frozen=True)
class Gauge:
    """One gauge in two forecasts.

    Attributes:
        largest: The largest difference of the medians at one valid time, after less before [unit];
            NaN where there is none to tell.
        valid_time: Where it is; NaT where there is none.
        lead: Hours after the issue time of the later run.
        apart: Medians that differ, of those at the valid times that both have.
        appeared: How many medians are there in one of them only.
        stages: The worst stage of each that is likely.
        bits: Any quantile differs.
    """

    station: str
    largest: float
    valid_time: np.datetime64
    lead: float
    apart: int
    appeared: int
    stages: tuple[Stage, Stage]
    unit: str
    bits: bool

    @property
    def moved(self) -> bool:
        """Whether anything differs."""
        return self.bits or self.stages[0] != self.stages[1]

    def as_dict(self) -> dict[str, object]:
        """Return a JSON-ready copy; what is not known is None."""
        there = bool(np.isfinite(self.largest))
        return {
            "station": self.station,
            "largest_difference": float(self.largest) if there else None,
            "unit": self.unit,
            "valid_time": f"{str(self.valid_time)[:16]}Z" if there else None,
            "lead_hours": self.lead if there else None,
            "medians_apart": self.apart,
            "medians_in_one_only": self.appeared,
            "any_number_differs": self.bits,
            "stage_before": self.stages[0].name,
            "stage_after": self.stages[1].name,
        }


def gauges(
    forecasts: tuple[xr.Dataset, xr.Dataset],
    outlooks: tuple[Sequence[Outlook], Sequence[Outlook]],
    notes: list[str],
) -> tuple[Gauge, ...]:
    """Return each gauge that is in both, compared at the valid times that both have.

    Args:
        outlooks: () where the thresholds of a run are not known; stages are then UNKNOWN.
        notes: Is told what cannot be compared.
    """
    before, after = (_values(each) for each in forecasts)
    unit = str(after.attrs.get("units", ""))
    if before.name != after.name or unit != str(before.attrs.get("units", "")):
        notes.append(f"The one is of {before.name}, the other of {after.name}.")
        return ()
    _note_missing(before, after, notes)
    one, two = xr.align(before, after, join="inner")
    if not one.sizes["valid_time"]:
        notes.append("The two forecasts have no valid time in common.")
    if not (len(outlooks[0]) and len(outlooks[1])):
        notes.append("The thresholds of a run are not kept, so its stages cannot be compared.")
    stages = [{o.station: o.stage for o in found} for found in outlooks]
    issue = forecasts[1].issue_time.values[0]
    found = []
    for number, station in enumerate(map(str, one.station.values)):
        pair = (stages[0].get(station, _NONE), stages[1].get(station, _NONE))
        here = (np.asarray(one.values[number]), np.asarray(two.values[number]))
        found.append(_gauge(station, here, one, pair, (unit, issue)))
    return tuple(found)


def _values(forecast: xr.Dataset) -> xr.DataArray:
    """Return quantiles of one forecast, dims (station, valid_time, quantile)."""
    values = forecast[str(forecast.attrs["quantity"])].isel(issue_time=0)
    times = forecast.issue_time.values[0] + forecast.lead_time.values
    by_time = values.assign_coords(lead_time=times).drop_vars("valid_time", errors="ignore")
    renamed = by_time.rename(lead_time="valid_time")
    return renamed.transpose("station", "valid_time", "quantile")


def _note_missing(before: xr.DataArray, after: xr.DataArray, notes: list[str]) -> None:
    one, two = (set(map(str, each.station.values)) for each in (before, after))
    for extra, where in ((one - two, "first"), (two - one, "second")):
        if extra:
            notes.append(f"Only the {where} run has {', '.join(sorted(extra)[:5])}.")


def _gauge(
    station: str,
    values: tuple[np.ndarray, np.ndarray],
    grid: xr.DataArray,
    stages: tuple[Stage, Stage],
    after: tuple[str, np.datetime64],
) -> Gauge:
    """Return one gauge.

    Args:
        values: (valid_time, quantile) before and after.
        after: The unit, and the issue time of the second run.
    """
    unit, issue = after
    middle = int(np.argmin(np.abs(grid["quantile"].values - 0.5)))
    medians = [each[:, middle].astype("float64") for each in values]
    step = medians[1] - medians[0]
    there = np.isfinite(step)
    alone = int((np.isfinite(medians[0]) != np.isfinite(medians[1])).sum())
    bits = not np.array_equal(*values, equal_nan=True)
    largest, when = np.nan, np.datetime64("NaT", "ns")
    if there.any():
        place = int(np.nanargmax(np.abs(step)))
        largest, when = float(step[place]), grid.valid_time.values[place]
    lead = float((when - issue) / HOUR) if there.any() else np.nan
    apart = int((step[there] != 0).sum())
    return Gauge(station, largest, when, lead, apart, alone, stages, unit, bits)
