"""Campaigns: what is due, what goes wrong when, and what the lines of the cycles come to."""

import html
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.errors import InvalidData
from flows import campaign_clock, campaign_faults, campaign_figures, campaign_week, pulling
from flows import campaign_kills_prefect as under_prefect
from flows import campaign_processes as processes
from flows.campaign_hostile import CORPUS
from flows.campaign_rivers import HOURLY, TEN_MINUTES, table, world
from flows.campaign_week import BEGIN, Week
from flows.campaign_xss_look import Parsed
from flows.replay.clock import Clock
from flows.replay.faults import Faults

HOUR = np.timedelta64(1, "h")


def test_a_week_has_168_hourly_cycles_and_three_days_have_432_of_ten_minutes() -> None:
    due = campaign_week.due(Week())
    assert len([each for each in due if each.network == HOURLY.name]) == 168
    assert len([each for each in due if each.network == TEN_MINUTES.name]) == 432
    assert str(due[0].when) == "2026-08-13T00:09:00.000000000"  # ten minutes come before the hour
    assert due[1].network == HOURLY.name
    assert [each.when for each in due] == sorted(each.when for each in due)


def test_the_same_seed_gives_the_same_troubles_and_another_one_others() -> None:
    end = BEGIN + 72 * HOUR
    one, again, other = (campaign_faults.drawn(BEGIN, end, seed) for seed in (3, 3, 4))
    assert one == again != other
    assert {each.source for each in one} == {"hrfco", "open_meteo"}
    assert all(BEGIN < each.begin < end for each in one)
    assert all(10 <= (each.end - each.begin) / campaign_faults.MINUTE < 180 for each in one)


def test_only_the_troubles_of_the_moment_are_in_force() -> None:
    faults, day = Faults(campaign_faults.SOURCES), campaign_faults.silent(BEGIN, 4)
    assert campaign_faults.put(faults, [day], BEGIN + 96 * HOUR) == ["hrfco=down"]
    assert faults.meet("hrfco")[0] == {"down"}
    assert campaign_faults.put(faults, [day], BEGIN + 120 * HOUR) == []
    assert faults.meet("hrfco")[0] == frozenset()


def test_every_module_is_shown_the_time_of_the_campaign_until_it_is_hidden() -> None:
    campaign_clock.show(Clock(BEGIN, speed=0))
    try:
        assert pulling.this_moment() == BEGIN
        assert isinstance(np.datetime64("2020-01-01", "us").item(), campaign_clock.Shown)
    finally:
        campaign_clock.hide()
    assert pulling.this_moment() != BEGIN


def line(due: str, **more: Any) -> dict[str, Any]:
    """Return what a cycle said that ran a minute and raised nothing."""
    plain: dict[str, Any] = {"network": "n"}
    plain |= {"due": due, "now": due, "state": "issued", "run": "r", "release": "s"}
    plain |= {"seconds": 2.0, "cpu_s": 1.0, "rss_mb": 100.0, "looks": 3, "torn": [], "faults": []}
    return plain | {"stages": {"S1": 0, "S2": 0}, "rash": []} | more


LINES = [
    line("2026-08-13T00:12Z"),
    line("2026-08-13T01:12Z", stages={"S1": 2, "S2": -1}, seconds=4.0, now="2026-08-13T01:15Z"),
    line("2026-08-13T02:12Z", stages={"S1": -1, "S2": -1}, state="degraded", faults=["a=b"]),
    line("2026-08-13T03:12Z", stages={"S1": 3, "S2": 0}, rash=["S2"], torn=[["index.html"]]),
    line("2026-08-13T04:12Z", run="", release="", state="superseded", filled=["x", "y"]),
]


