"""Issued forecasts beside what was observed, as sums: by hand, and beside `forecast.verify`."""

import numpy as np
import pytest
import xarray as xr

from data.schema import QUANTILES
from data.sources.simulated import HOUR, network, observe
from forecast.counted import Truth
from forecast.rolling import daily, score
from forecast.verify import compare, flood_level

RIVER = network(gauges=2, horizon=3)  # attention 2, watch 3, warning 4, severe 5 m
START = np.datetime64("2020-06-01", "ns")
DAYS = np.array(["2020-06-01", "2020-06-02", "2020-06-03"], dtype="datetime64[D]")
LEADS = np.array([1, 3]) * HOUR.astype("timedelta64[ns]")
AHEAD = np.array([1, 2, 3]) * HOUR.astype("timedelta64[ns]")
NEVER = xr.DataArray([np.nan, np.nan], {"station": RIVER.ids}, "station")


def record(values: np.ndarray) -> xr.Dataset:
    """Return a record whose two gauges both read (time,) values from the start on."""
    time = START + np.arange(values.size) * HOUR
    both = np.stack([values, values])
    return xr.Dataset(
        {"water_level": (("station", "time"), both)}, {"station": RIVER.ids, "time": time}
    )


def issued(hours: np.ndarray, median: float, width: float = 0.0) -> xr.Dataset:
    """Return forecasts of one value, their quantiles even over `width`, started from 1 m."""
    spread = width * (np.array(QUANTILES) - 0.5)
    values = np.full((hours.size, 2, 3, len(QUANTILES)), median) + spread
    dims = ("issue_time", "station")
    return xr.Dataset(
        {
            "forecast": ((*dims, "lead_time", "quantile"), values[:, :, [0, 2]]),
            "model": ((*dims, "lead_time"), np.full((hours.size, 2, 2), median)),
            "median": ((*dims, "ahead"), np.full((hours.size, 2, 3), median)),
            "persistence": (dims, np.ones((hours.size, 2))),
        },
        coords={
            "issue_time": START + hours * HOUR,
            "station": RIVER.ids,
            "lead_time": LEADS,
            "ahead": AHEAD,
            "quantile": list(QUANTILES),
        },
    )


def truth(values: np.ndarray, until: int = 96) -> Truth:
    return Truth(RIVER, record(values), NEVER, START + until * HOUR)


def test_each_pair_counts_on_the_day_of_its_valid_time() -> None:
    sums = daily(issued(np.arange(24), 2.0), truth(np.ones(96)), DAYS)
    n = sums.n.isel(station=0).transpose("lead_time", "day").values.tolist()
    assert n == [[23, 1, 0], [21, 3, 0]]  # 23 of 24 leads of 1 h end on the first day
    assert sums.squared_error.sel(station="S1").sum().item() == 48  # each errs by 1 m


def test_only_the_leads_that_are_over_count() -> None:
    known = record(np.ones(25)).sel(time=slice(None, START + 24 * HOUR))
    sums = daily(issued(np.array([23]), 2.0), Truth(RIVER, known, NEVER, START + 24 * HOUR), DAYS)
    assert sums.n.isel(station=0).sum("day").values.tolist() == [1, 0]


def test_the_scores_of_a_forecast_that_is_always_one_metre_too_high() -> None:
    sums = daily(issued(np.arange(48), 3.0, width=2.0), truth(np.full(96, 2.0)), DAYS)
    one = score(sums.sum("day")).isel(station=0, lead_time=0)
    assert one.persistence_skill == pytest.approx(0)  # 3 for 2, as far off as 1 for 2
    assert (one.rmse, one.mae, one.bias, one.persistence_rmse) == (1, 1, 1, 1)
    assert one.coverage90 == 0  # 2.1 .. 3.9
    assert one.width90 == pytest.approx(1.8)
    watch = one.sel(stage="watch")
    assert (watch.hits, watch.misses, watch.false_alarms) == (0, 0, 48)
    assert one.sel(stage="attention").hits == 48


