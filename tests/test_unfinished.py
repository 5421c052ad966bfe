import random
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import xarray as xr

from data.network import Split
from data.sources.simulated import network, observe
from forecast.checkpoint import Checkpoint
from forecast.model import ModelConfig
from forecast.train import TrainConfig, train
from forecast.unfinished import Unfinished, digest, key_of

SPLIT = Split(train=(2018, 2018), validate=(2019, 2019), test=(2020, 2020))
RIVER = replace(network(gauges=2, horizon=4), split=SPLIT)
SIZES = ModelConfig(hidden=8, near=2, window=48, last=24)
QUICK = TrainConfig(updates=12, batch=8, check_every=2, model=SIZES)
HOURS = 24 * 110

CHILD = """
import sys
sys.path.insert(0, {here!r})
from pathlib import Path
from test_unfinished import QUICK, RIVER, record
from forecast.train import train

train(RIVER, record(), QUICK, lambda done, *_: print(done, flush=True), state=Path({state!r}))
"""


def record() -> xr.Dataset:
    """Return ten weeks before, and forty days after the beginning of 2019."""
    return observe(RIVER, hours=HOURS, start="2018-10-23")


@pytest.fixture(scope="module")
def whole() -> Checkpoint:
    return train(RIVER, record(), QUICK)


def killed(state: Path, after: int) -> None:
    """Train in a process of its own and kill it once it has told of `after` updates."""
    script = CHILD.format(here=str(Path(__file__).parent), state=str(state))
    with subprocess.Popen(  # noqa: S603  # our own interpreter
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    ) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if int(line) >= after:
                child.send_signal(signal.SIGKILL)
                break
    assert child.returncode == -signal.SIGKILL


def same(one: Checkpoint, other: Checkpoint) -> bool:
    """Say whether two models are the same to the last bit."""
    return (
        all(torch.equal(weight, other.weights[name]) for name, weight in one.weights.items())
        and np.array_equal(one.widening, other.widening)
        and one.scores == other.scores
        and one.model_id == other.model_id
    )


def test_a_training_that_was_killed_goes_on_to_the_very_same_model(
    tmp_path: Path, whole: Checkpoint
) -> None:
    killed(tmp_path, after=random.SystemRandom().choice([2, 4, 6, 8, 10]))
    heard: list[tuple[int, str]] = []
    model = train(
        RIVER,
        record(),
        QUICK,
        lambda done, _, text: heard.append((done, text)),
        state=tmp_path,
    )
    first, text = heard[0]
    assert first >= 2
    assert text == f"going on after update {first}"
    assert same(model, whole)


def test_a_changed_record_or_setting_starts_anew(tmp_path: Path) -> None:
    train(RIVER, record(), QUICK, state=tmp_path)

    def heard(observations: xr.Dataset, config: TrainConfig) -> str:
        told: list[str] = []
        train(RIVER, observations, config, lambda *what: told.append(what[2]), state=tmp_path)
        return told[0]

    assert heard(record(), QUICK) == "going on after update 12"
    assert heard(record(), replace(QUICK, rate=1e-3)).startswith("validation loss")
    other = record()
    other.water_level[0, 100] += 0.01
    assert heard(other, QUICK).startswith("validation loss")


def test_records_are_told_apart_by_value_arrival_and_course_of_the_river() -> None:
    first = digest(record(), RIVER)
    assert first == digest(record(), RIVER)
    upstream = replace(RIVER.stations[0], upstream=("S2",))
    assert first != digest(record(), replace(RIVER, stations=(upstream, RIVER.stations[1])))
    late = record()
    late.received_time[0, 5] += np.timedelta64(1, "h")
    assert first != digest(late, RIVER)


def test_what_was_fitted_beside_is_not_fitted_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = replace(QUICK, companion=2)
    expected = train(RIVER, record(), config)
    monkeypatch.setattr("forecast.train.fitted", _stop)
    with pytest.raises(KeyboardInterrupt):
        train(RIVER, record(), config, state=tmp_path)
    monkeypatch.undo()
    told: list[str] = []
    model = train(RIVER, record(), config, lambda *what: told.append(what[2]), state=tmp_path)
    assert told == ["going on after update 12"]  # and no trees
    assert model.companion is not None
    assert same(model, expected)


def _stop(*_: object) -> Checkpoint:
    raise KeyboardInterrupt


def test_half_a_state_counts_as_none(tmp_path: Path) -> None:
    unfinished = Unfinished(tmp_path, "key")
    unfinished.keep("part", {"done": 3})
    assert unfinished.take("part") == {"done": 3}
    assert Unfinished(tmp_path, "other").take("part") is None
    (tmp_path / "part.pt").write_bytes((tmp_path / "part.pt").read_bytes()[:-200])
    assert unfinished.take("part") is None


def test_a_state_that_cannot_be_kept_costs_the_way_back_and_not_the_training(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a file").write_text("no folder")
    Unfinished(tmp_path / "a file", "key").keep("part", {"done": 3})
    assert "could not be kept" in caplog.text


def test_nothing_is_left_of_a_training_that_is_done(tmp_path: Path) -> None:
    unfinished = Unfinished(tmp_path / "training", key_of("settings"))
    unfinished.keep("part", {"done": 3})
    unfinished.forget()
    assert list(tmp_path.iterdir()) == []
