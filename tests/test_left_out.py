from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from data.network import Split
from data.sources.simulated import network, observe
from forecast import companion, left_out
from forecast.checkpoint import Checkpoint
from forecast.inputs import channels
from forecast.model import ModelConfig
from forecast.train import TrainConfig, before_the_test, train

RIVER = replace(network(gauges=1, horizon=2), split=Split((2018, 2019), (2020, 2020), (2021, 2021)))
RECORD = observe(RIVER, hours=24 * 440, start="2018-11-15")
QUICK = TrainConfig(
    updates=1, batch=4, companion=1, model=ModelConfig(hidden=4, near=2, window=24, last=12)
)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def trained() -> Checkpoint:
    return train(RIVER, RECORD, QUICK)


def test_a_year_that_was_left_out_is_told_worse_than_one_that_was_learnt(
    trained: Checkpoint,
) -> None:
    assert trained.companion is not None
    (helper,) = trained.companion.helpers
    assert helper is not None
    table = channels(before_the_test(RECORD, RIVER), RIVER)
    errors = left_out._of_gauge(trained.companion, helper, table, RIVER)
    x, changes = companion.lessons(trained.companion, helper, table, RIVER)
    learnt = changes - helper.ridge.predict(x)
    known = np.isfinite(errors)
    assert set(table.time.dt.year.values[known.any(axis=1)]) == {2018, 2019}
    assert np.mean(errors[known] ** 2) > np.mean(learnt[known] ** 2)


def test_the_hindcast_errs_by_a_share_of_those_errors_with_the_quantiles_around_it(
    trained: Checkpoint,
) -> None:
    assert trained.companion is not None
    past = before_the_test(RECORD, RIVER)
    made = left_out.hindcast(trained, trained.companion, RIVER, past)
    assert set(made.issue_time.dt.year.values) == {2018, 2019}
    assert (made.water_level.diff("quantile") >= 0).where(made.water_level.notnull()).min() == 1
    median = made.water_level.sel(quantile=0.5).isel(lead_time=1, station=0)
    truth = past.water_level.isel(station=0).sel(time=made.valid_time.isel(lead_time=1))
    error = xr.DataArray(truth.values - median.values, dims="case").dropna("case")
    assert 0 < float(np.abs(error).mean()) < 0.5
