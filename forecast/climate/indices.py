"""All indices of a daily climate, year by year; a year without enough days is NaN.

DAILY (time, ...) in: tas, tasmin, tasmax [degC], pr [mm], pr_max_1h, pr_max_10min [mm]; those
that are there. ANNUAL (year, ...) out: one float32 variable per layer of `catalogue.INDICES` whose
inputs are there; NaN where the year is not complete (`years.complete`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr

from data.errors import InvalidData
from forecast.climate import drought, heat, percentiles, rain
from forecast.climate.catalogue import INDICES, SEASONS, Layer
from forecast.climate.seasons import season_of
from forecast.climate.years import Years, complete, maxima, years_of

WET_ENOUGH = 30.0  # mm: on such days the gauge must tell its wettest hour, too
HOURS_KNOWN = 0.80  # share of them; days without are often those of snow

Kernel = Callable[["Days"], np.ndarray]


@dataclass(frozen=True)
class Days:
    """A daily climate and what several indices share, computed once.

    Attributes:
        daily: DAILY, time first.
        years: The years of its time axis.
        base: (first, last) year that percentiles and SPI are fitted on.
    """

    daily: xr.Dataset
    years: Years
    base: tuple[int, int]

    def __getitem__(self, name: str) -> np.ndarray:
        return np.asarray(self.daily[name].values)

    @cached_property
    def in_base(self) -> np.ndarray:
        """Days of the base period, bool (time,)."""
        year = self.daily["time"].dt.year.values
        return np.asarray((year >= self.base[0]) & (year <= self.base[1]))

    @cached_property
    def calendar_day(self) -> np.ndarray:
        """The calendar day of each day."""
        return percentiles.calendar_day(self.daily["time"])

    @cached_property
    def warm_limit(self) -> np.ndarray:
        """The 90th percentile of the maximum by calendar day."""
        return self._limit("tasmax", 90)

    @cached_property
    def cool_limit(self) -> np.ndarray:
        """The 10th percentile of the minimum by calendar day."""
        return self._limit("tasmin", 10)

    @cached_property
    def monthly_rain(self) -> np.ndarray:
        """Mean rain by month, (month, ...)."""
        return drought.monthly_mean(self["pr"], self.years)

    def _limit(self, name: str, percent: float) -> np.ndarray:
        return percentiles.daily_percentile(self[name], self.calendar_day, self.in_base, percent)


KERNELS: dict[str, Kernel] = {
    "tas": lambda d: heat.mean(d["tas"], d.years),
    "PRCPTOT": lambda d: rain.total(d["pr"], d.years),
    "HD33": lambda d: heat.hot_days(d["tasmax"], d.years),
    "TR25": lambda d: heat.tropical_nights(d["tasmin"], d.years),
    "TXx": lambda d: heat.hottest(d["tasmax"], d.years),
    "TX90p": lambda d: percentiles.warm_days(d["tasmax"], d.years, d.warm_limit, d.calendar_day),
    "WSDI": lambda d: percentiles.warm_spell(d["tasmax"], d.years, d.warm_limit, d.calendar_day),
    "GSL": lambda d: heat.growing_season(d["tas"], d.years),
    "CD12": lambda d: heat.cold_days(d["tasmin"], d.years),
    "TNn": lambda d: heat.coldest(d["tasmin"], d.years),
    "TN10p": lambda d: percentiles.cold_nights(d["tasmin"], d.years, d.cool_limit, d.calendar_day),
    "FD": lambda d: heat.frost_days(d["tasmin"], d.years),
    "ID": lambda d: heat.ice_days(d["tasmax"], d.years),
    "SDII": lambda d: rain.intensity(d["pr"], d.years),
    "CWD": lambda d: rain.wet_spell(d["pr"], d.years),
    "CDD": lambda d: rain.dry_spell(d["pr"], d.years),
    "Rx1day": lambda d: rain.most_in_a_day(d["pr"], d.years),
    "Rx5day": lambda d: rain.most_in_five_days(d["pr"], d.years),
    "R80mm": lambda d: rain.heavy_days(d["pr"], d.years),
    "R95pTOT": lambda d: _above(d, 95),
    "R99pTOT": lambda d: _above(d, 99),
    "R30mmh": lambda d: rain.torrent_days(d["pr_max_1h"], d.years),
    "Rx1h": lambda d: maxima(d["pr_max_1h"], d.years),
    "Rx10min": lambda d: maxima(d["pr_max_10min"], d.years),
    "SPI3": lambda d: _driest(d, 3),
    "SPI6": lambda d: _driest(d, 6),
    "SPI12": lambda d: _driest(d, 12),
}


def annual(
    daily: xr.Dataset, base: tuple[int, int], layers: Sequence[Layer] = INDICES
) -> xr.Dataset:
    """Return ANNUAL: every index of the year or season that the variables allow.

    Args:
        daily: DAILY; any further dims, e.g. station, or lat and lon.
        base: First and last year that percentiles and SPI refer to; both must be in `daily`.

    Raises:
        InvalidData: The base period is not in the record.
    """
    ordered = daily.transpose("time", ...)
    days = Days(ordered, years_of(ordered["time"]), base)
    if not {base[0], base[1]} <= set(days.years.labels.tolist()):
        span = f"{days.years.labels[0]}-{days.years.labels[-1]}"
        raise InvalidData(f"The base period {base[0]}-{base[1]} is not in the record ({span}).")
    whole = {name: complete(days[name], days.years) for name in _held(ordered)}
    found = {
        each.id: _seasonal(days, each) if each.season else _annual(days, each, whole)
        for each in layers
        if set(each.inputs) <= set(whole)
    }
    dims = ("year", *next(iter(ordered.data_vars.values())).dims[1:])
    coords = {name: ordered[name] for name in ordered.coords if "time" not in ordered[name].dims}
    return xr.Dataset(
        {name: (dims, values.astype("float32")) for name, values in found.items()},
        coords=coords | {"year": days.years.labels},
        attrs={"base": f"{base[0]}-{base[1]}"},
    )


def _held(daily: xr.Dataset) -> list[str]:
    wanted = {name for each in INDICES for name in each.inputs}
    return [str(name) for name in daily.data_vars if name in wanted]


def _annual(days: Days, layer: Layer, whole: dict[str, np.ndarray]) -> np.ndarray:
    """Return one index; NaN where the year is not complete."""
    enough = whole[layer.inputs[0]]
    if len(layer.inputs) > 1:
        enough = enough & _hours_known(days["pr"], days[layer.inputs[1]], days.years)
    return np.where(enough, KERNELS[layer.id](days), np.nan)


def _seasonal(days: Days, layer: Layer) -> np.ndarray:
    """Return one index of a season on the axis of the years."""
    season = season_of(days.daily["time"], SEASONS[layer.season])
    part = Days(days.daily[list(layer.inputs)].isel(time=season.rows), season.years, days.base)
    values = np.where(
        complete(part[layer.inputs[0]], season.years), KERNELS[layer.index](part), np.nan
    )
    out = np.full((len(days.years.labels), *values.shape[1:]), np.nan)
    same = np.isin(season.years.labels, days.years.labels)
    out[np.searchsorted(days.years.labels, season.years.labels[same])] = values[same]
    return out


def _hours_known(total: np.ndarray, part: np.ndarray, years: Years) -> np.ndarray:
    """Say in which years nearly every day of much rain tells its wettest hour (or ten minutes)."""
    wet = total >= WET_ENOUGH
    told = np.add.reduceat(wet & np.isfinite(part), years.starts, axis=0, dtype="int32")
    of = np.add.reduceat(wet, years.starts, axis=0, dtype="int32")
    return np.asarray((told >= HOURS_KNOWN * of) & (told > 0))


def _above(days: Days, percent: float) -> np.ndarray:
    limit = rain.wet_day_percentile(days["pr"], days.in_base, percent)
    return rain.rain_above(days["pr"], days.years, limit)


def _driest(days: Days, window: int) -> np.ndarray:
    """Return the lowest SPI of each year."""
    starts = days.daily["time"].isel(time=days.years.months)
    month, year = starts.dt.month.values, starts.dt.year.values
    base = (year >= days.base[0]) & (year <= days.base[1])
    monthly = drought.spi(days.monthly_rain, month, base, window)
    first = np.flatnonzero(np.diff(days.years.month_year, prepend=-1))
    return np.asarray(np.fmin.reduceat(monthly, first, axis=0))


def reached(values: np.ndarray, years: Years) -> np.ndarray:
    """Return the share of each year's days that are there, (year, ...); the reason of a gap."""
    there = np.add.reduceat(np.isfinite(values), years.starts, axis=0, dtype="int32")
    return np.asarray(there / years.lengths.reshape(-1, *(1,) * (values.ndim - 1)))
