"""Plans and what-ifs from end to end, on a river whose level is a thousandth of a release."""

import csv
import json
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from typer import Typer
from typer.testing import CliRunner

from data import archive, netcdf, store
from data.errors import InvalidData, NothingThere
from data.reading import FORECAST_RAIN, Reading
from data.sources.simulated import network, observe
from flows import futures, issuing, manifest, planning, publishing, training, what_if_command
from flows.folders import Folders
from flows.futures import Plan
from flows.what_if import Asked, WhatIf, what_if
from forecast import companion
from forecast.model import ModelConfig
from forecast.train import TrainConfig

HOUR = np.timedelta64(1, "h")
ISSUE = np.datetime64("2019-02-01T00:00", "ns")
HORIZON = 6
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
STATIONS = f"{HEADS}\n{GAUGE}\n"


def record() -> xr.Dataset:
    seen = observe(network(gauges=1), hours=24 * 100, start="2018-11-01")
    chance = np.random.default_rng(0).random((1, seen.sizes["time"]))
    release = (1000 + 500 * chance).astype("float32")
    dims = ("station", "time")
    level = seen.water_level.copy(data=release / 1000)
    made = seen.assign(water_level=level, dam_release=(dims, release, {"units": "m3 s-1"}))
    return made.assign(dam_release_flag=seen.rainfall_flag).assign_attrs(
        network="test", source="own"
    )


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """Return a home with a network, a model, a planner, rain ahead, and a published forecast."""
    folders = Folders(tmp_path_factory.mktemp("home"))
    own = folders.network("test")
    own.mkdir()
    (own / "network.toml").write_text(NETWORK, encoding="utf-8")
    (own / "stations.csv").write_text(STATIONS, encoding="utf-8")
    archive.save(folders.observations("test"), record())
    training.train("test", folders, TINY)
    with pytest.MonkeyPatch.context() as fewer:
        fewer.setattr(companion, "_ROUNDS", 60)
        planning.train_planner("test", folders)
    rain = [Reading("S1", FORECAST_RAIN, ISSUE + n * HOUR, 2.0) for n in range(1, HORIZON + 1)]
    store.append(folders.observations("test"), "open_meteo", rain, ISSUE - HOUR)
    publishing.publish(issuing.issue("test", ISSUE, folders), folders)
    return folders


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    """Return a plan: 1500 m3/s for six hours, as much as there ever was."""
    path = tmp_path / "releases.csv"
    rows = [f"{str(ISSUE + n * HOUR)[:16]}Z,1499" for n in range(1, HORIZON + 1)]
    path.write_text("\n".join(["time,dam_release", *rows]) + "\n", encoding="utf-8")
    return path


