"""What was observed, by layer and region: yearly series, baselines, trends, and their error."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from forecast.climate import interpolation
from forecast.climate.atlas import BASELINES, Reason
from forecast.climate.catalogue import Layer
from forecast.climate.regional import Spread, baselines, normals, yearly
from forecast.climate.trend import per_decade

TREND_FROM = 1973  # since then the network has 60 stations and more


@dataclass(frozen=True)
class Observed:
    """One layer as observed.

    Attributes:
        series: (year, region).
        base: (baseline, region), and `reason` (baseline, region) int8, see `Reason`.
        trend, low, high: (region,) per decade, since `TREND_FROM`, 95 % interval.
        left_out: Error of the interpolation; None with fewer than three stations.
    """

    series: np.ndarray
    base: np.ndarray
    reason: np.ndarray
    trend: np.ndarray
    low: np.ndarray
    high: np.ndarray
    left_out: interpolation.LeftOut | None


def observe(stations: xr.Dataset, layer: Layer, spread: Spread) -> Observed:
    """Return one layer by region.

    Args:
        stations: (year, station), a variable per layer; latitude, longitude (station).
    """
    values = stations[layer.id].transpose("year", "station").values.astype("float64")
    years = stations["year"].values
    floor = 0.0 if layer.unit in ("days", "mm", "mm/day") else None
    series = yearly(values, years, spread, floor)
    base = baselines(series, years)
    trend = per_decade(series[years >= TREND_FROM], years[years >= TREND_FROM])
    return Observed(
        series,
        base,
        _reasons(series, base, years),
        trend.slope,
        trend.low,
        trend.high,
        _left_out(stations, values, years),
    )


def _reasons(series: np.ndarray, base: np.ndarray, years: np.ndarray) -> np.ndarray:
    """Say why a baseline is missing: no station near at all, or too few years."""
    found = np.zeros(base.shape, dtype="int8")
    for row, (first, last) in enumerate(BASELINES):
        part = series[(years >= first) & (years <= last)]
        never = ~np.isfinite(part).any(axis=0)
        missing = ~np.isfinite(base[row])
        found[row] = np.where(never, Reason.NO_STATION, Reason.FEW_YEARS) * missing
    return found


def _left_out(
    stations: xr.Dataset, values: np.ndarray, years: np.ndarray
) -> interpolation.LeftOut | None:
    normal, there = normals(values, years)
    if there.sum() < 3:
        return None
    place = stations["latitude"].values[there], stations["longitude"].values[there]
    return interpolation.leave_one_out(place, normal[there])


def every(stations: xr.Dataset, layers: Sequence[Layer], spread: Spread) -> dict[str, Observed]:
    """Return every layer that the stations have."""
    return {each.id: observe(stations, each, spread) for each in layers if each.id in stations}
