"""A live cycle against a loopback server that answers like the providers, faults included."""

import gc
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data import archive, live, raw, store
from data.errors import InvalidData, SourceError
from data.feeds import Feed
from data.live import Cycle, Told
from data.network import Network
from data.sources import hrfco, simulated
from data.sources.asking import Access, Manners, Spot
from flows.replay.clock import Clock
from flows.replay.faults import Faults
from flows.replay.server import SOURCES, Server, Stage, serving
from flows.replay.world import World
from flows.replay.worlds import simulate

NOW = np.datetime64("2026-07-20T03:12", "ns")
HOUR = np.timedelta64(1, "h")
KEY = "7A1D44C2-SECRET-KEY"
HASTY = Manners(timeout=2, tries=2, first_wait=0.001, longest_wait=0.01, budget=5, largest=4 << 20)


def river() -> Network:
    """Return three gauges with levels from HRFCO; rain from HRFCO, else from Open-Meteo."""
    still = simulated.network()
    places = {s.id: (Spot(s.id, s.latitude, s.longitude),) for s in still.stations}
    feeds = (
        Feed("hrfco", "water_level", places),
        Feed("hrfco", "rainfall", places),
        Feed("open_meteo", "rainfall", places),
    )
    return replace(still, live=True, feeds=feeds, delay=np.timedelta64(12, "m"))


