import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from typer.testing import CliRunner

from data.errors import MulgilError
from data.sources import simulated
from flows import (
    bench,
    bench_speed,
    bench_speed_environment,
    bench_speed_forecast,
    bench_speed_learn,
    bench_speed_nh,
    bench_speed_race,
    bench_speed_rivers,
    bench_speed_table,
    bench_speed_worker,
)
from flows.bench_speed_ours import Learner
from flows.bench_speed_task import LEVEL, Task, record, times
from forecast.predict import predict
from forecast.train import TrainConfig

SMALL = Task(gauges=2, inputs=3, steps=96, window=12, hidden=4, batch=8, updates=3)


def silent(done: int, total: int, message: str) -> None:
    """Tell nobody."""


def rounds(*seconds: float) -> list[dict[str, float]]:
    return [{"wall_s": each, "processor_s": each / 2} for each in seconds]


RACED: dict[str, dict[str, Any]] = {
    "1t": {
        "nh": rounds(10.0, 12.0, 80.0),
        "nh_same_allocator": rounds(4.0, 4.0, 8.0),
        "ours": rounds(1.0, 2.0, 4.0),
    },
    "2t": {"ours": rounds(1.0, 1.0, 1.0)},
}


def test_a_ratio_is_the_median_of_the_rounds_in_turn() -> None:
    made = bench_speed_race.figures(RACED, SMALL)
    assert made["train_ratio_nh"] == 10.0  # of 10, 6 and 20
    assert made["train_ratio_nh_same_allocator"] == 2.0  # of 4, 2 and 2
    assert made["train_ratio_nh_processor"] == 10.0
    assert made["train_samples_s_ours"] == 3 * 8 / 2.0
    assert made["train_samples_s_ours_2t"] == 24.0
    assert "train_ratio_nh_2t" not in made  # nobody to compare with
    assert bench_speed_race.spread(RACED)["nh_1t"] == [6.0, 20.0]


def test_without_the_rival_we_race_alone() -> None:
    assert list(bench_speed_race.sides(None)) == ["ours"]
    both = bench_speed_race.sides(Path("python"))
    assert list(both) == ["nh", "nh_same_allocator", "ours"]
    assert both["nh"].extra == {}
    assert both["nh_same_allocator"].extra["MALLOC_MMAP_MAX_"] == "0"


def test_our_packages_bind_the_installer_and_ours_is_not_among_them() -> None:
    lines = bench_speed_environment.constraints().splitlines()
    assert any(line.startswith("torch==") for line in lines)
    assert not any(line.startswith("mulgil==") for line in lines)


def test_a_rival_that_cannot_be_installed_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(command: list[str], **_: object) -> None:
        raise subprocess.CalledProcessError(1, command, stderr="a\nERROR: nothing matches\n")

    monkeypatch.setattr(subprocess, "run", fail)
    with pytest.raises(MulgilError, match=r"neuralhydrology==1.13.0 could .*: ERROR: nothing mat"):
        bench_speed_environment.make(tmp_path)


