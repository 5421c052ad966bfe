"""A whole round on a simulated river: pull, train, verify, forecast, publish; as known at T."""

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from data import archive, netcdf, networks, store
from data.errors import CheckpointMismatch, NothingThere, OutsideRecord
from flows import issuing, manifest, publishing, pulling, training, verifying
from flows.folders import Folders
from forecast.model import ModelConfig
from forecast.train import TrainConfig

TINY = TrainConfig(updates=4, batch=8, model=ModelConfig(hidden=4, window=48, last=24))
ISSUE = np.datetime64("2020-03-01T00:00", "ns")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    folders = Folders(tmp_path_factory.mktemp("home"))
    pulling.pull("simulated", None, folders)
    training.train("simulated", folders, TINY)
    return folders


def test_a_run_is_written_down_with_its_model_inputs_and_timings(home: Folders) -> None:
    run = manifest.load(issuing.issue("simulated", ISSUE, home, "a test"))
    assert run.issue_time == "2020-03-01T00:00Z"
    assert run.triggered_by == "a test"
    assert run.replay
    assert run.degraded == {}
    assert set(run.timings) == {"load", "predict", "record", "save"}
    assert run.inputs["last_value"]["S1"]["water_level"] == "2020-03-01T00:00Z"
    assert run.inputs["observations"] == store.snapshot(home.observations("simulated"), ISSUE)


def test_what_is_received_after_the_issue_time_changes_nothing(
    home: Folders, tmp_path: Path
) -> None:
    """Garbage after the issue time, and a value that arrived late, must both be invisible."""
    other = _copy_with_another_future(home, Folders(tmp_path))
    for folders in (home, other):
        issuing.issue("simulated", ISSUE, folders)
    mine, theirs = (netcdf.read(f.forecast("simulated", ISSUE)) for f in (home, other))
    np.testing.assert_array_equal(mine.water_level, theirs.water_level)
    assert float(mine.water_level.notnull().mean()) == 1.0


def _copy_with_another_future(home: Folders, other: Folders) -> Folders:
    network, record = pulling.open_network("simulated", home)
    past = record.time <= ISSUE
    scrambled = record.assign(
        water_level=record.water_level.where(past, 99.0).assign_attrs(units="m"),
        rainfall=record.rainfall.where(past, 500.0).assign_attrs(units="mm"),
    )
    archive.save(other.observations("simulated"), scrambled)
    other.checkpoint("simulated").write_bytes(home.checkpoint("simulated").read_bytes())
    assert network.name == "simulated"
    return other


def test_a_gauge_that_fell_silent_is_unknown_and_the_others_are_forecast(
    home: Folders, tmp_path: Path
) -> None:
    folders = Folders(tmp_path)
    _, record = pulling.open_network("simulated", home)
    silent = (record.station == "S2") & (record.time > ISSUE - np.timedelta64(12, "h"))
    gappy = record.assign(water_level=record.water_level.where(~silent).assign_attrs(units="m"))
    archive.save(folders.observations("simulated"), gappy)
    folders.checkpoint("simulated").write_bytes(home.checkpoint("simulated").read_bytes())
    run = manifest.load(issuing.issue("simulated", ISSUE, folders))
    assert list(run.degraded) == ["S2"]
    assert "12 h" in run.degraded["S2"]
    levels = netcdf.read(folders.forecast("simulated", ISSUE)).water_level.isel(issue_time=0)
    assert bool(levels.sel(station="S2").isnull().all())
    assert bool(levels.sel(station=["S1", "S3"]).notnull().all())


@pytest.mark.parametrize("when", ["1999-01-01T00:00", "2099-01-01T00:00"])
def test_an_issue_time_outside_the_record_names_its_span(home: Folders, when: str) -> None:
    with pytest.raises(OutsideRecord, match=r"outside the record .* Choose one from 2018-"):
        issuing.issue("simulated", np.datetime64(when, "ns"), home)


def test_an_issue_time_between_two_steps_names_the_step_before(home: Folders) -> None:
    with pytest.raises(OutsideRecord, match=r"60 min grid .* before it is 2020-03-01T00:00Z"):
        issuing.issue("simulated", ISSUE + np.timedelta64(20, "m"), home)


def test_a_forecast_of_the_training_years_says_that_it_is_in_sample(home: Folders) -> None:
    run = manifest.load(issuing.issue("simulated", np.datetime64("2018-09-01", "ns"), home))
    assert "in-sample" in run.warnings[0]


def test_a_checkpoint_of_another_network_is_refused(home: Folders, tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    river = networks.find("simulated")
    _, record = pulling.open_network("simulated", home)
    archive.save(folders.observations("simulated"), record)
    folders.checkpoint("simulated").write_bytes(b"not a checkpoint")
    with pytest.raises(CheckpointMismatch, match="mulgil train --network simulated"):
        issuing.issue(river.name, ISSUE, folders)


def test_forecasting_before_training_says_to_train(home: Folders, tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    _, record = pulling.open_network("simulated", home)
    archive.save(folders.observations("simulated"), record)
    with pytest.raises(NothingThere, match="mulgil train --network simulated"):
        issuing.issue("simulated", ISSUE, folders)


def test_scores_stand_beside_the_model_they_judge(home: Folders) -> None:
    scores = verifying.verify("simulated", home, (2020, 2020), models=("persistence",))
    kept = netcdf.read(home.scores("simulated"))
    assert list(kept.model.values) == ["lstm", "persistence"]
    skill = scores.persistence_skill.sel(model="persistence").values
    np.testing.assert_allclose(skill, 0.0, atol=1e-9)
    run = manifest.load(issuing.issue("simulated", ISSUE, home))
    assert kept.attrs["model"] == run.model


def test_years_without_readings_are_refused(home: Folders) -> None:
    with pytest.raises(OutsideRecord, match="no reading in 1990–1991"):
        verifying.verify("simulated", home, (1990, 1991), models=())


def test_a_published_site_shows_earlier_forecasts_and_carries_its_manifest(home: Folders) -> None:
    for hours in (12, 6):
        issuing.issue("simulated", ISSUE - np.timedelta64(hours, "h"), home)
    path = issuing.issue("simulated", ISSUE, home)
    release = publishing.publish(path, home, with_outcome=True)
    assert (home.site / "current").resolve() == release.resolve()
    published = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    assert published["run_id"] == manifest.load(path).run_id
    shown = publishing.view(manifest.load(path), home, with_outcome=True)
    assert isinstance(shown.earlier, xr.Dataset)
    assert ISSUE - np.timedelta64(6, "h") in shown.earlier.issue_time.values
    assert shown.observations.time.values[-1] == ISSUE
    assert isinstance(shown.outcome, xr.Dataset)
    assert shown.outcome.time.values[0] > ISSUE


def test_scores_of_another_model_are_not_shown(home: Folders) -> None:
    path = issuing.issue("simulated", ISSUE, home)
    run = manifest.load(path)
    run.model = "another"
    assert publishing.view(run, home).scores is None


def test_a_network_whose_archive_is_damaged_costs_itself_and_is_named(home: Folders) -> None:
    path = issuing.issue("simulated", ISSUE, home)
    broken = manifest.load(path)
    broken.network, broken.with_outcome = "recorded", False
    broken.save(home.shown("recorded"))
    home.observations("recorded").write_bytes(b"no store")
    release = publishing.publish(path, home)
    assert (release / "simulated" / "index.html").exists()
    assert "recorded is not shown" in manifest.load(path).warnings[-1]
    home.shown("recorded").unlink()
