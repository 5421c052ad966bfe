"""The whole live cycle, pull, issue, publish, against a loopback server; and its commands."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data import archive, store
from data.network import Network
from data.sources import hrfco, simulated
from data.sources.asking import Access, Manners
from flows import cli, issuing, manifest, publishing, pulling, training
from flows.folders import Folders
from flows.moments import Moment, choose, known_then
from flows.replay.clock import Clock
from flows.replay.faults import Faults
from flows.replay.server import SOURCES, Server, Stage, serving
from flows.replay.worlds import simulate
from forecast.model import ModelConfig
from forecast.train import TrainConfig

NOW = np.datetime64("2026-07-20T03:12", "ns")
ISSUE = np.datetime64("2026-07-20T03:00", "ns")
HOUR = np.timedelta64(1, "h")
TINY = TrainConfig(updates=4, batch=8, model=ModelConfig(hidden=4, window=48, last=24))
HASTY = Manners(timeout=5, tries=1, first_wait=0.001, longest_wait=0.01, budget=5)
NETWORK = """title_ko = "훈련 하천"
title_en = "Drill river"
quantity = "water_level"
step = 60
horizon = 24
train = [2018, 2018]
validate = [2019, 2019]
test = [2020, 2020]
provenance = "Simulated."
delay = 12
[[feeds]]
variable = "water_level"
source = "hrfco"
[feeds.sites]
S1 = ["S1"]
S2 = ["S2"]
S3 = ["S3"]
[[feeds]]
variable = "rainfall"
source = "hrfco"
[feeds.sites]
S1 = ["S1"]
S2 = ["S2"]
S3 = ["S3"]
[[feeds]]
variable = "rainfall"
source = "open_meteo"
[feeds.sites]
S1 = []
S2 = []
S3 = []
"""


def table(river: Network) -> str:
    """Return the stations of a network as a table of one's own."""
    head = (
        "id,name_ko,name_en,river_ko,river_en,latitude,longitude,quantity,gauge_zero,upstream,"
        "attention,watch,warning,severe,origin,method"
    )
    rows = [
        f"{s.id},{s.name_ko},{s.name_en},{s.river_ko},{s.river_en},{s.latitude},{s.longitude},"
        f"water_level,0,{' '.join(s.upstream)},2,3,4,5,derived,fixed"
        for s in river.stations
    ]
    return "\n".join([head, *rows]) + "\n"


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """Return a home with a network of one's own, a record of three years, and a tiny model."""
    folders = Folders(tmp_path_factory.mktemp("home"))
    own = folders.network("drill")
    own.mkdir()
    (own / "network.toml").write_text(NETWORK, encoding="utf-8")
    (own / "stations.csv").write_text(table(simulated.network()), encoding="utf-8")
    record = simulated.observe(simulated.network(), hours=26304, start="2018-01-01")
    archive.save(folders.observations("drill"), record.assign_attrs(network="drill", source="own"))
    training.train("drill", folders, TINY)
    return folders


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    world = simulate(simulated.network(), NOW)
    with serving(Stage(world, Clock(NOW, speed=0), Faults(SOURCES), pause=0.001), 0) as running:
        yield running


@pytest.fixture
def accesses(server: Server, monkeypatch: pytest.MonkeyPatch) -> dict[str, Access]:
    monkeypatch.setattr(hrfco, "PAUSE", 0.0)
    server.stage.faults.clear()
    return {name: Access(server.url(name), "key", HASTY) for name in ("hrfco", "open_meteo")}


def cycle(folders: Folders, accesses: dict[str, Access], now: np.datetime64 = NOW) -> Any:
    pulled = pulling.pull("drill", None, folders, accesses=accesses, now=now)
    return manifest.load(issuing.issue("drill", None, folders, pulled=pulled))


def test_a_cycle_issues_now_and_says_what_each_provider_did(
    trained: Folders, accesses: dict[str, Access]
) -> None:
    run = cycle(trained, accesses)
    assert run.issue_time == "2026-07-20T03:00Z"
    assert run.known_at > "2026-07-20T03:12:00Z"  # the readings came after the cycle had begun
    assert not run.replay
    assert run.degraded == {}
    assert run.replayed.startswith("SIMULATED rivers")
    assert list(run.providers) == ["hrfco water_level", "hrfco rainfall"]
    assert run.providers["hrfco water_level"].startswith("ok · newest 2026-07-20T03:00Z")
    assert run.inputs["last_value"]["S1"]["water_level"] == "2026-07-20T03:00Z"
    assert run.inputs["source"]["S1"] == {"water_level": "hrfco", "rainfall": "hrfco"}


def test_what_is_pulled_later_does_not_change_what_was_known(
    trained: Folders, accesses: dict[str, Access], server: Server
) -> None:
    first = cycle(trained, accesses)
    moment = Moment(ISSUE, np.datetime64(first.known_at.rstrip("Z"), "ns"), replay=True)
    server.stage.faults.set("hrfco", "revised")
    again = pulling.pull("drill", None, trained, accesses=accesses, now=NOW)
    assert sum(each.revised for each in again.told) > 0
    path = trained.observations("drill")
    assert store.snapshot(path, moment.known_at) == first.inputs["observations"]
    assert store.snapshot(path) != first.inputs["observations"]
    _, then = known_then("drill", trained, moment, 72)
    _, now = known_then("drill", trained, choose("drill", trained, now=NOW), 72)
    assert not np.array_equal(then.water_level.values, now.water_level.values)


