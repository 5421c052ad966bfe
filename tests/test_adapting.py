"""Intervals that adapt: a share of misses becomes a factor, and a factor a width."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from data.network import Network
from data.schema import QUANTILES
from data.sources import simulated
from flows.bench_skill_adapting import follow
from forecast.adapting import MOST, adapted, at_leads, next_factor
from forecast.inputs import channels
from forecast.scaling import Scaling, fit

HOUR = np.timedelta64(1, "h")
RIVER: Network = simulated.network(gauges=2)
OFF = np.array([-0.4, -0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3, 0.4])  # [m] from the median


@pytest.fixture(scope="module")
def scaling() -> Scaling:
    first = simulated.observe(RIVER, hours=24 * 60)
    learnt = fit(channels(first, RIVER), RIVER, RIVER.split.train)
    beyond = np.full(learnt.rise.shape, 20.0)
    return replace(learnt, high=np.full(2, 5.0), rise=beyond, floor=np.full(2, -9.0))


def made(days: int, median: float = 1.0) -> xr.Dataset:
    """Return an hourly forecast of one lead, 1 h, all of one median."""
    issues = np.datetime64("2021-03-01T00:00", "ns") + HOUR * np.arange(24 * days)
    values = np.full((issues.size, 2, 1, len(QUANTILES)), median) + OFF
    dims = ("issue_time", "station", "lead_time", "quantile")
    return xr.Dataset(
        {
            "water_level": (dims, values.astype("float32")),
            "last_observed": (dims[:2], np.full((issues.size, 2), 1.0)),
        },
        coords={
            "issue_time": issues,
            "station": RIVER.ids,
            "lead_time": RIVER.lead_times[:1],
            "quantile": list(QUANTILES),
            "valid_time": (("issue_time", "lead_time"), issues[:, None] + HOUR),
        },
        attrs={"quantity": "water_level"},
    )


def read(level: float, days: int) -> xr.Dataset:
    """Return readings, all of one level."""
    times = np.datetime64("2021-03-01T00:00", "ns") + HOUR * np.arange(24 * days + 1)
    values = np.full((2, times.size), level)
    return xr.Dataset(
        {"water_level": (("station", "time"), values)},
        coords={"station": RIVER.ids, "time": times},
    )


def width(forecast: xr.Dataset, day: int) -> float:
    """Return the width of the 90 % interval at the noon of a day [m]."""
    return float(np.ptp(forecast.water_level.values[24 * day + 12, 0, 0]))


def test_a_day_without_one_hit_widens_by_nine_per_cent() -> None:
    found = next_factor(np.ones((1, 1)), np.array([[24]]), np.array([[24]]), 24.0)
    assert found[0, 0] == pytest.approx(np.exp(0.1 * (24 - 2.4) / 24))  # 1.094


def test_a_day_without_a_miss_narrows_by_one_per_cent() -> None:
    found = next_factor(np.ones((1, 1)), np.array([[0]]), np.array([[24]]), 24.0)
    assert found[0, 0] == pytest.approx(np.exp(-0.01))


def test_one_miss_in_ten_and_a_day_without_readings_change_nothing() -> None:
    found = next_factor(np.full((1, 2), 1.3), np.array([[1, 0]]), np.array([[10, 0]]), 24.0)
    assert found.tolist() == [[1.3, 1.3]]


def test_no_factor_leaves_its_bounds() -> None:
    found = next_factor(np.full((1, 1), MOST), np.array([[24]]), np.array([[24]]), 24.0)
    assert found[0, 0] == MOST


def test_a_factor_of_two_doubles_the_distances_from_the_median_and_leaves_it(
    scaling: Scaling,
) -> None:
    wide = adapted(made(1), scaling, np.array([[2.0], [1.0]]), HOUR)
    assert wide.water_level.values[0, 0, 0].tolist() == pytest.approx(1.0 + 2 * OFF)
    assert wide.water_level.values[0, 1, 0].tolist() == pytest.approx(1.0 + OFF)


def test_no_quantile_is_moved_below_the_floor_or_beyond_what_a_river_can_rise(
    scaling: Scaling,
) -> None:
    bounded = replace(scaling, floor=np.full(2, 0.5), rise=np.full(scaling.rise.shape, 0.6))
    wide = adapted(made(1), bounded, np.full((2, 1), 3.0), HOUR).water_level.values[0, 0, 0]
    assert (wide.min(), wide.max()) == (0.5, pytest.approx(1.6))


def test_at_high_water_the_width_stays_what_floods_have_taught(scaling: Scaling) -> None:
    flood = made(1, median=6.0)
    wide = adapted(flood, scaling, np.full((2, 1), 0.5), HOUR)
    assert (wide.water_level.values == flood.water_level.values).all()


def test_a_lead_between_two_that_are_scored_lies_on_the_line_between_them() -> None:
    leads = np.array([1, 2, 3, 9]) * HOUR
    found = at_leads(np.array([[1.0, 3.0]]), leads[[0, 2]], leads)
    assert found.tolist() == [[1.0, 2.0, 3.0, 3.0]]


def test_the_first_day_is_as_learnt_and_the_next_knows_the_misses_of_the_first(
    scaling: Scaling,
) -> None:
    found = follow(made(3), read(9.0, 3), RIVER, scaling)
    assert width(found, 0) == pytest.approx(0.8)
    # 23 of 24 forecasts of day 0 have a valid time on it; all miss
    assert width(found, 1) == pytest.approx(0.8 * np.exp(0.1 * (23 - 2.3) / 24))


def test_what_comes_later_changes_no_forecast_that_was_issued_before(scaling: Scaling) -> None:
    calm, surprised = read(1.0, 3), read(1.0, 3)
    surprised.water_level[:, 49:] = 9.0  # from 01:00 of the third day on
    first, second = (follow(made(3), each, RIVER, scaling) for each in (calm, surprised))
    assert (first.water_level.values == second.water_level.values).all()


def test_in_the_long_run_the_interval_holds_nine_of_ten(scaling: Scaling) -> None:
    rng = np.random.default_rng(3)
    truth = read(1.0, 200)
    truth["water_level"] = truth.water_level + rng.normal(0, 0.5, truth.water_level.shape)
    found = follow(made(200), truth, RIVER, scaling).isel(issue_time=slice(24 * 60, None))
    seen = truth.water_level.values[:, 24 * 60 + 1 :].T
    low, high = (found.water_level.values[..., 0, at] for at in (0, -1))
    assert ((seen >= low) & (seen <= high)).mean() == pytest.approx(0.9, abs=0.01)
