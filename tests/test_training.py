"""Training as `mulgil train` does it: kept, judged, put in service or not."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data import archive
from data.errors import MulgilError
from data.network import Split
from data.sources.simulated import network, observe
from flows import model_card, models, training
from flows.folders import Folders
from forecast.checkpoint import Checkpoint, load
from forecast.contest import Contest
from forecast.model import ModelConfig
from forecast.sampling import choose
from forecast.train import TrainConfig

SPLIT = Split(train=(2018, 2018), validate=(2019, 2019), test=(2020, 2020))
RIVER = replace(network(gauges=2, horizon=3), split=SPLIT)
SIZES = ModelConfig(hidden=4, near=2, window=24, last=12)
TINY = TrainConfig(updates=4, batch=8, check_every=2, model=SIZES)


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    record = observe(RIVER, hours=24 * 110, start="2018-10-23")
    monkeypatch.setattr("flows.pulling.find", lambda *_: RIVER)
    found = Folders(tmp_path)
    archive.save(found.observations(RIVER.name), record)
    return found


def refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every later model lose."""
    lost = Contest(0.1, 0.6, "abc", 900)
    monkeypatch.setattr("forecast.contest.hold", lambda *_: lost)


def card_of(folders: Folders, model: Checkpoint) -> dict[str, Any]:
    path = folders.network(RIVER.name) / "models" / f"{model.model_id}.json"
    told: dict[str, Any] = json.loads(path.read_text())
    return told


def test_a_model_is_kept_with_a_card_that_says_what_it_is_for_and_what_not(
    folders: Folders,
) -> None:
    path = training.train(RIVER.name, folders, TINY)
    model = load(path, RIVER)
    card = card_of(folders, model)
    assert card["about"] == json.loads(json.dumps(model.about))
    assert card["simulated"] is True
    assert card["not_forecast"] == []
    told = (folders.network(RIVER.name) / "models" / f"{model.model_id}.md").read_text()
    for words in (
        "**SIMULATED",
        "Trained on 2018-10-23T00:00 to 2018-12-31T23:00 UTC, 2 gauges: S1, S2",
        "Chosen on 2019\n",
        "no official flood warning (공식 홍수특보가 아닙니다)",
        "| persistence | 3 | 0.000 |",
        "| ridge | 3 |",
        "mulgil verify simulated",
        "seed 0",
        "4 updates",
        "validation found it no worse",
    ):
        assert words in told


def test_a_card_says_where_a_baseline_is_better() -> None:
    def row(name: str, lead: float, error: float, flood: float | None) -> dict[str, Any]:
        return {"model": name, "lead_hours": lead, "rmse": error, "rmse_flood": flood}

    rows = [
        row("model", 1.0, 0.2, None),
        row("model", 6.0, 0.5, 0.9),
        row("ridge", 1.0, 0.1, 0.1),
        row("ridge", 6.0, 0.6, 0.8),
    ]
    assert model_card._losses(rows) == [
        "Worse than ridge in all hours at 1 h.",
        "Worse than ridge in flood hours at 6 h.",
    ]


def test_nothing_of_a_training_is_left_when_it_is_done(folders: Folders) -> None:
    training.train(RIVER.name, folders, TINY)
    assert not (folders.network(RIVER.name) / "training").exists()


def test_a_training_that_stopped_goes_on_where_it_was(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = load(training.train(RIVER.name, Folders(folders.home), TINY), RIVER)

    def stop(done: int, _: int, __: str) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        training.train(RIVER.name, folders, TINY, stop)
    heard: list[str] = []
    again = training.train(RIVER.name, folders, TINY, lambda *what: heard.append(what[2]))
    assert heard[0] == "going on after update 2"
    assert load(again, RIVER).model_id == expected.model_id


def test_a_worse_model_is_kept_and_does_not_serve(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load(training.train(RIVER.name, folders, TINY), RIVER)
    refuse(monkeypatch)
    with pytest.raises(MulgilError, match="is kept and does not serve"):
        training.train(RIVER.name, folders, replace(TINY, seed=1))
    assert load(folders.checkpoint(RIVER.name), RIVER).model_id == first.model_id
    assert len(models.cards(folders, RIVER)) == 2
    assert not (folders.network(RIVER.name) / "training").exists()


def test_a_worse_model_serves_when_it_is_forced_and_its_card_says_why(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load(training.train(RIVER.name, folders, TINY), RIVER)
    refuse(monkeypatch)
    config = replace(TINY, seed=1)
    forced = load(training.train(RIVER.name, folders, config, force="the gauge was moved"), RIVER)
    assert forced.seed == 1
    card = models.card(folders, RIVER, forced.model_id)
    (promotion,) = card.told["promotions"]
    assert (promotion["why"], promotion["forced"]) == ("the gauge was moved", True)
    assert card.told["contest"] == {
        "new": 0.1,
        "serving": 0.6,
        "model": first.model_id,
        "pairs": 900,
        "problem": "",
    }


def test_a_model_can_learn_from_some_gauges_and_is_judged_by_others(folders: Folders) -> None:
    path = training.train(RIVER.name, folders, replace(TINY, gauges=1))
    model = load(path, RIVER)
    card = card_of(folders, model)
    told = (folders.network(RIVER.name) / "models" / f"{model.model_id}.md").read_text()
    assert "1 of 2 gauges were not learnt from" in told
    (learnt,) = choose(RIVER, 1)
    assert card["validation_by_gauge"].keys() == set(RIVER.ids) - {learnt}
    again = load(training.train(RIVER.name, folders, replace(TINY, gauges=1)), RIVER)
    assert again.model_id == model.model_id


def test_the_same_seed_gives_the_same_model_and_the_same_scores(folders: Folders) -> None:
    first = load(training.train(RIVER.name, folders, TINY), RIVER)
    card = card_of(folders, first)
    again = load(training.train(RIVER.name, folders, TINY), RIVER)
    assert again.model_id == first.model_id
    assert again.scores == first.scores
    assert card_of(folders, again)["validation"] == card["validation"]


def test_all_gauges_of_a_small_network_are_learnt_from_and_some_of_a_large_one() -> None:
    assert training.sampled(network(gauges=100)) == 0
    assert training.sampled(network(gauges=101)) == 100
