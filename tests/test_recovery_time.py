"""A clock that jumps, and a provider that is silent for a day: never a stage without a reading."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data import store
from data.sources import hrfco
from data.stations import Stage
from flows import (
    campaign_clock,
    campaign_rivers,
    campaign_worker,
    cycle,
    issuing,
    manifest,
    pulling,
)
from flows.campaign_rivers import HOURLY
from flows.folders import Folders
from flows.replay.clock import Clock
from flows.replay.faults import Faults
from flows.replay.server import SOURCES, Server, serving
from flows.replay.server import Stage as Played
from forecast.model import ModelConfig
from forecast.train import TrainConfig

TINY = TrainConfig(updates=4, batch=8, model=ModelConfig(hidden=4, window=48, last=24))
NOW, HOUR = np.datetime64("2026-08-13T03:12", "ns"), np.timedelta64(1, "h")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with three simulated gauges and a tiny model."""
    home = tmp_path_factory.mktemp("base")
    campaign_rivers.prepare(home, HOURLY, 3, 0, TINY)
    return home


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(hrfco, "PAUSE", 0.0)
    stage = Played(campaign_rivers.world(3, NOW, 0), Clock(NOW, speed=0), Faults(SOURCES))
    with serving(stage) as running:
        yield running
    campaign_clock.hide()


@pytest.fixture
def home(base: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(base, tmp_path / "home"))


def run(home: Path, server: Server, true: np.datetime64, ours: np.datetime64) -> cycle.Cycle:
    """Run a cycle at a true time at which our clock shows another."""
    server.stage = replace(server.stage, clock=Clock(true, speed=0))
    campaign_clock.show(Clock(ours, speed=0))
    return cycle.run(HOURLY.name, campaign_worker.settings(home, server.url()), now=ours)


def stages(home: Path, done: cycle.Cycle) -> set[Stage]:
    """Return the stages that a cycle gave."""
    assert done.run is not None
    folders, told = Folders(home), manifest.load(done.run)
    network = pulling.find(HOURLY.name, folders)
    _, outlooks = issuing.read(folders.forecasts(HOURLY.name) / told.forecast, network)
    return {each.stage for each in outlooks}


def shown(home: Path) -> str:
    """Return the issue time that the site shows."""
    return manifest.load(Folders(home).shown(HOURLY.name)).issue_time


def test_a_clock_that_was_ahead_and_is_set_back_is_followed_by_forecast_and_site(
    home: Path, server: Server
) -> None:
    ahead = run(home, server, NOW, NOW + 7 * HOUR)
    assert ahead.state == "degraded"
    assert stages(home, ahead) == {Stage.UNKNOWN}  # the last level seems to be seven hours old
    assert shown(home) == "2026-08-13T10:00Z"
    back = run(home, server, NOW + HOUR, NOW + HOUR)
    assert back.run is not None
    assert manifest.load(back.run).issue_time == "2026-08-13T04:00Z"
    assert shown(home) == "2026-08-13T04:00Z"  # not for hours what was never true
    again = run(home, server, NOW + 2 * HOUR, NOW + 2 * HOUR)
    assert shown(home) == "2026-08-13T05:00Z"
    assert Stage.UNKNOWN not in stages(home, again)


def test_a_clock_that_falls_behind_sees_nothing_of_what_is_still_to_come(
    home: Path, server: Server
) -> None:
    run(home, server, NOW, NOW)
    behind = run(home, server, NOW + HOUR, NOW - 6 * HOUR)
    assert behind.run is not None
    told = manifest.load(behind.run)
    assert told.issue_time == "2026-08-12T21:00Z"
    last = [each["water_level"] for each in told.inputs["last_value"].values()]
    assert all(at is None or at <= told.issue_time for at in last)
    right = run(home, server, NOW + 2 * HOUR, NOW + 2 * HOUR)
    assert shown(home) == "2026-08-13T05:00Z"
    assert Stage.UNKNOWN not in stages(home, right)


def test_a_day_without_the_gauges_is_unknown_and_filled_when_they_come_back(
    home: Path, server: Server
) -> None:
    assert run(home, server, NOW, NOW).state == "issued"
    server.stage.faults.set("hrfco", "down")
    seen = [run(home, server, now, now) for now in (NOW + n * HOUR for n in (2, 8, 12, 24))]
    assert [each.state for each in seen] == ["degraded"] * 4
    assert Stage.UNKNOWN not in stages(home, seen[0])  # two hours old: it may still be used
    assert [stages(home, each) for each in seen[1:]] == [{Stage.UNKNOWN}] * 3
    server.stage.faults.clear()
    back = run(home, server, NOW + 25 * HOUR, NOW + 25 * HOUR)
    assert Stage.UNKNOWN not in stages(home, back)
    wanted = store.Wanted("hrfco", "water_level", since=NOW - HOUR, until=NOW + 25 * HOUR)
    held = store.read(Folders(home).observations(HOURLY.name), wanted)["value"]
    hourly = held.sel(time=held.time.dt.minute == 0)
    assert hourly.sizes["time"] == 26  # from three o'clock to four o'clock of the next day
    assert hourly.notnull().all()