class Drill:
    """A server with faults that can be switched, and a cycle that asks it."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server, self.folder, self.network = server, folder, river()
        self.faults = server.stage.faults

    def cycle(self, **change: Any) -> Cycle:
        accesses = {s: Access(self.server.url(s), KEY, HASTY) for s in ("hrfco", "open_meteo")}
        cycle = Cycle(self.network, accesses, self.folder / "o.sqlite", self.folder / "raw", NOW)
        return replace(cycle, **change)

    def run(self, **change: Any) -> dict[str, Told]:
        told = live.refresh(self.cycle(**change))
        return {f"{each.source} {each.variable}": each for each in told}


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(simulated.network(), NOW)


@pytest.fixture
def drill(tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Drill]:
    monkeypatch.setattr(hrfco, "PAUSE", 0.0)
    clock = Clock(NOW, speed=0)
    with serving(Stage(world, clock, Faults(SOURCES), pause=0.001), 0) as server:
        yield Drill(server, tmp_path)


def values(drill: Drill, variable: str, source: str = "hrfco") -> np.ndarray:
    wanted = store.Wanted(source, variable, drill.network.ids, since=NOW - 2 * HOUR)
    return store.read(drill.folder / "o.sqlite", wanted)["value"].values


def test_a_cycle_brings_all_that_is_new_and_keeps_the_answers(drill: Drill) -> None:
    told = drill.run()
    assert {name: each.state for name, each in told.items()} == {
        "hrfco water_level": "ok",
        "hrfco rainfall": "ok",
    }  # the weather model was not needed
    assert told["hrfco water_level"].newest == np.datetime64("2026-07-20T03:00", "ns")
    kept = [raw.read(path) for path in drill.folder.glob("raw/hrfco/**/*.gz")]
    assert len(kept) == drill.server.asked("hrfco") == 6  # three gauges, two variables
    assert np.isfinite(values(drill, "water_level")).all()


def test_what_a_server_replays_is_never_taken_for_real(drill: Drill) -> None:
    told = drill.run()
    assert told["hrfco water_level"].replayed.startswith("SIMULATED rivers")
    loaded = archive.load(drill.folder / "o.sqlite", drill.network)
    assert loaded.attrs["replayed"].startswith("SIMULATED rivers")


def test_a_second_cycle_finds_nothing_new(drill: Drill) -> None:
    drill.run()
    again = drill.run()
    assert {name: (t.new, t.revised) for name, t in again.items()} == dict.fromkeys(again, (0, 0))
    assert {t.state for t in again.values()} == {"ok"}


def test_where_a_gauge_network_fails_the_weather_model_steps_in(drill: Drill) -> None:
    drill.run(now=NOW - 3 * HOUR)
    drill.faults.set("hrfco", "http_500")
    told = drill.run()
    assert told["hrfco rainfall"].state == "failed"
    assert told["open_meteo rainfall"].state == "ok"
    loaded = archive.load(drill.folder / "o.sqlite", drill.network)
    order = loaded.attrs["sources"].split()
    given = [order[n] for n in loaded.rainfall_source.sel(station="S1").values[-4:]]
    assert given[-1] == "open_meteo"
    assert given[0] == "hrfco"


def test_when_the_gauges_are_back_they_count_again_and_what_was_known_stays(drill: Drill) -> None:
    drill.faults.set("hrfco", "http_500")
    drill.run()
    before = np.datetime64("now", "ns")
    drill.faults.clear("hrfco")
    drill.run()
    path = drill.folder / "o.sqlite"
    now = archive.load(path, drill.network)
    order = now.attrs["sources"].split()
    assert order[now.rainfall_source.sel(station="S1").values[-1]] == "hrfco"
    window = archive.Window(known_at=before)
    with pytest.raises(InvalidData, match="no water_level"):  # then only the rain was known
        archive.load(path, drill.network, window)


def test_a_provider_that_is_not_set_up_is_told_and_the_next_one_asked(drill: Drill) -> None:
    accesses = {"open_meteo": Access(drill.server.url("open_meteo"), manners=HASTY)}
    told = drill.run(accesses=accesses)
    assert told["hrfco water_level"].state == "not set up"
    assert told["hrfco water_level"].why == "Set MULGIL_HRFCO_KEY to use it."
    assert told["open_meteo rainfall"].state == "ok"


def test_a_reading_that_is_late_is_told_with_its_stations(drill: Drill) -> None:
    told = drill.run(now=NOW - np.timedelta64(5, "m"))  # 03:07: the row of 03:00 comes at 03:08
    clock_says = told["hrfco water_level"]
    assert clock_says.state in {"ok", "late"}
    drill.faults.set("hrfco", "late")
    late = drill.run(now=NOW + HOUR)["hrfco water_level"]
    assert late.state == "late"
    assert "No reading of 2026-07-20T04:00Z yet at 3 stations: S1, S2, S3." in late.why


@pytest.mark.parametrize(
    "fault",
    [
        "error_in_200", "html", "http_429", "http_500", "http_503", "cut", "truncated_json",
        "garbage", "down", "renamed_field", "blank_values", "duplicated", "shuffled", "revised",
        "late", "clock_skew", "wrong_coordinates", "huge", "slow",
    ],
)  # fmt: skip
def test_no_fault_ends_a_cycle_and_none_makes_a_zero(drill: Drill, fault: str) -> None:
    drill.run(now=NOW - 3 * HOUR)
    good = values(drill, "water_level")
    drill.faults.set("hrfco", fault)
    told = drill.run()
    assert told["hrfco water_level"].state in {"ok", "late", "failed"}
    after = values(drill, "water_level")
    assert not (after == 0).any()  # the rivers never fall below 0.5 m
    assert after.shape[1] >= good.shape[1]
    if told["hrfco water_level"].state == "failed":
        assert told["hrfco water_level"].why


def errors_alive() -> list[SourceError]:
    return [each for each in gc.get_objects() if issubclass(type(each), SourceError)]


def test_answers_that_were_refused_are_not_kept_in_memory(drill: Drill) -> None:
    drill.faults.set("hrfco", "huge")
    gc.collect()
    before = errors_alive()  # of other tests
    gc.disable()  # what it would free some time is not freed yet
    try:
        assert drill.run()["hrfco water_level"].state == "failed"
        kept = [each for each in errors_alive() if all(each is not other for other in before)]
    finally:
        gc.enable()
    assert kept == []


def test_a_passing_fault_is_outlived_by_asking_again(drill: Drill) -> None:
    drill.faults.set("hrfco", "http_503", 1)
    assert drill.run()["hrfco water_level"].state == "ok"


def test_the_key_shows_in_nothing_that_a_failing_cycle_leaves(
    drill: Drill, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for fault in ("http_500", "error_in_200", "html", "cut", "late"):
        drill.faults.set("hrfco", fault)
        told = drill.run()
        assert KEY not in repr(told)
    assert KEY not in caplog.text
    left = [path for path in drill.folder.rglob("*") if path.is_file()]
    assert len(left) > 3
    for path in left:
        assert KEY not in str(path)
        assert KEY.encode() not in path.read_bytes()
    answers = [raw.read(path) for path in drill.folder.glob("raw/**/*.gz")]
    assert answers
    assert not any(KEY.encode() in answer.body or KEY in repr(answer) for answer in answers)
