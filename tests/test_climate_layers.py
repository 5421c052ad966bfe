"""From yearly values to layers: regions, windows, changes, runs on a grid; answers by hand."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
import xarray as xr

from data.climate.warming_levels import CommonWindows, Window
from forecast.climate import assemble, futures, interpolation, observed_layers, runs, spread
from forecast.climate.atlas import REFERENCE, Reason
from forecast.climate.catalogue import INDICES, LAYERS, RISK, layer
from forecast.climate.futures import Run
from forecast.climate.indices import annual
from forecast.climate.regional import period_mean, yearly
from forecast.climate.return_layers import _mean, period_of
from forecast.climate.robustness import Robustness
from forecast.climate.seasons import season_of

NAN = np.nan
YEARS = np.arange(1961, 2021)


def days(first: int, last: int, calendar: str = "standard") -> xr.DataArray:
    end = f"{last}-12-30" if calendar == "360_day" else f"{last}-12-31"
    time = xr.date_range(
        f"{first}-01-01", end, calendar=calendar, use_cftime=calendar != "standard"
    )
    return xr.DataArray(time, dims="time", coords={"time": time})


def test_every_layer_has_both_languages_a_rule_and_a_source() -> None:
    assert len({each.id for each in LAYERS + RISK}) == len(LAYERS + RISK)
    for each in LAYERS + RISK:
        for language in ("ko", "en"):
            assert each.name(language)
            assert each.threshold(language)
        assert each.source
    assert layer("R80mm").threshold_ko == "일강수량 80 mm 이상"  # never confused with 30 mm/h
    assert layer("R30mmh").threshold_en == "wettest hour of the day at least 30 mm"


def test_winter_takes_the_december_before() -> None:
    time = days(2000, 2002)
    season = season_of(time, (12, 1, 2))
    assert season.years.labels.tolist() == [2000, 2001, 2002, 2003]
    assert season.years.lengths.tolist() == [60, 90, 90, 31]  # no December before, no January after
    first = season.rows[season.years.starts[1]]
    assert str(time.values[first])[:10] == "2000-12-01"


def test_a_winter_without_its_december_has_no_value_and_a_whole_one_has() -> None:
    time = days(2000, 2002)
    warm = np.where(time.dt.month == 12, 3.0, 0.0)[:, None].astype("float32")
    found = annual(
        xr.Dataset({"tas": (("time", "station"), warm)}, coords={"time": time}),
        (2000, 2002),
        [layer("tas_DJF")],
    )["tas_DJF"]
    assert found.dims == ("year", "station")
    assert np.isnan(found.values[0, 0])
    assert found.values[1, 0] == pytest.approx(3.0 * 31 / 90)


def test_a_year_without_its_august_has_no_index() -> None:
    time = days(2001, 2002)
    rain = np.ones((len(time), 1), dtype="float32")
    rain[(time.dt.year == 2001) & (time.dt.month == 8)] = NAN
    ds = xr.Dataset({"pr": (("time", "station"), rain)}, coords={"time": time})
    found = annual(ds, (2001, 2002), [layer("PRCPTOT")])["PRCPTOT"]
    assert np.isnan(found.values[0, 0])
    assert found.values[1, 0] == 365


def test_the_wettest_hour_of_a_year_is_only_told_where_the_wet_days_have_one() -> None:
    time = days(2001, 2002)
    rain = np.full((len(time), 1), 0.0, dtype="float32")
    hour = np.full_like(rain, NAN)
    wet = [10, 50, 100, 200, 300]
    rain[wet] = rain[[365 + d for d in wet]] = 60.0
    hour[wet] = [[20.0], [25.0], [31.0], [18.0], [22.0]]
    hour[365 + 10] = 40.0  # the other four days of 2002 do not tell theirs
    dims = ("time", "station")
    ds = xr.Dataset({"pr": (dims, rain), "pr_max_1h": (dims, hour)}, coords={"time": time})
    found = annual(ds, (2001, 2002), [layer("Rx1h"), layer("R30mmh")])
    assert found["Rx1h"].values[:, 0].tolist() == pytest.approx([31.0, NAN], nan_ok=True)
    assert found["R30mmh"].values[0, 0] == 1


@pytest.mark.parametrize(
    ("calendar", "days_"), [("standard", 365), ("noleap", 365), ("360_day", 360)]
)
def test_a_constant_series_gives_the_same_index_in_every_calendar(
    calendar: str, days_: int
) -> None:
    time = days(2001, 2003, calendar)
    shape = (len(time), 1)
    ds = xr.Dataset(
        {
            name: (("time", "station"), np.full(shape, value, dtype="float32"))
            for name, value in (("tas", 12.0), ("tasmax", 34.0), ("tasmin", -13.0), ("pr", 2.0))
        },
        coords={"time": time},
    )
    found = annual(ds, (2001, 2003))
    assert found["tas"].values[1, 0] == 12
    assert found["HD33"].values[1, 0] == found["CD12"].values[1, 0] == days_
    assert found["PRCPTOT"].values[1, 0] == 2 * days_
    assert found["Rx5day"].values[1, 0] == 10
    assert found["CDD"].values[1, 0] == 0
    scaled = runs.real_years(found[["HD33", "Rx1day"]], calendar)
    expected = 365.25 if calendar != "standard" else 365
    assert scaled["HD33"].values[1, 0] == pytest.approx(expected)
    assert scaled["Rx1day"].values[1, 0] == 2  # no count, not scaled


def test_an_index_without_its_variable_is_left_out() -> None:
    ds = xr.Dataset(
        {"tas": (("time", "station"), np.zeros((731, 1), dtype="float32"))},
        coords={"time": days(2000, 2001)},
    )
    assert set(annual(ds, (2000, 2001)).data_vars) == {
        each.id for each in INDICES if each.inputs == ("tas",)
    }


def test_near_stations_weigh_more_and_a_far_one_nothing() -> None:
    stations = (np.array([37.0, 37.0, 37.0]), np.array([127.0, 128.0, 129.0]))
    found = interpolation.weights(stations, (np.array([37.0]), np.array([127.5])))
    np.testing.assert_allclose(found[0, :2], found[0, 0])  # half way
    assert found.sum() == pytest.approx(1)
    assert found[0, 2] < 0.2 * found[0, 0]


def test_leaving_out_the_middle_of_a_slope_costs_nothing() -> None:
    stations = (np.array([37.0, 37.0, 37.0]), np.array([127.0, 127.5, 128.0]))
    found = interpolation.leave_one_out(stations, np.array([1.0, 2.0, 3.0]))
    assert found.stations == 3
    assert found.bias == pytest.approx(0, abs=1e-9)
    assert found.mean_absolute < 1.0  # 0 in the middle, more at the ends


def test_a_station_that_closes_makes_no_jump() -> None:
    """A cold station that stops in 1999 must not warm the region."""
    values = np.tile([10.0, 14.0], (len(YEARS), 1))
    values[YEARS >= 2016, 0] = NAN  # 25 years of the normal are there

    def half(_: np.ndarray) -> np.ndarray:
        return np.array([[0.5, 0.5]])

    found = yearly(values, YEARS, half, None)
    np.testing.assert_allclose(found[:, 0], 12.0)


def test_a_year_with_too_little_weight_is_missing_and_a_count_never_negative() -> None:
    values = np.tile([0.2, 8.0], (len(YEARS), 1))
    values[0] = [0.0, NAN]
    values[1] = [NAN, 2.0]

    def most(_: np.ndarray) -> np.ndarray:
        return np.array([[0.1, 0.9]])

    found = yearly(values, YEARS, most, 0.0)
    assert np.isnan(found[0, 0])  # 10 % of the weight reported
    assert found[1, 0] == pytest.approx(0.1 * 0.2 + 0.9 * 8.0 - 6.0)
    low = yearly(np.where(YEARS[:, None] == 1962, -50, values), YEARS, most, 0.0)
    assert low[1, 0] == 0.0


def test_a_mean_needs_four_fifths_of_its_years() -> None:
    values = np.full((len(YEARS), 2), 5.0)
    values[(YEARS >= 1991) & (YEARS <= 1997), 0] = NAN  # 23 of 30
    values[(YEARS >= 1991) & (YEARS <= 1996), 1] = NAN  # 24 of 30
    np.testing.assert_array_equal(period_mean(values, YEARS, (1991, 2020)), [NAN, 5.0])


def square_regions() -> gpd.GeoDataFrame:
    shapes = [shapely.box(126, 36, 127, 37), shapely.box(127, 36, 128, 37)]
    return gpd.GeoDataFrame(geometry=shapes, index=["11110", "11140"], crs="EPSG:4326")


def test_regions_take_after_their_stations() -> None:
    pull = spread.from_stations(square_regions(), np.array([36.5, 36.5]), np.array([126.5, 127.5]))
    found = pull(np.array([True, True]))
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert found[0, 0] > 0.7
    assert found[0, 0] == pytest.approx(found[1, 1], rel=1e-6)
    np.testing.assert_allclose(pull(np.array([True, False])), [[1.0], [1.0]])


def test_why_a_baseline_is_missing_is_told() -> None:
    annuals = np.full((len(YEARS), 1), 12.0)
    annuals[YEARS < 1985] = NAN
    stations = xr.Dataset(
        {"tas": (("year", "station"), annuals)},
        coords={"year": YEARS, "latitude": ("station", [36.5]), "longitude": ("station", [126.5])},
    )
    found = observed_layers.observe(stations, layer("tas"), lambda _: np.array([[1.0]]))
    reasons = dict(zip(("1961", "1971", "1981", "1991", "2000"), found.reason[:, 0], strict=True))
    assert reasons == {
        "1961": Reason.FEW_YEARS,
        "1971": Reason.FEW_YEARS,
        "1981": Reason.OK,
        "1991": Reason.OK,
        "2000": Reason.OK,
    }
    assert found.left_out is None  # one station cannot be left out


def run(model: str, scenario: str, **values: np.ndarray) -> Run:
    years = np.arange(2000, 2101)
    data = {name: (("year", "region"), v.astype("float32")) for name, v in values.items()}
    return Run(model, scenario, xr.Dataset(data, coords={"year": years}))


def ramp(step: float, before: float = 12.0) -> np.ndarray:
    """Return a level that jumps by `step` in 2081, with a little weather."""
    years = np.arange(2000, 2101)
    return (before + step * (years >= 2081) + 0.01 * (-1.0) ** years)[:, None]


def test_a_change_is_applied_to_what_was_observed_so_that_bias_falls_out() -> None:
    members = [
        run(m, "ssp585", tas=ramp(s, b)) for m, s, b in (("A", 2, 5), ("B", 3, 9), ("C", 4, 30))
    ]
    late = next(w for w in futures.windows(members, None) if w.id == "ssp585:2081-2100")
    told = futures.outcome(members, layer("tas"), late, np.array([12.0]))
    assert told is not None
    np.testing.assert_allclose(told[0][:, 0], [14.2, 15.0, 15.8], atol=1e-3)
    assert told[1].category.tolist() == [Robustness.ROBUST]
    assert (told[1].agree[0], told[1].members[0]) == (3, 3)


def test_rain_takes_the_ratio_and_a_dry_reference_has_none() -> None:
    wet = [run(m, "ssp126", PRCPTOT=ramp(100, 1000)) for m in "AB"]
    window = futures.windows(wet, None)[-1]
    told = futures.outcome(wet, layer("PRCPTOT"), window, np.array([1500.0]))
    assert told is not None
    assert told[0][1, 0] == pytest.approx(1650, abs=0.1)
    dry = [run(m, "ssp126", PRCPTOT=np.zeros((101, 1))) for m in "AB"]
    told = futures.outcome(dry, layer("PRCPTOT"), window, np.array([1500.0]))
    assert told is not None
    assert np.isnan(told[0]).all()
    assert told[1].category.tolist() == [Robustness.NO_DATA]


def test_days_end_at_nought_and_an_unmodelled_layer_is_not_told() -> None:
    cold = [run(m, "ssp585", CD12=ramp(-8, 10)) for m in "AB"]
    window = futures.windows(cold, None)[-1]
    told = futures.outcome(cold, layer("CD12"), window, np.array([3.0]))
    assert told is not None
    assert told[0][1, 0] == 0.0
    assert futures.outcome(cold, layer("Rx1h"), window, np.array([30.0])) is None


def test_a_model_whose_years_are_missing_does_not_count() -> None:
    gappy = ramp(2)
    gappy[85:95] = NAN  # ten of the twenty years 2081-2100
    members = [run("A", "ssp585", tas=ramp(2)), run("B", "ssp585", tas=gappy)]
    window = futures.windows(members, None)[-1]
    told = futures.outcome(members, layer("tas"), window, np.array([12.0]))
    assert told is not None
    assert told[1].members.tolist() == [1]
    assert told[1].category.tolist() == [Robustness.SINGLE]


def test_a_warming_level_takes_each_models_own_years_and_prints_n() -> None:
    early = ramp(0)
    early[40:60] += 5
    members = [run("A", "ssp585", tas=ramp(5)), run("B", "ssp585", tas=early)]
    spans = {"A": Window(2081, 2100), "B": Window(2040, 2059)}
    warming = CommonWindows(
        "ssp585", dict.fromkeys((1.5, 2.0, 3.0, 4.0), spans), {1.5: 2, 2.0: 2, 3.0: 2, 4.0: 9}
    )
    level = next(w for w in futures.windows(members, warming) if w.id == "gwl:4")
    assert "the 2 models" in level.note_en
    assert "9 reach this one" in level.note_en
    told = futures.outcome(members, layer("tas"), level, np.array([12.0]))
    assert told is not None
    np.testing.assert_allclose(told[0][:, 0], 17.0, atol=0.02)


def test_quantiles_leave_out_members_without_a_value() -> None:
    found = futures.quantiles(np.array([[1.0, NAN], [2.0, NAN], [3.0, NAN], [NAN, NAN]]))
    np.testing.assert_allclose(found, [[1.2, NAN], [2.0, NAN], [2.8, NAN]])


def test_values_hold_a_layer_that_no_model_has() -> None:
    base = np.full((5, 1), 30.0)
    none = np.full(1, NAN)
    seen = observed_layers.Observed(
        np.full((3, 1), 30.0), base, np.zeros((5, 1), "int8"), none, none, none, None
    )
    window = futures.Window("ssp585:2081-2100", "ssp585", {"A": (2081, 2100)})
    found = assemble.values([layer("Rx1h")], ["KR"], {"Rx1h": seen}, [window], lambda *_: None)
    assert float(found["observed"].sel(layer="Rx1h", region="KR", baseline="1991-2020")) == 30
    assert found["future"].isnull().all()
    assert int(found["robustness"].sum()) == 0


def test_the_return_period_of_a_layer_is_in_its_name() -> None:
    assert [period_of(layer(n)) for n in ("RL20", "N20", "RL100", "N100")] == [20, 20, 100, 100]


def grid_run(lon: np.ndarray | None = None) -> xr.Dataset:
    """Return three years on 2 x 3 cells: the west cool, the east 2 degC warmer, one cell sea."""
    time = days(REFERENCE[0], REFERENCE[0] + 2)
    shape = (len(time), 2, 3)
    east = np.array([0.0, 2.0, 2.0])
    tas = np.broadcast_to(12 + east, shape).astype("float32")
    rain = np.broadcast_to(np.array([5.0, 7.0, NAN]), shape).astype("float32").copy()
    rain[10] *= 10
    axes = {"lat": [36.25, 36.75], "lon": lon if lon is not None else [126.5, 127.5, 128.5]}
    dims = ("time", "lat", "lon")
    return xr.Dataset(
        {
            "tas": (dims, tas),
            "tasmin": (dims, tas - 5),
            "tasmax": (dims, tas + 5),
            "pr": (dims, rain),
        },
        coords={"time": time, **axes},
    )


def at_stations(lat: list[float], lon: list[float]) -> xr.Dataset:
    names = [str(n) for n in range(len(lat))]
    place = {"latitude": ("station", lat), "longitude": ("station", lon)}
    return xr.Dataset(coords={"station": names, **place})


def digest(daily: xr.Dataset, stations: xr.Dataset, monkeypatch: pytest.MonkeyPatch) -> xr.Dataset:
    monkeypatch.setattr(runs, "REFERENCE", (REFERENCE[0], REFERENCE[0] + 2))
    return runs.digest(daily, square_regions(), lambda _: np.ones((2, 1)), stations)


def test_a_run_on_a_grid_reaches_regions_by_area_and_stations_by_the_nearest_cell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = digest(grid_run(), at_stations([36.3, 36.3, 33.0], [126.6, 128.4, 126.5]), monkeypatch)
    assert found["tas"].sel(region="11110").values[0] == pytest.approx(12.0)
    assert found["tas"].sel(region="11140").values[0] == pytest.approx(14.0)
    wettest = found[runs.AT_STATIONS].isel(year=0).values
    assert wettest[0] == 50.0
    assert np.isnan(wettest[1])  # its own cell is sea, the next 80 km away
    assert np.isnan(wettest[2])  # 360 km from any cell


def test_a_region_whose_cells_are_missing_has_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    daily = grid_run()
    daily["tas"] = daily["tas"].where(daily["lon"] < 127)
    found = digest(daily, at_stations([36.3], [126.6]), monkeypatch)
    assert np.isfinite(found["tas"].sel(region="11110").values).all()
    assert np.isnan(found["tas"].sel(region="11140").values).all()


def test_the_wettest_days_of_a_run_that_ends_before_a_window_have_no_mean_and_no_warning() -> None:
    some = np.array([[[2.0, NAN], [4.0, NAN]]])  # (model, year, station)
    np.testing.assert_array_equal(_mean(some), [[3.0, NAN]])
    np.testing.assert_array_equal(_mean(some[:, :0]), [[NAN, NAN]])
