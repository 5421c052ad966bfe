from dataclasses import replace

import numpy as np

from data.network import Network
from data.sources.simulated import network
from forecast.sampling import GROUP, choose, cut


def rivers(count: int, length: int) -> Network:
    """Return chains of gauges side by side, `R0S1` .. downstream `R0S9`."""
    stations = []
    for river in range(count):
        for each in network(gauges=length).stations:
            stations.append(
                replace(
                    each,
                    id=f"R{river}{each.id}",
                    latitude=30.0 + river,
                    longitude=120.0 + 0.01 * int(each.id[1:]),
                    upstream=tuple(f"R{river}{above}" for above in each.upstream),
                )
            )
    return replace(network(), stations=tuple(stations))


MANY = rivers(16, 30)


def test_the_seed_decides_and_the_order_is_the_networks() -> None:
    ids = choose(MANY, 100, seed=3)
    assert ids == choose(MANY, 100, seed=3)
    assert ids != choose(MANY, 100, seed=4)
    assert len(set(ids)) == 100
    assert ids == [station for station in MANY.ids if station in ids]


def test_gauges_are_taken_with_their_neighbours() -> None:
    ids = set(choose(MANY, 8 * GROUP))
    lonely = [s for s in MANY.stations if s.id in ids and not ids & {*s.upstream}]
    assert len(lonely) <= 8 * 2  # the top gauge of each group; a group may fall into two


def test_they_are_spread_over_the_whole_network() -> None:
    taken = {station.split("S")[0] for station in choose(MANY, 16 * GROUP)}
    assert len(taken) >= 12  # of 16 rivers


def test_all_are_taken_where_all_are_asked_for() -> None:
    assert choose(MANY, 10_000) == MANY.ids


def test_those_that_were_taken_before_can_be_left_out() -> None:
    first = choose(MANY, 60)
    second = choose(MANY, 60, besides=first)
    assert len(second) == 60
    assert not set(first) & set(second)


def test_gauges_in_one_place_without_any_river_are_no_obstacle() -> None:
    stations = tuple(
        replace(station, latitude=37.0, longitude=127.0, upstream=())
        for station in network(gauges=9).stations
    )
    assert len(choose(replace(network(), stations=stations), 5)) == 5


def test_a_part_of_a_network_keeps_its_order() -> None:
    assert cut(MANY, ["R1S2", "R0S5"]).ids == ["R0S5", "R1S2"]
    assert np.array_equal(cut(MANY, MANY.ids).ids, MANY.ids)
