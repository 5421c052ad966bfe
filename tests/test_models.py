import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data.errors import MulgilError, NothingThere
from data.sources.simulated import network
from flows import models, models_command
from flows.folders import Folders
from forecast.checkpoint import Checkpoint, load
from forecast.model import LevelLSTM, ModelConfig
from forecast.scaling import Scaling

RIVER = network(gauges=1, horizon=2)
SIZES = ModelConfig(inputs=1, stations=1, horizon=2, hidden=2)


def model(skill: float, seed: int = 0) -> Checkpoint:
    one, none = np.ones((1, 1)), np.zeros(1)
    weights = {n: w.clone().fill_(seed) for n, w in LevelLSTM(SIZES).state_dict().items()}
    return Checkpoint(
        weights=weights,
        model=SIZES,
        scaling=Scaling(("own",), one, one, one, np.ones((1, 2)), none, none, np.ones((1, 2))),
        widening=np.ones((2, 1, 2, 9)),
        network=RIVER.name,
        stations=tuple(RIVER.ids),
        quantity=RIVER.quantity,
        step=RIVER.step,
        period=("2018-01-01T00:00", "2018-12-31T23:00"),
        scores={"validation_skill_1": skill + 0.1, "validation_skill_2": skill - 0.1},
        seed=seed,
    )


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


def test_the_card_says_what_was_learnt_from_and_which_one_serves(folders: Folders) -> None:
    first, second = model(0.5, seed=1), model(0.6, seed=2)
    for each in (first, second):
        models.keep(folders, each)
    models.promote(folders, RIVER, first.model_id)
    found = {card.model: card for card in models.cards(folders, RIVER)}
    assert found[first.model_id].serves
    assert not found[second.model_id].serves
    assert found[second.model_id].skill == pytest.approx(0.6)
    assert found[first.model_id].told["trained_on"] == ["2018-01-01T00:00", "2018-12-31T23:00"]


def test_a_model_that_served_before_can_serve_again(folders: Folders) -> None:
    first, second = model(0.5, seed=1), model(0.6, seed=2)
    for each in (first, second):
        models.keep(folders, each)
        models.promote(folders, RIVER, each.model_id)
    models.promote(folders, RIVER, first.model_id)
    assert load(folders.checkpoint(RIVER.name), RIVER).model_id == first.model_id


def test_a_worse_model_is_refused_with_both_skills_and_the_way_out() -> None:
    better, worse = model(0.6, seed=1), model(0.5, seed=2)
    with pytest.raises(MulgilError, match=r"skill of 0\.500.* of 0\.600.*") as told:
        models.require_no_worse(worse, better)
    assert f"--promote {worse.model_id}" in told.value.remedy


def test_a_difference_of_chance_and_a_first_model_pass() -> None:
    models.require_no_worse(model(0.598), replace(model(0.6), seed=1))
    models.require_no_worse(model(-1.0), None)


def test_an_unknown_model_is_refused_with_those_that_are_known(folders: Folders) -> None:
    kept = model(0.5)
    models.keep(folders, kept)
    with pytest.raises(NothingThere, match=f"no model 'abc'. Known: {kept.model_id}"):
        models.promote(folders, RIVER, "abc")


def test_a_broken_model_in_service_stands_in_nobodys_way(folders: Folders) -> None:
    path = folders.checkpoint(RIVER.name)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"half a file")
    assert models.serves(folders, RIVER) is None


def test_the_command_lists_and_promotes(
    folders: Folders, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = model(0.5, seed=1), model(0.6, seed=2)
    for each in (first, second):
        models.keep(folders, each)
    monkeypatch.setenv("MULGIL_HOME", str(folders.home))
    monkeypatch.setattr("flows.pulling.find", lambda *_: RIVER)
    models_command.models("simulated", promote=second.model_id, as_json=True)
    told = {row["model"]: row["serves"] for row in json.loads(capsys.readouterr().out)}
    assert told == {first.model_id: False, second.model_id: True}