def test_the_pages_of_a_drill_say_that_nothing_is_real(
    trained: Folders, accesses: dict[str, Access]
) -> None:
    pulled = pulling.pull("drill", None, trained, accesses=accesses, now=NOW)
    release = publishing.publish(issuing.issue("drill", None, trained, pulled=pulled), trained)
    page = (release / "drill" / "gauge" / "S1.html").read_text(encoding="utf-8")
    assert "훈련: 관측값이 실시간 자료가 아니라" in page
    assert "SIMULATED rivers" in page
    assert "한강홍수통제소" in page
    assert "hrfco water_level" in page
    english = (release / "drill" / "index.en.html").read_text(encoding="utf-8")
    assert "DRILL: the readings come from a replay or simulation" in english
    rows = (release / "drill" / "forecast.csv").read_text(encoding="utf-8").splitlines()
    assert "DRILL FORECAST" in rows[1]


@pytest.fixture
def mulgil(
    trained: Folders,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Any:
    """Return a function that runs `mulgil ARGUMENTS` beside the server."""
    monkeypatch.setattr(hrfco, "PAUSE", 0.0)
    server.stage.faults.clear()
    monkeypatch.setenv("MULGIL_HOME", str(trained.home))
    monkeypatch.setenv("MULGIL_HRFCO_KEY", "key")
    for source in ("hrfco", "open_meteo", "nwps"):
        monkeypatch.setenv(f"MULGIL_{source.upper()}_URL", server.url(source))

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["mulgil", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, " ".join(err.split())

    return run


def test_pull_asks_the_providers_and_tells_what_they_did(mulgil: Any) -> None:
    status, out, _ = mulgil("pull", "drill", "--now", "2026-07-20T03:12", "--json")
    assert status == 0
    told = json.loads(out)
    assert told["to"] == "2026-07-20T03:00Z"
    assert set(told["providers"]) == {"hrfco water_level", "hrfco rainfall"}
    _, _, shown = mulgil("pull", "drill", "--now", "2026-07-20T03:12")
    assert "drill: what each provider did" in shown


def test_pull_asks_to_try_again_when_no_provider_gave_anything(mulgil: Any, server: Server) -> None:
    server.stage.faults.set("all", "html")
    status, _, err = mulgil("pull", "drill", "--now", "2026-07-20T04:12")
    assert status == 75
    assert "failed" in err


def test_stations_are_listed_and_what_looks_wrong_is_held_back(
    mulgil: Any, server: Server, trained: Folders
) -> None:
    status, _, err = mulgil("stations", "hrfco")
    assert status == 0
    assert "0 held back" in err
    server.stage.faults.set("hrfco", "wrong_coordinates")
    status, out, _ = mulgil("stations", "hrfco", "--json")
    held = json.loads(out)["held_back"]
    assert held
    assert all("HELD BACK" in line for line in held)
    kept = json.loads(trained.catalogue("hrfco").read_text(encoding="utf-8"))
    assert {site["id"]: site["latitude"] for site in kept}["S1"] == pytest.approx(37.45, abs=0.01)


def test_a_provider_whose_stations_cannot_be_listed_is_named(mulgil: Any) -> None:
    status, _, err = mulgil("stations", "open_meteo")
    assert status == 1
    assert "Known: hrfco, nwps, environment_agency" in err


def test_the_record_is_exported_as_it_was_known(mulgil: Any, tmp_path: Path) -> None:
    mulgil("pull", "drill", "--now", "2026-07-20T03:12")
    out = tmp_path / "drill.nc"
    status, _, _ = mulgil("export", "drill", "--since", "2026-07-19T00:00", "--out", str(out))
    assert status == 0
    import xarray as xr

    with xr.open_dataset(out, engine="h5netcdf", decode_timedelta=False) as ds:
        assert ds.attrs["Conventions"] == "CF-1.11"
        assert str(ds.time.values[-1])[:16] == "2026-07-20T03:00"


def test_two_names_for_one_network_are_refused(mulgil: Any) -> None:
    status, _, err = mulgil("pull", "drill", "--network", "recorded")
    assert status == 2
    assert "name one network" in err


def test_a_live_network_replays_the_past_as_it_was_known(
    trained: Folders, accesses: dict[str, Access]
) -> None:
    cycle(trained, accesses)
    assert choose("drill", trained, ISSUE).replay
    past = choose("drill", trained, ISSUE)
    assert past.known_at == ISSUE + np.timedelta64(12, "m")
    now = choose("drill", trained, now=NOW)
    assert (now.issue_time, now.replay) == (ISSUE, False)


def test_a_dead_provider_degrades_the_forecast_and_the_page_says_so(
    trained: Folders, accesses: dict[str, Access], server: Server
) -> None:
    cycle(trained, accesses)
    server.stage.faults.set("hrfco", "http_500")
    run = cycle(trained, accesses, NOW + 8 * HOUR)
    assert run.issue_time == "2026-07-20T11:00Z"
    assert run.providers["hrfco water_level"].startswith("failed")
    assert set(run.degraded) == {"S1", "S2", "S3"}  # the last level is 8 h old
    assert run.state == "forecast"
