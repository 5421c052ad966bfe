"""A simulated national network: where it stands, what it is called, how its water flows."""

import numpy as np
import pytest
from shapely import Point

from data import networks
from data.climate import regions
from data.errors import SourceError, UnknownNetwork
from data.network import Network
from data.sources.simulated_korea import Asked, asked
from data.sources.simulated_places import places
from data.sources.simulated_stations import stations
from data.sources.simulated_tree import tree


@pytest.fixture(scope="module")
def large() -> Network:
    try:
        return networks.find("simulated-korea-300")
    except SourceError as missing:
        pytest.skip(f"the shape of the land is not installed: {missing}")


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("simulated-korea", Asked(60)),
        ("simulated-korea-20000", Asked(20000)),
        ("simulated-korea-20-kma", Asked(20, kma=True)),
        ("simulated-korea-now", Asked(60, now=True)),
        ("simulated-korea-223-kma-now", Asked(223, kma=True, now=True)),
        ("simulated-korea-0", None),
        ("simulated-korea-kma-20", None),
        ("simulated", None),
    ],
)
def test_a_name_says_how_many_gauges_whose_storms_and_until_when(
    name: str, what: Asked | None
) -> None:
    assert asked(name) == what


def test_more_gauges_than_can_be_simulated_are_refused() -> None:
    with pytest.raises(UnknownNetwork, match="At most 50,000"):
        networks.find("simulated-korea-50001")


def test_a_small_network_needs_no_shape_of_the_land() -> None:
    small = networks.find("simulated-korea-20")
    assert len(small.ids) == 20
    assert small.ids[0] == "SIM1018683"


def test_every_name_says_that_it_is_simulated(large: Network) -> None:
    assert large.simulated
    assert "모의" in large.title_ko
    assert "SIMULATED" in large.title_en
    assert "SIMULATED" in large.provenance
    for station in large.stations:
        assert "모의" in station.name_ko
        assert "SIMULATED" in station.name_en
        assert "모의" in station.river_ko
        assert "SIMULATED" in station.river_en
        assert station.id.startswith("SIM")


def test_no_threshold_of_a_simulated_gauge_is_official(large: Network) -> None:
    for station in large.stations:
        told = station.thresholds
        assert told is not None
        assert told.origin == "derived"
        assert "SIMULATED" in told.method
        assert told.attention < told.watch < told.warning < told.severe


def test_known_points_keep_name_place_and_announced_levels() -> None:
    hangang = networks.find("simulated-korea").station("SIM1018683")
    assert hangang.name_ko == "서울시(한강대교) 모의"
    assert (hangang.latitude, hangang.longitude) == (37.5144, 126.9567)
    assert hangang.gauge_zero == 2.07
    assert hangang.thresholds is not None
    assert hangang.thresholds.watch == 8.5


def test_all_gauges_stand_in_korea(large: Network) -> None:
    land = regions.read("sido").geometry
    for station in large.stations[60:]:
        here = Point(station.longitude, station.latitude)
        assert land.contains(here).any(), station.name_en


def test_ids_are_unique_and_the_same_number_gives_the_same_gauges(large: Network) -> None:
    assert len(set(large.ids)) == 300
    places.cache_clear()
    again = stations(places(300))
    assert again == large.stations


def test_water_of_every_gauge_reaches_the_sea_through_one_neighbour(large: Network) -> None:
    shape = tree(large)
    ends = np.flatnonzero(shape.down < 0)
    assert shape.drained[ends].sum() == 300
    assert 5 < len(ends) < 100


def test_the_han_flows_from_jeongseon_to_seoul_in_that_order() -> None:
    korea = networks.find("simulated-korea")
    above = korea.upstream("SIM1018683")
    names = ["SIM1007635", "SIM1001690", "SIM1001655"]  # Yeoju, Yeongwol, Jeongseon
    assert [name for name in above if name in names] == names
    travel = dict(zip(korea.ids, tree(korea).travel.tolist(), strict=True))
    hours = [travel[name] for name in ("SIM1018683", *names)]
    assert hours == sorted(hours)
    assert hours[0] == 0.0


def test_a_smaller_network_joins_what_lies_between() -> None:
    """Jeongseon drains to Yeongwol; of 30 gauges Gudam drains to Nakdan, of 20 to Chilgok."""
    assert "SIM2003670" in networks.find("simulated-korea-30").station("SIM2009620").upstream
    assert "SIM2003670" in networks.find("simulated-korea-20").station("SIM2011650").upstream