def test_what_the_model_said_is_counted_beside_what_was_issued() -> None:
    made = issued(np.arange(24), 1.0)
    sums = daily(made.assign(model=made.model + 4), truth(np.full(96, 2.0)), DAYS)
    one = score(sums.sum("day")).isel(station=0, lead_time=0)
    assert one.persistence_skill == 0
    assert one.model_persistence_skill == 1 - 9  # it erred by 3, persistence by 1


def test_a_river_that_does_not_move_has_errors_and_no_skill() -> None:
    one = score(daily(issued(np.arange(9), 1.5), truth(np.ones(96)), DAYS).sum("day"))
    assert np.isnan(one.persistence_skill).all()
    assert (one.rmse == 0.5).all()


def test_a_silent_gauge_has_no_scores_and_no_zeros() -> None:
    silent = record(np.ones(96))
    silent["water_level"][1] = np.nan
    sums = daily(issued(np.arange(9), 1.5), Truth(RIVER, silent, NEVER, START + 96 * HOUR), DAYS)
    scores = score(sums.sum("day")).sel(station="S2")
    assert (scores.n == 0).all()
    assert np.isnan(scores[["rmse", "bias", "coverage90", "crps"]].to_array()).all()


def test_a_flood_counts_its_top_and_how_early_it_was_told() -> None:
    values = np.ones(144)
    values[60:70] = 3.5  # watch from hour 60 on
    values[65] = 3.8
    made = issued(np.arange(100), 3.0)
    floods = xr.DataArray([2.0, 2.0], {"station": RIVER.ids}, "station")
    known = Truth(RIVER, record(values), floods, START + 144 * HOUR)
    one = score(daily(made, known, DAYS).sum("day")).isel(station=0, lead_time=0)
    assert (one.n_peaks, one.peak_error) == (1, pytest.approx(3.0 - 3.8))
    watch = one.sel(stage="watch")
    assert (watch.n_onsets, watch.n_forewarned, watch.lead_time_gained) == (1, 1, 3)
    early = Truth(RIVER, record(values), floods, START + 90 * HOUR)
    assert score(daily(made, early, DAYS).sum("day")).n_peaks.sum() == 0  # it may still be topped


def test_days_add_up_to_what_verification_says_of_all_hours() -> None:
    history = observe(RIVER, hours=24 * 400)
    hours = history.time.values[-600:-3]
    ahead = [history.water_level.sel(time=hours + lead).values.T for lead in LEADS]
    rng = np.random.default_rng(0)
    values = np.sort(np.stack(ahead, -1)[..., None] + rng.normal(0, 0.3, (597, 2, 2, 9)), axis=-1)
    dims = ("issue_time", "station")
    start = history.water_level.sel(time=hours).values.T
    coords = {
        "issue_time": hours, "station": RIVER.ids, "lead_time": LEADS, "quantile": list(QUANTILES)
    }  # fmt: skip
    known = xr.Dataset(
        {
            "water_level": ((*dims, "lead_time", "quantile"), values),
            "last_observed": (dims, start),
        },
        coords=coords,
    )
    whole = compare({"": known}, history, RIVER).isel(model=0)
    made = known.rename(water_level="forecast", last_observed="persistence").assign(
        model=known.water_level.sel(quantile=0.5, drop=True),
        median=((*dims, "ahead"), values[..., 4]),
    )
    days = np.unique((hours[:, None] + LEADS).astype("datetime64[D]"))
    found = Truth(RIVER, history, flood_level(history, RIVER), history.time.values[-1])
    scores = score(daily(made.assign_coords(ahead=LEADS), found, days).sum("day"))
    for name in ("n", "persistence_skill", "rmse", "mae", "bias", "crps", "coverage90", "hits"):
        np.testing.assert_allclose(scores[name], whole[name].transpose(*scores[name].dims))