def test_all_else_is_measured_without_the_rival(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(folder: Path) -> Path:
        raise MulgilError("no index")

    def race(runners: dict[str, Any], *_: object) -> dict[str, dict[str, Any]]:
        return {"1t": dict.fromkeys(runners, rounds(1.0))}

    monkeypatch.setattr(bench_speed_environment, "make", fail)
    monkeypatch.setattr(bench_speed_race, "race", race)
    found, absent = bench_speed.against_rival(SMALL, 1, silent)
    assert found == {"1t": {"ours": rounds(1.0)}}
    assert absent == ["train_ratio_nh: no index"]


def test_a_worker_answers_every_line_and_says_first_that_it_is_ready() -> None:
    class Fixed:
        def round(self) -> float:
            return 0.25

    answers = io.StringIO()
    bench_speed_worker.serve(Fixed(), io.StringIO("1\n1\n"), answers)
    ready, *told = [json.loads(line) for line in answers.getvalue().splitlines()]
    assert ready == {"ready": True}
    assert [each["loss"] for each in told] == [0.25, 0.25]
    assert all(each["wall_s"] >= 0 for each in told)


def test_the_record_of_the_race_follows_its_inputs() -> None:
    seen, level = record(SMALL)
    assert level[1, 0] == 0.0
    first = 0.05 * seen[1, 1].mean()
    assert level[1, 1] == pytest.approx(first)
    assert level[1, 2] == pytest.approx(0.97 * first + 0.05 * seen[1, 2].mean())
    np.testing.assert_array_equal(record(SMALL)[0], seen)


def test_our_side_learns_the_level_at_the_last_hour_of_a_window() -> None:
    learner = Learner(SMALL)
    _, level = record(SMALL)
    pick = np.array([0, SMALL.steps - SMALL.window + 1 + 5])  # of gauge 0, and the sixth of gauge 1
    assert learner.lessons.rows[pick].tolist() == [0, 1]
    ends = learner.lessons.starts[pick] + SMALL.window - 1
    assert ends.tolist() == [11, 16]
    told = learner.lessons.change[[0, 1], ends, 0].numpy()
    np.testing.assert_allclose(told, (level[[0, 1], ends] - level.mean()) / level.std(), rtol=1e-4)
    losses = [learner.round() for _ in range(40)]
    assert np.mean(losses[-5:]) < np.mean(losses[:5])


def test_the_rival_reads_the_same_record(tmp_path: Path) -> None:
    bench_speed_nh.write(SMALL, tmp_path)
    seen, level = record(SMALL)
    with xr.open_dataset(tmp_path / "time_series" / "00000002.nc") as found:
        np.testing.assert_array_equal(found["x1"].values, seen[1, :, 1])
        np.testing.assert_array_equal(found[LEVEL].values, level[1])
        np.testing.assert_array_equal(found.date.values, times(SMALL))
    assert (tmp_path / "basins.txt").read_text().split() == ["00000001", "00000002"]


def test_the_rival_is_told_the_sizes_of_the_task_and_nothing_that_makes_it_slow() -> None:
    made = bench_speed_nh.settings(Task(), Path("here"))
    assert (made["hidden_size"], made["seq_length"], made["batch_size"]) == (64, 168, 256)
    assert (made["loss"], made["optimizer"], made["clip_gradient_norm"]) == ("NSE", "Adam", 1.0)
    assert made["train_start_date"] == "09/01/2012"  # after the first window and a day
    assert made["log_tensorboard"] is False


def test_a_nation_is_rivers_of_ten_gauges() -> None:
    made = bench_speed_rivers.nation(23)
    assert len(made.ids) == 23
    assert made.upstream("2-S3") == ["2-S2", "2-S1"]
    assert made.upstream("1-S1") == []


def test_the_longest_look_back_ends_with_a_block_of_windows() -> None:
    network = bench_speed_rivers.nation(1)
    when = bench_speed_rivers.issue_time(bench_speed_rivers.record(network), network.step, 71)
    hours = int((when[0] - np.datetime64("1970-01-01")) / np.timedelta64(1, "h"))
    assert hours % 72 == 71


def test_every_gauge_of_the_nation_is_forecast() -> None:
    network, known, model = bench_speed_forecast.world(13)
    when = bench_speed_rivers.issue_time(known, network.step, 71)
    assert np.isfinite(predict(model, network, known, when).water_level).all()


def test_figures_of_forecasts_are_medians_and_growth_is_of_processor_time() -> None:
    def took(wall: float) -> dict[str, float]:
        names = ("longest_wall_s", "usual_wall_s", "longest_processor_s", "usual_processor_s")
        return dict(zip(names, (wall, wall / 2, wall, wall / 2), strict=True))

    seconds = {
        223: [took(0.05), took(0.03), took(0.04)],
        2000: [took(0.2)],
        20000: [took(2.0)],
    }
    made = bench_speed_forecast.figures({"seconds": seconds, "peak_mb": 5.0, "bound_mb": 6.0})
    assert made["forecast_ms_223"] == 40.0
    assert made["forecast_ms_223_usual"] == 20.0
    assert made["forecast_s_20000"] == 2.0
    assert made["growth_exponent"] == pytest.approx(1)
    assert (made["peak_mb_20000"], made["peak_mb_formula"]) == (5.0, 6.0)


@pytest.mark.slow
def test_a_forecast_takes_no_more_memory_than_its_formula_says() -> None:
    _, _, model = bench_speed_forecast.world(20)
    assert bench_speed_forecast._peak(20) < bench_speed_forecast.bound_mb(model, 20)


def test_training_is_at_its_best_when_the_last_branch_is() -> None:
    losses = [[3.0, 5.0], [2.0, 4.0], [2.5, 3.0], [2.6, 3.5]]
    assert bench_speed_learn.best_look(losses) == 2


def test_each_lead_at_each_of_the_last_steps_is_a_value_to_learn() -> None:
    config = TrainConfig(batch=64)
    assert bench_speed_learn.targets(simulated.network(2, 24), config) == 64 * 72 * 24


@pytest.mark.parametrize(
    ("value", "least", "most", "said"),
    [
        (5.1, 5.0, None, "met"),
        (4.9, 5.0, None, "NOT met"),
        (1.06, None, 1.05, "NOT met"),
        (1.0, None, 1.05, "met"),
        (1.0, None, None, ""),
        (float("nan"), 5.0, None, "NOT met"),
    ],
)
def test_a_goal_is_met_or_not(
    value: float, least: float | None, most: float | None, said: str
) -> None:
    assert bench_speed_table.verdict(value, least, most) == said


def test_the_command_writes_what_was_found_and_tells_what_is_absent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {"figures": {"train_ratio_nh": 4.0}, "raw": {"absent": ["train_to_best_s: no record"]}}
    asked = list[tuple[Path | None, int]]()

    def run(folder: Path | None, rounds: int, report: Callable[..., None]) -> dict[str, Any]:
        asked.append((folder, rounds))
        return found

    monkeypatch.setattr(bench_speed, "run", run)
    path = tmp_path / "speed.json"
    answer = CliRunner().invoke(bench.app, ["speed", "--json", str(path), "--rounds", "2"])
    assert answer.exit_code == 0
    assert asked == [(None, 2)]
    assert json.loads(path.read_text(encoding="utf-8")) == found
    assert "NOT met" in answer.output
    assert "no record" in answer.output


def test_all_parts_of_the_run_come_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_speed, "against_rival", lambda *_: (RACED, ["a reason"]))
    monkeypatch.setattr(bench_speed_forecast, "measure", lambda *_: {"told": 1})
    monkeypatch.setattr(bench_speed_forecast, "figures", lambda _: {"growth_exponent": 1.0})
    found = bench_speed.run(None, 3, task=SMALL)
    assert found["figures"]["train_ratio_nh"] == 10.0
    assert found["figures"]["growth_exponent"] == 1.0
    assert found["raw"]["absent"][0] == "a reason"
    assert found["raw"]["absent"][1].startswith("train_to_best_s")
    assert found["settings"]["rival"] == "neuralhydrology==1.13.0"
    assert found["machine"]["cores"] >= 1
