"""Climate indices on weather that can be counted on fingers."""

import numpy as np
import pytest
import xarray as xr

from forecast.climate import drought, heat, percentiles, rain
from forecast.climate.years import Years, complete, longest_run, years_of

NAN = np.nan


def days(values: dict[str, float], calendar: str = "standard", years: int = 1) -> xr.DataArray:
    """Return a daily series from 2001 on, 0 but on the given dates."""
    end = {"360_day": f"{2000 + years}-12-30"}.get(calendar, f"{2000 + years}-12-31")
    time = xr.date_range("2001-01-01", end, calendar=calendar, use_cftime=calendar != "standard")
    series = xr.DataArray(np.zeros(len(time), "float32"), dims="time", coords={"time": time})
    for date, value in values.items():
        series.loc[{"time": date}] = value
    return series


def cut(series: xr.DataArray) -> tuple[np.ndarray, Years]:
    return series.values, years_of(series.time)


def test_rain_is_summed_over_wet_days_alone() -> None:
    x, years = cut(days({"2001-03-01": 10.0, "2001-03-02": 0.9, "2001-08-01": 5.0}))
    assert rain.total(x, years).tolist() == [15.0]
    assert rain.intensity(x, years).tolist() == [7.5]


def test_a_year_without_a_wet_day_has_no_intensity() -> None:
    x, years = cut(days({}))
    assert np.isnan(rain.intensity(x, years)).all()


def test_five_days_of_rain_belong_to_the_year_in_which_they_end() -> None:
    over_new_year = {f"2001-12-{day}": 10.0 for day in (28, 29, 30, 31)} | {"2002-01-01": 60.0}
    x, years = cut(days(over_new_year, years=2))
    assert rain.most_in_five_days(x, years).tolist() == [40.0, 100.0]
    assert rain.most_in_a_day(x, years).tolist() == [10.0, 60.0]


def test_a_heavy_day_begins_at_80_mm() -> None:
    x, years = cut(days({"2001-07-01": 80.0, "2001-07-02": 79.9}))
    assert rain.heavy_days(x, years).tolist() == [1]


def test_a_torrent_needs_30_mm_in_an_hour_and_a_blank_hour_is_none() -> None:
    x, years = cut(days({"2001-07-01": 30.0, "2001-07-02": NAN}))
    assert rain.torrent_days(x, years).tolist() == [1]


def test_spells_are_cut_at_new_year() -> None:
    wet = {f"2001-12-{day}": 5.0 for day in (30, 31)}
    wet |= {f"2002-01-0{day}": 5.0 for day in (1, 2, 3)}
    x, years = cut(days(wet, years=2))
    assert rain.wet_spell(x, years).tolist() == [2, 3]
    assert rain.dry_spell(x, years).tolist() == [363, 362]


def test_a_missing_day_breaks_a_spell() -> None:
    x = np.array([True, True, False, True] + [False] * 361)
    assert longest_run(x, years_of(days({}).time)).tolist() == [2]


@pytest.mark.parametrize(
    ("calendar", "length"), [("standard", 365), ("noleap", 365), ("360_day", 360)]
)
def test_a_dry_year_is_as_long_as_its_calendar(calendar: str, length: int) -> None:
    x, years = cut(days({}, calendar))
    assert rain.dry_spell(x, years).tolist() == [length]
    assert years.lengths.tolist() == [length]


def test_rain_above_a_percentile_counts_those_days_whole() -> None:
    x, years = cut(days({f"2001-06-{day:02d}": float(day) for day in range(1, 21)}))
    limit = rain.wet_day_percentile(x[:, None], np.ones(365, dtype=bool), 95)
    assert limit.tolist() == [pytest.approx(19.05)]  # 1 .. 20: the 95th percentile
    assert rain.rain_above(x[:, None], years, limit).tolist() == [[20.0]]


def test_a_place_that_never_saw_rain_has_no_percentile() -> None:
    assert np.isnan(rain.wet_day_percentile(np.zeros((365, 1)), np.ones(365, dtype=bool), 95)).all()


def test_heat_and_cold_begin_at_their_thresholds() -> None:
    hot, years = cut(days({"2001-08-01": 33.0, "2001-08-02": 32.9}))
    night, _ = cut(days({"2001-08-01": 25.0, "2001-08-02": 24.9}))
    cold, _ = cut(days({"2001-01-01": -12.0, "2001-01-02": -11.9}))
    assert heat.hot_days(hot, years).tolist() == [1]
    assert heat.tropical_nights(night, years).tolist() == [1]
    assert heat.cold_days(cold, years).tolist() == [1]
    assert heat.frost_days(cold, years).tolist() == [2]
    assert heat.ice_days(cold, years).tolist() == [2]
    assert heat.hottest(hot, years).tolist() == [33.0]
    assert heat.coldest(cold, years).tolist() == [-12.0]


