import json
from pathlib import Path

import numpy as np
import pytest

from data.errors import InvalidData, NothingThere
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


def test_an_old_manifest_lacks_much_and_loads(tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    path.write_text('{"network": "han", "run_id": "han-1", "model": "abc"}', encoding="utf-8")
    run = manifest.load(path)
    assert (run.model, run.kind, run.used, run.error) == ("abc", "", {}, "")


def test_what_a_newer_version_noted_stays_when_it_is_saved_again(tmp_path: Path) -> None:
    path = tmp_path / "new.json"
    told = '{"network": "han", "run_id": "han-1", "moon": {"phase": 0.5}}'
    path.write_text(told, encoding="utf-8")
    run = manifest.load(path)
    run.state = "published"
    again = json.loads(run.save(path).read_text(encoding="utf-8"))
    assert (again["moon"], again["state"]) == ({"phase": 0.5}, "published")
    assert "more" not in again


@pytest.mark.parametrize("text", ["", '{"network": "h', "[]", '{"network": "han"}', "null"])
def test_a_file_that_is_no_manifest_is_named_with_a_remedy(tmp_path: Path, text: str) -> None:
    path = tmp_path / "han-1.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidData, match=r"'han-1.json' cannot be read.*Restore it"):
        manifest.load(path)
