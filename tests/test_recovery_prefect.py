"""Prefect's database locked, damaged or deleted: cycles go on, and the server starts anew."""

import os
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import numpy as np
import pytest

from data.sources import hrfco
from flows import campaign_rivers, campaign_worker, cycle
from flows.campaign_rivers import HOURLY
from flows.replay.clock import Clock
from flows.replay.faults import Faults
from flows.replay.server import SOURCES, Stage, serving
from flows.server import ENVIRONMENT, server, set_aside_broken
from forecast.model import ModelConfig
from forecast.train import TrainConfig

TINY = TrainConfig(updates=4, batch=8, model=ModelConfig(hidden=4, window=48, last=24))
NOW = np.datetime64("2026-08-13T03:12", "ns")


def test_a_cycle_without_prefect_goes_on_while_its_database_is_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hrfco, "PAUSE", 0.0)
    campaign_rivers.prepare(tmp_path, HOURLY, 2, 0, TINY)
    (tmp_path / "prefect").mkdir()
    path = tmp_path / "prefect" / "prefect.db"
    stage = Stage(campaign_rivers.world(2, NOW, 0), Clock(NOW, speed=0), Faults(SOURCES))
    with closing(sqlite3.connect(path, isolation_level=None)) as database, serving(stage) as played:
        database.execute("CREATE TABLE flow_run (id)")
        database.execute("BEGIN EXCLUSIVE")
        settings = campaign_worker.settings(tmp_path, played.url())
        done = cycle.run(HOURLY.name, settings, due=NOW, now=NOW)
    assert done.state == "issued"
    assert done.release is not None


def test_a_database_that_is_locked_is_waited_for_and_not_put_aside(tmp_path: Path) -> None:
    path = tmp_path / "prefect.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("CREATE TABLE flow_run (id)")
        database.execute("BEGIN EXCLUSIVE")
        assert set_aside_broken(tmp_path) is None
    assert path.exists()


@pytest.mark.slow
def test_a_server_whose_database_was_deleted_starts_with_a_fresh_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = {name for name in os.environ if name.startswith("PREFECT_")} | set(ENVIRONMENT)
    for name in ours | {"PREFECT_HOME", "PREFECT_API_URL"}:
        monkeypatch.setenv(name, "")  # so that it is put back as it was, or taken away
        monkeypatch.delenv(name)  # from the processes, too: another test's database would be asked
    for _ in range(2):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with server(tmp_path, port) as api:
            assert httpx.post(f"{api}/flow_runs/count", timeout=30).json() == 0
        for path in tmp_path.glob("prefect.db*"):
            path.unlink()
