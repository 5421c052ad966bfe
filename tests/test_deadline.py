"""A provider that hangs is left behind, and what it brings later is not stored."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data import archive, live, store
from data.deadline import Deadline, Gate
from data.errors import SourceError, SourceUnavailable
from data.feeds import Feed
from data.live import Cycle
from data.network import Network
from data.reading import Parsed, Reading
from data.sources import simulated
from data.sources.asking import Access, Answer, Spot, Wanted
from data.sources.connectors import CONNECTORS

NOW = np.datetime64("2026-07-20T03:12", "ns")
ON_TIME = np.datetime64("2026-07-20T03:00", "ns")


class Hands:
    """A clock that is set by hand [s]."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_provider_has_half_of_the_time_that_is_left() -> None:
    hands = Hands()
    deadline = Deadline(60, hands)
    assert deadline.left == 60
    assert deadline.wait_for("a", lambda _: "answer") == "answer"
    hands.now = 61
    assert deadline.left == 0
    with pytest.raises(SourceUnavailable, match="the deadline of this cycle has passed"):
        deadline.wait_for("b", lambda _: "answer")


def test_an_error_of_a_provider_comes_through() -> None:
    def broken(_: Gate) -> str:
        raise SourceError("no CSV")

    with pytest.raises(SourceError, match="no CSV"):
        Deadline(60).wait_for("a", broken)


def test_who_hangs_is_left_behind_and_not_asked_again_and_others_are() -> None:
    free = threading.Event()
    deadline = Deadline(0.4)
    with pytest.raises(SourceUnavailable, match="left behind"):
        deadline.wait_for("a", lambda _: free.wait(20))
    with pytest.raises(SourceUnavailable, match="Not asked again"):
        deadline.wait_for("a", lambda _: "answer")
    assert deadline.wait_for("b", lambda _: "answer") == "answer"
    free.set()


def test_a_closed_gate_lets_nothing_pass() -> None:
    gate, stored = Gate(), []
    with gate.passing():
        stored.append(1)
    gate.close()
    with pytest.raises(SourceUnavailable, match="after the deadline"), gate.passing():
        stored.append(2)
    assert stored == [1]


class Provider:
    """A connector whose answer waits until it is let go."""

    BASE_URL = "http://provider.example"

    def __init__(self, source: str, level: float, free: threading.Event) -> None:
        self.SOURCE, self._level, self._free = source, level, free

    def ask(self, access: Access, wanted: Wanted) -> Iterator[Answer]:
        self._free.wait(20)
        yield Answer(self.SOURCE, "levels", "http://provider.example", b"{}", NOW)

    def parse(self, answer: Answer, wanted: Wanted) -> Parsed:
        rows = [Reading(s.id, wanted.variable, ON_TIME, self._level) for s in wanted.spots]
        return Parsed(tuple(rows), ())


def two_feeds(river: Network) -> Network:
    """Return the river as a live one of two providers of levels."""
    sites = {station: (Spot(station),) for station in river.ids}
    feeds = tuple(Feed(source, "water_level", sites) for source in ("slow", "quick"))
    return replace(river, live=True, feeds=feeds)


def test_the_next_feed_is_asked_in_place_of_one_that_hangs_and_late_readings_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free, at_once = threading.Event(), threading.Event()
    at_once.set()
    slow, quick = Provider("slow", 9.0, free), Provider("quick", 2.0, at_once)
    monkeypatch.setitem(CONNECTORS, "slow", slow)
    monkeypatch.setitem(CONNECTORS, "quick", quick)
    river = two_feeds(simulated.network())
    path = tmp_path / "observations.sqlite"
    before = simulated.observe(simulated.network(), hours=48, start="2026-07-18T01:00")
    archive.save(path, before.assign_attrs(network=river.name, source="simulated"))
    accesses = {name: Access("http://provider.example") for name in ("slow", "quick")}
    told = live.refresh(Cycle(river, accesses, path, tmp_path / "raw", NOW, deadline=Deadline(8.0)))
    assert [(each.source, each.state) for each in told] == [("slow", "failed"), ("quick", "ok")]
    assert "left behind" in told[0].why
    free.set()
    for thread in threading.enumerate():
        if thread.name == "ask slow":
            thread.join(20)
    assert _stored(path, river, "slow") == 0
    assert _stored(path, river, "quick") == len(river.ids)


def _stored(path: Path, river: Network, source: str) -> int:
    wanted = store.Wanted(source, "water_level", list(river.ids), ON_TIME)
    return int(np.isfinite(store.read(path, wanted)["value"].values).sum())
