"""The clock: a real Prefect server on loopback, and a schedule that really makes runs."""

import os
import socket
import time
import urllib.request
from pathlib import Path

import pytest

from data.errors import SourceUnavailable
from flows import serving
from flows.server import server

PATIENCE = 60  # seconds


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
        return number


@pytest.fixture
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", os.environ.copy())
    os.environ.pop("PREFECT_API_URL", None)


@pytest.mark.slow
@pytest.mark.usefixtures("_own_environment")
def test_a_schedule_really_creates_runs_and_they_carry_their_network(
    tmp_path: Path, port: int
) -> None:
    """With other versions of sqlalchemy a schedule silently never fires; see the pins."""
    with server(tmp_path / "prefect", port) as api:
        from prefect.client.orchestration import get_client
        from prefect.settings import PREFECT_API_URL, temporary_settings

        with temporary_settings({PREFECT_API_URL: api}), get_client(sync_client=True) as client:
            hourly = serving.deployments(["simulated"], tmp_path, "7 * * * *")[0]
            hourly.apply()
            deadline = time.monotonic() + PATIENCE
            while not (runs := client.read_flow_runs()) and time.monotonic() < deadline:
                time.sleep(0.5)
            assert runs, "the schedule made no run"
            first = runs[0]
            assert first.state_name == "Scheduled"
            assert first.expected_start_time is not None
            assert first.expected_start_time.minute == 7
            assert first.parameters == {"network": "simulated", "folder": str(tmp_path.resolve())}
    assert "PREFECT_API_URL" not in os.environ


@pytest.mark.usefixtures("_own_environment")
def test_a_server_that_cannot_start_names_its_log(tmp_path: Path, port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with (
            pytest.raises(SourceUnavailable, match=r"did not answer .* Read .*server\.log"),
            server(tmp_path / "prefect", port, patience=0.5),
        ):
            pass


@pytest.mark.usefixtures("_own_environment")
def test_an_existing_engine_is_used_and_no_server_started(tmp_path: Path) -> None:
    os.environ["PREFECT_API_URL"] = "http://prefect.example/api"
    with server(tmp_path / "prefect", 1) as api:
        assert api == "http://prefect.example/api"
    assert not (tmp_path / "prefect").exists()


def test_the_shown_site_follows_a_switch_of_current(tmp_path: Path, port: int) -> None:
    for release in ("old", "new"):
        (tmp_path / release).mkdir()
        (tmp_path / release / "index.html").write_text(release)
    (tmp_path / "current").symlink_to("old")
    web = serving.show_site(tmp_path / "current", port)
    try:
        assert _read(port) == "old"
        (tmp_path / "current.new").symlink_to("new")
        (tmp_path / "current.new").replace(tmp_path / "current")
        assert _read(port) == "new"
    finally:
        web.shutdown()
        web.server_close()


def _read(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
        text: str = answer.read().decode()
        return text
