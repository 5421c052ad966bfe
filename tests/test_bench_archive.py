import math
from pathlib import Path

import numpy as np
import pytest

from flows import bench_archive, bench_archive_stores
from flows.bench_archive_levels import cycles
from flows.bench_archive_stores import STORES


@pytest.mark.slow
def test_the_bench_gives_every_figure_for_every_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_archive, "DAY", 3)
    told: list[str] = []
    found = bench_archive.run(lambda *_: told.append(str(_)), sizes=(3, 5), steps=8)
    assert sorted(found["figures"]) == [
        "append_ratio_5",
        "append_s_3",
        "append_s_5",
        "mb_14d_3",
        "mb_14d_5",
        "read_14d_s_3",
        "read_14d_s_5",
        "read_ratio_5",
    ]
    assert all(math.isfinite(value) and value > 0 for value in found["figures"].values())
    assert found["detail"]["5"]["ours"]["read_ratio"] == 1.0  # ours beside ours
    assert set(found["detail"]["5"]) == {"ours", "rows", "files", "ours_more"}
    assert "5 gauges: append" in told[-3]


def test_all_stores_of_the_bench_answer_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench_archive_stores, "DAY", 3)
    answers, levels = {}, list(cycles(40, 8))  # a day at once, one by cycles, two of the next
    for name, way in STORES.items():
        (tmp_path / name).mkdir()
        for some in (levels[:3], *([level] for level in levels[3:])):
            way.append(tmp_path / name, some)
        answers[name] = way.read(tmp_path / name, 40).transpose("time", "site")
    assert answers["ours"].value.isnull().any()  # there are gaps among them
    for variable in ("value", "flag", "received_time", "time"):
        for name in ("rows", "files"):
            np.testing.assert_array_equal(answers[name][variable], answers["ours"][variable])
    assert len(list((tmp_path / "files").glob("*.nc"))) == 4
