"""The dead man's switch: a heartbeat grows old, a site is not renewed, and the way back."""

import json
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from flows import notify_command, notify_receivers, notify_watch, notify_watch_command, pulling
from flows.notify_event import Event
from flows.notify_webhook import NotDelivered
from flows.settings import Settings, read

NOW = np.datetime64("2026-07-20T04:00", "ns")
MINUTE = np.timedelta64(1, "m")
app = typer.Typer(pretty_exceptions_enable=False)
app.command("watch", help=notify_watch_command.HELP)(notify_watch_command.watch)
app.command("notify", help=notify_command.HELP)(notify_command.notify)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    found: list[Event] = []
    monkeypatch.setattr(notify_receivers, "of", lambda _: {"ears": found.append})
    monkeypatch.setattr(pulling, "this_moment", lambda: NOW)
    return found


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("MULGIL_HOME", str(tmp_path))
    return read({"MULGIL_HOME": str(tmp_path)})


def beat(home: Path, minutes: int, name: str = "simulated/heartbeat.json") -> None:
    """Leave a heartbeat that is so many minutes old."""
    finished = f"{(NOW - minutes * MINUTE).astype('datetime64[s]')}Z"
    texts = dict.fromkeys(("due", "next_due", "issue_time", "run", "told", "state"), finished)
    path = home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    own: dict[str, Any] = {"network": "simulated", "finished": finished, "seconds": 1.0}
    path.write_text(json.dumps(texts | own), encoding="utf-8")


def test_silence_is_told_once_and_so_is_its_end(heard: list[Event], settings: Settings) -> None:
    for age in (30, 120, 121, 5, 6):
        beat(settings.home, age)
        found = notify_watch.watch("simulated", 90, "", settings)
        assert found.alive is (age <= 90)
        assert found.minutes == age
    assert [event.kind for event in heard] == ["silent", "recovered"]
    assert heard[0].title_en == "[SIMULATED] [Mulgil] simulated: no cycle is seen any more"
    assert "the last sign of life is 120 min old, more than 90 min" in heard[0].body_en
    assert "silence since 2026-07-20T02:00Z is over" in heard[1].title_en


def test_no_heartbeat_at_all_is_silence(heard: list[Event], settings: Settings) -> None:
    found = notify_watch.watch("han-live", 90, "", settings)
    assert not found.alive
    assert "there is no heartbeat in" in found.told
    assert [event.kind for event in heard] == ["silent"]
    assert heard[0].data == {"label": "", "minutes": None}


def test_a_heartbeat_from_the_future_is_no_sign_of_life(
    heard: list[Event], settings: Settings
) -> None:
    beat(settings.home, -30)
    found = notify_watch.watch("simulated", 90, "", settings)
    assert not found.alive
    assert "30 min ahead of our clock: one of them is wrong" in found.told
    beat(settings.home, -3)
    assert notify_watch.watch("simulated", 90, "", settings).alive


@pytest.fixture
def site(tmp_path: Path, run_server: Callable[[Any], Any]) -> tuple[Path, str]:
    """Return a folder, and the address that it is served at."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    folder = tmp_path / "public"
    folder.mkdir()
    handler = partial(Quiet, directory=str(folder))
    server = run_server(ThreadingHTTPServer(("127.0.0.1", 0), handler))
    return folder, f"http://127.0.0.1:{server.server_port}"


def test_a_site_is_watched_from_outside_by_its_heartbeat(
    heard: list[Event], settings: Settings, site: tuple[Path, str]
) -> None:
    folder, url = site
    beat(folder, 20, "heartbeat/a-river.json")
    assert notify_watch.watch("a-river", 90, url, settings).alive
    beat(folder, 200, "heartbeat/a-river.json")
    found = notify_watch.watch("a-river", 90, f"{url}/", settings)
    assert found.minutes == 200
    assert [event.kind for event in heard] == ["silent"]


def test_a_site_without_a_heartbeat_is_watched_by_the_issue_time_that_it_shows(
    heard: list[Event], settings: Settings, site: tuple[Path, str]
) -> None:
    folder, url = site
    api = folder / "a-river" / "api"
    api.mkdir(parents=True)
    (api / "network.json").write_text('{"issue_time": "2026-07-20T03:00:00Z"}')
    found = notify_watch.watch("a-river", 90, url, settings)
    assert found.minutes == 60
    (api / "network.json").write_text("<html>an error page</html>")
    found = notify_watch.watch("a-river", 90, url, settings)
    assert not found.alive
    assert "there is no sign of life" in found.told
    assert len(heard) == 1


def test_a_site_that_does_not_answer_is_silent(heard: list[Event], settings: Settings) -> None:
    found = notify_watch.watch("a-river", 90, "http://127.0.0.1:9", settings)
    assert "ConnectError" in found.told
    assert len(heard) == 1


def test_the_exit_status_says_whether_it_lives(heard: list[Event], settings: Settings) -> None:
    beat(settings.home, 5)
    done = CliRunner().invoke(app, ["watch", "simulated", "--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout)["alive"] is True
    done = CliRunner().invoke(app, ["watch", "-n", "han-live"])
    assert done.exit_code == 1
    assert len(heard) == 1


def test_a_test_says_of_each_receiver_whether_it_heard(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    got: list[Event] = []

    def deaf(_: Event) -> None:
        raise NotDelivered("nobody is there")

    assert settings.home.exists()
    monkeypatch.setattr(notify_receivers, "of", lambda _: {"a": got.append, "b": deaf})
    done = CliRunner().invoke(app, ["notify", "--test", "--json"])
    assert done.exit_code == 1
    assert json.loads(done.stdout)["receivers"] == {"a": "told", "b": "NOT told: nobody is there"}
    assert got[0].title_en.startswith("[TEST] ")
    assert CliRunner().invoke(app, ["notify"]).exit_code == 0
    assert len(got) == 1
    monkeypatch.setattr(notify_receivers, "of", lambda _: {})
    done = CliRunner().invoke(app, ["notify", "--test"])
    assert done.exit_code == 1
    assert "Set MULGIL_WEBHOOK" in done.stderr
