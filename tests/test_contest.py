from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from data.network import Split
from data.sources.simulated import network, observe
from forecast import contest, validation
from forecast.checkpoint import Checkpoint
from forecast.contest import Contest, hold
from forecast.model import ModelConfig
from forecast.train import TrainConfig, train

SPLIT = Split(train=(2018, 2018), validate=(2019, 2019), test=(2020, 2020))
RIVER = replace(network(gauges=2, horizon=6), split=SPLIT)
SIZES = ModelConfig(hidden=8, near=3, window=48, last=24)
QUICK = TrainConfig(updates=60, batch=16, check_every=20, model=SIZES)


@pytest.fixture(scope="module")
def record() -> xr.Dataset:
    """Return ten weeks before, and forty days after the beginning of 2019."""
    return observe(RIVER, hours=24 * 110, start="2018-10-23")


@pytest.fixture(scope="module")
def good(record: xr.Dataset) -> Checkpoint:
    return train(RIVER, record, QUICK)


@pytest.fixture(scope="module")
def poor(good: Checkpoint) -> Checkpoint:
    """Return a model that has forgotten nearly all, and claims to be perfect."""
    weights = {name: weight * 0.3 for name, weight in good.weights.items()}
    perfect = dict.fromkeys(good.scores, 1.0)
    return replace(good, weights=weights, scores=perfect)


def test_what_a_model_scored_once_counts_for_nothing(
    record: xr.Dataset, good: Checkpoint, poor: Checkpoint
) -> None:
    lost = hold(poor, good, RIVER, record)
    assert lost.new < lost.serving - contest.TOLERANCE
    assert not lost.won
    won = hold(good, poor, RIVER, record)
    assert (won.new, won.serving) == (lost.serving, lost.new)
    assert won.won
    assert won.model == poor.model_id


def test_both_are_judged_on_the_same_pairs(record: xr.Dataset, good: Checkpoint) -> None:
    same = hold(good, replace(good), RIVER, record)
    assert same.new == same.serving
    hours = 24 * 40  # of 2019 until the record ends
    assert same.pairs == 2 * sum(hours - lead for lead in (1, 3, 6))


def test_nothing_in_service_lets_any_model_pass(record: xr.Dataset, good: Checkpoint) -> None:
    assert hold(good, None, RIVER, record) == Contest()
    assert Contest().won


def test_what_one_of_them_learnt_from_judges_neither(record: xr.Dataset, good: Checkpoint) -> None:
    until = replace(good, period=("2018-10-23T00:00", "2019-01-31T23:00"))
    rest = hold(good, until, RIVER, record)
    days = 40 - 31
    assert rest.pairs == 2 * sum(24 * days - lead for lead in (1, 3, 6))
    everything = replace(good, period=("2018-10-23T00:00", "2019-12-31T23:00"))
    none = hold(good, everything, RIVER, record)
    assert none.problem == "one of them learnt from the years that would judge them"
    assert not none.won
    assert np.isnan(none.new)


def test_a_model_that_says_nothing_of_a_gauge_does_not_take_the_place_of_one_that_does(
    record: xr.Dataset, good: Checkpoint
) -> None:
    change = good.scaling.change.copy()
    change[1] = np.nan
    silent = replace(good, scaling=replace(good.scaling, change=change))
    assert hold(silent, good, RIVER, record).problem == "the new one does not forecast S2"
    assert hold(good, silent, RIVER, record).won


def test_a_handful_of_pairs_tells_nothing(record: xr.Dataset, good: Checkpoint) -> None:
    short = record.sel(time=slice(None, "2019-01-01T20:00"))
    found = hold(good, replace(good), RIVER, short)
    assert found.problem.startswith("they have only")
    assert not found.won


def test_a_card_shows_the_model_beside_baselines_at_each_lead(
    record: xr.Dataset, good: Checkpoint
) -> None:
    rows, by_gauge = validation.judge(good, RIVER, record)
    cells = {(row["model"], row["lead_hours"]): row for row in rows}
    assert set(cells) == {
        (name, float(lead)) for name in ("model", "persistence", "ridge") for lead in (1, 3, 6)
    }
    assert cells["persistence", 6.0]["persistence_skill"] == pytest.approx(0.0)
    assert len({cells[name, 6.0]["n"] for name in ("model", "persistence", "ridge")}) == 1
    skills = [by_gauge[station][2] for station in ("S1", "S2")]
    assert np.mean([s for s in skills if s is not None]) == pytest.approx(
        cells["model", 6.0]["persistence_skill"], abs=1e-3
    )


def test_a_gauge_that_is_not_forecast_does_not_hide_the_baselines_of_the_others() -> None:
    observations = observe(RIVER, hours=24 * 110, start="2018-10-23")
    dead = observations.water_level.where(observations.station != "S2")
    observations = observations.assign(water_level=dead)
    model = train(RIVER, observations, replace(QUICK, updates=2, check_every=1))
    rows, by_gauge = validation.judge(model, RIVER, observations)
    assert {row["model"] for row in rows} == {"model", "persistence", "ridge"}
    assert by_gauge["S2"] == [None, None, None]
    assert None not in by_gauge["S1"]


def test_too_many_issue_times_are_thinned_to_all_hours_of_the_day(
    record: xr.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = validation.issue_times(RIVER, record, (2018, 2018))
    values = whole.size * 2 * 3 * 9
    monkeypatch.setattr(validation, "MOST", values / 2)
    few = validation.issue_times(RIVER, record, (2018, 2018))
    assert (np.diff(few) == np.timedelta64(5, "h")).all()  # 2, 3 and 4 divide a day
    assert len({int(hour) for hour in few.astype("datetime64[h]").astype(int) % 24}) == 24


def test_a_hindcast_in_pieces_is_the_same(
    record: xr.Dataset, good: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    issues = validation.issue_times(RIVER, record, (2019, 2019))[:200]
    whole = validation.hindcast(good, RIVER, record, issues)
    monkeypatch.setattr(validation, "_AT_ONCE", 50 * 2 * 6 * 9)
    pieces = validation.hindcast(good, RIVER, record, issues)
    assert pieces.sizes["issue_time"] == 200
    xr.testing.assert_allclose(pieces, whole, rtol=1e-5)
