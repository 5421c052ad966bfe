"""Old runs go by one rule; what is shown, scored from, edited or broken stays."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from typer.testing import CliRunner

from data import netcdf
from data.errors import InvalidData
from flows import ledger, manifest, runs, runs_command, runs_index
from flows.folders import Folders
from flows.runs_prune import EDITED, SHOWN, UNREADABLE, UNSCORED, prune

DAY = np.timedelta64(1, "D")
NOW = np.datetime64("2026-07-31T00:00", "ns")
Leave = Callable[..., str]


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


@pytest.fixture
def leave(folders: Folders) -> Leave:
    """Return a function that leaves a run of 00:00 of a day of July, begun five minutes later."""

    def run(day: int, state: str = "published", forecast: bool = True) -> str:
        name = f"simulated-2026-07-{day:02d}T0000Z-202607{day:02d}T000500000000"
        made = manifest.Manifest("simulated", f"2026-07-{day:02d}T00:00Z", "clock", name, True)
        made.state, made.kind = state, "replay"
        if forecast:
            made.forecast = f"2026-07-{day:02d}T0000Z.nc"
            path = folders.forecasts("simulated") / made.forecast
            netcdf.write(path, xr.Dataset(attrs={"run_id": name}))
        made.save(folders.run(name))
        return name

    return run


def scored(folders: Folders, first: int, last: int, known: int = 31) -> None:
    """Let the ledger have scored days of July, as known at the beginning of a day."""
    days = np.arange(first, last + 1) - 1 + np.datetime64("2026-07-01", "ns").astype("M8[D]")
    at = np.full(days.size, np.datetime64(f"2026-07-{known:02d}", "ns"))
    sums = xr.Dataset({"n": ("day", np.ones(days.size))}, {"day": days.astype("M8[ns]")})
    ledger.keep(folders, "simulated", "replay", sums.assign_coords(known_at=("day", at)))


def there(folders: Folders) -> list[str]:
    return sorted(name[:25] for name in runs_index.manifests(folders))


def test_an_old_run_goes_with_its_forecast_and_a_young_one_stays(
    folders: Folders, leave: Leave
) -> None:
    old, young = leave(3), leave(20)
    scored(folders, 1, 25)
    found = prune(folders, keep_days=20, now=NOW)
    assert (found.runs, found.stay) == ((old,), {})
    assert [row["run"] for row in runs.listed(folders).rows] == [young]
    left = [path.name for path in folders.forecasts("simulated").glob("*.nc")]
    assert left == ["2026-07-20T0000Z.nc"]
    told = json.loads((folders.home / "pruned.jsonl").read_text(encoding="utf-8"))
    assert (told["runs"], told["keep_days"]) == ([old], 20)


def test_a_dry_run_tells_the_same_and_touches_nothing(folders: Folders, leave: Leave) -> None:
    leave(3)
    scored(folders, 1, 25)
    before = sorted(str(path) for path in folders.home.rglob("*") if path.is_file())
    told = prune(folders, 5, dry_run=True, now=NOW)
    after = sorted(str(path) for path in folders.home.rglob("*") if path.is_file())
    assert set(after) - set(before) == {str(runs_index.path_of(folders))}
    assert prune(folders, 5, now=NOW).runs == told.runs


def test_what_the_site_shows_stays_and_what_it_may_draw_beside(
    folders: Folders, leave: Leave
) -> None:
    leave(1)
    leave(9)
    shown = leave(10)  # the horizon is 24 h: earlier forecasts of two days may stand beside it
    manifest.load(folders.run(shown)).save(folders.shown("simulated"))
    scored(folders, 1, 25)
    found = prune(folders, 1, now=NOW)
    assert found.stay == {SHOWN: 2}
    assert there(folders) == ["simulated-2026-07-09T0000", "simulated-2026-07-10T0000"]


def test_a_forecast_that_can_still_be_scored_stays(folders: Folders, leave: Leave) -> None:
    leave(3)
    assert prune(folders, 5, now=NOW).stay == {UNSCORED: 1}
    scored(folders, 3, 3)  # it looks from 01:00 of the 3rd to 00:00 of the 4th: two days
    assert prune(folders, 5, now=NOW).stay == {UNSCORED: 1}
    scored(folders, 4, 4, known=8)  # before the four days after its end in which it settles
    assert prune(folders, 5, now=NOW).stay == {UNSCORED: 1}
    scored(folders, 4, 4, known=9)
    assert len(prune(folders, 5, now=NOW).runs) == 1


def test_a_failed_run_goes_and_a_broken_manifest_stays_to_be_looked_at(
    folders: Folders, leave: Leave
) -> None:
    failed, broken = leave(3, "failed", forecast=False), leave(4)
    folders.run(broken).write_text("{", encoding="utf-8")
    found = prune(folders, 5, now=NOW)
    assert (found.runs, found.stay) == ((failed,), {UNREADABLE: 1})


def test_a_run_that_an_edit_names_stays(folders: Folders, leave: Leave) -> None:
    run = leave(3)
    scored(folders, 1, 25)
    edits = folders.network("simulated") / "review" / "edits.jsonl"
    edits.parent.mkdir(parents=True)
    edits.write_text(json.dumps({"run": run, "who": "Kim"}) + "\n", encoding="utf-8")
    assert prune(folders, 5, now=NOW).stay == {EDITED: 1}


def test_the_forecast_of_another_run_at_the_same_place_stays(
    folders: Folders, leave: Leave
) -> None:
    run = leave(3)
    scored(folders, 1, 25)
    path = folders.forecasts("simulated") / "2026-07-03T0000Z.nc"
    netcdf.write(path, xr.Dataset(attrs={"run_id": "another"}))
    found = prune(folders, 5, now=NOW)
    assert found.runs == (run,)
    assert path.exists()


def test_no_day_at_all_is_refused(folders: Folders) -> None:
    with pytest.raises(InvalidData, match="at least one day"):
        prune(folders, 0)


def test_the_command_says_what_would_go(
    folders: Folders, leave: Leave, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MULGIL_HOME", str(folders.home))
    leave(3, "failed", forecast=False)
    monkeypatch.setattr("flows.pulling.this_moment", lambda: NOW)
    done = CliRunner().invoke(
        runs_command.app, ["prune", "--keep-days", "5", "--dry-run", "--json"]
    )
    told = json.loads(done.stdout)
    assert (told["dry_run"], len(told["runs"]), told["stay"]) == (True, 1, {})
