from pathlib import Path

import pytest

from flows.settings import BadSettings, read
from maps.feeds.publisher import NOBODY


def test_settings_come_from_variables_with_our_prefix() -> None:
    found = read({"MULGIL_HOME": "/srv/rivers", "PATH": "/bin"})
    assert found.home == Path("/srv/rivers")
    assert found.triggered_by == "operator"


def test_a_misspelt_setting_is_refused_and_the_known_ones_are_listed() -> None:
    with pytest.raises(BadSettings, match=r"MULGIL_HOEM.*Known settings: MULGIL_HOME"):
        read({"MULGIL_HOEM": "/srv"})


AUTHORITY = {
    "MULGIL_SENDER": "flood.example",
    "MULGIL_SENDER_NAME_KO": "예시 홍수통제소",
    "MULGIL_SENDER_NAME_EN": "Example Flood Office",
    "MULGIL_CONTACT": "02-000-0000",
    "MULGIL_AUTHORITY": "yes",
}


def test_nobody_publishes_unless_it_is_said_who() -> None:
    found = read({})
    assert found.publisher == NOBODY
    assert not found.publisher.authority
    assert found.keep_releases == 3


def test_who_publishes_comes_from_settings() -> None:
    found = read(AUTHORITY | {"MULGIL_BASE_URL": "https://flood.example/mulgil"}).publisher
    assert found.sender == "flood.example"
    assert found.name("ko") == "예시 홍수통제소"
    assert found.contact == "02-000-0000"
    assert found.base_url == "https://flood.example/mulgil/"
    assert found.authority


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("AUTHORITY", "true", "MULGIL_AUTHORITY: Input should be '' or 'yes'"),
        ("SENDER", "flood office", "MULGIL_SENDER: 'flood office' holds a blank"),
        ("SENDER", "a,b", "MULGIL_SENDER: 'a,b' holds a blank, a comma"),
        ("BASE_URL", "flood.example", "MULGIL_BASE_URL: 'flood.example' is no address"),
        ("BASE_URL", "https://a.example/?q=1", "MULGIL_BASE_URL: .* is no address"),
        ("BASE_URL", "javascript:alert(1)", "MULGIL_BASE_URL: .* is no address"),
        ("KEEP_RELEASES", "1", "MULGIL_KEEP_RELEASES: .* greater than or equal to 2"),
        ("KEEP_RELEASES", "few", "MULGIL_KEEP_RELEASES: .* valid integer"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused(name: str, value: str, told: str) -> None:
    with pytest.raises(BadSettings, match=told):
        read({f"MULGIL_{name}": value})


@pytest.mark.parametrize("missing", ["SENDER", "SENDER_NAME_KO", "SENDER_NAME_EN", "CONTACT"])
def test_an_authority_without_a_name_is_none(missing: str) -> None:
    given = {name: value for name, value in AUTHORITY.items() if name != f"MULGIL_{missing}"}
    with pytest.raises(BadSettings, match=f"AUTHORITY: an authority names itself: set.*{missing}"):
        read(given)
