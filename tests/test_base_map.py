"""The land under the gauges."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
import shapely

from data import networks
from data.network import Network
from data.sources import simulated
from maps.base_map import ASSETS, names, rings, script
from maps.view import View

SEOUL, BUSAN, PYONGYANG = (126.98, 37.57), (129.05, 35.2), (125.75, 39.02)
ALICE_SPRINGS, MOSCOW, CASPIAN = (133.9, -23.7), (37.6, 55.75), (50.5, 41.5)


def inside(point: tuple[float, float], rings: list[list[tuple[float, float]]]) -> bool:
    """Return whether a point lies in an odd number of rings, as it is painted."""
    around = [bool(shapely.contains_xy(shapely.Polygon(ring), *point)) for ring in rings]
    return sum(around) % 2 == 1


def test_the_steps_of_a_ring_are_undone() -> None:
    first = json.loads((ASSETS / "land.json").read_text())["rings"][0]
    ring = rings("land")[0]
    assert ring[0] == (first[0] / 50, first[1] / 50)
    assert ring[1] == ((first[0] + first[2]) / 50, (first[1] + first[3]) / 50)


@pytest.mark.parametrize(
    ("place", "land"),
    [(ALICE_SPRINGS, True), (MOSCOW, True), (CASPIAN, False), ((-30.0, 0.0), False)],
)
def test_the_world_has_its_continents_and_its_seas(place: tuple[float, float], land: bool) -> None:
    assert inside(place, rings("land")) is land


def test_what_lies_around_korea_is_the_world_s_land() -> None:
    near = rings("around_korea")
    for place in ((116.4, 39.9), (139.7, 35.7), (135.0, 39.0), (125.0, 35.0), SEOUL):
        assert inside(place, near) is inside(place, rings("land")), place
    assert inside((116.4, 39.9), near)  # Beijing
    assert not inside(SEOUL, near)  # korea.json is laid in


def test_korea_is_fine_where_it_is_asked_for_and_coarse_elsewhere() -> None:
    assert not inside(SEOUL, rings("land"))  # cut out, to be laid in again
    assert inside(SEOUL, rings("land", "korea"))
    assert inside(PYONGYANG, rings("korea"))
    assert inside(BUSAN, rings("korea", "borders"))
    assert inside(SEOUL, rings("korea", "borders"))


def test_no_ring_crosses_the_map() -> None:
    for ring in rings("land"):
        assert all(abs(b[0] - a[0]) < 180 for a, b in pairwise(ring))


@pytest.mark.parametrize("name", ["land", "around_korea", "korea"])
def test_a_base_map_is_small_and_says_where_it_comes_from(name: str) -> None:
    text = (ASSETS / f"{name}.json").read_bytes()
    assert len(text) < 61_000
    assert re.search("Natural Earth|NGII", json.loads(text)["origin"])
    assert script(name).startswith(f'Mulgil.put("{name}",{{"origin"')


def test_korean_gauges_lie_on_the_map_of_korea(make_view: Callable[[Network], View]) -> None:
    view = make_view(simulated.network(gauges=1))
    assert names(view) == ("around_korea", "korea")
    assert names(replace(view, network=networks.find("recorded"))) == ("land",)
