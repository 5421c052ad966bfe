"""All that the climate pages show, gathered beforehand: an `Atlas` of finished numbers.

VALUES: what the maps show
    observed (layer, region, baseline)             mean of the baseline, in the layer's unit
    observed_reason (layer, region, baseline) int8 see `Reason`
    future (layer, region, window, quantile)       level in the window: the observed mean of the
                                                   reference, plus or times the models' change
    robustness (layer, region, window) int8        see `Robustness`
    agree, members (layer, region, window) int8    k of n models agree with the majority's sign
    trend, trend_low, trend_high (layer, region)   per decade, 1973 .. end, 95 % interval
    coordinates: layer, region (code), baseline "1961-1990" .., quantile 0.1, 0.5, 0.9;
    window "ssp585:2081-2100" .. or "gwl:2.0"; window_members (window): names, comma-separated;
    window_note_ko, window_note_en (window); leave_one_out (layer) [unit of the layer]
SERIES: what the charts show
    observed (layer, region, year)                 1904 .. last whole year
    future (layer, region, scenario, year, quantile)
STATIONS: what was measured
    observed (layer, station, year), days (variable, station, year) share of the year's days
    normal (layer, station) mean 1991-2020; name_ko, name_en, latitude, longitude, elevation,
    operating_start, operating_end (station)

A value that is not there is NaN, with a reason; never 0.
"""

from dataclasses import dataclass
from enum import IntEnum

import geopandas as gpd
import xarray as xr

from forecast.climate.catalogue import Layer

BASELINES: tuple[tuple[int, int], ...] = (
    (1961, 1990),
    (1971, 2000),
    (1981, 2010),
    (1991, 2020),
    (2000, 2019),
)
REFERENCE = (2000, 2019)  # KMA's own for its scenarios; model changes are against it
PERIODS: tuple[tuple[int, int], ...] = ((2021, 2040), (2041, 2060), (2081, 2100))
LEVELS = (1.5, 2.0, 3.0, 4.0)  # degC of global warming over 1850-1900
QUANTILES = (0.1, 0.5, 0.9)


class Reason(IntEnum):
    """Why an observed value is there or not."""

    OK = 0
    FEW_YEARS = 1  # fewer than 80 % of the baseline's years
    NO_STATION = 2  # no station near enough
    NOT_SUPPLIED = 3  # a user's table has no value (risk only)


@dataclass(frozen=True)
class Facts:
    """Where the numbers of an atlas come from; printed on its maps.

    Attributes:
        source, futures_source: As cited.
        synthetic: The futures are made up; every page and file says so.
        futures_caveat_ko, futures_caveat_en: Empty, or what must stand beside each future.
        method_ko, method_en: How stations became regions.
        attribution: Of the boundaries.
        key: Digest of all inputs; the same key, the same numbers.
        risk_ko, risk_en: What the risk layers are made from, and how they agree with damage.
    """

    source: str
    futures_source: str
    synthetic: bool
    futures_caveat_ko: str
    futures_caveat_en: str
    method_ko: str
    method_en: str
    attribution: str
    last_year: int
    key: str
    risk_ko: str = ""
    risk_en: str = ""


@dataclass(frozen=True)
class Atlas:
    """The climate map's numbers.

    Attributes:
        regions: Index `code` ("KR" the country, "11" a 시도, "11110" a 시군구); name_ko, name_en,
            parent, geometry (simplified, WGS 84; the country has none).
        values, series, stations: See the module.
    """

    layers: tuple[Layer, ...]
    regions: gpd.GeoDataFrame
    values: xr.Dataset
    series: xr.Dataset
    stations: xr.Dataset
    facts: Facts
