import numpy as np

from data.sources import simulated
from forecast.inputs import channels

RIVER = simulated.network(gauges=3)


def test_each_station_sees_its_own_level_and_its_neighbours() -> None:
    record = simulated.observe(RIVER, hours=10)
    table = channels(record, RIVER).sel(station="S2")
    level = record.water_level
    np.testing.assert_array_equal(table.sel(channel="own"), level.sel(station="S2"))
    np.testing.assert_array_equal(table.sel(channel="up1"), level.sel(station="S1"))
    np.testing.assert_array_equal(table.sel(channel="down1"), level.sel(station="S3"))


def test_a_neighbour_or_variable_that_does_not_exist_is_missing_not_zero() -> None:
    table = channels(simulated.observe(RIVER, hours=10), RIVER)
    assert bool(table.sel(station="S1", channel="up1").isnull().all())
    assert bool(table.sel(channel="tide").isnull().all())
