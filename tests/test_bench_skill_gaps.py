from dataclasses import replace

import numpy as np
import pytest

from data.network import Split
from data.sources.simulated import network, observe
from flows.bench_skill_gaps import APART, measure, without
from forecast.model import ModelConfig
from forecast.train import TrainConfig, train

RIVER = replace(network(gauges=2, horizon=2), split=Split((2018, 2018), (2019, 2019), (2020, 2020)))
RECORD = observe(RIVER, hours=24 * 80, start="2018-11-20")


def test_the_newest_values_before_each_issue_are_gone_and_no_others() -> None:
    issues = RECORD.time.values[[100, 200]]
    holed = without(RECORD, RIVER, ("S2", 3), issues).water_level
    gone = np.flatnonzero(holed.sel(station="S2").isnull())
    assert gone.tolist() == [98, 99, 100, 198, 199, 200]
    assert holed.sel(station="S1").notnull().all()


@pytest.mark.slow
def test_a_gauge_that_is_missing_too_long_has_no_forecast_and_its_neighbour_has() -> None:
    sizes = ModelConfig(hidden=4, near=1, window=24, last=12)
    model = train(RIVER, RECORD, TrainConfig(updates=2, batch=4, model=sizes))
    rows = measure(model, RIVER, RECORD, RECORD.time.values[400:1800])
    counted = {(r["missing"], r["steps"]): r["n"] for r in rows if r["lead_hours"] == 1}
    assert counted["S1", 0] == counted["S1", 6] == -(-1400 // APART)
    assert counted["S1", 12] == 0
    others = [r["rmse_of_others"] for r in rows if r["steps"] == 12]
    assert np.isfinite(others).all()
