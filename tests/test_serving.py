"""The clock: a real Prefect server on loopback, and a schedule that really makes runs."""

import os
import socket
import sqlite3
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.errors import SourceUnavailable
from flows import automations, kept_schedules, serving
from flows.folders import Folders
from flows.schedules import Schedule
from flows.server import server, set_aside_broken

PATIENCE = 60  # seconds
HOURLY = Schedule("simulated", "7 * * * *", np.timedelta64(1, "h").astype("timedelta64[ns]"))


def plan(home: Path, folder: Path | None = None) -> serving.Plan:
    return serving.Plan((HOURLY,), Folders(home), folder)


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
            hourly = serving.deployments(plan(tmp_path, tmp_path))[0]
            hourly.apply()
            deadline = time.monotonic() + PATIENCE
            while not (runs := client.read_flow_runs()) and time.monotonic() < deadline:
                time.sleep(0.5)
            assert runs, "the schedule made no run"
            first = runs[0]
            assert first.state_name == "Scheduled"
            assert first.expected_start_time is not None
            assert first.expected_start_time.minute == 7
            assert first.parameters == {
                "network": "simulated",
                "folder": str(tmp_path.resolve()),
                "every_minutes": 60,
            }
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
    site = tmp_path / "site"
    for release in ("old", "new"):
        (site / release).mkdir(parents=True)
        (site / release / "index.html").write_text(release)
    (site / "current").symlink_to("old")
    (site / "heartbeat").mkdir()
    (site / "heartbeat" / "simulated.json").write_text("{}")
    web = serving.show_site(Folders(tmp_path), port)
    try:
        assert _read(port) == "old"
        (site / "current.new").symlink_to("new")
        (site / "current.new").replace(site / "current")
        assert _read(port) == "new"
        assert _read(port, "heartbeat/simulated.json") == "{}"
        for outside in ("heartbeat/../../x.json", "heartbeat/%2e%2e%2fx.json", "heartbeat/a/b"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                _read(port, outside)
    finally:
        web.shutdown()
        web.server_close()


def test_two_servers_on_one_folder_are_refused(tmp_path: Path) -> None:
    with (
        serving._only_one(Folders(tmp_path)),
        pytest.raises(serving.AlreadyServing, match=f"Process {os.getpid()} serves"),
        serving._only_one(Folders(tmp_path)),
    ):
        pass
    with serving._only_one(Folders(tmp_path)):
        pass


def test_a_broken_database_is_put_aside_and_a_good_or_locked_one_stays(tmp_path: Path) -> None:
    path = tmp_path / "prefect.db"
    assert set_aside_broken(tmp_path) is None
    with sqlite3.connect(path) as database:
        database.execute("create table runs (id)")
        database.execute("begin exclusive")
        assert set_aside_broken(tmp_path) is None
    database.close()
    assert set_aside_broken(tmp_path) is None
    path.write_bytes(b"no database" * 100)
    aside = set_aside_broken(tmp_path)
    assert aside is not None
    assert aside.read_bytes().startswith(b"no database")
    assert not path.exists()


def test_every_parameter_of_every_form_says_what_it_is_and_choices_are_lists(
    tmp_path: Path,
) -> None:
    made = serving.deployments(plan(tmp_path))
    for each in made:
        schema = each._parameter_openapi_schema.model_dump()
        for name, field in _fields(schema):
            assert field.get("description"), f"{each.name}: {name} has no description"
        if "network" in schema["properties"]:
            assert "simulated" in schema["properties"]["network"]["enum"]
    assert {each.flow_name for each in made} >= {
        "pull-observations",
        "issue-forecast",
        "train-model",
        "verify-forecasts",
        "update-climate",
        "publish-site",
        "what-if",
    }
    rain = {each.name: each for each in made}["what-if"]._parameter_openapi_schema.definitions
    assert rain["Rain"]["properties"]["source"]["enum"][0] == "as it is"
    assert rain["Rain"]["properties"]["factor"]["anyOf"][0] == {
        "type": "number",
        "minimum": 0,
        "maximum": 20,
    }


def test_the_clock_goes_on_when_the_runner_gave_up_because_the_server_was_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []

    def runs(_: serving.Plan) -> None:
        happened.append("runs")
        if happened.count("runs") < 3:
            raise RuntimeError("Service exceeded error threshold.")

    monkeypatch.setattr(serving, "run_deployments", runs)
    monkeypatch.setattr(serving, "wait_for", lambda *_: happened.append("waits"))
    serving.keep_running(plan(tmp_path), "http://127.0.0.1:1/api", pause=0)
    assert happened == ["runs", "waits", "runs", "waits", "runs"]


@pytest.mark.slow
@pytest.mark.usefixtures("_own_environment")
def test_what_is_paused_stays_paused_over_a_restart_and_without_the_database(
    tmp_path: Path, port: int
) -> None:
    folders, home = Folders(tmp_path), tmp_path / "prefect"
    with server(home, port) as api:
        from prefect.client.orchestration import get_client
        from prefect.settings import PREFECT_API_URL, temporary_settings

        with temporary_settings({PREFECT_API_URL: api}), get_client(sync_client=True) as client:
            ids = {each.name: each.apply() for each in serving.deployments(plan(tmp_path))}
            for _ in range(2):  # the second time they are brought up to date, not doubled
                automations.ensure((HOURLY,), ids["silence"])
            names = sorted(each.name for each in client.read_automations())
            assert names == [
                "mulgil: end runs whose process is gone",
                "mulgil: tell when simulated is silent",
            ]
            assert kept_schedules.look() == {"simulated": "", "climate": ""}
            client.pause_deployment(ids["simulated"])
            paused = kept_schedules.merge(folders, kept_schedules.look())
            assert paused == {"simulated": "deployment", "climate": ""}
            for each in serving.deployments(plan(tmp_path), paused):
                each.apply()
            assert kept_schedules.look()["simulated"] == "deployment"
            client.delete_deployment(ids["simulated"])  # as after a lost database
            for each in serving.deployments(plan(tmp_path), kept_schedules.read(folders)):
                each.apply()
            assert kept_schedules.look()["simulated"] == "deployment"
            client.resume_deployment(_id(client, "simulated"))
            assert kept_schedules.look()["simulated"] == ""


def _id(client: Any, name: str) -> Any:
    return next(each.id for each in client.read_deployments() if each.name == name)


def _fields(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return every field of a form, those of its parts too."""
    parts = [schema, *schema.get("definitions", {}).values()]
    return [field for part in parts for field in part.get("properties", {}).items()]


def _read(port: int, path: str = "") -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=5) as answer:
        text: str = answer.read().decode()
        return text