def prints(folder: Path) -> dict[str, str]:
    """Return the digest of every file below a folder, and where every link points."""
    return {
        str(path): str(path.readlink()) if path.is_symlink() else _digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def ask(folders: Folders, **changes: Any) -> WhatIf:
    return what_if("test", ISSUE, folders, Asked("what would it do", "duty officer", **changes))


def peak(made: WhatIf, side: str = "what_if") -> float:
    return float(made.told["differences"][0][side]["peak"])


def issue_of(folders: Folders) -> Any:
    from flows import what_if as module

    return module._issue("test", ISSUE, folders)


def test_a_planned_release_raises_the_forecast_and_is_signed(
    folders: Folders, releases: Path
) -> None:
    issue = issue_of(folders)
    plain, without = planning.foretell(issue, folders)
    plan = Plan(releases, "duty officer", "two gates open")
    made, futures = planning.foretell(issue, folders, plan)
    rise = (made.water_level - plain.water_level).sel(quantile=0.5).isel(lead_time=-1)
    assert rise.item() > 0
    assert without.told["rainfall"] == "open_meteo, received 2019-01-31T23:00Z"
    assert without.told["rain_ahead"]["most"] == 12.0
    assert futures.told["plan"] == {
        "file": "releases.csv",
        "sha256": _digest(releases),
        "variables": ["dam_release"],
        "members": 1,
        "who": "duty officer",
        "reason": "two gates open",
    }
    assert made.attrs["futures"].startswith("plan releases.csv (")
    assert "rainfall: open_meteo" in made.attrs["futures"]


def test_a_forecast_with_a_plan_names_it_in_manifest_and_warnings(
    folders: Folders, releases: Path
) -> None:
    plan = Plan(releases, "duty officer", "two gates open")
    later = ISSUE - HOUR  # its first hours are planned by nobody
    run = manifest.load(issuing.issue("test", later, folders, plan=plan))
    assert run.inputs["futures"]["plan"]["sha256"] == _digest(releases)
    said = " ".join(run.warnings)
    assert f"Planned dam_release by duty officer ({_digest(releases)[:12]}): two gates open" in said
    assert "bridged by a straight line" in said


def test_rain_that_was_forecast_is_used_and_named_and_its_trouble_stops_nothing(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = manifest.load(issuing.issue("test", ISSUE, folders))
    assert run.inputs["futures"]["rainfall"] == "open_meteo, received 2019-01-31T23:00Z"

    def broken(*_: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr("data.rain_ahead.read", broken)
    without = manifest.load(issuing.issue("test", ISSUE, folders))
    assert without.inputs["futures"] == {}
    assert without.degraded == {}
    assert without.warnings[-1].endswith("The rain to come was not used: the disk is gone")


def test_a_planner_that_is_damaged_is_told_and_the_forecast_goes_out(folders: Folders) -> None:
    (path,) = (folders.network("test") / "planners").glob("*.npz")
    whole = path.read_bytes()
    path.write_bytes(whole[:1000])
    run = manifest.load(issuing.issue("test", ISSUE, folders))
    path.write_bytes(whole)
    assert run.degraded == {}
    assert "no planner that we can read" in run.warnings[-1]


def test_a_model_that_has_not_learnt_from_plans_as_the_one_before_it_says_so(
    folders: Folders,
) -> None:
    (path,) = (folders.network("test") / "planners").glob("*.npz")
    other = path.rename(path.with_name("earlier.npz"))
    run = manifest.load(issuing.issue("test", ISSUE, folders))
    other.rename(path)
    assert run.degraded == {}
    assert run.warnings[-1].endswith("mulgil train test --with-plans")


def test_rain_of_a_plan_goes_before_rain_that_was_forecast(
    folders: Folders, tmp_path: Path
) -> None:
    path = tmp_path / "rain.csv"
    path.write_text(f"time,rainfall\n{str(ISSUE + HOUR)[:16]},7\n", encoding="utf-8")
    issue = issue_of(folders)
    plan = futures.known_futures(issue, folders, Plan(path, "x", "y")).plan
    assert plan is not None
    assert plan.rainfall.values.tolist() == [[7, 2, 2, 2, 2, 2]]


def test_an_ensemble_is_forecast_member_by_member_and_pooled(
    folders: Folders, tmp_path: Path
) -> None:
    path = tmp_path / "members.csv"
    rows = [
        f"{str(ISSUE + n * HOUR)[:16]},{member},{release}"
        for n in range(1, HORIZON + 1)
        for member, release in (("low", 1010), ("high", 1490))
    ]
    path.write_text("\n".join(["time,member,dam_release", *rows]) + "\n", encoding="utf-8")
    made, futures = planning.foretell(issue_of(folders), folders, Plan(path, "x", "y"))
    assert futures.told["plan"]["members"] == 2
    values = made.water_level.isel(issue_time=0, station=0, lead_time=-1).values
    assert (np.diff(values) >= 0).all()
    alone = []
    for member in ("low", "high"):
        one = tmp_path / f"{member}.csv"
        kept = [row.replace(f",{member}", "") for row in rows if f",{member}," in row]
        one.write_text("\n".join(["time,dam_release", *kept]) + "\n", encoding="utf-8")
        told, _ = planning.foretell(issue_of(folders), folders, Plan(one, "x", "y"))
        alone.append(told.water_level.isel(issue_time=0, station=0, lead_time=-1).values)
    low, high = alone
    assert low[4] + 0.05 < high[4]
    assert low[4] < values[4] < high[4]
    assert values[-1] - values[0] > max(low[-1] - low[0], high[-1] - high[0])


def test_a_factor_of_one_is_the_automatic_forecast_to_the_bit(folders: Folders) -> None:
    made = ask(folders, rain_factor=1.0)
    run = manifest.load(issuing.issue("test", ISSUE, folders))
    issued = netcdf.read(folders.forecasts("test") / run.forecast)
    again = netcdf.read(made.folder / "forecast.nc")
    np.testing.assert_array_equal(again.water_level.values, issued.water_level.values)
    assert made.told["differences"][0]["peak_difference"] == 0


def test_no_what_if_touches_what_is_published(folders: Folders, releases: Path) -> None:
    watched = [folders.site, folders.forecasts("test"), folders.home / "runs"]
    before = [prints(folder) for folder in watched]
    others = {p.name for p in folders.network("test").iterdir()} | {"what-if"}
    for changes in (
        {"rain_factor": 3.0},
        {"release_csv": releases},
        {"blocked": ("S1",)},
        {"corrected": ("S1=+0.2",)},
        {"rain_more": 30.0, "rain_later_hours": 1.0, "rain_from": "S1"},
    ):
        ask(folders, **changes)
    with pytest.raises(InvalidData):
        ask(folders, rain_from="nowhere")
    assert [prints(folder) for folder in watched] == before
    assert before[0]
    assert before[1]
    assert {p.name for p in folders.network("test").iterdir()} == others


def test_a_what_if_that_fails_leaves_nothing_behind(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    before = prints(folders.home)
    monkeypatch.setattr("flows.what_if_files.write", full)
    with pytest.raises(OSError, match="no space"):
        ask(folders, rain_factor=2.0)
    assert prints(folders.home) == before


def test_every_file_of_a_what_if_says_what_it_is(folders: Folders, releases: Path) -> None:
    made = ask(folders, release_csv=releases, rain_factor=1.2)
    assert made.folder.parent == folders.network("test") / "what-if"
    record = json.loads((made.folder / "scenario.json").read_text(encoding="utf-8"))
    assert record["label"] == "WHAT-IF 가정"
    assert record["reason"] == "what would it do"
    assert record["who"] == "duty officer"
    assert record["asked"]["release_csv"] == {"file": "releases.csv", "sha256": _digest(releases)}
    forecast = netcdf.read(made.folder / "forecast.nc")
    assert forecast.attrs["kind"] == "what-if"
    assert forecast.attrs["title"].startswith("WHAT-IF (가정): not a forecast")
    rows = list(csv.DictReader(StringIO((made.folder / "differences.csv").read_text("utf-8"))))
    assert rows[0]["label"].startswith("WHAT-IF 가정, not a forecast")
    assert float(rows[0]["peak_difference"]) == pytest.approx(
        record["differences"][0]["peak_difference"], abs=1e-3
    )
    for name, mark, banner in (
        ("index.html", "[가정]", "예측으로 발표되지 않았으며"),
        ("index.en.html", "[WHAT-IF]", "not issued as a forecast"),
    ):
        page = (made.folder / name).read_text(encoding="utf-8")
        assert f"<title>{mark}" in page
        assert banner in page
        assert page.count('<svg class="hydrograph"') == 2
        assert "REPLAY" in page or "재현" in page
        for linked in ("differences.csv", "scenario.json", "forecast.nc"):
            assert f'href="{linked}"' in page
    assert str(folders.home) not in (made.folder / "scenario.json").read_text(encoding="utf-8")


def test_what_a_person_writes_cannot_break_the_page(folders: Folders) -> None:
    reason = "<script>alert(1)</script>\u202e =1+1"
    made = what_if("test", ISSUE, folders, Asked(reason, "<b>me</b>", rain_factor=2.0))
    page = (made.folder / "index.en.html").read_text(encoding="utf-8")
    assert "<script>" not in page
    assert "<b>me" not in page
    assert "\u202e" not in page


def test_a_blocked_gauge_is_unknown_in_the_what_if_and_never_safe(folders: Folders) -> None:
    told = ask(folders, blocked=("S1",)).told["differences"][0]
    assert told["automatic"]["stage"] != "UNKNOWN"
    assert told["what_if"]["stage"] == "UNKNOWN"
    assert told["what_if"]["peak"] is None
    assert "No reading" in told["what_if"]["reason"]
    assert told["peak_difference"] is None


def test_a_corrected_gauge_starts_elsewhere(folders: Folders) -> None:
    made = ask(folders, corrected=("S1=+0.1",))
    assert peak(made) > peak(made, "automatic") + 0.02
    assert made.told["changes"] == [
        "S1 지점의 모든 관측에 +0.1 m를 더했습니다. +0.1 m was added to all readings of S1."
    ]


def test_what_goes_beyond_the_record_is_said(folders: Folders, tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    path.write_text(f"time,dam_release\n{str(ISSUE + HOUR)[:16]},9000\n", encoding="utf-8")
    notes = " ".join(ask(folders, release_csv=path).told["notes"])
    assert "6.0 times the largest on record" in notes
    assert "is the unit right?" in notes
    assert "Extrapolated: a release of 9,000 m3/s" in notes


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, "Nothing is to be changed"),
        ({"rain_factor": -2.0}, "rain factor"),
        ({"blocked": ("S7",)}, "No station 'S7'"),
        ({"corrected": ("S1=much",)}, "no correction"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    folders: Folders, changes: dict[str, Any], wrong: str
) -> None:
    with pytest.raises(InvalidData, match=wrong):
        ask(folders, **changes)


def test_a_what_if_needs_a_reason(folders: Folders) -> None:
    with pytest.raises(InvalidData, match="needs a reason"):
        what_if("test", ISSUE, folders, Asked("  ", "me", rain_factor=2.0))


def test_a_file_without_the_column_is_refused(folders: Folders, releases: Path) -> None:
    with pytest.raises(InvalidData, match="has no column rainfall"):
        ask(folders, rain_csv=releases)


def test_without_a_planner_a_plan_is_refused_and_rain_that_fell_can_still_be_changed(
    folders: Folders, releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.what_if.ready", lambda *_: (None, ()))
    with pytest.raises(NothingThere, match="mulgil train test --with-plans"):
        ask(folders, release_csv=releases)
    made = ask(folders, rain_factor=2.0)
    assert "only; the rain to come is not known" in made.told["changes"][-1]


def test_too_many_gauges_have_no_planner_and_that_is_said(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "MOST", 0)
    path, said = planning.train_planner("test", folders)
    assert path is None
    assert "up to 0, so none was" in said


def test_the_command_prints_json_or_a_table(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MULGIL_HOME", str(folders.home))
    app = Typer()
    app.command("what-if", help=what_if_command.HELP)(what_if_command.what_if)
    words = ["test", "--issue-time", "2019-02-01T00:00", "--correct", "S1=+0.3", "--reason", "why"]
    told = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert told["label"] == "WHAT-IF 가정"
    assert Path(told["folder"]).is_dir()
    shown = CliRunner().invoke(app, words)
    assert shown.exit_code == 0
