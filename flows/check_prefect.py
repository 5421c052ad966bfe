"""Do schedules fire? With libraries that do not fit, Prefect starts, and never schedules anything.

A server of its own is started in a folder that is thrown away, gets a deployment with a schedule,
and must plan a run.
"""

import os
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from data.errors import MulgilError
from flows.check_finding import Finding
from flows.server import server

PATIENCE = 60.0  # seconds until a run must be planned
_OURS = (
    "PREFECT_API_URL",
    "PREFECT_HOME",
    "PREFECT_SERVER_API_AUTH_STRING",
    "PREFECT_API_AUTH_STRING",
)
_NAME = "mulgil-check"


def schedules(patience: float = PATIENCE) -> Iterator[Finding]:
    """Yield whether a schedule leads to a planned run.

    Raises:
        SourceUnavailable: The server does not start.
        MulgilError: It does not take a deployment.
    """
    begun = time.monotonic()
    with (
        _alone(),
        tempfile.TemporaryDirectory(prefix="mulgil-check-") as folder,
        server(Path(folder), _free_port()) as api,
        httpx.Client(base_url=api) as client,
    ):
        started = time.monotonic() - begun
        planned = _planned(client, _deploy(client), patience)
    took = time.monotonic() - begun
    if planned:
        told = f"a server starts ({started:.0f} s), and a schedule plans runs ({took:.0f} s in all)"
        yield Finding("prefect", "ok", told)
        return
    told = f"a server starts, but its schedule has planned no run in {patience:.0f} s"
    remedy = (
        "fastapi, sqlalchemy or starlette do not fit prefect: pip install -r requirements.lock. "
        "Until then: a cron line with `mulgil cycle` issues forecasts without Prefect."
    )
    yield Finding("prefect", "wrong", told, remedy)


def _deploy(client: httpx.Client) -> str:
    flow = _post(client, "/flows/", {"name": _NAME})["id"]
    schedule = {"schedule": {"cron": "* * * * *", "timezone": "UTC"}, "active": True}
    asked = {
        "name": _NAME,
        "flow_id": flow,
        "schedules": [schedule],
        "enforce_parameter_schema": False,
    }
    return str(_post(client, "/deployments/", asked)["id"])


def _planned(client: httpx.Client, deployment: str, patience: float) -> bool:
    asked = {
        "deployments": {"id": {"any_": [deployment]}},
        "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
    }
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if _post(client, "/flow_runs/filter", asked):
            return True
        time.sleep(0.5)
    return False


def _post(client: httpx.Client, path: str, asked: dict[str, Any]) -> Any:
    try:
        response = client.post(path, json=asked, timeout=30)
    except httpx.HTTPError as error:
        raise MulgilError(
            f"The Prefect server broke off at {path}: {type(error).__name__}.",
            "Install what is locked: pip install -r requirements.lock",
        ) from None
    if not response.is_success:
        raise MulgilError(
            f"The Prefect server answered HTTP {response.status_code} at {path}.",
            "Install what is locked: pip install -r requirements.lock",
        )
    return response.json()


@contextmanager
def _alone() -> Iterator[None]:
    """Leave an installation's own server out of it while the block lasts."""
    before = dict(os.environ)
    for name in _OURS:
        os.environ.pop(name, None)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
