"""Indices and changes on a real CMIP6 series: ACCESS-CM2, downscaled, SSP2-4.5 and SSP3-7.0."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from data.climate.cf import standardise
from forecast.climate.catalogue import layer
from forecast.climate.futures import changed
from forecast.climate.indices import annual
from forecast.climate.regional import period_mean

FOLDER = Path(__file__).parents[2] / "shared" / "data" / "cmip6-cannonsville"
EARLY, LATE = (2015, 2034), (2080, 2099)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not FOLDER.is_dir(), reason="../shared/data/cmip6-cannonsville is not there"
    ),
]


@pytest.fixture(scope="module", params=["ssp245", "ssp370"])
def yearly(request: pytest.FixtureRequest) -> tuple[str, xr.Dataset]:
    name = f"cannonsville__ACCESS-CM2_{request.param}_r1i1p1f1_DBCCA_Daymet.csv.gz"
    table = pd.read_csv(FOLDER / name, parse_dates=["date"], index_col="date")
    units = {
        "prcp": ("prcp_mm_day", "mm/day"),
        "tmax": ("tmax_degC", "degC"),
        "tmin": ("tmin_degC", "degC"),
    }
    ds = xr.Dataset(
        {n: ("time", table[column], {"units": unit}) for n, (column, unit) in units.items()},
        coords={"time": table.index.to_numpy("datetime64[ns]")},
    )
    daily = standardise(ds, ["pr", "tasmax", "tasmin"]).expand_dims("station", axis=1)
    return request.param, annual(daily, EARLY)


def change(found: xr.Dataset, name: str) -> float:
    values, years = found[name].values, found["year"].values
    early, late = (period_mean(values, years, span) for span in (EARLY, LATE))
    return float(changed(early, late, layer(name).change)[0])


def test_it_gets_warmer_with_fewer_frost_days_and_more_hot_ones(
    yearly: tuple[str, xr.Dataset],
) -> None:
    _, found = yearly
    assert 1 < change(found, "TXx") < 10
    assert change(found, "FD") < -15
    assert change(found, "TN10p") < 0
    assert change(found, "TX90p") > 20
    assert change(found, "HD33") >= 0


def test_the_later_the_wetter_the_extremes_within_reason(yearly: tuple[str, xr.Dataset]) -> None:
    _, found = yearly
    assert -15 < change(found, "PRCPTOT") < 40  # %
    assert -30 < change(found, "Rx1day") < 80  # %
    wettest = found["Rx5day"].values
    assert (wettest[np.isfinite(wettest)] >= found["Rx1day"].values[np.isfinite(wettest)]).all()


def test_every_whole_year_has_every_index(yearly: tuple[str, xr.Dataset]) -> None:
    scenario, found = yearly
    assert found["year"].values[0] == 2015, scenario
    for name in ("PRCPTOT", "TXx", "FD", "CDD", "WSDI"):
        assert int(found[name].sel(year=slice(2016, 2098)).isnull().sum()) == 0
