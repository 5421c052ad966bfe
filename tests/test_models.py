import json
from pathlib import Path

import numpy as np
import pytest
import typer

from data.errors import MulgilError, NothingThere
from data.sources.simulated import network
from flows import models, models_command
from flows.folders import Folders
from flows.model_card_text import markdown
from forecast.checkpoint import Checkpoint, load, save
from forecast.contest import Contest
from forecast.model import LevelLSTM, ModelConfig
from forecast.scaling import Scaling

RIVER = network(gauges=1, horizon=2)
SIZES = ModelConfig(inputs=8, stations=1, horizon=2, hidden=2)


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
    worse = model(0.5)
    with pytest.raises(MulgilError, match=r"of 0\.500, the one in service, abc, of 0\.600") as told:
        models.require_no_worse(worse, Contest(0.5, 0.6, "abc", 9000))
    assert f"--promote {worse.model_id} --reason TEXT" in told.value.remedy


def test_one_that_cannot_be_compared_is_refused_with_the_reason() -> None:
    with pytest.raises(MulgilError, match="cannot be compared with abc, the record is too short"):
        models.require_no_worse(model(0.9), Contest(model="abc", problem="the record is too short"))


def test_a_difference_of_chance_and_a_first_model_pass() -> None:
    models.require_no_worse(model(0.598), Contest(0.598, 0.6, "abc", 9000))
    models.require_no_worse(model(-1.0), Contest())


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


def test_the_way_back_leads_to_the_one_that_served_before(folders: Folders) -> None:
    first, second, third = (model(0.5, seed=number) for number in (1, 2, 3))
    for each in (first, second, third):
        models.keep(folders, each)
    with pytest.raises(NothingThere, match="No other model has served 'simulated'"):
        models.predecessor(folders, RIVER)
    for each in (first, third, second):
        models.promote(folders, RIVER, each.model_id)
    assert models.predecessor(folders, RIVER) == third.model_id


def test_why_a_model_serves_stands_on_its_card_also_when_it_is_made_again(
    folders: Folders,
) -> None:
    only = model(0.5)
    models.keep(folders, only)
    models.promote(folders, RIVER, only.model_id, "the gauge was moved", forced=True)
    models.keep(folders, only)
    (promotion,) = models.card(folders, RIVER, only.model_id).told["promotions"]
    assert (promotion["why"], promotion["forced"]) == ("the gauge was moved", True)
    text = (folders.network(RIVER.name) / "models" / f"{only.model_id}.md").read_text()
    assert "the gauge was moved (FORCED)" in text


def test_a_model_that_serves_without_a_card_is_kept_before_another_takes_its_place(
    folders: Folders,
) -> None:
    old, new = model(0.5, seed=1), model(0.6, seed=2)
    save(folders.checkpoint(RIVER.name), old)
    models.keep(folders, new)
    models.promote(folders, RIVER, new.model_id)
    assert {card.model for card in models.cards(folders, RIVER)} == {old.model_id, new.model_id}


def test_a_card_of_an_older_version_and_a_broken_one_are_no_obstacle(folders: Folders) -> None:
    kept = models.keep(folders, model(0.5))
    older = json.loads(kept.with_suffix(".json").read_text())
    del older["about"]
    kept.with_suffix(".json").write_text(json.dumps(older))
    kept.with_name("broken.json").write_text("{")
    (card,) = models.cards(folders, RIVER)
    assert card.skill == pytest.approx(0.5)
    assert "Trained on 2018-01-01T00:00 to 2018-12-31T23:00 UTC, 1 gauge: S1" in markdown(card.told)


def test_no_name_of_a_model_leads_out_of_its_folder(folders: Folders) -> None:
    models.keep(folders, model(0.5))
    save(folders.network(RIVER.name) / "model.pt", model(0.5))
    with pytest.raises(NothingThere, match=r"no model '\.\./model'"):
        models.promote(folders, RIVER, "../model")


def test_the_command_lists_promotes_shows_and_leads_back(
    folders: Folders, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = model(0.5, seed=1), model(0.6, seed=2)
    for each in (first, second):
        models.keep(folders, each)
    monkeypatch.setenv("MULGIL_HOME", str(folders.home))
    monkeypatch.setattr("flows.pulling.find", lambda *_: RIVER)

    def said() -> dict[str, bool]:
        return {row["model"]: row["serves"] for row in json.loads(capsys.readouterr().out)}

    models_command.models("simulated", promote=first.model_id, as_json=True)
    assert said() == {first.model_id: True, second.model_id: False}
    models_command.models("simulated", promote=second.model_id, reason="better", as_json=True)
    assert said() == {first.model_id: False, second.model_id: True}
    models_command.models("simulated", show="serving")
    shown = capsys.readouterr().out
    assert shown.startswith(f"# Model {second.model_id} of simulated\n")
    assert "Z: better\n" in shown
    models_command.models("simulated", rollback=True, as_json=True)
    assert said() == {first.model_id: True, second.model_id: False}
    models_command.models("simulated", show=second.model_id, as_json=True)
    assert json.loads(capsys.readouterr().out)["seed"] == 2
    with pytest.raises(typer.BadParameter, match="name one of them"):
        models_command.models("simulated", show="serving", rollback=True)
