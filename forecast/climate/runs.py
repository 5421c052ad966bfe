"""One model run, from daily values to yearly indices by region and wettest days by station.

RUN, what is kept of a run
    a float32 variable per layer (year, region), NaN where it cannot be told
    Rx1day_station (year, station): for return levels, at the nearest cell with values
    attrs: model, scenario, synthetic, source
"""

import geopandas as gpd
import numpy as np
import xarray as xr

from data.errors import InvalidData
from forecast.climate import interpolation, zonal
from forecast.climate.atlas import REFERENCE
from forecast.climate.catalogue import layer
from forecast.climate.indices import annual
from forecast.climate.regional import Spread
from forecast.climate.tiles import by_tile

TOO_FAR = 60.0  # km between a station and the model's nearest cell
NEARLY_ALL = 0.95  # share of its years that a station of a run must have
AT_STATIONS = "Rx1day_station"
_YEAR = 365.25  # days


def digest(
    daily: xr.Dataset, regions: gpd.GeoDataFrame, spread: Spread, stations: xr.Dataset
) -> xr.Dataset:
    """Return RUN, see the module.

    Args:
        daily: `data.climate.cf` DAILY on a grid, or (station, time) with ids of `stations`; it
            must cover the reference years.
        spread: Weights of a set of stations (`forecast.climate.spread`).
        stations: Coordinates latitude, longitude (station) of the observed record.
    """
    at_places = by_tile(daily, lambda part: annual(part, REFERENCE))
    return by_region(at_places, regions, spread, stations, str(daily["time"].dt.calendar))


def by_region(
    at_places: xr.Dataset,
    regions: gpd.GeoDataFrame,
    spread: Spread,
    stations: xr.Dataset,
    calendar: str,
) -> xr.Dataset:
    """Return RUN from the yearly indices of a run; one index is in memory at a time.

    Args:
        at_places: `forecast.climate.indices` ANNUAL, against the reference; may be lazy.
        calendar: Of the run's days.
    """
    if "station" in at_places.dims:
        wettest = at_places["Rx1day"].reindex(station=stations["station"].values)
        there = wettest.notnull().mean("year").values >= NEARLY_ALL
        pull = spread(there)
        order = at_places.reindex(station=stations["station"].values[there])
    else:
        wettest = _nearest(at_places["Rx1day"], stations)
        pull = zonal.weights(regions, at_places["lat"].values, at_places["lon"].values)
        order = at_places
    found = {
        str(name): (("year", "region"), _mean(pull, values).astype("float32"))
        for name, values in order.data_vars.items()
    }
    run = xr.Dataset(found, coords={"year": at_places["year"], "region": list(regions.index)})
    wettest = wettest.transpose("year", "station").astype("float32").reset_coords(drop=True)
    return real_years(run.assign({AT_STATIONS: wettest}), calendar)


def real_years(run: xr.Dataset, calendar: str) -> xr.Dataset:
    """Return counts of days as of real years: a year of a 360-day calendar holds too few."""
    length = {"360_day": 360.0, "noleap": 365.0, "365_day": 365.0}.get(calendar, _YEAR)
    counted = [n for n in run.data_vars if n != AT_STATIONS and layer(str(n)).unit == "days"]
    return run.assign({name: run[name] * (_YEAR / length) for name in counted})


def _mean(pull: np.ndarray, values: xr.DataArray) -> np.ndarray:
    flat = values.values.reshape(values.sizes["year"], -1)
    return np.asarray(zonal.means(pull, flat))


def _nearest(values: xr.DataArray, stations: xr.Dataset) -> xr.DataArray:
    """Return the yearly values of the nearest cell that has any, for each station."""
    flat = values.stack(cell=("lat", "lon")).transpose("year", "cell")
    there = np.flatnonzero(np.isfinite(flat.values).any(axis=0))
    if not there.size:
        raise InvalidData("The run has no wettest day in any cell: its rain is missing.")
    cells = flat["lat"].values[there], flat["lon"].values[there]
    apart = interpolation.distances(
        (stations["latitude"].values, stations["longitude"].values), cells
    )
    chosen = flat.values[:, there[apart.argmin(axis=1)]]
    chosen = np.where(apart.min(axis=1) <= TOO_FAR, chosen, np.nan)
    return xr.DataArray(
        chosen,
        dims=("year", "station"),
        coords={"year": values["year"], "station": stations["station"].values},
    )
