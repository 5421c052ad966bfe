"""Two runs beside each other: what went in, and how far the numbers are apart."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from typer.testing import CliRunner

from data import netcdf
from data.schema import QUANTILES
from data.sources.simulated import network
from data.stations import Thresholds
from flows import input_record, kept, manifest, runs_command, runs_diff
from flows.folders import Folders
from flows.manifest import Manifest
from flows.runs_diff_words import sentences

HOUR = np.timedelta64(1, "h")
ISSUE = np.datetime64("2026-07-20T00:00", "ns")
RIVER = network()
LIMITS = Thresholds(2.0, 3.0, 4.0, 5.0, "derived", "by hand")


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


def levels(value: float = 1.0) -> np.ndarray:
    return np.full((3, RIVER.horizon), value)


def left(
    folders: Folders, medians: np.ndarray, issue: np.datetime64 = ISSUE, limits: float = 2.0
) -> Manifest:
    """Leave a run whose medians (station, lead) are known; all quantiles are the median."""
    run = manifest.begin("simulated", issue, "a test")
    run.forecast, run.state = f"{run.run_id}.nc", "forecast"
    high = RIVER.with_thresholds({s: replace(LIMITS, attention=limits) for s in RIVER.ids})
    stations = tuple(
        replace(s, thresholds=replace(LIMITS, attention=limits)) for s in high.stations
    )
    run.used = {"thresholds": kept.keep_thresholds(folders, replace(high, stations=stations))}
    netcdf.write(folders.forecasts("simulated") / run.forecast, _forecast(medians, issue, run))
    run.save(folders.run(run.run_id))
    return run


def _forecast(medians: np.ndarray, issue: np.datetime64, run: Manifest) -> xr.Dataset:
    values = np.repeat(medians[None, ..., None], len(QUANTILES), axis=-1).astype("float32")
    dims = ("issue_time", "station", "lead_time", "quantile")
    return xr.Dataset(
        {
            "water_level": (dims, values, {"units": "m"}),
            "last_observed": (dims[:2], np.ones((1, 3), "float32")),
            "last_observed_time": (dims[:2], np.full((1, 3), issue)),
            "reason": (dims[:2], np.full((1, 3), "", dtype=object)),
        },
        coords={
            "issue_time": [issue],
            "station": RIVER.ids,
            "lead_time": RIVER.lead_times,
            "quantile": list(QUANTILES),
            "valid_time": (("issue_time", "lead_time"), (issue + RIVER.lead_times)[None]),
        },
        attrs={"run_id": run.run_id, "quantity": "water_level"},
    )


def told(folders: Folders, before: Manifest, after: Manifest) -> list[str]:
    return list(sentences(runs_diff.compare(before, after, folders)))


def test_two_runs_that_say_the_same_are_the_same(folders: Folders) -> None:
    one, two = left(folders, levels()), left(folders, levels())
    found = runs_diff.compare(one, two, folders)
    assert found.same
    assert list(sentences(found)) == ["The two runs saw the same and say the same."]


def test_the_largest_difference_of_the_median_is_told_with_its_lead_and_stage(
    folders: Folders,
) -> None:
    higher = levels()
    higher[1, 2], higher[1, 3] = 2.25, 1.125  # 1.25 m more at +3 h, into attention
    found = runs_diff.compare(left(folders, levels()), left(folders, higher), folders)
    (gauge,) = found.moved
    assert (gauge.station, gauge.largest, gauge.lead, gauge.apart) == ("S2", 1.25, 3.0, 2)
    assert [stage.name for stage in gauge.stages] == ["NORMAL", "ATTENTION"]
    assert list(sentences(found)) == [
        "Numbers differ at 1 of 3 gauges.",
        "S2: median up to 1.25 m higher, at +3 h (2026-07-20T03:00Z); "
        "stage normal before, attention after.",
    ]


def test_runs_of_two_issue_times_are_compared_where_both_look(folders: Folders) -> None:
    later = ISSUE + 2 * HOUR
    lower = levels()
    lower[0, 0] = 0.5  # valid at 03:00, lead 3 h of the earlier run
    found = runs_diff.compare(left(folders, levels()), left(folders, lower, later), folders)
    (gauge,) = found.moved
    assert (gauge.largest, gauge.lead) == (-0.5, 1.0)
    assert str(gauge.valid_time)[:16] == "2026-07-20T03:00"
    assert found.facts[0].name == "issue time"


def test_a_forecast_that_only_one_run_has_is_no_difference_of_zero(folders: Folders) -> None:
    silent = levels()
    silent[2] = np.nan
    found = runs_diff.compare(left(folders, levels()), left(folders, silent), folders)
    (gauge,) = found.moved
    assert np.isnan(gauge.largest)
    assert gauge.appeared == RIVER.horizon
    assert gauge.as_dict()["largest_difference"] is None
    assert f"{RIVER.horizon} medians are there in one run only" in list(sentences(found))[-1]
    assert "stage normal before, unknown after" in list(sentences(found))[-1].lower()


def test_other_thresholds_are_told_and_change_the_stage_alone(folders: Folders) -> None:
    one, two = left(folders, levels()), left(folders, levels(), limits=0.9)
    lines = told(folders, one, two)
    assert "Thresholds of S1: 2 / 3 / 4 / 5 before, 0.9 / 3 / 4 / 5 after." in lines
    assert "S1: stage normal before, attention after." in lines


def test_a_model_and_who_started_it_are_told(folders: Folders) -> None:
    one, two = left(folders, levels()), left(folders, levels())
    one.model, two.model, two.triggered_by = "abc", "def", "Kim"
    lines = told(folders, one, two)
    assert "Model: abc before, def after." in lines
    assert "Triggered by: a test before, Kim after." in lines


def _inputs(levels_of_s1: list[float], last: str | None) -> dict[str, Any]:
    known = xr.Dataset(
        {
            "water_level": (("station", "time"), np.array([levels_of_s1] * 3, "float32")),
            "water_level_source": (("station", "time"), np.zeros((3, 2), "int8")),
        },
        coords={"station": RIVER.ids, "time": [ISSUE - HOUR, ISSUE]},
        attrs={"sources": "simulated"},
    )
    found = input_record.record(RIVER, known)
    assert found["last_value"]["S1"]["water_level"] == last
    return found


def test_a_reading_that_was_revised_is_told_from_one_that_was_not_there(folders: Folders) -> None:
    one, two, three = (left(folders, levels()) for _ in range(3))
    one.inputs = _inputs([1.0, 2.0], "2026-07-20T00:00Z")
    two.inputs = _inputs([1.5, 2.0], "2026-07-20T00:00Z")
    three.inputs = _inputs([1.0, np.nan], "2026-07-19T23:00Z")
    revised = "Water level of S1: values were revised; the last one is of 2026-07-20T00:00Z."
    assert revised in told(folders, one, two)
    lost = "Water level of S1: last value of 2026-07-20T00:00Z before, of 2026-07-19T23:00Z after."
    assert lost in told(folders, one, three)


def test_a_last_value_that_moved_on_with_the_issue_time_is_no_difference(
    folders: Folders,
) -> None:
    one, two = left(folders, levels(), ISSUE - HOUR), left(folders, levels())
    one.inputs = _inputs([1.0, np.nan], "2026-07-19T23:00Z")
    two.inputs = _inputs([1.0, 2.0], "2026-07-20T00:00Z")
    two.inputs["window"] = ["2026-07-20T00:00Z", "2026-07-20T01:00Z"]
    assert runs_diff.compare(one, two, folders).readings == ()
    two.inputs["last_value"]["S1"]["water_level"] = "2026-07-19T23:00Z"  # an hour old
    (reading,) = runs_diff.compare(one, two, folders).readings
    assert (reading.station, reading.revised) == ("S1", False)


def test_the_record_of_inputs_says_who_gave_the_last_value_and_none_where_there_is_none() -> None:
    found = _inputs([np.nan, np.nan], None)
    assert found["source"]["S1"] == {}
    assert found["window"] == ["2026-07-19T23:00Z", "2026-07-20T00:00Z"]


def test_numbers_that_are_gone_are_a_difference_that_is_named(folders: Folders) -> None:
    one, two = left(folders, levels()), left(folders, levels())
    (folders.forecasts("simulated") / two.forecast).unlink()
    found = runs_diff.compare(one, two, folders)
    assert not found.same
    assert f"The forecast of the run {two.run_id} is not there" in found.notes[0]


def test_the_command_ends_with_1_where_runs_differ(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MULGIL_HOME", str(folders.home))
    left(folders, levels())
    left(folders, levels(1.5))
    same = CliRunner().invoke(runs_command.app, ["diff", "latest", "latest"])
    assert same.exit_code == 0
    done = CliRunner().invoke(runs_command.app, ["diff", "latest~1", "latest", "--json"])
    answer = json.loads(done.stdout)
    assert (done.exit_code, answer["same"]) == (1, False)
    assert answer["gauges"][0]["largest_difference"] == 0.5
    plain = CliRunner().invoke(runs_command.app, ["diff", "latest~1", "latest"])
    assert "Numbers differ at 3 of 3 gauges." in " ".join(plain.output.split())
