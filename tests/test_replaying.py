"""A past run issued again: the same to the bit whatever came later, or what differs is named."""

import json
import shutil
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from typer import Typer
from typer.testing import CliRunner

from data import archive, netcdf, store
from data.reading import FORECAST_RAIN, Reading
from data.sources.simulated import network, observe
from data.storage.fold import fold
from flows import (
    fallbacks,
    issuing,
    kept,
    learnt,
    ledger,
    manifest,
    planning,
    pulling,
    replaying_answer,
    replaying_causes,
    replaying_command,
    runs_diff,
    runs_numbers,
    training,
)
from flows.folders import Folders
from flows.futures import Plan
from flows.manifest import Manifest
from flows.replaying_answer import Answer
from flows.replaying_bits import others
from forecast import companion
from forecast.fallback import State
from forecast.model import ModelConfig
from forecast.train import TrainConfig

HOUR = np.timedelta64(1, "h")
ISSUE = np.datetime64("2019-02-01T00:00", "ns")
TINY = TrainConfig(updates=4, batch=8, model=ModelConfig(hidden=4, window=48, last=24))
NETWORK = """title_ko = "시험 하천"
title_en = "Test river"
quantity = "water_level"
step = 60
horizon = 6
train = [2018, 2018]
validate = [2019, 2019]
test = [2020, 2020]
provenance = "Simulated."
[[feeds]]
variable = "rainfall_forecast"
source = "open_meteo"
[feeds.sites]
S1 = ["S1"]
"""
HEADS = (
    "id,name_ko,name_en,river_ko,river_en,latitude,longitude,quantity,gauge_zero,upstream,"
    "attention,watch,warning,severe,origin,method"
)
GAUGE = "S1,모의,Simulated,강,River,37.45,127.4,water_level,0,,1.3,1.4,1.45,9,derived,x"


def record() -> xr.Dataset:
    seen = observe(network(gauges=1), hours=24 * 100, start="2018-11-01")
    chance = np.random.default_rng(0).random((1, seen.sizes["time"]))
    release = (1000 + 500 * chance).astype("float32")
    level = seen.water_level.copy(data=release / 1000)
    dims = ("station", "time")
    made = seen.assign(water_level=level, dam_release=(dims, release, {"units": "m3 s-1"}))
    return made.assign(dam_release_flag=seen.rainfall_flag).assign_attrs(
        network="test", source="own"
    )


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """Return a home with a network, its record, rain ahead, a model and a planner."""
    folders = Folders(tmp_path_factory.mktemp("home"))
    own = folders.network("test")
    own.mkdir()
    (own / "network.toml").write_text(NETWORK, encoding="utf-8")
    (own / "stations.csv").write_text(f"{HEADS}\n{GAUGE}\n", encoding="utf-8")
    archive.save(folders.observations("test"), record())
    training.train("test", folders, TINY)
    with pytest.MonkeyPatch.context() as fewer:
        fewer.setattr(companion, "_ROUNDS", 20)
        planning.train_planner("test", folders)
    rain = [Reading("S1", FORECAST_RAIN, ISSUE + n * HOUR, 2.0) for n in range(1, 7)]
    store.append(folders.observations("test"), "open_meteo", rain, ISSUE - HOUR)
    return folders


@pytest.fixture
def folders(world: Folders, tmp_path: Path) -> Folders:
    """Return a copy of the home that a test may change."""
    return Folders(Path(shutil.copytree(world.home, tmp_path / "home")))


def issue(folders: Folders, **how: Any) -> Manifest:
    return manifest.load(issuing.issue("test", ISSUE, folders, **how))


def again(folders: Folders, run: Manifest) -> Answer:
    return replaying_answer.replay(run, folders)


