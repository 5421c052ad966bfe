"""A sweep: the same models on any engine, kept and compared, none of them put in service."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from data.errors import InvalidData
from flows import models, pulling, sweep, training
from flows.cli import app
from flows.folders import Folders
from forecast.model import ModelConfig
from forecast.train import TrainConfig

RIVER = "simulated"
TINY = TrainConfig(
    updates=4, batch=8, check_every=2, model=ModelConfig(hidden=4, window=48, last=24)
)
WAYS = sweep.ways(TINY, {"hidden": [4, 6], "seed": [0]})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with a record and no model."""
    place = tmp_path_factory.mktemp("home")
    pulling.pull(RIVER, None, Folders(place))
    return place


def copied(home: Path, place: Path) -> Folders:
    import shutil

    shutil.copytree(home, place)
    return Folders(place)


def test_every_combination_is_a_way_and_the_rest_is_as_usual() -> None:
    found = sweep.ways(TINY, {"rate": [0.1, 0.2], "dropout": [0.0, 0.5]})
    assert [(c.rate, c.model.dropout) for c, _ in found] == [
        (0.1, 0.0), (0.1, 0.5), (0.2, 0.0), (0.2, 0.5),
    ]  # fmt: skip
    assert {(c.updates, c.model.hidden) for c, _ in found} == {(4, 4)}
    assert found[1][1] == {"rate": 0.1, "dropout": 0.5}


def test_a_value_that_is_named_twice_is_refused() -> None:
    with pytest.raises(InvalidData, match="'rate'"):
        sweep.ways(TINY, {"rate": [0.1, 0.1]})


def test_workers_train_the_same_weights_as_this_process(home: Path, tmp_path: Path) -> None:
    told = {}
    for engine in ("serial", "processes"):
        folders = copied(home, tmp_path / engine)
        told[engine] = sweep.sweep(RIVER, folders, WAYS, (engine, 2))
    one, other = ([row["model"] for row in told[engine]] for engine in ("serial", "processes"))
    assert one == other  # an id is a digest of the weights
    assert len(set(one)) == 2


def test_the_best_on_validation_stands_first_and_none_serves(home: Path, tmp_path: Path) -> None:
    folders = copied(home, tmp_path / "home")
    told = sweep.sweep(RIVER, folders, WAYS, ("serial", 1))
    skills = [row["skill"] for row in told]
    assert skills == sorted(skills, reverse=True)
    network = pulling.find(RIVER, folders)
    assert models.serves(folders, network) is None
    cards = {card.model: card for card in models.cards(folders, network)}
    assert set(cards) == {row["model"] for row in told}
    assert told[0]["skill"] == pytest.approx(cards[told[0]["model"]].skill)


def test_what_is_done_is_kept_and_another_way_is_added(home: Path, tmp_path: Path) -> None:
    folders = copied(home, tmp_path / "home")
    first = sweep.sweep(RIVER, folders, WAYS[:1], ("serial", 1))
    again = sweep.sweep(RIVER, folders, WAYS, ("serial", 1))
    assert {row["hidden"]: row["kept"] for row in again} == {4: True, 6: False}
    assert first[0]["model"] in {row["model"] for row in again}
    left = [path for path in (folders.network(RIVER) / "sweeps").iterdir() if path.is_dir()]
    assert left == []  # states of trainings that are done


def test_the_command_says_that_none_serves_by_it(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied(home, tmp_path / "home")
    monkeypatch.setenv("MULGIL_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(training, "operational", lambda *_: TINY)
    run = CliRunner().invoke(
        app, ["sweep", RIVER, "--updates", "2,4", "--engine", "serial", "--json"]
    )
    assert run.exit_code == 0, run.output
    told = json.loads(run.stdout[run.stdout.index("[") :])
    assert sorted(row["updates"] for row in told) == [2, 4]
    assert not (tmp_path / "home" / RIVER / "model.pt").exists()
    wrong = CliRunner().invoke(app, ["sweep", RIVER, "--hidden", "0"])
    assert wrong.exit_code == 2
