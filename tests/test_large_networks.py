"""Three hundred gauges, as small as can be: it is the way through that is tried, not the skill."""

from dataclasses import replace

import numpy as np
import pytest

from data.network import Split
from data.sources.simulated import network, observe
from forecast.model import ModelConfig
from forecast.predict import predict
from forecast.train import TrainConfig, train, validation_times

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
    times = validation_times(river, record)
    apart = np.diff(times) // np.timedelta64(1, "h")
    assert set(apart) == {5}  # 285 million values, 60 million at most
    assert len({str(hour)[11:13] for hour in times}) == 24