def prints(home: Path) -> dict[str, str]:
    """Return the digest of every file; SQLite's own notes of who reads are none of ours."""
    return {
        str(path.relative_to(home)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file() and not path.name.endswith(("-shm", "-wal"))
    }


def revise(folders: Folders, by: float, received: np.datetime64) -> None:
    """Let the provider say other levels of the day before the issue time."""
    times = ISSUE - np.arange(1, 24) * HOUR  # of one day, so that the store can fold it
    said = [Reading("S1", "water_level", time, 1.2 + by) for time in times]
    store.append(folders.observations("test"), "own", said, received)


def test_the_manifest_names_all_that_a_replay_needs(folders: Folders) -> None:
    run = issue(folders, triggered_by="a test")
    assert set(run.used) == {"network", "model", "planner", "thresholds"}
    assert run.used["model"] == sha256(folders.checkpoint("test").read_bytes()).hexdigest()
    limits = kept.thresholds(folders, "test", run.used["thresholds"])["S1"]
    assert (limits.attention, limits.severe, limits.method) == (1.3, 9.0, "x")
    assert run.inputs["window"][1] == "2019-02-01T00:00Z"
    assert run.inputs["futures"]["rainfall"].startswith("open_meteo, received 2019-01-31T23:00Z")
    assert len(run.numbers) == 64
    assert run.code["sources"]
    assert run.machine["type of fast products"] in ("float32", "bfloat16")
    assert run.triggered_by == "a test"


def test_a_replay_is_the_same_to_the_bit_and_leaves_no_byte_behind(folders: Folders) -> None:
    run = issue(folders)
    before = prints(folders.home)
    found = again(folders, run)
    assert (found.same, found.told, found.differs) == (True, "Same to the bit.", ())
    assert prints(folders.home) == before


def test_what_was_revised_later_makes_no_difference(folders: Folders) -> None:
    run = issue(folders)
    revise(folders, 0.2, ISSUE + 3 * HOUR)
    assert again(folders, run).told == "Same to the bit."
    later = manifest.load(issuing.issue("test", ISSUE + 6 * HOUR, folders))
    assert later.inputs["fingerprint"] != run.inputs["fingerprint"]


def test_a_store_that_was_folded_tells_the_same(folders: Folders) -> None:
    path = folders.observations("test")
    for hour in range(4):
        revise(folders, hour / 100, ISSUE - (4 - hour) * HOUR)
    run = issue(folders)
    revise(folders, 0.3, ISSUE + HOUR)
    assert fold(path, ISSUE + np.timedelta64(9, "D")) > 0
    assert again(folders, run).told == "Same to the bit."


def test_a_new_model_and_planner_in_service_make_no_difference(folders: Folders) -> None:
    run = issue(folders)
    training.train("test", folders, replace(TINY, seed=1), force="a test")
    serving = pulling.find("test", folders)
    planning.path_of(folders, "test", run.model).write_bytes(b"another planner")
    newer = issue(folders)
    assert newer.model != run.model
    assert serving.name == "test"
    assert again(folders, run).told == "Same to the bit."
    assert again(folders, newer).told == "Same to the bit."


def test_other_thresholds_make_no_difference(folders: Folders) -> None:
    run = issue(folders)
    table = folders.network("test") / "stations.csv"
    table.write_text(f"{HEADS}\n{GAUGE.replace('1.3,1.4', '0.1,0.2')}\n", encoding="utf-8")
    assert again(folders, run).told == "Same to the bit."
    looks = runs_numbers.outlooks(run, runs_numbers.read(run, folders), folders)
    assert [o.stage.name for o in looks] != ["SEVERE"]
    newer = issue(folders)
    found = runs_diff.compare(run, newer, folders)
    assert [(f.name, f.before, f.after) for f in found.limits] == [
        ("S1", "1.3 / 1.4 / 1.45 / 9", "0.1 / 0.2 / 1.45 / 9")
    ]


def test_a_plan_is_kept_by_content_and_used_again(folders: Folders, tmp_path: Path) -> None:
    path = tmp_path / "releases.csv"
    rows = [f"{str(ISSUE + n * HOUR)[:16]}Z,1400" for n in range(1, 7)]
    path.write_text("\n".join(["time,dam_release", *rows]) + "\n", encoding="utf-8")
    digest = sha256(path.read_bytes()).hexdigest()
    run = issue(folders, plan=Plan(path, "duty officer", "Paldang's schedule"))
    path.write_text("time,dam_release\n2019-02-01T01:00Z,0\n", encoding="utf-8")
    assert (run.used["plan"], run.inputs["futures"]["plan"]["sha256"]) == (digest, digest)
    assert (folders.network("test") / "plans" / f"{digest}.csv").exists()
    assert again(folders, run).told == "Same to the bit."
    (folders.network("test") / "plans" / f"{digest}.csv").unlink()
    found = again(folders, run)
    assert not found.same
    assert f"The plan {digest[:12]} of 'test' is gone" in found.told


def test_a_fall_back_that_was_decided_afterwards_is_not_seen(folders: Folders) -> None:
    run = issue(folders)
    when = np.datetime64(run.known_at.rstrip("Z"), "ns")  # as `verify_forecasts.follow` writes it
    river = pulling.find("test", folders)
    fallen = State("S1", True, when, run.model, when, "나쁨. Worse.", -1.0)
    log = fallbacks._path(folders, river, fallbacks.log_kind(river, "replay"))
    fallbacks._write(log, [fallen])
    learnt.learnt(folders, river)
    assert again(folders, run).told == "Same to the bit."
    stood_in = issue(folders)
    assert stood_in.fallback == {"S1": "나쁨. Worse."}
    log.unlink()
    (ledger.home(folders, "test") / "learnt.nc").unlink()
    assert again(folders, stood_in).told == "Same to the bit."


def test_a_forecast_that_another_run_replaced_is_set_aside(folders: Folders) -> None:
    first = issue(folders)
    revise(folders, 0.2, ISSUE - HOUR)
    second = issue(folders)
    assert first.forecast == second.forecast
    one, two = (runs_numbers.read(run, folders).forecast for run in (first, second))
    assert one is not None
    assert two is not None
    assert (one.attrs["run_id"], two.attrs["run_id"]) == (first.run_id, second.run_id)
    assert not np.array_equal(one.water_level.values, two.water_level.values)


def test_readings_that_came_in_backdated_are_named(folders: Folders) -> None:
    run = issue(folders)
    revise(folders, 0.2, ISSUE - HOUR)
    found = again(folders, run)
    assert not found.same
    assert found.told == "The numbers differ; the readings changed since."
    (cause,) = found.causes
    assert "water_level of S1 (last value then 2019-02-01T00:00Z, now" in cause.told
    assert found.differs[0].stations == ("S1",)


def test_readings_that_were_lost_are_named(folders: Folders, tmp_path: Path) -> None:
    run = issue(folders)
    ignored = shutil.ignore_patterns("observations.sqlite*")
    poor = Folders(Path(shutil.copytree(folders.home, tmp_path / "poor", ignore=ignored)))
    short = record().isel(time=record().time.values < ISSUE - 2 * HOUR)
    archive.save(poor.observations("test"), short)
    found = again(poor, run)
    assert not found.same
    assert "(last value then 2019-02-01T00:00Z, now 2019-01-31T21:00Z)" in found.causes[0].told
    assert "The rain ahead that was known then was open_meteo" in found.causes[1].told
    assert "now none" in found.causes[1].told


def test_a_model_that_is_gone_is_named(folders: Folders) -> None:
    run = issue(folders)
    for path in folders.network("test").rglob("*.pt"):
        path.unlink()
    found = again(folders, run)
    assert not found.same
    assert f"The model {run.model} of 'test' is gone" in found.told


def test_libraries_that_differ_are_named_even_where_the_numbers_are_the_same(
    folders: Folders,
) -> None:
    run = issue(folders)
    run.versions["torch"] = "2.4.0"
    run.machine["type of fast products"] = "bfloat16"
    found = again(folders, run)
    assert found.told == "Same to the bit, although libraries, machine changed since."
    assert "torch 2.4.0 then" in found.causes[0].told
    assert "type of fast products bfloat16 then, float32 now" in found.causes[1].told.replace(
        "bfloat16 now", "float32 now"
    )


def test_a_forecast_that_was_altered_on_the_disk_is_named(folders: Folders) -> None:
    run = issue(folders)
    path = folders.forecasts("test") / run.forecast
    issued = netcdf.read(path)
    issued.water_level.values[0, 0, 2, 4] += np.float32(0.5)
    netcdf.write(path, issued)
    found = again(folders, run)
    assert not found.same
    assert found.differs[0].told == "water_level: 1 of 54 differ, by 0.5 m at most (at S1)."
    assert found.notes == ("The file of the forecast was changed after it was issued.",)


def test_a_forecast_that_was_removed_is_judged_by_its_fingerprint(folders: Folders) -> None:
    run = issue(folders)
    (folders.forecasts("test") / run.forecast).unlink()
    found = again(folders, run)
    assert found.same
    assert "The fingerprint in the manifest was compared instead" in found.notes[0]


def test_an_older_manifest_is_replayed_with_a_note(folders: Folders) -> None:
    run = issue(folders)
    old = replace(run, used={}, numbers="", code={}, machine={}, inputs={}, versions={})
    found = again(folders, old)
    assert found.same
    assert "older than the record of all that was used" in found.notes[0]


def test_a_run_that_failed_says_why_and_cannot_be_replayed(folders: Folders) -> None:
    folders.checkpoint("test").write_bytes(b"no model")
    with pytest.raises(Exception, match="is not a checkpoint"):
        issue(folders)
    (path,) = (folders.home / "runs").glob("*.json")
    run = manifest.load(path)
    assert run.state == "failed"
    assert "is not a checkpoint we can read" in run.error
    assert "issued no forecast (state: failed)" in again(folders, run).told


def test_the_command_says_it_and_ends_with_0_or_1(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MULGIL_HOME", str(folders.home))
    app = Typer()
    app.command()(replaying_command.replay)
    run = issue(folders)
    done = CliRunner().invoke(app, ["latest", "--json"])
    told = json.loads(done.stdout)
    assert (done.exit_code, told["run"], told["same"]) == (0, run.run_id, True)
    revise(folders, 0.2, ISSUE - HOUR)
    done = CliRunner().invoke(app, [run.run_id[:20]])
    assert done.exit_code == 1
    assert "The numbers differ; the readings changed since." in " ".join(done.output.split())


def numbers(*values: float) -> xr.Dataset:
    levels = np.array([values], "float32")
    coords = {"station": ["S1"], "lead_time": np.arange(len(values))}
    dims = ("station", "lead_time")
    return xr.Dataset({"water_level": (dims, levels, {"units": "m"})}, coords)


def test_a_missing_number_is_the_same_as_a_missing_number() -> None:
    assert others(numbers(1.0, np.nan), numbers(1.0, np.nan)) == ()


def test_the_last_bit_counts_and_a_number_is_not_the_same_as_none() -> None:
    next_to_one = float(np.nextafter(np.float32(1), np.float32(2)))
    (other,) = others(numbers(1.0, 2.0), numbers(next_to_one, np.nan))
    assert other.number == 2
    assert other.largest == pytest.approx(2**-23)


def test_a_variable_of_another_shape_is_named() -> None:
    told = [other.told for other in others(numbers(1.0), numbers(1.0, 2.0))]
    assert "water_level has the shape (1, 1) then, (1, 2) now." in told


def test_the_stations_of_lost_readings_are_told_in_full(folders: Folders) -> None:
    run = issue(folders)
    revise(folders, 0.2, ISSUE - HOUR)
    from flows import replaying

    found = replaying_causes.readings(run, replaying.again(run, folders))
    at = "2019-02-01T00:00Z"
    assert found == [("S1", "water_level", at, at)]
