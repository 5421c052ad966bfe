"""Hindcasts: what would have been issued, as known then; resumed, exact, on any engine the same."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from data import archive, netcdf
from data.errors import InvalidData, OutsideRecord
from flows import (
    hindcast_file,
    hindcast_record,
    issued,
    issuing,
    ledger,
    manifest,
    publishing,
    pulling,
    training,
)
from flows.folders import Folders
from flows.hindcast import Asked, hindcast, jobs_of
from flows.verify_forecasts import verify
from forecast.model import ModelConfig
from forecast.train import TrainConfig

TINY = TrainConfig(updates=4, batch=8, model=ModelConfig(hidden=4, window=48, last=24))
HOUR = np.timedelta64(1, "h")
FIRST, LAST = np.datetime64("2020-03-30T00", "ns"), np.datetime64("2020-04-02T05", "ns")
ASKED = Asked(FIRST, LAST, exact=True, engine="serial")
LATE = np.datetime64("2020-03-31T10", "ns")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """Return a home in which a gauge told a value six hours late, and corrected another one."""
    folders = Folders(tmp_path_factory.mktemp("home"))
    pulling.pull("simulated", None, folders)
    training.train("simulated", folders, TINY)
    record = archive.load(folders.observations("simulated"), pulling.find("simulated", folders))
    here = record.sel(time=[LATE])
    wrong = here.assign(water_level=here.water_level + 1.0)
    then = xr.full_like(here.received_time, LATE + 6 * HOUR)
    archive.save(folders.observations("simulated"), wrong.assign(received_time=then))
    return folders


def copied(home: Folders, tmp_path: Path) -> Folders:
    """Return a home with the same record and model, and no hindcasts."""
    import shutil

    shutil.copytree(home.network("simulated"), tmp_path / "simulated")
    shutil.rmtree(tmp_path / "simulated" / "hindcasts", ignore_errors=True)
    return Folders(tmp_path)


@pytest.mark.slow
def test_each_is_what_would_have_been_issued_then(home: Folders, tmp_path: Path) -> None:
    folders = copied(home, tmp_path)
    told = hindcast("simulated", folders, ASKED)
    assert told["issue_times"] == 78
    assert told["issue_times_alone"] == 6  # 10:00 to 15:00, before the correction was known
    network = pulling.find("simulated", folders)
    for issue in (FIRST, LATE - HOUR, LATE, LATE + 5 * HOUR, LATE + 6 * HOUR, LAST):
        month = folders.network("simulated") / "hindcasts" / f"{issue.astype('datetime64[M]')}.nc"
        made = hindcast_file.read(month, network, np.array([issue]))
        run = manifest.load(issuing.issue("simulated", issue, folders))
        whole = netcdf.read(folders.forecasts("simulated") / run.forecast)
        np.testing.assert_allclose(
            made.water_level.values, whole.water_level.values, rtol=0, atol=1e-6
        )
        for name in ("last_observed", "last_observed_time", "reason", "valid_time"):
            np.testing.assert_array_equal(made[name].values, whole[name].values)


@pytest.mark.slow
def test_what_is_there_from_the_same_inputs_stays(home: Folders, tmp_path: Path) -> None:
    folders = copied(home, tmp_path)
    first = hindcast("simulated", folders, ASKED)
    assert (first["months_made"], first["months_kept"]) == (2, 0)
    april = folders.network("simulated") / "hindcasts" / "2020-04.nc"
    april.unlink()
    again = hindcast("simulated", folders, ASKED)
    assert (again["months_made"], again["months_kept"]) == (1, 1)
    assert again["gauge_forecasts"] == first["gauge_forecasts"] == 78 * 3
    other = hindcast("simulated", folders, replace(ASKED, every=6))
    assert (other["months_made"], other["issue_times"]) == (2, 13)


@pytest.mark.slow
def test_processes_make_the_same_files(home: Folders, tmp_path: Path) -> None:
    folders = copied(home, tmp_path)
    found = []
    for engine in ("serial", "processes"):
        hindcast("simulated", folders, replace(ASKED, engine=engine, workers=2))
        months = sorted((folders.network("simulated") / "hindcasts").glob("*.nc"))
        found.append([netcdf_of(path, folders) for path in months])
        for path in months:
            path.unlink()
    for one, other in zip(*found, strict=True):
        xr.testing.assert_identical(one, other)


@pytest.mark.slow
def test_on_dask_they_are_the_same(home: Folders, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="Dask's 'distributed' is not installed here")
    folders = copied(home, tmp_path)
    found = []
    for engine in ("serial", "dask"):
        hindcast("simulated", folders, replace(ASKED, engine=engine, workers=2))
        months = sorted((folders.network("simulated") / "hindcasts").glob("*.nc"))
        found.append([netcdf_of(path, folders) for path in months])
        for path in months:
            path.unlink()
    for one, other in zip(*found, strict=True):
        xr.testing.assert_identical(one, other)


def netcdf_of(path: Path, folders: Folders) -> xr.Dataset:
    return hindcast_file.read(path, pulling.find("simulated", folders))


@pytest.mark.slow
def test_they_are_scored_apart_from_what_was_issued(home: Folders, tmp_path: Path) -> None:
    folders = copied(home, tmp_path)
    hindcast("simulated", folders, replace(ASKED, exact=False))
    done = verify("simulated", folders, "hindcast")
    assert done.path.name == "scorecard-hindcast.nc"
    assert done.states == {}  # nobody falls back for what was never issued
    assert ledger.load(folders, "simulated", "replay") is None
    network = pulling.find("simulated", folders)
    assert issued.files(folders, network, "replay") == []
    assert len(issued.files(folders, network, "hindcast")) == 78


@pytest.mark.slow
def test_they_stand_on_the_skill_page_while_their_model_serves(
    home: Folders, tmp_path: Path
) -> None:
    folders = copied(home, tmp_path)
    hindcast("simulated", folders, ASKED)
    verify("simulated", folders, "hindcast")
    run = manifest.load(issuing.issue("simulated", LAST, folders))
    shown = publishing.view(run, folders)
    assert shown.hindcast is not None
    assert shown.hindcast.attrs["kind"] == "hindcast"
    assert shown.rolling is None  # none of them was issued
    run.model = "another"
    assert publishing.view(run, folders).hindcast is None


def test_months_begin_and_end_on_the_steps_that_are_asked_for(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    pulling.pull("simulated", None, folders)
    network = pulling.find("simulated", folders)
    jobs = jobs_of(network, folders, Asked(FIRST + np.timedelta64(30, "m"), LAST, every=7))
    assert [str(job) for job in jobs] == ["2020-03", "2020-04"]
    assert [str(job.first)[:13] for job in jobs] == ["2020-03-30T01", "2020-04-01T02"]
    assert [str(job.last)[:13] for job in jobs] == ["2020-03-31T19", "2020-04-01T23"]
    far = np.datetime64("2031-01-01", "ns")
    with pytest.raises(OutsideRecord, match="no time from 2031"):
        jobs_of(network, folders, Asked(far, far))
    with pytest.raises(InvalidData, match="Name the earlier time first"):
        jobs_of(network, folders, Asked(LAST, FIRST))


def test_a_value_is_kept_within_half_a_step(tmp_path: Path) -> None:
    last = np.array([[2.0, np.nan]])
    values = np.full((1, 2, 1, 9), np.nan)
    values[0, 0, 0] = [1.9, 1.95, 1.99996, 2.0, 2.00004, 2.1, 2.2, 2.3, 8.5534]
    steps, step = hindcast_file.packed(values, last, "m")
    assert step[0, 0] == pytest.approx(6.5534 / 32_766)  # the largest change asks for 0.2 mm
    assert steps[0, 0, 0, -1] == 32_766
    assert (steps[0, 1] == -32_768).all()  # nothing is nothing
    assert np.abs(2 + steps[0, 0, 0] * step[0, 0] - values[0, 0, 0]).max() <= step[0, 0] / 2 + 1e-9


def test_a_small_change_is_kept_to_a_tenth_of_a_millimetre() -> None:
    steps, step = hindcast_file.packed(np.full((1, 1, 1, 9), 1.0003), np.ones((1, 1)), "m")
    assert step[0, 0] == np.float32(1e-4)
    assert (steps == 3).all()


def test_only_issue_times_before_a_late_value_came_are_read_alone(home: Folders) -> None:
    network = pulling.find("simulated", home)
    issues = np.arange(LATE - 2 * HOUR, LATE + 9 * HOUR, HOUR)
    found = hindcast_record.otherwise(network, home, issues, 60 * HOUR)
    assert found.tolist() == [False] * 2 + [True] * 6 + [False] * 3
