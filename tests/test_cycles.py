"""Cycles of several networks: side by side as one by one, and none takes another with it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows import cycles, manifest, pulling, training
from flows.cli import app
from flows.folders import Folders
from forecast.model import ModelConfig
from forecast.train import TrainConfig

TINY = TrainConfig(updates=4, batch=8, model=ModelConfig(hidden=4, window=48, last=24))
LIVE = ("simulated-korea-3-now", "simulated-korea-4-now")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with two live simulated networks and a model of each."""
    home = tmp_path_factory.mktemp("home")
    for name in LIVE:
        pulling.pull(name, None, Folders(home))
        training.train(name, Folders(home), TINY)
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    import shutil

    shutil.copytree(made, tmp_path / "home")
    monkeypatch.setenv("MULGIL_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_two_networks_side_by_side_are_on_one_site(home: Path) -> None:
    jobs = [cycles.Job(name) for name in LIVE]
    done = cycles.run(jobs, ("processes", 2))
    assert [each.network for each in done] == list(LIVE)
    assert {each.state for each in done} <= {"issued", "degraded"}
    issued = [manifest.load(each.run) for each in done if each.run is not None]
    assert [record.network for record in issued] == list(LIVE)
    shown = {path.name for path in (home / "site" / "current").iterdir()}
    assert set(LIVE) <= shown


def test_a_network_that_there_is_not_takes_no_other_with_it(home: Path) -> None:
    told = CliRunner().invoke(
        app, ["cycles", LIVE[0], "atlantis", "--engine", "serial", "--json", "--no-catch-up"]
    )
    assert told.exit_code == 1
    found = json.loads(told.stdout[told.stdout.index("{") :])
    assert [each["state"] for each in found["cycles"]] == ["issued", "failed"]
    assert "atlantis" in found["cycles"][1]["told"]
    assert (found["networks"], found["issued"]) == (2, 1)


def test_the_worst_status_is_that_of_all() -> None:
    assert cycles.worst([0, 0]) == 0
    assert cycles.worst([0, 4]) == 4
    assert cycles.worst([3, 4, 0]) == 3
    assert cycles.worst([75, 3]) == 75
    assert cycles.worst([75, 1]) == 1


def test_a_network_is_named_once(home: Path) -> None:
    assert CliRunner().invoke(app, ["cycles", LIVE[0], LIVE[0]]).exit_code == 2
