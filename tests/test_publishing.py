"""Who publishes: what the settings say stands in the alerts, and nothing made up is ever Actual."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from data.network import Network
from data.sources import simulated
from flows import publishing, settings
from flows.folders import Folders
from maps.view import View

CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
REAL = replace(simulated.network(gauges=3), simulated=False, live=True)
AUTHORITY = {
    "MULGIL_SENDER": "flood.example",
    "MULGIL_SENDER_NAME_KO": "예시 홍수통제소",
    "MULGIL_SENDER_NAME_EN": "Example Flood Office",
    "MULGIL_CONTACT": "02-000-0000",
    "MULGIL_BASE_URL": "https://flood.example/mulgil/",
    "MULGIL_AUTHORITY": "yes",
}
Maker = Callable[[Network], View]


@pytest.fixture
def publish(tmp_path: Path) -> Callable[..., list[Any]]:
    """Return what publishes a view under settings and reads its alerts."""
    numbers = iter(range(100))

    def run(view: View, environ: dict[str, str]) -> list[Any]:
        record = {"run_id": f"r{next(numbers)}"}
        found = settings.read(environ)
        release = publishing._switch([view], Folders(tmp_path), record, found)
        paths = sorted((release / "simulated" / "alerts" / "cap").glob("*.xml"))
        return [ET.parse(path).getroot() for path in paths]  # noqa: S314  # our own files

    return run


def status(alerts: list[Any]) -> set[str]:
    return {alert.findtext(f"{CAP}status") for alert in alerts}


def test_without_settings_alerts_are_tests(publish: Any, make_view: Maker) -> None:
    alerts = publish(make_view(REAL), {})
    assert len(alerts) == 3
    assert status(alerts) == {"Test"}
    assert {alert.findtext(f"{CAP}sender") for alert in alerts} == {"mulgil.invalid"}


def test_an_authority_speaks_in_its_own_name(publish: Any, make_view: Maker) -> None:
    alerts = publish(make_view(REAL), AUTHORITY)
    assert status(alerts) == {"Actual"}
    assert {alert.findtext(f"{CAP}sender") for alert in alerts} == {"flood.example"}
    first = alerts[0].find(f"{CAP}info")
    assert first.findtext(f"{CAP}senderName") == "예시 홍수통제소"
    assert first.findtext(f"{CAP}contact") == "02-000-0000"
    assert first.findtext(f"{CAP}web").startswith("https://flood.example/mulgil/simulated/gauge/")


@pytest.mark.parametrize(
    ("made_up", "expected"),
    [("simulated", "Test"), ("replay", "Exercise"), ("drill", "Exercise")],
)
def test_nothing_made_up_is_ever_actual(
    publish: Any, make_view: Maker, made_up: str, expected: str
) -> None:
    view = make_view(replace(REAL, simulated=made_up == "simulated"))
    manifest = view.manifest | {"replayed": "flood of 2020" if made_up == "drill" else ""}
    view = replace(view, replay=made_up == "replay", manifest=manifest)
    assert status(publish(view, AUTHORITY)) == {expected}
    assert status(publish(view, {})) == {expected}


def test_as_many_releases_stay_as_the_settings_say(
    publish: Any, make_view: Maker, tmp_path: Path
) -> None:
    for _ in range(4):
        publish(make_view(REAL), {"MULGIL_KEEP_RELEASES": "2"})
    assert len(list((tmp_path / "site" / "releases").iterdir())) == 2