def test_the_growing_season_runs_from_six_warm_days_to_six_cold_ones_after_june() -> None:
    warm = days({})
    warm.loc[{"time": slice("2001-04-01", "2001-10-31")}] = 10.0
    x, years = cut(warm)
    assert heat.growing_season(x, years).tolist() == [214]  # April to October
    assert heat.growing_season(np.zeros_like(x), years).tolist() == [0]


@pytest.mark.parametrize(
    ("calendar", "year", "before"),
    [
        ("standard", 2001, 181),
        ("standard", 2004, 182),
        ("noleap", 2004, 181),
        ("360_day", 2001, 180),
    ],
)
def test_a_cold_spell_from_the_first_of_july_ends_the_season(
    calendar: str, year: int, before: int
) -> None:
    end = f"{year}-12-30" if calendar == "360_day" else f"{year}-12-31"
    time = xr.date_range(f"{year}-01-01", end, calendar=calendar, use_cftime=True)
    warm = xr.DataArray(np.full(len(time), 10.0), dims="time", coords={"time": time})
    july = (warm["time"].dt.month == 7) & (warm["time"].dt.day <= 6)
    x, years = cut(warm.where(~july, 0.0))
    assert heat.growing_season(x, years).tolist() == [before]  # January to June


def test_the_mean_leaves_missing_days_out() -> None:
    x, years = cut(days({"2001-01-01": 365.0}))
    assert heat.mean(x, years).tolist() == [1.0]
    assert np.isnan(heat.mean(np.full(365, NAN), years)).all()


def test_one_missing_day_is_forgiven_and_a_missing_month_is_not() -> None:
    record = days({"2001-12-31": NAN}, years=2)
    record.loc[{"time": slice("2002-08-01", "2002-08-08")}] = NAN  # 8 of August's 31 days
    x, years = cut(record)
    assert complete(x, years).tolist() == [True, False]


def test_a_year_that_has_only_begun_is_not_complete() -> None:
    nearly, years = cut(days({}).sel(time=slice("2001-01-01", "2001-12-26")))
    begun, short = cut(days({}).sel(time=slice("2001-01-01", "2001-11-30")))
    assert complete(nearly, years).tolist() == [True]
    assert complete(begun, short).tolist() == [False]


def test_february_29_shares_its_calendar_day_with_the_28th() -> None:
    time = xr.DataArray(
        np.array(["2003-03-01", "2004-02-28", "2004-02-29", "2004-03-01"], "M8[ns]")
    )
    assert percentiles.calendar_day(time.rename({"dim_0": "time"})).tolist() == [59, 58, 58, 59]


def test_a_warm_spell_has_six_days_and_all_of_them_count() -> None:
    warm = {f"2001-05-{day:02d}": 9.0 for day in range(1, 8)}  # seven days
    warm |= {f"2001-09-{day:02d}": 9.0 for day in range(1, 6)}  # five are none
    series = days(warm)
    x, years = cut(series)
    limit = np.ones(365)
    day = percentiles.calendar_day(series.time)
    assert percentiles.warm_spell(x, years, limit, day).tolist() == [7]
    assert percentiles.warm_days(x, years, limit, day).tolist() == [12]
    assert percentiles.cold_nights(-x, years, -limit, day).tolist() == [12]


def test_a_calendar_day_without_any_base_value_has_no_percentile() -> None:
    day = np.arange(10)
    found = percentiles.daily_percentile(np.full((10, 1), NAN), day, np.ones(10, dtype=bool), 90)
    assert np.isnan(found).all()


def test_a_month_like_the_median_has_an_spi_near_zero_and_a_wet_one_above_two() -> None:
    rng = np.random.default_rng(0)
    monthly = rng.gamma(4.0, 1.0, (60 * 12, 1))
    month = np.tile(np.arange(1, 13), 60)
    base = np.ones(len(month), dtype=bool)
    ours = drought.spi(monthly, month, base, 1)
    assert abs(float(np.median(ours))) < 0.05
    assert float(np.std(ours)) == pytest.approx(1.0, abs=0.03)


def test_the_first_months_of_a_long_spi_are_missing() -> None:
    months = np.ones((24, 1))
    ours = drought.spi(
        months + np.arange(24)[:, None] % 5,
        np.tile(np.arange(1, 13), 2),
        np.ones(24, dtype=bool),
        3,
    )
    assert np.isnan(ours[:2]).all()


def test_a_month_with_too_few_days_is_missing() -> None:
    record = days({})
    record.loc[{"time": slice("2001-02-01", "2001-02-10")}] = NAN
    x, years = cut(record + 1.0)
    monthly = drought.monthly_mean(x, years)
    assert np.isnan(monthly[1])
    assert monthly[0] == 1.0
