"""`mulgil verify-forecasts` and `mulgil scorecard`, beside an archive of a few forecasts."""

import json
from pathlib import Path

import numpy as np
import pytest
import typer
import xarray as xr
from typer.testing import CliRunner

from data import archive, netcdf
from data.errors import NothingThere
from data.schema import QUANTILES
from data.sources import simulated
from flows import issued, verify_command
from flows.folders import Folders

RIVER = simulated.network()
START = np.datetime64("2020-03-01", "ns")
app = typer.Typer()
app.command("verify-forecasts")(verify_command.verify_forecasts)
app.command("scorecard")(verify_command.scorecard)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    """Return a home with two days of record and three forecasts of 2.5 m, without a model."""
    monkeypatch.setenv("MULGIL_HOME", str(tmp_path))
    folders = Folders(tmp_path)
    record = simulated.observe(RIVER, hours=96, start="2020-02-28")
    level = record.water_level.copy(data=np.full(record.water_level.shape, 2.0, "float32"))
    level[:, 50:] = 3.5  # a flood: 1 March from 02:00 on
    archive.save(folders.observations("simulated"), record.assign(water_level=level))
    return folders


def issue(folders: Folders) -> None:
    lead = RIVER.lead_times
    dims = ("issue_time", "station")
    for hour in (0, 1, 2):
        when = START + np.timedelta64(hour, "h")
        values = np.full((1, 3, lead.size, len(QUANTILES)), 2.5, "float32")
        level = ((*dims, "lead_time", "quantile"), values, {"units": "m"})
        made = {"water_level": level, "last_observed": (dims, np.full((1, 3), 2.0, "float32"))}
        coords = {"issue_time": [when], "station": RIVER.ids, "lead_time": lead}
        ds = xr.Dataset(made, coords | {"quantile": list(QUANTILES)})
        path = issued.path_of(folders, RIVER, "replay", when)
        netcdf.write(path, ds.assign_attrs(model="a", kind="replay"))


def run(*arguments: str) -> str:
    found = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert found.exit_code == 0, found.output
    return str(found.stdout)


def test_forecasts_are_verified_and_the_scorecard_is_told(
    home: Folders, capsys: pytest.CaptureFixture[str]
) -> None:
    issue(home)
    told = json.loads(run("verify-forecasts", "simulated", "--json"))
    assert (told["kind"], told["days"], told["fallback"]) == ("replay", 2, {})
    assert "no model" in told["trouble"] or "mulgil train" in told["trouble"]
    card = json.loads(run("scorecard", "simulated", "--days", "0", "--json"))
    assert (card["network"], card["simulated"], card["unit"]) == ("simulated", True, "m")
    assert (card["first_day"], card["last_day"]) == ("2020-03-01", "2020-03-02")
    row = card["rows"][0]
    assert (row["station"], row["lead_hours"], row["n"]) == ("S1", 1.0, 3)
    assert row["stages"]["watch"]["misses"] == 2  # 02:00 and 03:00
    assert row["stages"]["attention"]["hits"] == 3
    newest = json.loads(run("scorecard", "simulated", "--days", "1", "--json"))
    assert newest["first_day"] == "2020-03-02"


def test_the_scorecard_is_a_table_for_a_person(
    home: Folders, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from rich.console import Console

    issue(home)
    run("verify-forecasts", "simulated")
    console = Console(width=160, record=True)
    monkeypatch.setattr(verify_command, "console", console)
    run("scorecard", "simulated", "--days", "0")
    said = " ".join(console.export_text().split())
    assert "SIMULATED rivers, REPLAYS of simulated" in said
    assert "watch" in said
    assert "false alarms" in said


def test_without_forecasts_the_commands_say_what_to_run(home: Folders) -> None:
    with pytest.raises(NothingThere, match="Run: mulgil forecast simulated"):
        run("verify-forecasts", "simulated")
    with pytest.raises(NothingThere, match="Run: mulgil verify-forecasts simulated"):
        run("scorecard", "simulated")


def test_a_kind_that_there_is_not_is_refused(home: Folders) -> None:
    found = CliRunner().invoke(app, ["scorecard", "simulated", "--kind", "best"])
    assert found.exit_code == 2
    assert "real-time, replay, drill" in found.output


def test_the_kinds_that_the_help_names_are_those_that_are_scored() -> None:
    assert ", ".join(issued.SCORED) == verify_command.KINDS
