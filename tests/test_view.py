"""In which zone times are told."""

from collections.abc import Callable
from dataclasses import replace

from data import networks
from data.network import Network
from data.sources import simulated
from maps.view import View

KOREAN = simulated.network(gauges=2)


def test_korean_gauges_are_told_in_korean_time(make_view: Callable[[Network], View]) -> None:
    assert make_view(KOREAN).zone.key == "Asia/Seoul"


def test_one_gauge_abroad_makes_it_utc(make_view: Callable[[Network], View]) -> None:
    view = make_view(KOREAN)
    abroad = networks.find("recorded").stations[0]
    mixed = replace(KOREAN, stations=(*KOREAN.stations, abroad))
    assert replace(view, network=mixed).zone.key == "UTC"
