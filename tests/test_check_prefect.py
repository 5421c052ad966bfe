"""Do schedules fire: what is told of a server that plans runs, of one that never does, of none."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from flows import check_prefect
from flows.check_finding import looked

Run = Callable[[Any], Any]


class Api(ThreadingHTTPServer):
    """Answers like Prefect's API as far as it is asked here."""

    def __init__(self, plans: bool, status: int = 200) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.plans, self.status = plans, status
        self.asked: list[tuple[str, Any]] = []


class _Answer(BaseHTTPRequestHandler):
    server: Api

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, json.loads(body)))
        runs = [{"id": "run"}] if self.server.plans else []
        told = runs if self.path.endswith("/filter") else {"id": "one"}
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def instead(monkeypatch: pytest.MonkeyPatch, api: Api) -> list[dict[str, str]]:
    """Let a server of ours stand for Prefect's; return the environments that it was started in."""
    seen: list[dict[str, str]] = []

    @contextmanager
    def server(_home: Path, _port: int) -> Iterator[str]:
        seen.append(dict(os.environ))
        os.environ["PREFECT_HOME"] = "/thrown/away"
        yield f"http://127.0.0.1:{api.server_port}/api"

    monkeypatch.setattr(check_prefect, "server", server)
    return seen


def test_a_schedule_that_plans_a_run_is_good_and_leaves_the_own_server_alone(
    run_server: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://prefect.example/api")
    before = dict(os.environ)
    api = run_server(Api(plans=True))
    seen = instead(monkeypatch, api)
    (found,) = check_prefect.schedules()
    assert found.mark == "ok"
    assert "PREFECT_API_URL" not in seen[0]
    assert dict(os.environ) == before
    assert [path for path, _ in api.asked] == [
        "/api/flows/",
        "/api/deployments/",
        "/api/flow_runs/filter",
    ]
    assert api.asked[1][1]["schedules"][0]["schedule"]["cron"] == "* * * * *"


def test_a_schedule_that_plans_nothing_is_wrong_and_the_way_around_is_told(
    run_server: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    instead(monkeypatch, run_server(Api(plans=False)))
    (found,) = check_prefect.schedules(patience=0.2)
    assert found.mark == "wrong"
    assert "pip install -r requirements.lock" in found.remedy
    assert "mulgil cycle" in found.remedy


def test_a_server_that_refuses_is_wrong(run_server: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    instead(monkeypatch, run_server(Api(plans=True, status=422)))
    (found,) = looked("prefect", check_prefect.schedules)
    assert found.found == "The Prefect server answered HTTP 422 at /flows/."
    assert found.mark == "wrong"
