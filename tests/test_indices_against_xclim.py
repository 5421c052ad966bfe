"""Our climate indices beside xclim's, on the same made-up weather, in three calendars.

xclim is a test oracle only; it is not a dependency.
"""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xarray as xr

from forecast.climate import drought, heat, percentiles, rain
from forecast.climate.years import Years, years_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    xclim = pytest.importorskip("xclim", reason="needs the oracle: pip install 'xclim<1.0'")
    import xclim.indices as xci

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
CALENDARS = ("standard", "noleap", "360_day")
YEARS, CELLS = 12, 6


def weather(calendar: str) -> xr.Dataset:
    """Return daily rain and temperature of six cells, dims (time, cell)."""
    end = "2001-12-30" if calendar == "360_day" else "2001-12-31"
    time = xr.date_range("1990-01-01", end, calendar=calendar, use_cftime=calendar != "standard")
    rng = np.random.default_rng(5)
    shape = (len(time), CELLS)
    season = 13 - 15 * np.cos(2 * np.pi * np.arange(len(time)) / 365.25)[:, None]
    tas = season + rng.normal(0, 4, shape)
    wet = rng.random(shape) < 0.3
    fields = {
        "pr": (np.where(wet, rng.gamma(0.8, 14, shape), 0.0), "mm/day"),
        "tas": (tas, "degC"),
        "tasmax": (tas + 5, "degC"),
        "tasmin": (tas - 5, "degC"),
    }
    data = {
        name: (("time", "cell"), values.astype("float32"), {"units": unit})
        for name, (values, unit) in fields.items()
    }
    return xr.Dataset(data, coords={"time": time})


@pytest.fixture(params=CALENDARS)
def made(request: pytest.FixtureRequest) -> tuple[xr.Dataset, Years]:
    ds = weather(request.param)
    return ds, years_of(ds.time)


COUNTS: dict[str, tuple[Callable[..., np.ndarray], str, Callable[[xr.DataArray], Any]]] = {
    "R80mm": (rain.heavy_days, "pr", lambda x: xci.wetdays(x, thresh="80 mm/day")),
    "CDD": (
        rain.dry_spell,
        "pr",
        lambda x: xci.maximum_consecutive_dry_days(x, resample_before_rl=True),
    ),
    "CWD": (
        rain.wet_spell,
        "pr",
        lambda x: xci.maximum_consecutive_wet_days(x, resample_before_rl=True),
    ),
    "폭염일": (
        heat.hot_days,
        "tasmax",
        lambda x: xci.tx_days_above(x, thresh="33 degC", op=">="),
    ),
    "열대야": (
        heat.tropical_nights,
        "tasmin",
        lambda x: xci.tn_days_above(x, thresh="25 degC", op=">="),
    ),
    "한파일": (
        heat.cold_days,
        "tasmin",
        lambda x: xci.tn_days_below(x, thresh="-12 degC", op="<="),
    ),
    "FD": (heat.frost_days, "tasmin", xci.frost_days),
    "ID": (heat.ice_days, "tasmax", xci.ice_days),
    "GSL": (
        heat.growing_season,
        "tas",
        lambda x: xci.growing_season_length(x, thresh="5 degC", window=6, mid_date="07-01"),
    ),
}


@pytest.mark.parametrize("name", COUNTS)
def test_counts_are_exactly_those_of_xclim(made: tuple[xr.Dataset, Years], name: str) -> None:
    ds, years = made
    ours, variable, theirs = COUNTS[name]
    expected = theirs(ds[variable]).transpose("time", "cell").values
    np.testing.assert_array_equal(ours(ds[variable].values, years), expected)


