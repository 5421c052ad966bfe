from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from data.errors import TooLittleHistory
from data.network import Split
from data.schema import check
from data.schema import forecast as forecast_schema
from data.sources.simulated import network, observe
from forecast.planned import Planner, fit, predict

LEAD = 6
RIVER = replace(
    network(gauges=1, horizon=LEAD), split=Split((2018, 2018), (2019, 2019), (2020, 2020))
)
RNG = np.random.default_rng(0)


def record() -> xr.Dataset:
    """Return a level that is a thousandth of a release nobody could have guessed."""
    seen = observe(RIVER, hours=24 * 100, start="2018-11-01")
    release = 1000 + 500 * RNG.random((1, seen.sizes["time"])).astype("float32")
    dims = ("station", "time")
    level = seen.water_level.copy(data=release / 1000)
    units = {"units": "m3 s-1"}
    return seen.assign(water_level=level, dam_release=(dims, release, units))


RECORD = record()
ISSUES = RECORD.time.values[1800:2200]


@pytest.fixture(scope="module")
def planner() -> Planner:
    return fit(RIVER, RECORD, (LEAD,), lambda *_: None)


def error(made: xr.Dataset) -> float:
    truth = RECORD.water_level.values[:, 1800 + LEAD : 2200 + LEAD]
    median = made.water_level.sel(quantile=0.5).isel(lead_time=0).values
    return float(np.sqrt(np.mean((median.T - truth) ** 2)))


def test_a_known_release_tells_what_no_record_can(planner: Planner) -> None:
    plan = RECORD[["dam_release"]]
    told = predict(planner, RIVER, RECORD, plan, ISSUES)
    assert error(told) < 0.06  # the level itself varies by 0.14 m
    check(told, forecast_schema(RIVER.quantity))
    assert (told.water_level.diff("quantile") >= 0).all()


def test_of_a_plan_only_what_lies_ahead_counts(planner: Planner) -> None:
    issue = ISSUES[:1]
    plan = RECORD[["dam_release"]]
    other = plan.where(plan.time > issue[0], 9e9)
    xr.testing.assert_identical(
        predict(planner, RIVER, RECORD, plan, issue), predict(planner, RIVER, RECORD, other, issue)
    )


def test_of_the_record_nothing_that_lies_ahead_counts(planner: Planner) -> None:
    issue, plan = ISSUES[:1], RECORD[["dam_release"]]
    other = RECORD.assign(water_level=RECORD.water_level.where(RECORD.time <= issue[0], 99.0))
    xr.testing.assert_identical(
        predict(planner, RIVER, RECORD, plan, issue), predict(planner, RIVER, other, plan, issue)
    )


def test_where_nothing_is_planned_up_to_a_lead_nothing_is_told(planner: Planner) -> None:
    issue, plan = ISSUES[:1], RECORD[["dam_release"]]
    short = plan.where(plan.time < issue[0] + LEAD * np.timedelta64(1, "h"))
    assert np.isnan(predict(planner, RIVER, RECORD, short, issue).water_level).all()
    whole = plan.where(plan.time <= issue[0] + LEAD * np.timedelta64(1, "h"))
    assert np.isfinite(predict(planner, RIVER, RECORD, whole, issue).water_level).all()


def test_without_rain_what_was_learnt_of_releases_alone_is_used(planner: Planner) -> None:
    both = RECORD[["dam_release", "rainfall"]]
    gone = both.assign(rainfall=both.rainfall.where(both.time < ISSUES[0]))
    alone = predict(planner, RIVER, RECORD, both[["dam_release"]], ISSUES)
    xr.testing.assert_identical(predict(planner, RIVER, RECORD, gone, ISSUES), alone)
    assert not alone.equals(predict(planner, RIVER, RECORD, both, ISSUES))
    assert error(alone) < 0.06


def test_a_record_without_validation_years_is_too_little() -> None:
    with pytest.raises(TooLittleHistory, match="'simulated'"):
        fit(RIVER, RECORD.sel(time=slice(None, "2018-12-31")), (LEAD,), lambda *_: None)
