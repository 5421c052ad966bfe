"""`mulgil pull` as a process of its own: its key is in nothing that it prints or leaves."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from data import networks
from flows.bench_faults_keys import seen
from flows.replay.clock import real
from flows.replay.faults import Faults
from flows.replay.server import SOURCES, Server, Stage, serving
from flows.replay.worlds import simulate

HRFCO = "SECRET-7A1D44C2-0000-4B1E-9F00-KEY"  # a GUID: it is a part of each address
KMA = "SECRET+KEY/7A1D44C2=="  # as data.go.kr makes them: another text in an address
MULGIL = (sys.executable, "-W", "error", "-c", "from flows.cli import main; main()")
PULL = (*MULGIL, "pull", "han-live")


@pytest.fixture
def server() -> Iterator[Server]:
    clock = real(speed=0)
    world = simulate(networks.find("han-live"), clock.now())
    with serving(Stage(world, clock, Faults(SOURCES), pause=0.001)) as served:
        yield served


def pull(server: Server, home: Path) -> str:
    """Run `mulgil pull han-live`, and return all that it printed."""
    wide = {"COLUMNS": "2000"}  # a key must not hide in a line that is wrapped
    urls = {f"MULGIL_{source.upper()}_URL": server.url(source) for source in SOURCES}
    own = {"MULGIL_HOME": str(home), "MULGIL_HRFCO_KEY": HRFCO, "MULGIL_KMA_FORECAST_KEY": KMA}
    env = {k: v for k, v in os.environ.items() if not k.startswith("MULGIL_")}
    env |= wide | urls | own
    done = subprocess.run(PULL, env=env, capture_output=True, timeout=300, check=False)  # noqa: S603
    return (done.stdout + done.stderr).decode() + f"\nexit {done.returncode}"


@pytest.mark.slow
def test_a_pull_shows_and_leaves_no_key_whatever_the_provider_does(
    server: Server, tmp_path: Path
) -> None:
    said = pull(server, tmp_path)
    assert "exit 0" in said, said
    server.stage.faults.set("hrfco", "error_in_200")
    server.stage.faults.set("kma_forecast", "html")
    said += pull(server, tmp_path)
    assert "failed" in said
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {".gz", ".sqlite"} <= {path.suffix for path in left}
    assert seen(tmp_path, [HRFCO, KMA], said) == []


@pytest.mark.slow
def test_a_provider_that_breaks_off_or_is_down_is_told_without_the_key(
    server: Server, tmp_path: Path
) -> None:
    server.stage.faults.set("hrfco", "cut", 1)
    server.stage.faults.set("kma_forecast", "down")
    server.stage.faults.set("open_meteo", "garbage")
    said = pull(server, tmp_path)
    assert "kma_forecast" in said
    assert "Traceback" not in said
    assert seen(tmp_path, [HRFCO, KMA], said) == []
