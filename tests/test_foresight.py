"""A forecast moved by a plan, on a river whose level is a thousandth of a release."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from data.errors import CheckpointMismatch, NothingThere
from data.network import Split
from data.schema import check
from data.schema import forecast as forecast_schema
from data.sources.simulated import network, observe
from data.stations import ALERTS
from forecast import companion, foresight_fit, members, planned_file
from forecast.checkpoint import Checkpoint
from forecast.foresight import Foresight, foresee
from forecast.model import ModelConfig
from forecast.pooling import pool
from forecast.predict import predict
from forecast.train import TrainConfig, train

HOUR = np.timedelta64(1, "h")
RIVER = replace(network(gauges=1, horizon=6), split=Split((2018, 2018), (2019, 2019), (2020, 2020)))
TINY = TrainConfig(updates=4, batch=8, model=ModelConfig(hidden=4, window=48, last=24))


def record() -> xr.Dataset:
    """Return levels that are a thousandth of a release that changes every hour, by chance."""
    seen = observe(RIVER, hours=24 * 100, start="2018-11-01")
    chance = np.random.default_rng(0).random((1, seen.sizes["time"]))
    release = (1000 + 500 * chance).astype("float32")
    dims = ("station", "time")
    level = seen.water_level.copy(data=release / 1000)
    return seen.assign(water_level=level, dam_release=(dims, release, {"units": "m3 s-1"}))


RECORD = record()
ISSUES = RECORD.time.values[1800:2200]
ISSUE = ISSUES[:1]
PLAN = RECORD[["dam_release"]]


@pytest.fixture(scope="module")
def model() -> Checkpoint:
    return train(RIVER, RECORD, TINY)


@pytest.fixture(scope="module")
def found(model: Checkpoint) -> Foresight:
    with pytest.MonkeyPatch.context() as fewer:
        fewer.setattr(companion, "_ROUNDS", 60)
        return foresight_fit.fit(model, RIVER, RECORD, lambda *_: None)


def until(hours: int) -> xr.Dataset:
    return PLAN.where(PLAN.time <= ISSUE[0] + hours * HOUR)


def error(made: xr.Dataset, lead: int) -> float:
    """Return the RMSE of the median at a lead."""
    truth = RECORD.water_level.values[:, 1800 + lead : 2200 + lead]
    median = made.water_level.sel(quantile=0.5).isel(lead_time=lead - 1).values
    return float(np.sqrt(np.mean((median.T - truth) ** 2)))


def test_the_leads_of_a_planner_end_at_the_horizon() -> None:
    assert foresight_fit.leads_of(network(horizon=24)) == (3, 6, 12, 18, 24)
    assert foresight_fit.leads_of(network(horizon=36)) == (3, 6, 12, 18, 24, 36)
    assert foresight_fit.leads_of(network(horizon=2)) == (2,)


def test_a_plan_tells_what_the_model_in_service_cannot_know(
    model: Checkpoint, found: Foresight
) -> None:
    told = foresee(found, model, RIVER, RECORD, PLAN, ISSUES)
    plain = predict(model, RIVER, RECORD, ISSUES)
    for lead in (3, 6):
        assert error(told, lead) < 0.6 * error(plain, lead)
    check(told, forecast_schema(RIVER.quantity))
    assert (told.water_level.diff("quantile") >= 0).all()


def test_a_plan_that_helps_is_trusted_more_than_not_and_never_beyond_what_it_tells(
    found: Foresight,
) -> None:
    release = found.weights["dam_release",]
    assert (release > 0.5).all()
    assert (release <= 1).all()


def test_where_nothing_is_planned_the_forecast_in_service_stays_to_the_bit(
    model: Checkpoint, found: Foresight
) -> None:
    plain = predict(model, RIVER, RECORD, ISSUE)
    xr.testing.assert_identical(foresee(found, model, RIVER, RECORD, until(0), ISSUE), plain)
    short = foresee(found, model, RIVER, RECORD, until(2), ISSUE)  # no lead of the planner
    xr.testing.assert_identical(short, plain)


def test_beyond_the_end_of_a_plan_what_it_changed_fades(
    model: Checkpoint, found: Foresight
) -> None:
    plain = predict(model, RIVER, RECORD, ISSUE)
    told = foresee(found, model, RIVER, RECORD, until(3), ISSUE)
    moved = (
        (told.water_level - plain.water_level)
        .sel(quantile=0.5)
        .isel(issue_time=0, station=0)
        .values
    )
    assert moved[0] == pytest.approx(moved[2] / 3, abs=1e-5)  # from nothing at the issue time
    assert moved[5] == pytest.approx(moved[2] * 0.5**0.5, abs=1e-5)  # half in 6 h


def test_only_what_lies_ahead_of_a_plan_counts_and_nothing_ahead_of_the_record(
    model: Checkpoint, found: Foresight
) -> None:
    made = foresee(found, model, RIVER, RECORD, PLAN, ISSUE)
    other = PLAN.where(PLAN.time > ISSUE[0], 9e9)
    later = RECORD.assign(water_level=RECORD.water_level.where(RECORD.time <= ISSUE[0], 99.0))
    xr.testing.assert_identical(foresee(found, model, RIVER, RECORD, other, ISSUE), made)
    xr.testing.assert_identical(foresee(found, model, RIVER, later, PLAN, ISSUE), made)


def test_a_gauge_without_a_recent_reading_has_no_forecast_whatever_is_planned(
    model: Checkpoint, found: Foresight
) -> None:
    since = ISSUE[0] - 7 * HOUR
    silent = RECORD.assign(water_level=RECORD.water_level.where(RECORD.time < since))
    made = foresee(found, model, RIVER, silent, PLAN, ISSUE)
    assert made.water_level.isnull().all()
    assert "8 h old" in str(made.reason.item())


def test_a_planner_comes_back_from_its_file_to_the_bit(
    model: Checkpoint, found: Foresight, tmp_path: Path
) -> None:
    path = planned_file.save(tmp_path / "planner.npz", found, RIVER)
    back = planned_file.load(path, RIVER, model.model_id)
    made = foresee(found, model, RIVER, RECORD, PLAN, ISSUES)
    xr.testing.assert_identical(foresee(back, model, RIVER, RECORD, PLAN, ISSUES), made)
    assert back.largest["dam_release"].tolist() == found.largest["dam_release"].tolist()


def test_a_planner_of_another_model_or_network_is_refused(
    model: Checkpoint, found: Foresight, tmp_path: Path
) -> None:
    path = planned_file.save(tmp_path / "planner.npz", found, RIVER)
    with pytest.raises(CheckpointMismatch, match="--with-plans"):
        planned_file.load(path, RIVER, "another")
    with pytest.raises(CheckpointMismatch, match="horizon is 6, expected 7"):
        planned_file.load(path, replace(RIVER, horizon=7), model.model_id)


def test_a_file_that_is_no_planner_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NothingThere, match="nowhere"):
        planned_file.load(tmp_path / "nowhere.npz", RIVER, "")
    broken = tmp_path / "planner.npz"
    broken.write_bytes(b"PK but no more")
    with pytest.raises(CheckpointMismatch, match="no planner that we can read"):
        planned_file.load(broken, RIVER, "")
    np.savez(broken, about=np.array(["{}"], dtype=object))  # pickled
    with pytest.raises(CheckpointMismatch, match="no planner that we can read"):
        planned_file.load(broken, RIVER, "")


def test_an_ensemble_gives_each_member_what_it_gets_alone(
    model: Checkpoint, found: Foresight
) -> None:
    rng = np.random.default_rng(3)
    plans = [PLAN * (1 + 0.2 * rng.random()) for _ in range(3)]
    plans[1] = plans[1].where(plans[1].time <= ISSUE[0] + 2 * HOUR)  # one that ends early
    together = xr.concat(plans, "member").assign_coords(member=[0, 1, 2])
    made = members.foresee(found, model, RIVER, RECORD, together, ISSUE[0])
    alone = [foresee(found, model, RIVER, RECORD, plan, ISSUE) for plan in plans]
    for one, each in zip(made.values, alone, strict=True):
        np.testing.assert_allclose(one, each.water_level.values[0], atol=1e-6)
    mixed = pool(alone, "water_level")
    np.testing.assert_allclose(made.together().water_level, mixed.water_level, atol=1e-6)


def test_the_chance_of_an_ensemble_is_the_mean_of_its_members() -> None:
    dry, wet = (np.full((1, 1, 9), level) + np.arange(9) / 100 for level in (1.0, 3.0))
    ensemble = members.Members(xr.Dataset(), np.stack([dry, wet, wet, wet]))
    limits = np.full((len(ALERTS), 1), np.nan)
    limits[0] = 2.0
    likely = ensemble.exceedance(limits)
    assert likely[0, 0, 0] == pytest.approx((0.05 + 3 * 0.95) / 4)
    assert np.isnan(likely[1:]).all()  # there is no such threshold
