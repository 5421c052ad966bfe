"""The same climate index by us and by xclim: what is timed and weighed in the bench.

One index of each kind of kernel at least, the cheap ones too; the answers are compared as well.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import xarray as xr

from data.errors import MulgilError
from forecast.climate import drought, heat, percentiles, rain
from forecast.climate.years import Years, years_of

Ours = Callable[[np.ndarray, Years, xr.DataArray], np.ndarray]
Theirs = Callable[[Any, xr.DataArray], xr.DataArray]


@dataclass(frozen=True)
class Pair:
    """One index, twice.

    Attributes:
        variable: Daily input.
        side: Cells per side of the field; fewer where xclim is slow, the same for both.
        ours: Takes values (time, lat, lon), their years, and the time axis.
        theirs: Takes `xclim.indices` and the input.
        calendar: noleap where xclim numbers the days of leap years in another way.
    """

    variable: str
    side: int
    ours: Ours
    theirs: Theirs
    calendar: str = "standard"


def rival(module: str, requirement: str) -> Any:
    """Import the library that we are compared with.

    Raises:
        MulgilError: It is not installed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return import_module(module)
    except ImportError as missing:
        raise MulgilError(
            f"The bench compares with {requirement}, which is not installed.",
            f"Install it: pip install '{requirement}'",
        ) from missing


def by_us(pair: Pair, data: xr.DataArray) -> np.ndarray:
    """Return our answer, (year or month, lat, lon)."""
    return pair.ours(data.values, years_of(data["time"]), data["time"])


def by_xclim(pair: Pair, data: xr.DataArray) -> np.ndarray:
    """Return xclim's answer in its plain form, in memory without dask."""
    indices = rival("xclim.indices", "xclim<1.0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = pair.theirs(indices, data)
        return np.asarray(found.transpose("time", "lat", "lon").values)


def _always(values: np.ndarray) -> np.ndarray:
    return np.ones(len(values), dtype=bool)


def _warm(values: np.ndarray, years: Years, time: xr.DataArray) -> np.ndarray:
    day = percentiles.calendar_day(time)
    limit = percentiles.daily_percentile(values, day, _always(values), 90)
    return percentiles.warm_days(values, years, limit, day)


def _warm_spell(values: np.ndarray, years: Years, time: xr.DataArray) -> np.ndarray:
    day = percentiles.calendar_day(time)
    limit = percentiles.daily_percentile(values, day, _always(values), 90)
    return percentiles.warm_spell(values, years, limit, day)


def _spi3(values: np.ndarray, years: Years, time: xr.DataArray) -> np.ndarray:
    monthly = drought.monthly_mean(values, years)
    month = time.dt.month.values[years.months]
    return drought.spi(monthly, month, _always(monthly), 3)


def _share_above(values: np.ndarray, years: Years, _: xr.DataArray) -> np.ndarray:
    limit = rain.wet_day_percentile(values, _always(values), 95)
    return np.asarray(rain.rain_above(values, years, limit) / rain.total(values, years))


def _their_limit(x: xr.DataArray) -> xr.DataArray:
    calendar = rival("xclim.core.calendar", "xclim<1.0")
    limit: xr.DataArray = calendar.percentile_doy(x, window=5, per=90)
    return limit.sel(percentiles=90)


def _their_share_above(xci: Any, x: xr.DataArray) -> xr.DataArray:
    limit = x.where(x >= rain.WET).quantile(0.95, dim="time").assign_attrs(units="mm/day")
    share: xr.DataArray = xci.fraction_over_precip_thresh(x, limit, thresh="1 mm/day")
    return share


_SPI = {"freq": "MS", "window": 3, "dist": "gamma", "method": "APP", "fitkwargs": {"floc": 0}}
_GSL = {"thresh": "5 degC", "window": 6, "mid_date": "07-01"}

PAIRS: dict[str, Pair] = {
    "HD33": Pair(
        "tasmax",
        100,
        lambda x, y, _: heat.hot_days(x, y),
        lambda xci, x: xci.tx_days_above(x, thresh="33 degC", op=">="),
    ),
    "FD": Pair(
        "tasmin", 100, lambda x, y, _: heat.frost_days(x, y), lambda xci, x: xci.frost_days(x)
    ),
    "TXx": Pair("tasmax", 100, lambda x, y, _: heat.hottest(x, y), lambda xci, x: xci.tx_max(x)),
    "tas": Pair("tas", 100, lambda x, y, _: heat.mean(x, y), lambda xci, x: xci.tg_mean(x)),
    "Rx1day": Pair(
        "pr",
        100,
        lambda x, y, _: rain.most_in_a_day(x, y),
        lambda xci, x: xci.max_1day_precipitation_amount(x),
    ),
    "PRCPTOT": Pair(
        "pr",
        100,
        lambda x, y, _: rain.total(x, y),
        lambda xci, x: xci.prcptot(x, thresh="1 mm/day"),
    ),
    "SDII": Pair(
        "pr",
        100,
        lambda x, y, _: rain.intensity(x, y),
        lambda xci, x: xci.daily_pr_intensity(x, thresh="1 mm/day"),
    ),
    "Rx5day": Pair(
        "pr",
        40,
        lambda x, y, _: rain.most_in_five_days(x, y),
        lambda xci, x: xci.max_n_day_precipitation_amount(x, window=5),
    ),
    "R95pTOT share": Pair("pr", 40, _share_above, _their_share_above),
    "SPI3": Pair("pr", 40, _spi3, lambda xci, x: xci.standardized_precipitation_index(x, **_SPI)),
    "TX90p": Pair("tasmax", 40, _warm, lambda xci, x: xci.tx90p(x, _their_limit(x)), "noleap"),
    "WSDI": Pair(
        "tasmax",
        20,
        _warm_spell,
        lambda xci, x: xci.warm_spell_duration_index(x, _their_limit(x), resample_before_rl=True),
        "noleap",
    ),
    "CDD": Pair(
        "pr",
        20,
        lambda x, y, _: rain.dry_spell(x, y),
        lambda xci, x: xci.maximum_consecutive_dry_days(x, resample_before_rl=True),
    ),
    "CWD": Pair(
        "pr",
        20,
        lambda x, y, _: rain.wet_spell(x, y),
        lambda xci, x: xci.maximum_consecutive_wet_days(x, resample_before_rl=True),
    ),
    "GSL": Pair(
        "tas",
        20,
        lambda x, y, _: heat.growing_season(x, y),
        lambda xci, x: xci.growing_season_length(x, **_GSL),
    ),
}
