from pathlib import Path

import numpy as np
import pytest

from data import network_file
from data.errors import SourceError
from data.sources.asking import Spot
from data.stations import Quantity

FACTS = {
    "title_ko": "시험강",
    "title_en": 'Test "river"',
    "quantity": "water_level",
    "step": 60,
    "horizon": 24,
    "train": (2012, 2018),
    "validate": (2019, 2019),
    "test": (2020, 2021),
    "provenance": "Measured by us.\nOpen.",
    "delay": 10,
}
FEEDS = """
[[feeds]]
variable = "rainfall"
source = "hrfco"
[feeds.sites]
A = ["10184100", "10184110"]

[[feeds]]
variable = "rainfall"
source = "open_meteo"
[feeds.sites]
A = []
"""
STATIONS = """id,name_ko,name_en,river_ko,river_en,latitude,longitude,quantity,upstream
A,가,Alpha,강,River,37.5,127.0,water_level,
B,나,Beta,강,River,37.4,126.9,water_level,A
"""


def written(folder: Path, facts: str, feeds: str = "") -> Path:
    own = folder / "mine"
    own.mkdir()
    (own / "network.toml").write_text(facts + feeds, encoding="utf-8")
    (own / "stations.csv").write_text(STATIONS, encoding="utf-8")
    return own


def test_what_is_written_is_read(tmp_path: Path) -> None:
    network = network_file.read(written(tmp_path, network_file.text(FACTS), FEEDS))
    assert network.name == "mine"
    assert network.title_en == 'Test "river"'
    assert network.provenance == "Measured by us.\nOpen."
    assert network.quantity is Quantity.WATER_LEVEL
    assert network.step == np.timedelta64(1, "h")
    assert network.delay == np.timedelta64(10, "m")
    assert network.split.validate == (2019, 2019)
    assert network.ids == ["A", "B"]
    assert network.live


def test_feeds_stand_in_their_order_and_an_empty_list_is_the_station_s_own_place(
    tmp_path: Path,
) -> None:
    network = network_file.read(written(tmp_path, network_file.text(FACTS), FEEDS))
    assert [feed.source for feed in network.feeds] == ["hrfco", "open_meteo"]
    assert [spot.id for spot in network.feeds[0].sites["A"]] == ["10184100", "10184110"]
    assert network.feeds[1].sites == {"A": (Spot("A", 37.5, 127.0),)}


def test_a_network_without_feeds_is_a_closed_record(tmp_path: Path) -> None:
    assert not network_file.read(written(tmp_path, network_file.text(FACTS))).live


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"test": (2019, 2021)}, "must follow each other and not overlap"),
        ({"step": 0}, "step: Input should be greater than 0"),
        ({"quantity": "mood"}, "quantity: Input should be 'water_level' or 'discharge'"),
        ({"colour": "blue"}, "colour: Extra inputs are not permitted"),
        ({"quantity": "discharge"}, "of discharge, but A measures another"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, change: dict[str, object], why: str) -> None:
    with pytest.raises(SourceError, match=why):
        network_file.read(written(tmp_path, network_file.text(FACTS | change)))


@pytest.mark.parametrize(
    ("feeds", "why"),
    [
        (FEEDS.replace("A = []", "C = []"), "a feed of open_meteo names station 'C'"),
        (FEEDS.replace('"rainfall"', '"rain"'), "no variable 'rain'"),
        ("step = ", "is no TOML"),
    ],
)
def test_a_wrong_feed_is_named(tmp_path: Path, feeds: str, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        network_file.read(written(tmp_path, network_file.text(FACTS), feeds))


def test_a_missing_file_is_named_with_the_command_that_makes_it(tmp_path: Path) -> None:
    assert not network_file.exists(tmp_path)
    with pytest.raises(SourceError, match="mulgil init"):
        network_file.read(tmp_path)
