from dataclasses import replace

from data import networks
from data.beside import beside
from data.feeds import Feed
from data.network import Network
from data.sources.asking import Spot


def feed_of(network: Network, variable: str, source: str) -> Feed:
    return next(f for f in network.feeds if f.variable == variable and f.source == source)


def test_rain_gauges_within_thirty_kilometres_are_neighbours_nearest_first() -> None:
    live = networks.find("han-live")
    near = beside(live, feed_of(live, "rainfall", "hrfco"))
    # 대곡교 – 송정동 11 km, 대곡교 – 진관교 20 km, 송정동 – 진관교 14 km
    assert near["10184100"] == ("10184140", "10184110")
    assert near["10184110"] == ("10184140", "10184100")


def test_bridges_of_one_reach_are_neighbours() -> None:
    live = networks.find("han-live")
    near = beside(live, feed_of(live, "water_level", "hrfco"))
    assert near["1018680"] == ("1018683", "1018662", "1019630")  # 3, 6 and 19 km away
    assert near["1019630"] == ("1018683", "1018680")  # Cheongdam is 24 km away


def test_a_gauge_of_another_river_is_none() -> None:
    live = networks.find("han-live")
    apart = replace(live, stations=tuple(replace(s, upstream=()) for s in live.stations))
    assert set(beside(apart, feed_of(live, "water_level", "hrfco")).values()) == {()}


def test_a_dam_and_a_place_that_nobody_knows_have_no_neighbours() -> None:
    live = networks.find("han-live")
    assert beside(live, feed_of(live, "dam_release", "hrfco")) == {}
    lost = Feed("hrfco", "rainfall", {"1018683": (Spot("a"), Spot("b"))})
    assert beside(live, lost) == {"a": (), "b": ()}
