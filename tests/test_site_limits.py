from dataclasses import replace
from pathlib import Path

import numpy as np

from data import judging, networks, site_limits
from data.feeds import Feed
from data.limits import GENERAL
from data.network import Split
from data.sources import simulated
from data.sources.asking import Spot

NOW = np.datetime64("2026-07-20T00:00", "ns")


def test_a_site_s_limits_come_from_the_training_years_of_its_station(tmp_path: Path) -> None:
    river = simulated.network(2)
    feeds = (
        Feed("hrfco", "water_level", {"S1": (Spot("a"),), "S2": (Spot("b"), Spot("c"))}),
        Feed("hrfco", "rainfall", {"S1": (Spot("r"),)}),
    )
    split = Split((2018, 2019), (2020, 2020), (2021, 2021))
    live = replace(river, feeds=feeds, split=split)
    record = simulated.observe(river, hours=3 * 8766)  # 2018, 2019, 2020
    level = record.water_level.where(record.time.dt.year < 2020, 39.0)
    record = record.assign(water_level=level)
    path = tmp_path / "o.sqlite"
    learnt = site_limits.learn(live, path, record, NOW)
    own, general = judging.limits_of(path, "hrfco", "water_level", ["a", "b"])
    assert general == GENERAL["water_level"]  # two gauges stand for S2: neither is told alone
    highest = float(record.water_level.sel(station="S1", time=slice("2018", "2019")).max())
    assert highest < own.highest < 39.0
    assert judging.limits_of(path, "hrfco", "rainfall", ["r"]) == [GENERAL["rainfall"]]
    assert learnt == 1
    assert site_limits.known(live, path)


def test_a_record_without_training_years_is_looked_at_once(tmp_path: Path) -> None:
    river = simulated.network(1)
    live = replace(river, feeds=(Feed("hrfco", "water_level", {"S1": (Spot("a"),)}),))
    path = tmp_path / "o.sqlite"
    judging.remember_limits(path, "other", "water_level", {}, NOW)
    assert not site_limits.known(live, path)
    record = simulated.observe(river, hours=24, start="2024-01-01")
    assert site_limits.learn(live, path, record, NOW) == 0
    assert site_limits.known(live, path)


def test_a_network_without_feeds_learns_nothing(tmp_path: Path) -> None:
    river = networks.find("simulated")
    record = simulated.observe(river, hours=24)
    assert site_limits.learn(river, tmp_path / "o.sqlite", record, NOW) == 0
