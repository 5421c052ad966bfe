"""From a cycle to a message: real files of a cycle, receivers that are lists, a full disk."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from flows import issuing, notify, notify_outbox, notify_receivers, publishing, pulling, training
from flows.cycle import Cycle
from flows.folders import Folders
from flows.notify_event import Event
from flows.notify_seen import look, published
from flows.notify_webhook import NotDelivered
from flows.settings import Settings, read
from forecast.model import ModelConfig
from forecast.train import TrainConfig

TINY = TrainConfig(updates=4, batch=8, model=ModelConfig(hidden=4, window=48, last=24))
WHEN = np.datetime64("2020-12-31T23:00", "ns")


@dataclass
class Ears:
    """A receiver in this process; `deaf` as long as it cannot be reached."""

    heard: list[Event]
    deaf: bool = False

    def __call__(self, event: Event) -> None:
        if self.deaf:
            raise NotDelivered("nobody is there")
        self.heard.append(event)

    @property
    def kinds(self) -> list[str]:
        return [event.kind for event in self.heard]


@pytest.fixture
def ears(monkeypatch: pytest.MonkeyPatch) -> Ears:
    ears = Ears([])
    monkeypatch.setattr(notify_receivers, "of", lambda _: {"ears": ears})
    return ears


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read({"MULGIL_HOME": str(tmp_path)})


def event(kind: str = "review", title: str = "It is held") -> Event:
    told: dict[str, str] = {"title_ko": "보류", "title_en": title, "body_ko": "-", "body_en": "-"}
    return Event(kind=kind, network="simulated", when=WHEN, **told)  # type: ignore[arg-type]


def failed(told: str = "There is no trained model.") -> Cycle:
    return Cycle("simulated", WHEN, "failed", None, None, 1.0, told)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return the manifest and the release of one real cycle."""
    home = tmp_path_factory.mktemp("home")
    folders = Folders(home)
    pulling.pull("simulated", None, folders)
    training.train("simulated", folders, TINY)
    run = issuing.issue("simulated", None, folders)
    return run, publishing.publish(run, folders, settings=read({"MULGIL_HOME": str(home)}))


@pytest.mark.slow
def test_stages_are_those_that_the_site_shows(world: tuple[Path, Path], ears: Ears) -> None:
    run, release = world
    cycle = Cycle("simulated", WHEN, "issued", run, release, 1.0, "3 of 3 gauges.")
    own = read({"MULGIL_HOME": str(run.parent.parent)})
    seen = look(cycle, own.folders)
    assert seen.stages == {"S1": 0, "S2": 0, "S3": 0}
    assert seen.marks == ("SIMULATED", "REPLAY")
    assert seen.when == WHEN
    assert seen.sentences["S3"][1].endswith("at 09:00 KST.")
    assert look(replace(cycle, release=None), own.folders).stages == seen.stages
    assert notify.after(cycle, own) == []
    assert ears.heard == []


