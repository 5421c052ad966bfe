"""A cycle that fails under Prefect: no secret in its database, its logs, a manifest or a page."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from data import networks
from flows.leaks import places
from flows.replay.clock import real
from flows.replay.faults import Faults
from flows.replay.server import SOURCES, Server, Stage, serving
from flows.replay.worlds import simulate

SECRETS = {
    "hrfco_key": "SECRET-7A1D44C2-0000-4B1E-9F00-KEY",  # a GUID: it is a part of each address
    "kma_forecast_key": "SECRET+KEY/7A1D44C2==",  # as data.go.kr makes them
    "webhook": "http://127.0.0.1:9/services/SECRET-OF-THE-HOOK-7A1D",
    "webhook_secret": 'SECRET&of<the>"signature"',
}
CARELESS = """
import logging, os
from flows import deployments
from flows.redaction import shielded
from flows.settings import read
from prefect import flow, get_run_logger, task

KEYS = read().secrets.values()

@task
@shielded
def ask(key):
    raise ValueError(f"no answer from https://api.example/{key}/list.json")

@flow
def careless():
    for key in KEYS:
        get_run_logger().error("asked https://api.example/%s/list.json", key)
        logging.getLogger("prefect.httpx").warning(f"GET https://api.example/?key={key}")
        ask(key, return_state=True)
    print("done " + str(len(list(KEYS))))

careless()
deployments.issue_forecast("han-live", return_state=True)
logging.getLogger("mulgil").error("the end")
raise RuntimeError(f"dies of {list(KEYS)}")
"""


@pytest.fixture
def server() -> Iterator[Server]:
    clock = real(speed=0)
    world = simulate(networks.find("han-live"), clock.now())
    with serving(Stage(world, clock, Faults(SOURCES), pause=0.001)) as served:
        served.stage.faults.set("kma_forecast", "html")
        yield served


def environment(server: Server, home: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("MULGIL_", "PREFECT_"))}
    urls = {f"MULGIL_{source.upper()}_URL": server.url(source) for source in SOURCES}
    file = home.parent / "secrets"
    file.write_text("".join(f"{name}={value}\n" for name, value in SECRETS.items()))
    file.chmod(0o600)
    return (
        kept
        | urls
        | {
            "COLUMNS": "2000",
            "MULGIL_HOME": str(home),
            "MULGIL_SECRETS_FILE": str(file),
            "PREFECT_HOME": str(home / "prefect"),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "200",
            "PREFECT_LOGGING_LEVEL": "DEBUG",
            "DO_NOT_TRACK": "1",
        }
    )


@pytest.mark.slow
def test_whatever_fails_under_prefect_leaves_and_shows_no_secret(
    server: Server, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    done = subprocess.run(  # noqa: S603
        (sys.executable, "-c", CARELESS),
        env=environment(server, home),
        capture_output=True,
        timeout=500,
        check=False,
    )
    said = (done.stdout + done.stderr).decode()
    assert "done 5" in said, said
    assert "RuntimeError: dies of ['…', '…'" in said
    (tmp_path / "said" / "x").parent.mkdir()
    (tmp_path / "said" / "x").write_text(said)
    with closing(sqlite3.connect(home / "prefect" / "prefect.db")) as database:
        kept = " ".join(str(row) for row in database.execute("SELECT message FROM log"))
        states = " ".join(
            str(row) for row in database.execute("SELECT message FROM task_run_state")
        )
    assert "asked https://api.example/…/list.json" in kept  # the logs did get there
    assert "no answer from https://api.example/…/list.json" in states
    assert list((home / "han-live" / "raw").rglob("*.gz"))  # it was asked, with the keys
    assert places(home, SECRETS.values()) == []
    assert places(tmp_path / "said", SECRETS.values()) == []
