from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from data.network import Split
from data.sources.simulated import network, observe
from forecast import accompanying, left_out
from forecast.accompanying import Unseen
from forecast.checkpoint import Checkpoint
from forecast.model import ModelConfig
from forecast.predict import predict
from forecast.train import TrainConfig, train

RIVER = replace(network(gauges=1, horizon=2), split=Split((2018, 2019), (2020, 2020), (2021, 2021)))
RECORD = observe(RIVER, hours=24 * 440, start="2018-11-15")
QUICK = TrainConfig(
    updates=1,
    batch=4,
    companion=1,
    folds=2,
    model=ModelConfig(hidden=4, near=2, window=24, last=12),
)


def over(first: int, last: int) -> Split:
    return Split((first, last), (2019, 2019), (2020, 2021))


def test_training_years_are_dealt_out_in_turn() -> None:
    river = replace(RIVER, split=over(2012, 2018))
    assert left_out.groups(river, 3) == [(2012, 2015, 2018), (2013, 2016), (2014, 2017)]


def test_two_years_make_no_three_groups_and_one_year_makes_none() -> None:
    assert left_out.groups(replace(RIVER, split=over(2017, 2018)), 3) == [(2017,), (2018,)]
    assert left_out.groups(replace(RIVER, split=over(2018, 2018)), 3) == []
    assert left_out.groups(RIVER, 0) == []


def test_nothing_was_measured_in_a_year_that_is_left_out() -> None:
    record = left_out.without(RECORD, (2019,))
    year = record.time.dt.year
    assert record.water_level.where(year == 2019, drop=True).isnull().all()
    assert record.rainfall.where(year == 2019, drop=True).isnull().all()
    kept = year != 2019
    xr.testing.assert_equal(record.water_level[:, kept], RECORD.water_level[:, kept])


def test_of_too_many_issue_times_every_fifth_is_taken_so_that_all_hours_are_among_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    values = 24 * 365 * 2 * 9  # of 2019: hours, leads, quantiles
    monkeypatch.setattr(left_out, "MOST", values // 4 + 1)
    times = left_out.issue_times(RIVER, RECORD, (2019,))
    assert np.unique(np.diff(times)) == np.timedelta64(5, "h")  # 4 divides the day, 5 does not


@pytest.fixture(scope="module")
def trained() -> Checkpoint:
    return train(RIVER, RECORD, QUICK)


@pytest.mark.slow
def test_shares_are_fitted_on_all_that_was_left_out(
    trained: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The LSTM is right in one half of the hours, the ridge in the other, so they share alike."""
    rng = np.random.default_rng(0)
    halves = [Unseen(trained, RECORD.time.values[n : n + 2000]) for n in (1000, 3000)]
    truth = rng.normal(size=(1, 2000, 2))

    def members(unseen: Unseen, *_: object) -> tuple[np.ndarray, np.ndarray]:
        told = rng.normal(size=(1, 2000, 2, 5)) * 3
        told[..., 0 if unseen is halves[0] else 1] = truth
        return told, truth

    monkeypatch.setattr(accompanying, "_members", members)
    ready = accompanying.fitted(trained, halves, RIVER, RECORD)
    assert ready.companion is not None
    weights = ready.companion.weights
    np.testing.assert_allclose(weights[:, 0], weights[:, 1], atol=0.02)
    assert (weights[:, :2].sum(axis=1) > weights[:, 2:].sum(axis=1)).all()


@pytest.mark.slow
def test_what_is_fitted_on_is_what_the_whole_would_have_forecast(trained: Checkpoint) -> None:
    """The LSTM alone, moved to the mean of all members, is the forecast before any widening."""
    assert trained.companion is not None
    plain = replace(trained, widening=np.ones_like(trained.widening))
    issues = RECORD.time.values[2000:2100]
    lstm = predict(accompanying.alone(plain), RIVER, RECORD, issues)
    members, _ = accompanying._members(Unseen(plain, issues), lstm, RIVER, RECORD)
    moved = accompanying._moved(lstm, members, trained.companion.weights, trained.scaling)
    expected = predict(plain, RIVER, RECORD, issues)
    np.testing.assert_allclose(moved.water_level, expected.water_level, atol=1e-5)
