from pathlib import Path

import numpy as np
import pytest

from data.errors import NothingThere
from flows import manifest

NEW_YEAR = np.datetime64("2019-01-01T00:00", "ns")


def test_a_manifest_reads_back_as_it_was_written(tmp_path: Path) -> None:
    run = manifest.begin("recorded", NEW_YEAR, "a test", replay=True)
    run.degraded = {"A": "no reading for 7 h"}
    path = run.save(tmp_path / "runs" / f"{run.run_id}.json")
    assert manifest.load(path) == run
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_run_notes_how_long_each_step_took() -> None:
    run = manifest.begin("recorded", NEW_YEAR, "a test")
    with run.timed("predict"):
        pass
    assert 0 <= run.timings["predict"] < 1


def test_two_runs_of_one_issue_time_have_different_ids() -> None:
    first, second = (manifest.begin("recorded", NEW_YEAR, "a test") for _ in range(2))
    assert first.run_id != second.run_id


def test_a_missing_manifest_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NothingThere, match="Run: mulgil forecast"):
        manifest.load(tmp_path / "none.json")
