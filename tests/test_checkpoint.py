from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.errors import CheckpointMismatch, NothingThere
from data.network import Network
from data.sources.simulated import network
from forecast import sealed
from forecast.checkpoint import Checkpoint, load, save
from forecast.model import LevelLSTM, ModelConfig
from forecast.scaling import Scaling

RIVER = network(gauges=2, horizon=2)
SIZES = ModelConfig(inputs=8, stations=2, horizon=2, hidden=2)


@pytest.fixture
def checkpoint() -> Checkpoint:
    one = np.ones((2, 1))
    return Checkpoint(
        weights=LevelLSTM(SIZES).state_dict(),
        model=SIZES,
        scaling=Scaling(
            ("own",),
            one * np.inf,
            one,
            one,
            np.ones((2, 2)),
            np.zeros(2),
            np.ones(2),
            np.ones((2, 2)),
        ),
        widening=np.full((2, 2, 2, 9), 1.5),
        network="simulated",
        stations=("S1", "S2"),
        quantity=RIVER.quantity,
        step=RIVER.step,
        period=("2018-06-01T00:00", "2018-12-31T23:00"),
        scores={"validation_skill_1": 0.9},
        seed=3,
    )


def test_a_checkpoint_comes_back_as_it_was_saved(tmp_path: Path, checkpoint: Checkpoint) -> None:
    save(tmp_path / "models" / "it.pt", checkpoint)
    back = load(tmp_path / "models" / "it.pt", RIVER)
    assert back.model_id == checkpoint.model_id
    assert back.model == SIZES
    assert back.scaling.channels == ("own",)
    assert np.isinf(back.scaling.bend).all()
    assert (back.widening == 1.5).all()
    assert (back.step, back.horizon, back.seed) == (np.timedelta64(1, "h"), 2, 3)
    assert (back.period, back.scores) == (checkpoint.period, checkpoint.scores)


def test_saving_leaves_one_file_and_nothing_half_done(
    tmp_path: Path, checkpoint: Checkpoint
) -> None:
    save(tmp_path / "it.pt", checkpoint)
    save(tmp_path / "it.pt", replace(checkpoint, seed=4))
    assert [path.name for path in tmp_path.iterdir()] == ["it.pt"]
    assert load(tmp_path / "it.pt", RIVER).seed == 4


def test_another_weight_is_another_model(checkpoint: Checkpoint) -> None:
    name, weight = next(iter(checkpoint.weights.items()))
    changed = replace(checkpoint, weights=checkpoint.weights | {name: weight + 1e-3})
    assert len(checkpoint.model_id) == 12
    assert changed.model_id != checkpoint.model_id


@pytest.mark.parametrize(
    ("river", "problem"),
    [
        (replace(RIVER, name="han-river"), "network is simulated, expected han-river"),
        (network(gauges=1, horizon=2), r"stations is \['S1', 'S2'\], expected \['S1'\]"),
        (network(gauges=2, horizon=3), "horizon is 2, expected 3"),
        (replace(RIVER, step=np.timedelta64(10, "m")), "step is 3600 seconds, expected 10 minutes"),
    ],
)
def test_a_model_of_something_else_is_refused(
    tmp_path: Path, checkpoint: Checkpoint, river: Network, problem: str
) -> None:
    save(tmp_path / "it.pt", checkpoint)
    with pytest.raises(CheckpointMismatch, match=problem):
        load(tmp_path / "it.pt", river)


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NothingThere, match="Run: mulgil train --network simulated"):
        load(tmp_path / "none.pt", RIVER)


@pytest.mark.parametrize("content", [b"", b"not a model", b"PK\x03\x04 cut short"])
def test_a_broken_file_is_not_a_checkpoint(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.pt"
    path.write_bytes(content)
    with pytest.raises(CheckpointMismatch, match=r"is not a checkpoint we can read: .* is damaged"):
        load(path, RIVER)


def test_a_flipped_bit_is_noticed_wherever_it_is(tmp_path: Path, checkpoint: Checkpoint) -> None:
    path = tmp_path / "it.pt"
    save(path, checkpoint)
    whole = path.read_bytes()
    for place in np.linspace(0, len(whole) - 1, 40).astype(int):
        flipped = bytearray(whole)
        flipped[place] ^= 4
        path.write_bytes(flipped)
        with pytest.raises(CheckpointMismatch, match="is damaged"):
            load(path, RIVER)


def test_a_file_that_ends_early_is_not_a_checkpoint(tmp_path: Path, checkpoint: Checkpoint) -> None:
    path = tmp_path / "it.pt"
    save(path, checkpoint)
    whole = path.read_bytes()
    for length in (100, len(whole) // 2, len(whole) - 40, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(CheckpointMismatch, match="is damaged"):
            load(path, RIVER)


@pytest.mark.parametrize(
    ("strange", "problem"),
    [
        ({}, "it is none"),
        ({"format": 3}, "it has the format 3 of another version"),
        ([1, 2], "it is none"),
        ("text", "it is none"),
    ],
)
def test_a_file_of_another_kind_is_not_a_checkpoint(
    tmp_path: Path, strange: Any, problem: str
) -> None:
    sealed.write(tmp_path / "other.pt", strange)
    with pytest.raises(CheckpointMismatch, match=f"we can read: {problem}"):
        load(tmp_path / "other.pt", RIVER)


def test_a_model_that_learnt_from_other_channels_is_refused(
    tmp_path: Path, checkpoint: Checkpoint
) -> None:
    soil = replace(checkpoint, scaling=replace(checkpoint.scaling, channels=("soil_moisture",)))
    save(tmp_path / "it.pt", soil)
    with pytest.raises(CheckpointMismatch, match="learnt from soil_moisture, known here are own"):
        load(tmp_path / "it.pt", RIVER)


def test_a_model_that_learnt_from_other_features_is_refused(
    tmp_path: Path, checkpoint: Checkpoint
) -> None:
    sizes = replace(SIZES, inputs=9)
    other = replace(checkpoint, model=sizes, weights=LevelLSTM(sizes).state_dict())
    save(tmp_path / "it.pt", other)
    with pytest.raises(CheckpointMismatch, match="learnt from 9 features, this version lays out 8"):
        load(tmp_path / "it.pt", RIVER)


def test_a_model_whose_parts_do_not_fit_each_other_is_refused(
    tmp_path: Path, checkpoint: Checkpoint
) -> None:
    for part in (
        replace(checkpoint, widening=np.ones((2, 1, 2, 9))),
        replace(checkpoint, scaling=replace(checkpoint.scaling, high=np.ones(3))),
        replace(checkpoint, weights=LevelLSTM(replace(SIZES, hidden=3)).state_dict()),
        replace(checkpoint, model=replace(SIZES, stations=5)),
    ):
        save(tmp_path / "it.pt", part)
        with pytest.raises(CheckpointMismatch, match="is not a checkpoint we can read"):
            load(tmp_path / "it.pt", RIVER)


def test_an_error_names_the_first_of_many_stations_only(
    tmp_path: Path, checkpoint: Checkpoint
) -> None:
    save(tmp_path / "it.pt", checkpoint)
    with pytest.raises(CheckpointMismatch, match=r"expected 300: S1, S2, .*, S8 \.\.\."):
        load(tmp_path / "it.pt", network(gauges=300, horizon=2))
