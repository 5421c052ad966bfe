"""Synthetic futures: labelled, reproducible, and changed by exactly what is assumed."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from data.climate import synthetic
from data.climate.scenarios import SCENARIOS, scenario
from data.errors import TooLittleHistory

STILL = synthetic.SyntheticModel("STILL", 0.0, 0.0, 7)


@pytest.fixture(scope="module")
def observed() -> xr.Dataset:
    """Two stations that warm by the day of the month, with rain on every tenth day."""
    time = np.arange("1990-01-01", "2021-01-01", dtype="datetime64[D]").astype("datetime64[ns]")
    rng = np.random.default_rng(0)
    rain = np.where(np.arange(len(time)) % 10 == 0, rng.gamma(1, 20, (2, len(time))), 0)
    tas = np.tile(rng.normal(12, 5, len(time)), (2, 1))
    variables = {"tas": tas, "tasmin": tas - 5, "tasmax": tas + 5, "pr": rain}
    return xr.Dataset(
        {name: (("station", "time"), v.astype("float32")) for name, v in variables.items()},
        coords={"station": ["a", "b"], "time": time, "latitude": ("station", [37.0, 36.0])},
    )


@pytest.fixture(scope="module")
def base(observed: xr.Dataset) -> synthetic.Anchor:
    return synthetic.anchor(observed)


def test_a_future_says_that_it_is_synthetic_in_both_languages(base: synthetic.Anchor) -> None:
    attrs = synthetic.generate(base, synthetic.MODELS[0], SCENARIOS[0]).attrs
    assert attrs["synthetic"] == "true"
    assert attrs["title"].startswith("SYNTHETIC")
    assert attrs["title_ko"].startswith("합성")


def test_without_change_every_day_is_an_observed_day(
    base: synthetic.Anchor, observed: xr.Dataset
) -> None:
    future = synthetic.generate(base, STILL, SCENARIOS[3])
    seen = set(observed["tas"].values[0].tolist())
    assert set(future["tas"].values[0].tolist()) <= seen
    assert str(future["time"].values[0])[:10] == "1995-01-01"
    assert str(future["time"].values[-1])[:10] == "2100-12-31"


def test_a_month_comes_from_one_donor_and_stations_share_it(base: synthetic.Anchor) -> None:
    future = synthetic.generate(base, STILL, SCENARIOS[0])
    july = base.days.sel(time="1998-07")["tas"].values[:, 0]
    months = future["tas"].values[0].astype("float32")
    places = [i for i in np.flatnonzero(months == july[0]) if i + 31 <= len(months)]
    assert any((months[i : i + 31] == july).all() for i in places)
    np.testing.assert_array_equal(future["tas"].values[0], future["tas"].values[1])


def test_the_same_seed_gives_the_same_future_and_another_gives_another(
    base: synthetic.Anchor,
) -> None:
    one, two = (synthetic.generate(base, STILL, SCENARIOS[1]) for _ in range(2))
    xr.testing.assert_identical(one, two)
    other = synthetic.generate(base, replace(STILL, seed=8), SCENARIOS[1])
    assert not np.array_equal(one["tas"], other["tas"])


def test_temperature_rises_by_the_assumed_national_change(base: synthetic.Anchor) -> None:
    still = synthetic.generate(base, STILL, SCENARIOS[3])
    warm = synthetic.generate(base, replace(STILL, warming=1.0), SCENARIOS[3])
    change = (warm["tas"] - still["tas"]).groupby("time.year").mean(...)
    assert float(change.sel(year=slice(2081, 2100)).mean()) == pytest.approx(6.3, abs=0.05)
    assert float(change.sel(year=slice(2000, 2019)).mean()) == pytest.approx(0.0, abs=0.12)


def test_rain_and_rx1day_change_as_published(base: synthetic.Anchor) -> None:
    still = synthetic.generate(base, STILL, SCENARIOS[0])
    wetter = synthetic.generate(base, replace(STILL, rain=1.0), SCENARIOS[0])
    late = slice("2071", "2100")  # 30 years: every donor month once
    before, after = (ds["pr"].sel(time=late) for ds in (still, wetter))
    assert float(after.sum() / before.sum() - 1) == pytest.approx(0.03, abs=0.01)
    peaks = [pr.groupby("time.year").max().mean() for pr in (before, after)]
    assert float(peaks[1] - peaks[0]) == pytest.approx(20.6, rel=0.15)
    assert ((after == 0) == (before == 0)).all()


def test_a_station_with_half_its_days_is_not_a_donor(observed: xr.Dataset) -> None:
    half = observed.where((observed["station"] == "a") | (observed["time"].dt.year < 2005))
    assert synthetic.anchor(half).days["station"].values.tolist() == ["a"]
    with pytest.raises(TooLittleHistory, match="No station has 95%"):
        synthetic.anchor(half.sel(station=["b"]))


def test_a_missing_day_takes_the_day_before_but_a_missing_week_stays_missing(
    observed: xr.Dataset,
) -> None:
    days = observed.copy(deep=True)
    days["tas"].loc[{"time": "2000-12-31"}] = np.nan
    days["tas"].loc[{"time": slice("2003-03-01", "2003-03-07")}] = np.nan
    tas = synthetic.anchor(days).days["tas"]
    assert tas.sel(time="2000-12-31").values[0] == tas.sel(time="2000-12-30").values[0]
    assert int(tas.sel(time="2003-03", station="a").isnull().sum()) == 4


def test_the_globe_warms_as_ar6_says() -> None:
    years = np.array([2010.5, 2030.5, 2050.5, 2090.5])
    assert scenario("ssp370").global_warming(years).tolist() == pytest.approx([0.99, 1.5, 2.1, 3.6])
    assert scenario("ssp126").global_warming(years, 2.0)[-1] == pytest.approx(0.99 + 2 * 0.81)
    with pytest.raises(KeyError):
        scenario("rcp85")


def test_warmer_scenarios_and_models_reach_a_level_earlier() -> None:
    found = {(c.model, c.scenario, c.level): c.window for c in synthetic.crossings()}
    assert ("SYNTHETIC-3", "ssp126", 2.0) not in found  # AR6: 1.8 degC at the end
    assert (
        found["SYNTHETIC-3", "ssp585", 2.0].crossing < found["SYNTHETIC-3", "ssp245", 2.0].crossing
    )
    assert (
        found["SYNTHETIC-5", "ssp585", 3.0].crossing < found["SYNTHETIC-1", "ssp585", 3.0].crossing
    )
    assert found["SYNTHETIC-3", "ssp585", 2.0].crossing in range(2038, 2046)
