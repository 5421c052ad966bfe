from dataclasses import replace

import numpy as np

from data.sources import simulated
from forecast.inputs import NEIGHBOURS, channels, neighbours

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


def test_neighbours_found_in_one_pass_are_those_of_the_network() -> None:
    rng = np.random.default_rng(0)
    (one,) = simulated.network(gauges=1).stations
    stations = tuple(
        replace(
            one, id=f"G{n}", upstream=tuple(f"G{k}" for k in rng.choice(n, min(n, n % 4), False))
        )
        for n in range(40)
    )
    river = replace(RIVER, stations=stations)
    found = neighbours(river)
    for row, station in enumerate(river.ids):
        both = (river.upstream(station), river.downstream(station))
        expected = [name for found_there in both for name in [*found_there, "", ""][:2]]
        told = ["" if k < 0 else river.ids[k] for k in found[row]]
        assert dict(zip(NEIGHBOURS, told, strict=True)) == dict(
            zip(NEIGHBOURS, expected, strict=True)
        )
