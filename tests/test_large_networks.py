"""Three hundred gauges, as small as can be: it is the way through that is tried, not the skill."""

from dataclasses import replace

import numpy as np
import pytest

from data.network import Split
from data.sources.simulated import network, observe
from forecast import left_out
from forecast.model import ModelConfig
from forecast.predict import predict
from forecast.train import TrainConfig, train

SPLIT = Split(train=(2018, 2018), validate=(2019, 2019), test=(2020, 2020))
RIVER = replace(network(gauges=300, horizon=2), split=SPLIT)
SIZES = ModelConfig(hidden=2, near=1, embedding=1, window=16, last=8)
TINY = TrainConfig(updates=2, batch=4, check_every=2, companion=30, model=SIZES)


@pytest.mark.slow
def test_three_hundred_gauges_are_learnt_by_one_network_alone() -> None:
    record = observe(RIVER, hours=24 * 30, start="2018-12-10")
    model = train(RIVER, record, TINY)
    assert model.companion is None
    made = predict(model, RIVER, record, record.time.values[-1:])
    assert np.isfinite(made.water_level.values).all()
    assert model.scaling.change.shape == (300, 2)


def test_a_large_network_is_calibrated_on_some_hours_of_all_of_the_day() -> None:
    river = replace(RIVER, horizon=72)
    record = observe(river, hours=24 * 61, start="2019-01-01")
    times = left_out.issue_times(river, record, (2019,))
    apart = np.diff(times) // np.timedelta64(1, "h")
    assert set(apart) == {17}  # 285 million values, 20 million at most; 15 and 16 divide a day
    assert len({str(hour)[11:13] for hour in times}) == 24
