import numpy as np

from data.schema import check, observations
from data.sources import simulated

RIVER = simulated.network(gauges=3)


def test_the_same_seed_gives_the_same_river_and_another_seed_another() -> None:
    one, again = (simulated.observe(RIVER, hours=200, seed=1) for _ in range(2))
    other = simulated.observe(RIVER, hours=200, seed=2)
    assert one.identical(again)
    assert not one.equals(other)


def test_a_simulated_record_says_that_it_is_simulated() -> None:
    record = check(simulated.observe(RIVER, hours=10), observations(RIVER.quantity))
    assert record.attrs["simulated"] == "true"
    assert RIVER.simulated


def test_a_flood_peaks_later_and_lower_downstream() -> None:
    levels = simulated.observe(RIVER, hours=2000).water_level
    top, mouth = levels.sel(station="S1"), levels.sel(station="S3")
    assert float(mouth.max()) < float(top.max())
    assert int(np.argmax(mouth.values)) > int(np.argmax(top.values))