def test_figures_count_what_the_lines_say(tmp_path: Path) -> None:
    found = campaign_figures.figures(LINES, 5, tmp_path)
    assert (found["state_issued"], found["state_degraded"], found["state_superseded"]) == (3, 1, 1)
    assert (found["published"], found["filled_in_late"]) == (4, 2)
    assert (found["cycle_s_median"], found["cycle_s_max"]) == (2.0, 4.0)
    assert found["minutes_to_issue_max"] == 3.0
    assert found["stages_raised"] == 2  # S1 from 0 to 2, and from 2 (before it was silent) to 3
    assert found["unknown_cycles"] == 1
    assert (found["rash_gauges"], found["site_looks"], found["site_torn"]) == (1, 15, 1)


def test_memory_that_rises_in_a_line_grows_and_one_that_settles_does_not() -> None:
    rising = campaign_figures.growth([100.0 + number for number in range(100)])
    assert (rising.first_mb, rising.last_mb, rising.slope_mb) == (129.5, 189.5, 100.0)
    assert rising.verdict == "grows"
    settled = campaign_figures.growth([100.0] * 10 + [300.0] * 90)
    assert (settled.slope_mb, settled.verdict) == (0.0, "no growth")


def test_a_campaign_goes_on_where_it_was_and_forgets_a_line_that_is_half(tmp_path: Path) -> None:
    week = Week(gauges=2)
    campaign_week.order(week, tmp_path, resume=False)
    (tmp_path / campaign_week.LOG).write_text(json.dumps(LINES[0]) + '\n{"due": "2026', "utf-8")
    assert campaign_week.read(tmp_path) == LINES[:1]
    assert campaign_week.read(tmp_path) == LINES[:1]  # the half line is gone for good
    campaign_week.order(week, tmp_path, resume=True)
    with pytest.raises(InvalidData, match="--resume"):
        campaign_week.order(week, tmp_path, resume=False)
    with pytest.raises(InvalidData, match="another campaign"):
        campaign_week.order(Week(gauges=3), tmp_path, resume=True)


def test_the_table_of_stations_keeps_a_name_with_a_quote_whole() -> None:
    river = world(2, BEGIN, 0).network
    assert table(river).splitlines()[1].startswith('"S1","모의 1","Simulated 1"')


def test_a_page_that_runs_a_text_is_found_and_one_that_shows_it_is_not(tmp_path: Path) -> None:
    text = CORPUS[2]
    assert text.startswith("<img src=x onerror=")
    (tmp_path / "bad.html").write_text(f"<p>{text}</p>", "utf-8")
    (tmp_path / "good.html").write_text(f"<p title='a'>{html.escape(text)}</p>", "utf-8")
    assert Parsed((tmp_path / "bad.html").read_text("utf-8")).found == ["img onerror"]
    assert Parsed((tmp_path / "good.html").read_text("utf-8")).found == []
    assert Parsed("<p aria-label='javascript:x()'>a name that is only read out</p>").found == []
    assert Parsed("<a href=' JavaScript:x()'>x</a><iframe></iframe>").found == [
        "a href=javascript:",
        "iframe",
    ]


def test_kills_under_prefect_count_zombies_and_waits_by_kind() -> None:
    kills = [
        under_prefect.Kill(0, "run", 1.0, "Crashed", 4.0, 60.0),
        under_prefect.Kill(1, "all", 2.0, "zombie", 180.0, float("inf"), torn=["a"]),
        under_prefect.Kill(2, "run", 2.0, "Crashed", 6.0, 50.0, lost=["b"]),
    ]
    told = under_prefect.figures(kills)
    assert (told["run_kills"], told["run_ended_s_max"], told["run_next_s_max"]) == (2, 6.0, 60.0)
    assert (told["all_kills"], told["zombies"], told["without_a_next"]) == (1, 1, 1)
    assert (told["torn"], told["lost"]) == (1, 1)


def test_processes_below_one_are_found_by_their_command_and_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)  # prefect.engine"]
    ) as it:
        assert processes.of(os.getpid(), processes.RUN) == [it.pid]
        processes.kill([it.pid])
        assert it.wait() == -9
        assert not processes.alive(it.pid)
        processes.kill([it.pid])  # gone already
