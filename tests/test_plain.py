"""What hostile text can do on a page, and in the name of a file."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from data.network import Network
from data.sources import simulated
from data.stations import Thresholds
from maps.plain import file_name, plain, plain_view
from maps.view import View


def test_marks_that_turn_the_direction_of_writing_are_taken_away() -> None:
    assert plain("a\u202eb\u2066c\u200fd\u061ce") == "abcde"


def test_control_characters_are_taken_away_and_line_breaks_stay() -> None:
    assert plain("a\x00b\x1bc\u2028d\ne") == "abcd\ne"


@pytest.mark.parametrize("name", ["한강대교", "Black River's <b>", "Ångström & 3 m³/s"])
def test_ordinary_text_stays_as_it_is(name: str) -> None:
    assert plain(name) == name


@pytest.mark.parametrize(("name", "file"), [("117002A", "117002A"), ("1018-683", "1018-683")])
def test_an_ordinary_id_is_its_own_file_name(name: str, file: str) -> None:
    assert file_name(name) == file


def test_an_id_cannot_leave_its_folder() -> None:
    assert file_name("../x") == "_2e__2e__2f_x"  # 2e is the dot, 2f the slash


def test_two_ids_never_share_a_file() -> None:
    assert file_name("a/b") != file_name("a_2f_b")


def test_long_ids_get_names_that_a_file_system_takes_and_never_share_a_file() -> None:
    one, two = (file_name("한강" * 5000 + end) for end in "ab")
    assert len(one) == 100
    assert one[:83] == two[:83]
    assert one != two


def test_every_text_of_a_view_becomes_plain(make_view: Callable[[Network], View]) -> None:
    river = simulated.network(gauges=2)
    bad = "x\u202ey"
    first, second = river.stations
    limits = Thresholds(2.0, 3.0, 4.0, 5.0, "derived", bad)
    stations = (replace(first, name_ko=bad, thresholds=limits), replace(second, thresholds=None))
    view = make_view(replace(river, stations=stations, title_en=bad))
    manifest = {"run_id": "r", "warnings": [bad], "inputs": {"n": 3, "last": bad}}
    outlooks = (replace(view.outlooks[0], reason=bad), view.outlooks[1])
    safe = plain_view(replace(view, manifest=manifest, outlooks=outlooks))
    assert safe.network.title_en == "xy"
    assert safe.network.stations[0].name_ko == "xy"
    assert safe.network.stations[0].thresholds == replace(limits, method="xy")
    assert safe.network.stations[1].thresholds is None
    assert safe.outlooks[0].reason == "xy"
    assert safe.manifest == {"run_id": "r", "warnings": ["xy"], "inputs": {"n": 3, "last": "xy"}}
