"""What a live cycle asks of a provider that tells the newest rows of all sites in one answer."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from data import store
from data.feeds import Feed
from data.live_cycle import Cycle
from data.live_rounds import AGAIN, GAPS, rounds
from data.network import Network
from data.reading import Reading
from data.sources import simulated
from data.sources.asking import Spot

NOW = np.datetime64("2026-07-20T03:12", "ns")
MINUTE = np.timedelta64(1, "m")
FRESH, GAP = NOW - 12 * MINUTE, NOW - 62 * MINUTE  # 03:00 and 02:10


def network(count: int, source: str = "hrfco") -> Network:
    spots = {f"G{n:03}": (Spot(f"{1000 + n}"),) for n in range(count)}
    one = simulated.network().stations[0]
    stations = tuple(replace(one, id=name, upstream=()) for name in spots)
    feed = Feed(source, "water_level", spots)
    return replace(simulated.network(), live=True, stations=stations, feeds=(feed,))


def asked(
    path: Path, river: Network, last: Sequence[np.datetime64], now: np.datetime64 = NOW
) -> list[tuple[int, str, str]]:
    """Return how many sites each round asks, since when and until when."""
    (feed,) = river.feeds
    sites = [feed.sites[name][0].id for name in river.ids]
    readings = [Reading(s, "water_level", t, 1.0) for s, t in zip(sites, last, strict=True)]
    store.append(path, feed.source, readings, NOW)
    cycle = Cycle(river, {}, path, path.parent, now)
    found = rounds(cycle, feed, river.ids)
    return [(len(w.spots), str(w.since)[11:16], str(w.until)[11:16]) for w in found]


def test_few_sites_are_asked_from_six_hours_before_the_oldest_last_reading(tmp_path: Path) -> None:
    found = asked(tmp_path / "o.sqlite", network(3), [FRESH, FRESH, GAP])
    assert found == [(3, "20:10", "03:12")]


def test_of_many_the_newest_come_first_and_some_are_looked_at_again(tmp_path: Path) -> None:
    found = asked(tmp_path / "o.sqlite", network(40), [FRESH] * 40)
    assert found == [(40, "02:52", "03:12"), (AGAIN, "21:00", "03:12")]


def test_every_site_with_a_gap_is_asked_for_its_own_hours(tmp_path: Path) -> None:
    found = asked(tmp_path / "o.sqlite", network(40), [GAP] * 15 + [FRESH] * 25)
    assert found == [(40, "02:52", "03:12"), (15 + AGAIN, "20:10", "03:12")]


def test_too_many_gaps_are_closed_in_turn_and_all_within_a_few_cycles(tmp_path: Path) -> None:
    river, path = network(400), tmp_path / "o.sqlite"
    assert asked(path, river, [GAP] * 400)[1][0] == GAPS
    (feed,) = river.feeds
    seen: set[str] = set()
    for hour in range(3):  # 400 / 150
        cycle = Cycle(river, {}, path, tmp_path, NOW + hour * 60 * MINUTE)
        seen |= {spot.id for spot in rounds(cycle, feed, river.ids)[1].spots}
    assert len(seen) == 400


def test_a_cycle_of_ten_minutes_closes_a_sixth_of_the_gaps_of_an_hour(tmp_path: Path) -> None:
    river, path = replace(network(400), step=10 * MINUTE), tmp_path / "o.sqlite"
    assert asked(path, river, [GAP] * 400)[1][0] == GAPS / 6


def test_where_nothing_is_stored_two_weeks_are_asked_for(tmp_path: Path) -> None:
    river = network(40)
    cycle = Cycle(river, {}, tmp_path / "none.sqlite", tmp_path, NOW)
    first, second = rounds(cycle, river.feeds[0], river.ids)
    assert str(first.since)[:16] == "2026-07-20T02:52"
    assert str(second.since)[:16] == "2026-07-06T03:12"
    assert len(second.spots) == 40


def test_a_provider_that_has_no_such_answer_is_asked_as_ever(tmp_path: Path) -> None:
    found = asked(tmp_path / "o.sqlite", network(40, "usgs"), [FRESH] * 40)
    assert found == [(40, "21:00", "03:12")]