@pytest.mark.slow
def test_a_stage_that_the_site_shows_is_told_once_with_what_is_said_of_the_gauge(
    world: tuple[Path, Path], ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, release = world
    own = read({"MULGIL_HOME": str(run.parent.parent)})
    _, sentences = published(release, pulling.find("simulated", own.folders))
    higher = ({"S1": 0, "S2": 3, "S3": 0}, sentences)
    monkeypatch.setattr("flows.notify_seen.published", lambda *_: higher)
    cycle = Cycle("simulated", WHEN, "issued", run, release, 1.0, "3 of 3 gauges.")
    assert notify.after(cycle, own) == []
    assert notify.after(cycle, own) == []
    (told,) = ears.heard
    assert told.title_en == (
        "[SIMULATED, REPLAY] [Mulgil] Simulated river: Simulated 2 raised to warning"
    )
    assert told.body_en.splitlines()[0].startswith("- Simulated 2: normal → warning. ")
    assert told.data["run"] == run.stem


def test_a_failed_cycle_is_told_once(ears: Ears, settings: Settings) -> None:
    assert notify.after(failed(), settings) == []
    assert notify.after(failed(), settings) == []
    assert ears.kinds == ["failed"]
    assert "There is no trained model." in ears.heard[0].body_ko


def test_what_nobody_could_be_told_is_told_with_the_next_cycle(
    ears: Ears, settings: Settings
) -> None:
    ears.deaf = True
    assert notify.after(failed(), settings) == ["ears: nobody is there"]
    assert notify.after(failed(), settings) == ["ears: nobody is there"]
    ears.deaf = False
    assert notify.after(failed(), settings) == []
    assert notify.after(failed(), settings) == []
    assert ears.kinds == ["failed"]
    assert ears.heard[0].body_en.startswith("(Sent late: this was 0 min ago.)")


def test_what_is_old_is_no_news(ears: Ears, settings: Settings) -> None:
    ears.deaf = True
    notify.send(event(), settings)
    path = settings.home / "notify" / "outbox.json"
    kept = json.loads(path.read_text())
    kept["waiting"][0]["since"] -= 6 * 3600 + 1
    path.write_text(json.dumps(kept))
    ears.deaf = False
    assert notify_outbox.send_waiting(settings) == []
    assert ears.heard == []


def test_no_more_than_the_limit_is_told_in_an_hour_but_what_is_grave_is(
    ears: Ears, settings: Settings
) -> None:
    few = settings.model_copy(update={"notify_per_hour": 2})
    for number in range(4):
        notify.send(event(title=f"{number}"), few)
    assert ears.kinds == ["review", "review"]
    assert notify.send(event(), few) == ["review withheld: 2 messages in this hour"]
    assert notify.send(event("raised"), few) == []
    assert ears.kinds == ["review", "review", "raised"]
    assert "3 messages were held back" in ears.heard[-1].body_en
    assert ears.heard[-1].data["withheld"] == 3


def test_kinds_that_nobody_wants_are_not_told(ears: Ears, settings: Settings) -> None:
    grave = settings.model_copy(update={"notify_events": "raised, failed"})
    assert notify.send(event("late"), grave) == []
    assert notify.send(event("failed"), grave) == []
    assert ears.kinds == ["failed"]


def test_what_is_not_a_real_river_is_marked_whoever_tells_of_it(
    ears: Ears, settings: Settings
) -> None:
    assert notify.send(event("crashed", "A run died"), settings) == []
    assert notify.send(replace(event("crashed", "So did one"), network="han-live"), settings) == []
    assert [each.title_en for each in ears.heard] == ["[SIMULATED] A run died", "So did one"]
    assert [each.data["label"] for each in ears.heard] == ["SIMULATED", ""]
    assert notify.send(replace(event(), network="nowhere"), settings) == []


Break = Callable[[Path], None]


def _full(home: Path) -> None:
    (home / "notify").write_text("no folder can be made here")


def _garbage(home: Path) -> None:
    (home / "notify").mkdir()
    for name in ("simulated.json", "outbox.json"):
        (home / "notify" / name).write_text('{"stages": [')


@pytest.mark.parametrize("harm", [_full, _garbage])
def test_people_are_told_although_the_memory_is_lost(
    ears: Ears, settings: Settings, harm: Break
) -> None:
    harm(settings.home)
    notify.after(failed(), settings)
    assert ears.kinds == ["failed"]


def test_whatever_is_wrong_a_cycle_goes_on(ears: Ears, settings: Settings) -> None:
    lost = Cycle("simulated", WHEN, "issued", Path("/none"), None, 1.0, "")
    assert "No such file" in notify.after(lost, settings)[0]
    unknown = replace(failed(), network="nowhere")
    assert "No network 'nowhere'" in notify.after(unknown, settings)[0]


def test_several_events_of_a_cycle_cost_it_no_more_than_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[float] = []
    clock = iter([100.0, 100.0, 107.9, 300.0])
    monkeypatch.setattr(notify_receivers, "of", lambda _: {"ears": lambda _: None})
    monkeypatch.setattr(notify, "look", lambda *_: None)
    monkeypatch.setattr(notify, "decide", lambda _, before: ([event()] * 3, before))
    monkeypatch.setattr("time.monotonic", lambda: next(clock))

    def slow(_event: Event, _settings: Settings, patience: float) -> list[str]:
        given.append(patience)
        return ["slow"]

    monkeypatch.setattr(notify, "send", slow)
    assert notify.after(failed(), settings) == ["slow"] * 3
    assert given == [8.0, pytest.approx(0.5), 0.5]


def test_without_a_receiver_nothing_is_kept(settings: Settings) -> None:
    assert notify.after(failed(), settings) == []
    assert not (settings.home / "notify").exists()
