"""The bench of the cycle: a small size end to end, and figures by hand."""

from pathlib import Path

import pytest
import typer

from flows import bench_cycle, bench_scale_command


def _found(seconds: float, processor: float, naive: float | None = None) -> dict[str, object]:
    cycle = {"all_s": seconds, "processor_s": processor, "peak_mb": 500.0}
    slow = {"all_s": 99.0, "processor_s": 99.0, "peak_mb": 400.0}
    return {"cycles": [slow, cycle]} | ({"naive": {"all_s": naive}} if naive else {})


def test_the_last_cycle_is_the_figure_and_growth_is_that_of_processor_time() -> None:
    told = bench_cycle.figures(
        {10: _found(1.0, 1.0, 5.0), 100: _found(3.0, 2.0), 1000: _found(40.0, 20.0)}
    )
    assert told["cycle_s_10"] == 1.0
    assert told["naive_ratio_10"] == 5.0
    assert told["peak_mb_1000"] == 500.0
    assert told["growth_exponent"] == pytest.approx(1.0)  # ten times the gauges, ten times 2 s
    assert "naive_s_100" not in told


def test_sizes_are_read_with_commas_and_nothing_else() -> None:
    assert bench_scale_command.sizes("2000, 223,") == (223, 2000)
    assert bench_scale_command.sizes("") == ()
    with pytest.raises(typer.BadParameter, match="'223;5': write numbers"):
        bench_scale_command.sizes("223;5")


@pytest.mark.slow
def test_a_whole_cycle_of_a_small_network_asks_once_for_all_and_publishes(tmp_path: Path) -> None:
    found = bench_cycle.measure(25, tmp_path, count=1)
    (cycle,) = found["cycles"]
    steps = ("step_pull_s", "step_issue_s", "step_publish_s", "step_follow_s")
    assert all(cycle[name] > 0 for name in steps)
    assert sum(cycle[name] for name in steps) <= cycle["all_s"]
    assert cycle["unknown"] == 0
    assert found["broken"] == []
    assert any(row["function"] == "flows/cycle.py:run" for row in found["profile"])