VALUES: dict[str, tuple[Callable[..., np.ndarray], str, Callable[[xr.DataArray], Any]]] = {
    "PRCPTOT": (rain.total, "pr", lambda x: xci.prcptot(x, thresh="1 mm/day")),
    "SDII": (rain.intensity, "pr", lambda x: xci.daily_pr_intensity(x, thresh="1 mm/day")),
    "Rx1day": (rain.most_in_a_day, "pr", xci.max_1day_precipitation_amount),
    "Rx5day": (
        rain.most_in_five_days,
        "pr",
        lambda x: xci.max_n_day_precipitation_amount(x, window=5),
    ),
    "TXx": (heat.hottest, "tasmax", xci.tx_max),
    "TNn": (heat.coldest, "tasmin", xci.tn_min),
    "mean T": (heat.mean, "tas", xci.tg_mean),
}


@pytest.mark.parametrize("name", VALUES)
def test_values_are_those_of_xclim(made: tuple[xr.Dataset, Years], name: str) -> None:
    ds, years = made
    ours, variable, theirs = VALUES[name]
    expected = theirs(ds[variable]).transpose("time", "cell").values
    np.testing.assert_allclose(ours(ds[variable].values, years), expected, rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("calendar", ["noleap", "360_day"])
def test_days_beyond_a_daily_percentile_are_those_of_xclim(calendar: str) -> None:
    from xclim.core.calendar import percentile_doy

    ds = weather(calendar)
    years, day = years_of(ds.time), percentiles.calendar_day(ds.time)
    everything = np.ones(ds.sizes["time"], dtype=bool)
    high = percentiles.daily_percentile(ds.tasmax.values, day, everything, 90)
    low = percentiles.daily_percentile(ds.tasmin.values, day, everything, 10)
    their_high = percentile_doy(ds.tasmax, window=5, per=90).sel(percentiles=90)
    their_low = percentile_doy(ds.tasmin, window=5, per=10).sel(percentiles=10)
    tasmax, tasmin = ds.tasmax.values, ds.tasmin.values
    pairs = [
        (
            percentiles.warm_days(tasmax, years, high, day),
            xci.tx90p(ds.tasmax, their_high),
        ),
        (
            percentiles.cold_nights(tasmin, years, low, day),
            xci.tn10p(ds.tasmin, their_low),
        ),
        (
            percentiles.warm_spell(tasmax, years, high, day),
            xci.warm_spell_duration_index(ds.tasmax, their_high, resample_before_rl=True),
        ),
    ]
    for ours, theirs in pairs:
        np.testing.assert_array_equal(ours, theirs.transpose("time", "cell").values)


@pytest.mark.parametrize("percent", [95, 99])
def test_rain_above_a_percentile_is_xclims_share_of_the_year(
    made: tuple[xr.Dataset, Years], percent: int
) -> None:
    ds, years = made
    limit = rain.wet_day_percentile(ds.pr.values, np.ones(len(ds.time), dtype=bool), percent)
    wet = ds.pr.where(ds.pr >= 1)
    their_limit = wet.quantile(percent / 100, "time").assign_attrs(units="mm/day")
    np.testing.assert_allclose(limit, their_limit, rtol=1e-6)
    share = xci.fraction_over_precip_thresh(ds.pr, their_limit, thresh="1 mm/day")
    expected = share.transpose("time", "cell").values * rain.total(ds.pr.values, years)
    ours = rain.rain_above(ds.pr.values, years, limit)
    np.testing.assert_allclose(ours, expected, rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("window", [3, 6, 12])
def test_spi_is_that_of_xclim(made: tuple[xr.Dataset, Years], window: int) -> None:
    ds, years = made
    monthly = drought.monthly_mean(ds.pr.values, years)
    month = ds.time.dt.month.values[years.months]
    base = np.ones(len(month), dtype=bool)
    ours = drought.spi(monthly, month, base, window)
    theirs = xci.standardized_precipitation_index(
        ds.pr, freq="MS", window=window, dist="gamma", method="APP", fitkwargs={"floc": 0}
    )
    difference = np.abs(ours - theirs.transpose("time", "cell").values)
    assert np.nanmedian(difference) <= 1e-5
    assert np.nanmax(difference) < 0.02
